"""Judges tests/vectors/card.json without a line of Anggota's own code.

CBOR is read by cbor2, signatures are checked by cryptography and once more by cwt; base45, the deterministic encoding
and the order of checks are written here again from the description of the card. Prints `N passed, N failed`.

    python check_card.py FOLDER_OR_FILE
"""

import json
import pathlib
import sys
import unicodedata
import zlib

import cwt

from documents import Malformed, Tally, encode
from signatures import Signed, check_keys

DAY = 86_400
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CARD, STATUS, CHECKPOINT = 1, 2, 3


class Red(Exception):
    """A card that is not accepted, with its reason and, once both signatures verified, its bearer."""

    def __init__(self, reason, bearer=(None, None)):
        super().__init__(reason)
        self.reason, self.bearer = reason, bearer


def base45(text):
    """RFC 9285, refusing a spelling that another one would be read for."""
    out = bytearray()
    for at in range(0, len(text), 3):
        digits = [DIGITS.index(c) for c in text[at : at + 3]]
        number = sum(digit * 45**place for place, digit in enumerate(digits))
        size = {3: 2, 2: 1}.get(len(digits))
        if size is None or number >= 256**size:
            raise ValueError("base45")
        out += number.to_bytes(size, "big")
    return bytes(out)


def verifies_by_cwt(signed, point):
    """The same answer from a library that knows COSE itself."""
    kid = {2: signed.headers[4]} if 4 in signed.headers else {}
    key = cwt.COSEKey.new({1: 2, **kid, 3: -7, 4: [2], -1: 1, -2: point[1:33], -3: point[33:]})
    try:
        return cwt.COSE.new().decode(signed.data, key) == signed.payload
    except (cwt.VerifyError, cwt.DecodeError, ValueError):
        return False


def point(cose_key):
    if set(cose_key) != {1, -1, -2, -3} or (cose_key[1], cose_key[-1]) != (2, 1):
        raise Malformed("key")
    return b"\x04" + cose_key[-2] + cose_key[-3]


class Trust:
    def __init__(self, data, roots):
        self.signed = Signed(data, "application/kop-trust+cwt", {4})
        if not any(self.signed.verifies(root) for root in roots):
            raise Malformed("root")
        self.claims = self.signed.claims
        self.issuers = {entry[1]: entry for entry in self.claims[-65541]}

    def key(self, issuer, kid, use):
        for listed, cose_key, usage, not_before, not_after, revoked_at in self.issuers[issuer][4]:
            if listed == kid and usage == use:
                return point(cose_key), range(not_before, not_after + 1), revoked_at
        return None


def status_of(signed, index):
    packed = zlib.decompress(signed.claims[65533]["lst"])
    if index // 4 >= len(packed):
        return None
    return packed[index // 4] >> 2 * (index % 4) & 3


def verify(text, at, trust, status):
    """Result, reason, name and cooperative of a shown card, in the order of the description."""
    if len(text) > 535 or not text.startswith("KTA1:"):
        raise Malformed("text")
    shown = Signed(base45(text[5:]), 294, {13})
    card = Signed(encode(shown.headers[13]), 293, {4})
    if not {1, 2}.isdisjoint(shown.claims) or not 8 <= len(shown.claims[39]) <= 16 or -65539 in shown.claims:
        raise Malformed("claims")
    said = card.claims
    name = said.get(169, {}).get(4)
    if name and (unicodedata.normalize("NFC", name) != name or len(name.encode()) > 24):
        raise Malformed("name")
    if said[1] not in trust.issuers:
        raise Red("unknown_issuer")
    found = trust.key(said[1], card.headers[4], CARD)
    if not found:
        raise Red("unknown_key")
    key, valid, revoked_at = found
    if revoked_at is not None:
        raise Red("key_revoked")
    if not card.verifies(key):
        raise Red("bad_signature")
    if said[6] not in valid:
        raise Red("unknown_key")
    if not said[6] <= shown.claims[6] < said[4] or at >= said[4]:
        raise Red("expired")
    if not shown.verifies(point(said[8][1])):
        raise Red("bad_signature")
    bearer = (name, trust.issuers[said[1]][2])
    if shown.claims[3] != "kop:m":
        raise Red("wrong_audience", bearer)
    if not -60 <= at - shown.claims[6] <= 120:
        raise Red("bad_time", bearer)
    if status is None:
        return "amber", "status_stale", *bearer
    found = status_of(status, said[-65537][2])
    reason = {None: "status_stale", 1: "revoked", 2: "suspended"}.get(found)
    if reason:
        raise Red(reason, bearer)
    if found == 3:
        return "amber", "limited", *bearer
    if at - status.claims[6] > DAY:
        return "amber", "status_stale", *bearer
    return ("green", None, *bearer) if at < trust.claims[4] else ("amber", "trust_stale", *bearer)


def outcome(case, trust, status):
    try:
        return verify(case["text"], case["at"], trust, status if case["status_list"] else None)
    except Malformed:
        return "red", "malformed", None, None
    except Red as red:
        return "red", red.reason, *red.bearer


def check_documents(tally, vectors, public, trust, status, card, shown):
    for what, signed, role in (
        ("trust list", trust.signed, vectors["trust_list"]["signed_by"]),
        ("status list", status, "status"),
        ("card", card, "card"),
        ("presentation", shown, "holder"),
    ):
        for other in public:
            tally.check(f"{what} under {other}", signed.verifies(public[other]) == (other == role))
        tally.check(f"{what} by cwt", verifies_by_cwt(signed, public[role]))
        tally.check(f"{what} by cwt, wrong key", not verifies_by_cwt(signed, public["checkpoint"]))


def check_contents(tally, vectors, public, trust, status, card, shown):
    told = vectors["trust_list"]
    tally.check("trust list claims", [trust.claims[n] for n in (1, 4, 6, -65540)]
                == [told[n] for n in ("federation", "expires_at", "issued_at", "seq")])
    tally.check("trust list lasts 90 days", trust.claims[4] - trust.claims[6] == 90 * DAY)
    tally.check("trust list issuers", sorted(trust.issuers) == sorted(told["issuers"]))
    for kid, role, use in ((1, "card", CARD), (2, "status", STATUS), (3, "checkpoint", CHECKPOINT)):
        found = trust.key("handayani", bytes([kid]), use)
        tally.check(f"trusted {role} key", found and found[0] == public[role])

    told = vectors["status_list"]
    tally.check("status list claims", [status.claims[n] for n in (2, 4, 6, 65534)]
                == [told["uri"], told["issued_at"] + 7 * DAY, told["issued_at"], 43_200])
    tally.check("statuses", [status_of(status, n) for n in range(9)] == told["statuses"] + [None])
    tally.check("status address", trust.issuers["handayani"][3] == told["uri"])

    told, said = vectors["card"], card.claims
    tally.check("card claims", [said[n] for n in (1, 2, 4, 6)]
                == [told[n] for n in ("issuer", "subject", "expires_at", "issued_at")])
    tally.check("card lasts 90 days", said[4] - said[6] == 90 * DAY)
    tally.check("card name", said[169] == {4: told["name"]})
    tally.check("card holder", point(said[8][1]) == public["holder"])
    tally.check("card membership", said[-65537] == {1: told["class"], 2: told["status_index"], 3: told["sectors"]})

    told = vectors["presentation"]
    tally.check("presentation bytes", base45(told["text"][5:]).hex() == told["bytes"])
    tally.check("presentation claims", shown.claims
                == {3: told["audience"], 6: told["signed_at"], 39: bytes.fromhex(told["nonce"])})
    tally.check("the card inside is the card", encode(shown.headers[13]).hex() == vectors["card"]["bytes"])


def check_verdicts(tally, vectors, trust, status):
    for case in vectors["verdicts"]:
        wanted = tuple(case[n] for n in ("result", "reason", "name", "cooperative"))
        found = outcome(case, trust, status)
        tally.check(f"{case['what']}: {found} instead of {wanted}", found == wanted)


def main(path):
    path = pathlib.Path(path)
    vectors = json.loads((path / "card.json" if path.is_dir() else path).read_text(encoding="utf-8"))
    public = {role: bytes.fromhex(key["public"]) for role, key in vectors["keys"].items()}
    trust = Trust(bytes.fromhex(vectors["trust_list"]["bytes"]), [public["root_0"], public["root_1"]])
    status = Signed(bytes.fromhex(vectors["status_list"]["bytes"]), "application/statuslist+cwt", {4})
    card = Signed(bytes.fromhex(vectors["card"]["bytes"]), 293, {4})
    shown = Signed(bytes.fromhex(vectors["presentation"]["bytes"]), 294, {13})

    tally = Tally()
    check_keys(tally, vectors["keys"])
    check_documents(tally, vectors, public, trust, status, card, shown)
    check_contents(tally, vectors, public, trust, status, card, shown)
    check_verdicts(tally, vectors, trust, status)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check_card.py FOLDER_OR_FILE")
    sys.exit(main(sys.argv[1]))
