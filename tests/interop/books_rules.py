#!/usr/bin/env python3
"""Checks a books folder against every rule of the books format, version 1, knowing nothing of the server.

    books_rules.py DIR [--today YYYY-MM-DD]

Prints each broken rule with its first problems, then "N passed, N failed" (rules). Exit status 1 on failure.
An expected.json in the folder (seq and balance or outstanding of every account and loan) is one more rule.
"""
import argparse
import csv
import json
import os
import re
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

# Name of file: (required, required columns, optional columns).
FILES = {
    "cooperative.csv": (True, "id name", "registration_no city time_zone books_version"),
    "members.csv": (True, "member_no name status joined_on", "birth_date phone language class sectors kelurahan kecamatan"),
    "savings_products.csv": (False, "code name type", "yearly_rate yearly_cap"),
    "loan_products.csv": (
        False,
        "code name method rate_per_period",
        "version min_principal max_principal max_periods grace_periods rounding_unit rounding_mode"
        " rounding_applies_to day_count allocation_order late_charge_rate yearly_cap",
    ),
    "savings_accounts.csv": (False, "account_no member_no product_code opened_on status", "term_months matures_on"),
    "savings_entries.csv": (False, "account_no posted_on kind amount", "description reference balance reverses"),
    "loans.csv": (
        False,
        "loan_no member_no product_code principal periods disbursed_on first_due_on status",
        "rate_per_period guarantors",
    ),
    "loan_entries.csv": (False, "loan_no posted_on kind principal", "interest late_charge description reference reverses"),
}
RULES = {
    "files": "cooperative.csv and members.csv are there",
    "csv": "every file is UTF-8 CSV (RFC 4180), every row as long as the header",
    "columns": "no unknown, repeated or missing column",
    "required": "no required value is empty",
    "one-cooperative": "cooperative.csv has one row, books_version 1, a known time zone",
    "cooperative-id": "the cooperative's id is 1 to 16 of a-z 0-9 -",
    "choices": "status, type, method, kind and the like are of the listed words",
    "dates": "dates are real and written YYYY-MM-DD",
    "amounts": "amounts are -?[0-9]+(.[0-9]{1,2})? rupiah",
    "rates": "rates are fractions with at most 8 decimals, not negative",
    "counts": "counts are whole numbers, periods and terms at least 1",
    "caps": "no yearly rate (12 x a month's) is above its cap",
    "unique": "no member, product, account or loan stands twice; accounts and loans share one number space",
    "numbers": "account and loan numbers are 1 to 32 of A-Z a-z 0-9 . -",
    "references": "members, products, accounts and loans that are named exist",
    "candidates": "a candidate member has no entries",
    "order": "dates of one account or loan never go back",
    "period": "no entry is before opening or disbursement or after today at the cooperative",
    "savings-signs": "deposit, interest, transfer_in > 0; withdrawal, tax, transfer_out, fee < 0; never 0",
    "savings-floor": "no balance is ever below 0",
    "savings-balance": "a given balance is the running balance",
    "loan-signs": "disbursement > 0; repayment and waiver <= 0; late_charge charges; not all 0",
    "loan-first": "a loan's first entry is a disbursement",
    "loan-principal": "principal is above 0 and the disbursements sum to it",
    "loan-floor": "no outstanding is ever below 0",
    "reverses": "reversals, and only they, name an earlier entry of the same account that is no reversal",
    "reverses-exactly": "a reversal is the exact negative of the entry it names",
    "reverses-once": "no entry is reversed twice",
}
EXPECTED = "expected.json has every account's seq and balance and every loan's seq and outstanding"
ZONES = {"": 7, "WIB": 7, "WITA": 8, "WIT": 9}
PLUS, MINUS = {"deposit", "interest", "transfer_in"}, {"withdrawal", "tax", "transfer_out", "fee"}
CHOICES = {
    ("members.csv", "status"): "active candidate suspended left",
    ("members.csv", "language"): "id jv en",
    ("savings_products.csv", "type"): "pokok wajib sukarela berjangka",
    ("loan_products.csv", "method"): "flat menurun anuitas harian",
    ("loan_products.csv", "rounding_mode"): "nearest up down",
    ("loan_products.csv", "rounding_applies_to"): "component instalment",
    ("loan_products.csv", "day_count"): "30/360 actual/365",
    ("savings_accounts.csv", "status"): "open closed",
    ("loans.csv", "status"): "active paid written_off",
    ("savings_entries.csv", "kind"): " ".join(sorted(PLUS | MINUS | {"reversal"})),
    ("loan_entries.csv", "kind"): "disbursement repayment late_charge waiver reversal",
}
DATES = {"joined_on", "birth_date", "opened_on", "matures_on", "disbursed_on", "first_due_on", "posted_on"}
AMOUNTS = {"amount", "balance", "principal", "interest", "late_charge", "min_principal", "max_principal", "rounding_unit"}
RATES = {"yearly_rate", "yearly_cap", "rate_per_period", "late_charge_rate"}
COUNTS = {"periods": 1, "term_months": 1, "max_periods": 1, "version": 1, "books_version": 1, "grace_periods": 0, "reverses": 1}


class Checker:
    def __init__(self, folder, today):
        self.folder, self.today = folder, today
        self.problems = defaultdict(list)
        self.more = Counter()
        self.columns = {}

    def fail(self, rule, where, what):
        assert rule in RULES or rule == "expected"
        if len(self.problems[rule]) < 5:
            self.problems[rule].append(f"{where}: {what}")
        else:
            self.more[rule] += 1

    # Files, columns and single values.

    def rows(self, name):
        """Yields (place, row) with values converted; a value that is wrong is reported and becomes None."""
        required, must, may = FILES[name]
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            if required:
                self.fail("files", name, "missing")
            return
        must, known = must.split(), (must + " " + may).split()
        with open(path, encoding="utf-8-sig", newline="") as f:
            reader = csv.reader(f, strict=True)
            header = next(reader, [])
            for column in header:
                if column not in known:
                    self.fail("columns", name, f"unknown column {column!r}")
                if header.count(column) > 1:
                    self.fail("columns", name, f"column {column!r} twice")
            for column in must:
                if column not in header:
                    self.fail("columns", name, f"no column {column!r}")
            for fields in reader:
                place = f"{name} line {reader.line_num}"
                if len(fields) != len(header):
                    self.fail("csv", place, f"{len(fields)} fields, header has {len(header)}")
                    continue
                row = dict.fromkeys(known, "")
                row.update(zip(header, fields))
                yield place, {c: self.value(name, place, c, row[c], c in must) for c in known}

    def table(self, name):
        try:
            yield from self.rows(name)
        except (UnicodeDecodeError, csv.Error) as error:
            self.fail("csv", name, str(error))

    def value(self, name, place, column, text, must):
        if text == "":
            if must:
                self.fail("required", place, f"{column} is empty")
            return None if column in DATES | AMOUNTS | RATES | COUNTS.keys() else ""
        allowed = CHOICES.get((name, column))
        if allowed and text not in allowed.split():
            self.fail("choices", place, f"{column} {text!r}")
        if column in DATES:
            try:
                if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                    return date.fromisoformat(text)
            except ValueError:
                pass
            return self.fail("dates", place, f"{column} {text!r}")
        if column in AMOUNTS:
            if re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", text):
                return Decimal(text)
            return self.fail("amounts", place, f"{column} {text!r}")
        if column in RATES:
            if re.fullmatch(r"[0-9]+(\.[0-9]{1,8})?", text):
                return Decimal(text)
            return self.fail("rates", place, f"{column} {text!r}")
        if column in COUNTS:
            if re.fullmatch(r"[0-9]+", text) and int(text) >= COUNTS[column]:
                return int(text)
            return self.fail("counts", place, f"{column} {text!r}")
        return text

    # The master data.

    def cooperative(self):
        rows = list(self.table("cooperative.csv"))
        if len(rows) != 1:
            self.fail("one-cooperative", "cooperative.csv", f"{len(rows)} rows")
        for place, row in rows:
            if not re.fullmatch(r"[a-z0-9-]{1,16}", row["id"]):
                self.fail("cooperative-id", place, row["id"])
            if row["books_version"] not in (None, 1):
                self.fail("one-cooperative", place, f"books_version {row['books_version']}")
            if row["time_zone"] not in ZONES:
                self.fail("one-cooperative", place, f"time_zone {row['time_zone']!r}")
            if self.today is None:
                offset = timedelta(hours=ZONES.get(row["time_zone"], 7))
                self.today = datetime.now(timezone(offset)).date()

    def keyed(self, name, key, seen=None):
        seen, found = {} if seen is None else seen, {}
        for place, row in self.table(name):
            if row[key] in seen:
                self.fail("unique", place, f"{key} {row[key]!r} also in {seen[row[key]]}")
                continue
            seen[row[key]] = place
            found[row[key]] = row
            row["place"] = place
        return found

    def capped(self, row, yearly, default):
        cap = Decimal(default) if row["yearly_cap"] is None else row["yearly_cap"]
        if yearly is not None and yearly > cap:
            self.fail("caps", row["place"], f"{yearly} a year, cap {cap}")
        return cap

    def masters(self):
        self.members = self.keyed("members.csv", "member_no")
        self.savings_products = self.keyed("savings_products.csv", "code")
        for row in self.savings_products.values():
            self.capped(row, row["yearly_rate"], "0.09")
        self.loan_products = self.keyed("loan_products.csv", "code")
        for row in self.loan_products.values():
            rate = row["rate_per_period"]
            row["cap"] = self.capped(row, None if rate is None else 12 * rate, "0.24")
        numbers = {}
        self.accounts = self.keyed("savings_accounts.csv", "account_no", numbers)
        self.loans = self.keyed("loans.csv", "loan_no", numbers)
        for number, row in [*self.accounts.items(), *self.loans.items()]:
            if not re.fullmatch(r"[A-Za-z0-9.-]{1,32}", number):
                self.fail("numbers", row["place"], repr(number))
            if row["member_no"] not in self.members:
                self.fail("references", row["place"], f"no member {row['member_no']!r}")
        for row in self.accounts.values():
            if row["product_code"] not in self.savings_products:
                self.fail("references", row["place"], f"no savings product {row['product_code']!r}")
        for row in self.loans.values():
            product = self.loan_products.get(row["product_code"])
            if product is None:
                self.fail("references", row["place"], f"no loan product {row['product_code']!r}")
            elif row["rate_per_period"] is not None and 12 * row["rate_per_period"] > product["cap"]:
                self.fail("caps", row["place"], f"agreed rate {row['rate_per_period']} a period")
            if row["principal"] is not None and row["principal"] <= 0:
                self.fail("loan-principal", row["place"], f"principal {row['principal']}")

    # Entries. An account's state holds its rows' amounts, to be named by reversals.

    def entries(self, name, key, owners, opened, apply):
        states = {}
        for place, row in self.table(name):
            owner = owners.get(row[key])
            if owner is None:
                self.fail("references", place, f"no {key} {row[key]!r}")
                continue
            state = states.setdefault(row[key], {"rows": [], "last": None, "sum": Decimal(0), "paid_out": Decimal(0)})
            if self.members.get(owner["member_no"], {}).get("status") == "candidate":
                self.fail("candidates", place, f"member {owner['member_no']}")
            day = row["posted_on"]
            if day is not None:
                if state["last"] is not None and day < state["last"]:
                    self.fail("order", place, f"{day} after {state['last']}")
                if (owner[opened] is not None and day < owner[opened]) or day > self.today:
                    self.fail("period", place, f"{day}")
                state["last"] = day
            apply(place, row, state)
        return states

    def reversal(self, place, row, amounts, state):
        """Checks `reverses` and remembers the row; gives the kind of the entry that is reversed, if any."""
        rows, named = state["rows"], row["reverses"]
        target = None
        if row["kind"] == "reversal":
            if named is None or named > len(rows) or rows[named - 1]["kind"] == "reversal":
                self.fail("reverses", place, f"reverses {named} of {len(rows)} rows before")
            else:
                target = rows[named - 1]
                if any(a != -b for a, b in zip(amounts, target["amounts"])):
                    self.fail("reverses-exactly", place, f"{amounts} reverses {target['amounts']}")
                if target["reversed"]:
                    self.fail("reverses-once", place, f"row {named} again")
                target["reversed"] = True
        elif named is not None:
            self.fail("reverses", place, f"{row['kind']} names row {named}")
        rows.append({"kind": row["kind"], "amounts": amounts, "reversed": False})
        return target["kind"] if target else None

    def savings_entry(self, place, row, state):
        amount, kind = row["amount"] or Decimal(0), row["kind"]
        if amount == 0 or (kind in PLUS and amount < 0) or (kind in MINUS and amount > 0):
            self.fail("savings-signs", place, f"{kind} {amount}")
        self.reversal(place, row, [amount], state)
        state["sum"] += amount
        if state["sum"] < 0:
            self.fail("savings-floor", place, f"balance {state['sum']}")
        if row["balance"] is not None and row["balance"] != state["sum"]:
            self.fail("savings-balance", place, f"says {row['balance']}, is {state['sum']}")

    def loan_entry(self, place, row, state):
        amounts = [row[c] or Decimal(0) for c in ("principal", "interest", "late_charge")]
        principal, interest, late = amounts
        kind = row["kind"]
        right = {
            "disbursement": principal > 0,
            "repayment": max(amounts) <= 0,
            "waiver": max(amounts) <= 0,
            "late_charge": principal == 0 and interest >= 0 and late > 0,
        }
        if not any(amounts) or not right.get(kind, True):
            self.fail("loan-signs", place, f"{kind} {principal} {interest} {late}")
        if not state["rows"] and kind != "disbursement":
            self.fail("loan-first", place, kind)
        reversed_kind = self.reversal(place, row, amounts, state)
        state["sum"] += principal
        if "disbursement" in (kind, reversed_kind):
            state["paid_out"] += principal
        if state["sum"] < 0:
            self.fail("loan-floor", place, f"outstanding {state['sum']}")

    def run(self):
        self.cooperative()
        self.today = self.today or date.today()
        self.masters()
        savings = self.entries("savings_entries.csv", "account_no", self.accounts, "opened_on", self.savings_entry)
        loans = self.entries("loan_entries.csv", "loan_no", self.loans, "disbursed_on", self.loan_entry)
        for number, row in self.loans.items():
            state = loans.get(number)
            if state is None:
                self.fail("loan-first", row["place"], "no entries")
            elif row["principal"] is not None and state["paid_out"] != row["principal"]:
                self.fail("loan-principal", row["place"], f"{state['paid_out']} paid out of {row['principal']}")
        rules = dict(RULES)
        path = os.path.join(self.folder, "expected.json")
        if os.path.exists(path):
            rules["expected"] = EXPECTED
            with open(path, encoding="utf-8") as f:
                expected = json.load(f, parse_float=Decimal)
            self.compare(expected["savings"], self.accounts, savings, "balance")
            self.compare(expected["loans"], self.loans, loans, "outstanding")
        return rules

    def compare(self, expected, owners, states, amount):
        for number in sorted(expected.keys() | owners.keys()):
            state = states.get(number, {"rows": [], "sum": Decimal(0)})
            member = owners.get(number, {}).get("member_no")
            found = {"member_no": member, "seq": len(state["rows"]), amount: state["sum"]}
            if expected.get(number) != found:
                self.fail("expected", number, f"{expected.get(number)}, found {found}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--today", type=date.fromisoformat, help="the day at the cooperative, instead of the clock's")
    arguments = parser.parse_args()
    checker = Checker(arguments.folder, arguments.today)
    rules = checker.run()
    for rule, meaning in rules.items():
        if rule in checker.problems:
            print(f"FAILED {rule}: {meaning}")
            for problem in checker.problems[rule]:
                print(f"    {problem}")
            if checker.more[rule]:
                print(f"    and {checker.more[rule]} more")
    failed = len(checker.problems)
    print(f"{len(rules) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
