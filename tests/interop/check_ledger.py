"""Judges entries, chains, heads, their tree and operations without a line of Anggota's own code, by cbor2 and hashlib alone:
what a reader needs who holds books against a root. Signatures are check_protocol.py's. Prints `N passed, N failed`.

    python check_ledger.py FOLDER
"""

import json
import pathlib
import sys
from datetime import date

import ledger
from documents import Tally, decode, encode, sha256
from ledger import FIGURE, FIRST_OPTIONAL, KINDS, link_of
from operations import check_operations
from passbook import LOAN_KINDS, SAVINGS_KINDS, sen

METHODS = ["flat", "menurun", "anuitas", "harian"]
ACCOUNT_STATUSES = ["open", "closed"]
LOAN_STATUSES = ["active", "paid", "written_off"]


def unhex(text):
    return bytes.fromhex(text)


def days(text):
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def rate(text):
    whole, _, part = text.partition(".")
    return int(whole) * 10**8 + int(part.ljust(8, "0"))


def money(text):
    return None if text is None else sen(text)


def entry_array(kind, entry):
    words = [entry["description"], entry["reference"], entry["reverses"]]
    known = SAVINGS_KINDS if kind == "savings" else LOAN_KINDS
    start = [1, entry["seq"], days(entry["posted_on"]), entry.get("kind_number", known.get(entry["kind"]))]
    if kind == "savings":
        return [*start, sen(entry["amount"]), sen(entry["balance"]), *words]
    amounts = [sen(entry[name]) for name in ("principal", "interest", "late_charge", "outstanding")]
    return [*start, *amounts, *words]


def check_ledger(tally, vectors):
    for chain in vectors["chains"]:
        kind, account, link, figure = chain["kind"], chain["account"], bytes(32), 0
        for seq, entry in enumerate(chain["entries"], 1):
            what = f"{account} {seq}"
            array = entry_array(kind, entry)
            hashed, link = link_of(vectors["cooperative"], KINDS.index(kind), account, link, array)
            figure += array[4]
            tally.check(f"{what}: entry", encode(array).hex() == entry["cbor"])
            tally.check(f"{what}: hashed bytes", hashed.hex() == entry["hashed"])
            tally.check(f"{what}: hash", link.hex() == entry["hash"])
            tally.check(f"{what}: kind", (entry["kind"] == "other") == (array[3] >= FIRST_OPTIONAL))
            tally.check(f"{what}: seq and figure", (array[1], array[FIGURE[KINDS.index(kind)]]) == (seq, figure))
            tally.check(f"{what}: rules", ledger.entry_is_good(KINDS.index(kind), array))
            if array[-1] is not None:
                reversed_ = entry_array(kind, chain["entries"][array[-1] - 1])
                count = 1 if kind == "savings" else 3
                tally.check(f"{what}: reversal", [-n for n in reversed_[4 : 4 + count]] == array[4 : 4 + count])
        end = (len(chain["entries"]), figure, link.hex())
        tally.check(f"{account}: end", end == (chain["seq"], sen(chain["figure"]), chain["hash"]))


def head_array(head):
    start = [1, KINDS.index(head["kind"]), head["account"], head["seq"]]
    if head["kind"] == "savings":
        status = ACCOUNT_STATUSES.index(head["status"])
        return [*start, sen(head["balance"]), unhex(head["hash"]), head["product"], status]
    terms = [head["product"], head["product_version"], METHODS.index(head["method"]), sen(head["principal"])]
    terms += [rate(head["rate_per_period"]), head["periods"], days(head["disbursed_on"]), days(head["first_due_on"])]
    return [*start, sen(head["outstanding"]), unhex(head["hash"]), *terms, LOAN_STATUSES.index(head["status"])]


def root(leaves):
    """RFC 9162 2.1.1, by its own words."""
    if len(leaves) < 2:
        return sha256(b"\x00" + leaves[0]) if leaves else sha256(b"")
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def check_heads(tally, vectors):
    heads = vectors["heads"]
    for head in heads:
        tally.check(f"head {head['account']}", encode(head_array(head)).hex() == head["cbor"])
    keys = [(KINDS.index(head["kind"]), head["account"].encode()) for head in heads]
    tally.check("heads are sorted", keys == sorted(keys))
    leaves = [unhex(head["cbor"]) for head in heads]
    for tree in vectors["trees"]:
        first = leaves[: tree["leaves"]]
        tally.check(f"root of {tree['leaves']}", root(first).hex() == tree["root"])
        tally.check(f"root of {tree['leaves']}, by the level", ledger.root(first).hex() == tree["root"])
    more = decode(unhex(vectors["more_items"]))
    tally.check("a head with more items", more[:-1] == head_array(heads[0]))


FILES = {"ledger": check_ledger, "heads": check_heads, "operations": check_operations}
# A reader of books must get by without them.
NOT_NEEDED = ["cryptography", "zstandard"]


def main(folder):
    tally = Tally()
    for name, check in FILES.items():
        check(tally, json.loads((pathlib.Path(folder) / f"{name}.json").read_text(encoding="utf-8")))
    for module in NOT_NEEDED:
        tally.check(f"without {module}", module not in sys.modules)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_ledger.py FOLDER")
    sys.exit(main(sys.argv[1]))
