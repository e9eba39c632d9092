"""Judges what the core says of numbers, amounts, NIK and QRIS by other people's packages: num2words and lokal-id.

    python judge_words.py FILE

Each line of FILE is a kind, what was given and what the core said, between tabs. Where a package is known to differ, its
answer is put right by a rule of `KNOWN`, with the reason; a rule that nothing needs any more fails, so that the list
stays true. Ends with `N passed, M failed`.
"""

import collections
import datetime
import sys
from decimal import Decimal

from lokal.nik import parse_nik
from lokal.qris import parse_qris
from lokal.rupiah import format_rupiah
from lokal.terbilang import terbilang
from num2words import num2words

#: How many differences are printed.
SHOWN = 20

KNOWN = {
    "num2words-satu-ribu": "num2words 0.5.14 says `satu ribu` for a single thousand behind millions; Indonesian says `seribu`",
    "num2words-min": "num2words says `min` below zero; the command line's contract says `minus`",
    "num2words-commas": "num2words puts commas between English groups; spoken text has none",
    "num2words-sen": "num2words drops the last zero of English decimals; an amount always says both digits",
    "num2words-minus": "num2words forgets the English minus between -1 and 0",
    "num2words-floats": "num2words reckons English decimals by floats, which lose sen from some trillions on; there the digits of the sen are asked for one by one",
    "lokal-sen": "lokal-id drops the last zero of sen; an amount always says both digits",
    "lokal-century": "lokal-id takes a birthday later this year for the 2000s; nobody is born in the future",
    "lokal-provinces": "lokal-id knows today's provinces only; a NIK keeps the code it was issued with",
    "lokal-order": "lokal-id wants tag 00 first; codes in the shops keep no order",
}
used = collections.Counter()


def known(name):
    used[name] += 1


def indonesian_num2words(number):
    words = num2words(Decimal(number) if "." in number else int(number), lang="id")
    if words.startswith("min "):
        known("num2words-min")
        words = "minus " + words.removeprefix("min ")
    # Only a group of exactly one thousand is wrong: `sebelas ribu`, `seratus satu ribu` are right.
    whole = abs(int(Decimal(number)))
    if whole // 1000 % 1000 == 1 and whole >= 1_000_000:
        known("num2words-satu-ribu")
        words = words.replace(" satu ribu", " seribu")
    return words


def indonesian_lokal(number):
    if "." not in number:
        return terbilang(int(number))
    words = terbilang(Decimal(number))
    if number.endswith("0"):
        known("lokal-sen")
        words += " nol"
    return words


#: Below this a float still holds both digits of the sen.
FLOATS_HOLD = 10**11


def english(number):
    if "." in number and abs(Decimal(number)) >= FLOATS_HOLD:
        known("num2words-floats")
        whole, sen = number.split(".")
        return " ".join([english(whole), "point", *(num2words(int(digit), lang="en") for digit in sen)])
    words = num2words(Decimal(number) if "." in number else int(number), lang="en")
    if "," in words:
        known("num2words-commas")
    words = words.replace(",", "")
    if "." in number and number.endswith("0"):
        known("num2words-sen")
        words += " zero"
    if number.startswith("-0."):
        known("num2words-minus")
        words = "minus " + words
    return words


def rupiah(number):
    return format_rupiah(Decimal(number), decimals="." in number)


def nik(given):
    """Region, day of birth and sex, or `-`; the day is reckoned at the date that stands before the digits."""
    today, digits = given.split(" ", 1)
    today = datetime.date.fromisoformat(today)
    info = parse_nik(digits, reference_date=today)
    errors = {issue.code for issue in info.errors}
    if errors == {"province"} and int(digits[:2]) >= 11:
        known("lokal-provinces")
        errors = set()
    if errors:
        return "-"
    born = datetime.date.fromisoformat(info.birth_date)
    if born > today:
        known("lokal-century")
        try:
            born = born.replace(year=born.year - 100)
        except ValueError:
            return "-"
    return f"{info.district_code} {born} {info.gender}"


def qris(code):
    """Merchant, city and amount, or `-`."""
    info = parse_qris(code)
    errors = {issue.code for issue in info.errors}
    if errors == {"payload_format"} and any(field.tag == "00" and field.value == "01" for field in info.fields):
        known("lokal-order")
        errors = set()
    if errors:
        return "-"
    return f"{info.merchant_name}|{info.merchant_city}|{info.amount or ''}"


JUDGES = {
    "id": (indonesian_num2words, indonesian_lokal),
    "en": (english,),
    "rupiah": (rupiah,),
    "nik": (nik,),
    "qris": (qris,),
}


def main(path):
    passed = failed = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            kind, given, said = line.rstrip("\n").split("\t")
            for judge in JUDGES[kind]:
                other = judge(given)
                if other == said:
                    passed += 1
                else:
                    failed += 1
                    if failed <= SHOWN:
                        print(f"{judge.__name__} of {given}: {other!r}, the core: {said!r}")
    for name, reason in KNOWN.items():
        print(f"known, {used[name]} times: {reason}")
        if not used[name]:
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: judge_words.py FILE")
    sys.exit(main(sys.argv[1]))
