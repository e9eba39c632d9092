#!/usr/bin/env python3
"""What the passbooks of a books folder must say, from its CSV files alone and without a line of Anggota's own code.

    passbook.py BOOKS_DIR [--cooperative ID] [--json]

Sums the entries of every savings account and loan, walks their hash chains as docs/protocol.md describes them, and
prints {ACCOUNT_NO: {"kind": "savings" or "loan", "seq": the last, "figure": balance or outstanding, "hash": h[seq]}} with
--json, else the same as a table. Knows only csv, hashlib and cbor2 beside the plainest of the standard library.
"""

import argparse
import csv
import hashlib
import json
import pathlib
import re
import sys
from datetime import date

import cbor2

SAVINGS, LOAN = 0, 1
SAVINGS_KINDS = {
    word: number
    for number, word in enumerate("deposit withdrawal interest tax fee transfer_in transfer_out reversal".split())
}
LOAN_KINDS = {word: number for number, word in enumerate("disbursement repayment late_charge waiver reversal".split())}
AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
EPOCH = date(1970, 1, 1).toordinal()
START = bytes(32)


class Passbook:
    """One account or loan: its last seq, its figure in sen and the hash of its chain."""

    __slots__ = ("kind", "seq", "figure", "hash")

    def __init__(self, kind):
        self.kind, self.seq, self.figure, self.hash = kind, 0, 0, START

    def move(self, kind, amount):
        """Takes the next entry's amount."""
        self.seq += 1
        self.figure += amount
        if self.kind != kind or self.figure < 0:
            raise ValueError("an entry of the other ledger" if self.kind != kind else "below zero")


def sen(text):
    """An amount of the books in sen; an empty cell is nothing."""
    if not text:
        return 0
    match = AMOUNT.fullmatch(text)
    if not match:
        raise ValueError("not an amount")
    sign, rupiah, part = match.groups()
    value = int(rupiah) * 100 + int((part or "").ljust(2, "0"))
    return -value if sign else value


def rupiah(value):
    """Sen as a decimal string with exactly two decimals."""
    whole, part = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}.{part:02}"


def rows(folder, name, *columns):
    """The rows of a file, as lists of the named columns. A column it lacks is empty, a missing file has no rows."""
    path = folder / name
    if not path.exists():
        return
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        places = [header.index(column) if column in header else None for column in columns]
        for row in reader:
            if len(row) != len(header):
                sys.exit(f"{name}, line {reader.line_num}: the row is not as long as the header")
            yield [row[place] if place is not None else "" for place in places]


def days():
    """Reads dates as days since 1970-01-01; the few thousand days of a ledger are read once."""
    known = {}

    def read(text):
        if text not in known:
            known[text] = date.fromisoformat(text).toordinal() - EPOCH
        return known[text]

    return read


def passbooks(folder, cooperative):
    books = {}
    for (number,) in rows(folder, "savings_accounts.csv", "account_no"):
        books[number] = Passbook(SAVINGS)
    for (number,) in rows(folder, "loans.csv", "loan_no"):
        books[number] = Passbook(LOAN)
    day = days()
    for name, post in (("savings_entries.csv", savings_entries), ("loan_entries.csv", loan_entries)):
        number = 0
        try:
            for number, (book, account, entry) in enumerate(post(books, folder, name, day), 1):
                # h[n] = SHA-256(CBOR ["anggota/entry/1", cooperative, kind, account, h[n-1], entry])
                link = cbor2.dumps(["anggota/entry/1", cooperative, book.kind, account, book.hash, entry])
                book.hash = hashlib.sha256(link).digest()
        except (KeyError, ValueError) as error:
            sys.exit(f"{name}, entry {number + 1}: {error}")
    return books


def savings_entries(books, folder, name, day):
    columns = "account_no", "posted_on", "kind", "amount", "description", "reference", "balance", "reverses"
    for account, posted_on, kind, amount, description, reference, balance, reverses in rows(folder, name, *columns):
        book = books[account]
        amount = sen(amount)
        book.move(SAVINGS, amount)
        if balance and sen(balance) != book.figure:
            raise ValueError("another balance")
        words = [description, reference, int(reverses) if reverses else None]
        yield book, account, [1, book.seq, day(posted_on), SAVINGS_KINDS[kind], amount, book.figure, *words]


def loan_entries(books, folder, name, day):
    amounts = "principal", "interest", "late_charge"
    columns = "loan_no", "posted_on", "kind", *amounts, "description", "reference", "reverses"
    for account, posted_on, kind, principal, interest, late_charge, *words in rows(folder, name, *columns):
        book = books[account]
        moved = [sen(principal), sen(interest), sen(late_charge)]
        book.move(LOAN, moved[0])
        words[2] = int(words[2]) if words[2] else None
        yield book, account, [1, book.seq, day(posted_on), LOAN_KINDS[kind], *moved, book.figure, *words]


def told(book):
    kind = "loan" if book.kind == LOAN else "savings"
    return {"kind": kind, "seq": book.seq, "figure": rupiah(book.figure), "hash": book.hash.hex()}


def main():
    parser = argparse.ArgumentParser(description="What the passbooks of a books folder must say.")
    parser.add_argument("books", type=pathlib.Path)
    parser.add_argument("--cooperative", help="the id in the chains, instead of the folder's own")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    ids = [id for (id,) in rows(arguments.books, "cooperative.csv", "id")]
    cooperative = arguments.cooperative or (ids[0] if len(ids) == 1 else sys.exit("cooperative.csv must have one row"))
    books = passbooks(arguments.books, cooperative)
    if arguments.json:
        json.dump({number: told(book) for number, book in books.items()}, sys.stdout)
        print()
    else:
        for number, book in books.items():
            print(number, *told(book).values())


if __name__ == "__main__":
    main()
