"""Judges passbook.py: the chains of ledger.json, written as books, must come out of it with the recorded hashes.

    python check_passbook.py FOLDER
"""

import csv
import json
import pathlib
import sys
import tempfile

from documents import Tally
from passbook import passbooks, told

SAVINGS = ["posted_on", "kind", "amount", "description", "reference", "balance", "reverses"]
LOAN = ["posted_on", "kind", "principal", "interest", "late_charge", "description", "reference", "reverses"]


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def write_books(folder, chains):
    """Entries of all accounts of a kind in one file, one account after the other, as books may hold them."""
    for kind, number, columns, accounts, entries in (
        ("savings", "account_no", SAVINGS, "savings_accounts.csv", "savings_entries.csv"),
        ("loan", "loan_no", LOAN, "loans.csv", "loan_entries.csv"),
    ):
        ours = [chain for chain in chains if chain["kind"] == kind]
        lines = ([chain["account"], *(entry[name] for name in columns)] for chain in ours for entry in chain["entries"])
        write(folder / accounts, [number], ([chain["account"]] for chain in ours))
        write(folder / entries, [number, *columns], lines)


def main(folder):
    vectors = json.loads((pathlib.Path(folder) / "ledger.json").read_text(encoding="utf-8"))
    # Books have no word for a kind that a later server may add: only the protocol does.
    chains = [c for c in vectors["chains"] if all(entry["kind"] != "other" for entry in c["entries"])]
    tally = Tally()
    tally.check("there are chains of books and others", 0 < len(chains) < len(vectors["chains"]))
    with tempfile.TemporaryDirectory() as books:
        write_books(pathlib.Path(books), chains)
        found = passbooks(pathlib.Path(books), vectors["cooperative"])
    tally.check("every account", list(found) == [chain["account"] for chain in chains])
    for chain in chains:
        wanted = {name: chain[name] for name in ("kind", "seq", "figure", "hash")}
        tally.check(chain["account"], told(found[chain["account"]]) == wanted)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_passbook.py FOLDER")
    sys.exit(main(sys.argv[1]))
