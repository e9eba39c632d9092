"""Judges the vectors of the passbook protocol without a line of Anggota's own code.

Every message is encoded again from its fields or read into them, every hash and root is reckoned again, every signature is
checked, the recorded pulls are taken in by a phone and the recorded uploads by a server that are written from
docs/protocol.md. Knows cbor2, cryptography, hashlib and zstandard. Prints `N passed, N failed`.

    python check_protocol.py FOLDER
"""

import base64
import json
import pathlib
import sys
import uuid
from datetime import date

import zstandard

from documents import Malformed, Tally, check_keys, decode, encode, refuses, signature_fits
from operations import check_operations, result_array
from passbook import LOAN_KINDS, SAVINGS_KINDS, sen
from phone import FIRST_OPTIONAL, KINDS, Phone, sha256
from uploads import check_uploads

METHODS = ["flat", "menurun", "anuitas", "harian"]
ACCOUNT_STATUSES = ["open", "closed"]
LOAN_STATUSES = ["active", "paid", "written_off"]
MEMBER_STATUSES = ["active", "candidate", "suspended", "left"]
SAVINGS_TYPES = ["pokok", "wajib", "sukarela", "berjangka"]
ROUNDING_MODES = ["nearest", "up", "down"]
ROUNDING_PLACES = ["component", "instalment"]
DAY_COUNTS = ["30/360", "actual/365"]
COMPONENTS = ["denda", "jasa", "biaya", "pokok"]
WINDOW = 300


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
            hashed = encode(["anggota/entry/1", vectors["cooperative"], KINDS.index(kind), account, link, array])
            link = sha256(hashed)
            figure += array[4]
            tally.check(f"{what}: entry", encode(array).hex() == entry["cbor"])
            tally.check(f"{what}: hashed bytes", hashed.hex() == entry["hashed"])
            tally.check(f"{what}: hash", link.hex() == entry["hash"])
            tally.check(f"{what}: kind", (entry["kind"] == "other") == (array[3] >= FIRST_OPTIONAL))
            tally.check(f"{what}: seq and figure", (array[1], array[5 if kind == "savings" else 7]) == (seq, figure))
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
    """RFC 9162 2.1.1."""
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
        tally.check(f"root of {tree['leaves']}", root(leaves[: tree["leaves"]]).hex() == tree["root"])
    more = decode(unhex(vectors["more_items"]))
    tally.check("a head with more items", more[:-1] == head_array(heads[0]))


def check_statements(tally, vectors):
    public = unhex(vectors["keys"]["checkpoint"]["public"])
    phone = Phone("handayani", "A00042", {vectors["kid"]: public})
    for told in vectors["checkpoints"]:
        what = f"checkpoint {told['epoch']}/{told['generation']}"
        reset = told["reset"] and [told["reset"][name] for name in ("epoch", "last_generation", "reason")]
        names = ("cooperative", "member", "epoch", "generation", "issued_at")
        payload = encode([1, *(told[n] for n in names), unhex(told["root"]), unhex(told["prev"]), reset])
        bytes_ = unhex(told["bytes"])
        tally.check(f"{what}: payload", payload.hex() == told["payload"])
        tally.check(f"{what}: read", phone.checkpoint_of(bytes_) == decode(payload))
        tally.check(f"{what}: hash", sha256(bytes_).hex() == told["hash"])
        stranger = unhex(vectors["keys"]["stranger"]["public"])
        tally.check(f"{what}: not by another key", not phone.signed(bytes_, "checkpoint").verifies(stranger))
    first, second, _ = vectors["checkpoints"]
    tally.check("the second follows the first", second["prev"] == first["hash"])
    told = vectors["freshness"]
    payload = encode([1, unhex(told["checkpoint"]), told["at"], unhex(told["nonce"])])
    tally.check("freshness: payload", payload.hex() == told["payload"])
    tally.check("freshness: read", phone.freshness_of(unhex(told["bytes"])) == decode(payload))
    told = vectors["succession"]
    payload = encode([1, told["cooperative"], told["kid"], unhex(told["key"]), told["at"]])
    tally.check("succession: payload", payload.hex() == told["payload"])
    tally.check("succession: read", phone.statement(unhex(told["bytes"]), "succession", 5) == decode(payload))
    for case in vectors["refused_as_checkpoint"]:
        tally.check(f"refused: {case['what']}", refuses(phone.checkpoint_of, unhex(case["bytes"])))


def register_array(told):
    savings = [
        [p["code"], p["name"], SAVINGS_TYPES.index(p["type"]), rate(p["yearly_rate"])]
        for p in told["savings_products"]
    ]
    loans = [
        [p["code"], p["name"], METHODS.index(p["method"]), rate(p["rate_per_period"]), p["version"],
         money(p["min_principal"]), money(p["max_principal"]), p["max_periods"], repayment_array(p)]
        for p in told["loan_products"]
    ]
    status = MEMBER_STATUSES.index(told["status"])
    return [1, told["cooperative"], told["time_zone"], told["member"], status, told["class"], savings, loans]


def repayment_array(told):
    return [
        told["grace_periods"],
        money(told["rounding_unit"]),
        ROUNDING_MODES.index(told["rounding_mode"]),
        ROUNDING_PLACES.index(told["rounding_applies_to"]),
        DAY_COUNTS.index(told["day_count"]),
        [COMPONENTS.index(word) for word in told["allocation_order"].split()],
        rate(told["late_charge_rate"]),
    ]


def request_array(told, nonce):
    ranges = [
        [KINDS.index(r["kind"]), r["account"], r["low"], unhex(r["before"]), r["high"], unhex(r["after"])]
        for r in told["ranges"]
    ]
    register = told["register"] and unhex(told["register"])
    return [1, told["epoch"], told["generation"], nonce, register, told["results_after"], ranges]


def check_pulls(tally, vectors):
    register = encode(register_array(vectors["register"]))
    tally.check("register", register.hex() == vectors["register"]["cbor"])
    tally.check("register's hash", sha256(register).hex() == vectors["register"]["hash"])
    for head in vectors["heads"]:
        tally.check(f"head {head['account']}", encode(head_array(head)).hex() == head["cbor"])
    keys = {vectors["kid"]: unhex(vectors["keys"]["checkpoint"]["public"])}
    phone = Phone(vectors["cooperative"], vectors["member"], keys)
    before = []
    for place, (pull, packed) in enumerate(zip(vectors["pulls"], vectors["zstd"])):
        nonce, told = unhex(pull["nonce"]), pull["request"]
        before.append(phone)
        tally.check(f"pull {place}: request", encode(request_array(told, nonce)).hex() == told["cbor"])
        tally.check(f"pull {place}: what the phone asks", phone.request(nonce).hex() == told["cbor"])
        stream = zstandard.ZstdDecompressor().decompressobj().decompress(unhex(packed))
        tally.check(f"pull {place}: stream", stream.hex() == "".join(frame["bytes"] for frame in pull["frames"]))
        phone, refused = phone.pull(nonce, stream)
        tally.check(f"pull {place}: nothing refused", refused == [])
        tally.check(f"pull {place}: what is held", phone.told() == pull["held_after"])
    tally.check("results", phone.results == [result_array(told) for told in vectors["results"]])
    tally.check("register held", phone.register == sha256(register))
    for case in vectors["judged"]:
        pull = vectors["pulls"][case["pull"]]
        own = [frame["bytes"] for frame in pull["frames"]]
        stream = unhex("".join(own[frame] if isinstance(frame, int) else frame for frame in case["frames"]))
        try:
            _, refused = before[case["pull"]].pull(unhex(pull["nonce"]), stream)
            outcome = ", ".join(refused) or "nothing"
        except Malformed:
            outcome = "everything"
        tally.check(f"{case['what']}: {outcome} refused", outcome == case["refused"])


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verdict(proof, method, url, token, now):
    """RFC 9449 4.3, as docs/protocol.md narrows it."""
    header, claims, signature = proof.split(".")
    told, said = json.loads(unb64(header)), json.loads(unb64(claims))
    point = b"\x04" + unb64(told["jwk"]["x"]) + unb64(told["jwk"]["y"])
    hashed = token and base64.urlsafe_b64encode(sha256(token.encode())).decode().rstrip("=")
    good = (told["typ"], told["alg"], told["jwk"]["kty"], told["jwk"]["crv"]) == ("dpop+jwt", "ES256", "EC", "P-256")
    good = good and signature_fits(point, unb64(signature), f"{header}.{claims}".encode())
    if not good or (said["htm"], said["htu"], said.get("ath")) != (method, url, hashed):
        return "proof-invalid", point
    return "clock-off" if abs(said["iat"] - now) > WINDOW else "good", point


def check_access(tally, vectors):
    device, checkpoint = (unhex(vectors["keys"][role]["public"]) for role in ("device", "checkpoint"))
    told = vectors["enrol"]
    tally.check("enrol", encode([1, told["member"], told["code"], device]).hex() == told["cbor"])
    for case in vectors["codes"]:
        digits = case["typed"].replace(" ", "").replace("-", "") if len(case["typed"]) <= 32 else ""
        digits = digits if digits.isascii() and digits.isdigit() else None
        tally.check(f"code {case['typed']}", digits == case["digits"])
    told = vectors["enrolled"]
    keys = [[key["kid"], checkpoint] for key in told["checkpoint_keys"]]
    tally.check("key's hash", sha256(checkpoint).hex() == told["checkpoint_keys"][0]["sha256"])
    tokens = [told[name] for name in ("access_token", "expires_in", "refresh_token")]
    names = [told[name] for name in ("cooperative", "time_zone", "name")]
    enrolled = [1, uuid.UUID(told["device_id"]).bytes, *tokens, keys, *names]
    tally.check("enrolled", encode(enrolled).hex() == told["cbor"])
    told = vectors["renewal"]
    tally.check("renewal", encode([1, told["refresh_token"]]).hex() == told["cbor"])
    told = vectors["renewed"]
    tally.check("renewed", encode([1, told["access_token"], told["expires_in"]]).hex() == told["cbor"])
    told = vectors["card"]
    tally.check("card", encode([1, unhex(told["card"])]).hex() == told["cbor"])
    for told in vectors["proofs"]:
        found = verdict(told["proof"], told["method"], told["url"], told["token"], told["issued_at"])
        tally.check("proof", found == ("good", device))
    for case in vectors["judged_proofs"]:
        found, _ = verdict(vectors["proofs"][1]["proof"], case["method"], case["url"], case["token"], case["now"])
        tally.check(f"proof, {case['what']}: {found}", found == case["verdict"])


FILES = {
    "ledger": check_ledger,
    "heads": check_heads,
    "statements": check_statements,
    "pull": check_pulls,
    "operations": check_operations,
    "access": check_access,
}


def main(folder):
    tally = Tally()

    def read(name):
        return json.loads((pathlib.Path(folder) / f"{name}.json").read_text(encoding="utf-8"))

    for name, check in FILES.items():
        vectors = read(name)
        check_keys(tally, vectors.get("keys", {}))
        check(tally, vectors)
    check_uploads(tally, read("uploads"), read("operations"))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_protocol.py FOLDER")
    sys.exit(main(sys.argv[1]))
