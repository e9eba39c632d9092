"""A reader that asks a running server for JSON, and for CBOR beside it, and holds that both say the same, by its own reading
of both. What came as JSON must then be enough to write every byte of CBOR again, and for a phone to believe the books.

    python json_phone.py URL COOPERATIVE MEMBER CODE

Prints the figures that it believes as JSON in one line, then `N passed, N failed`. Not a line of Anggota's own code.
"""

import base64
import hashlib
import json
import os
import sys
import time
import urllib.request

import cbor2
import zstandard
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from documents import Tally, encode
from ledger import KINDS
from phone import Phone, frames

JSON, CBOR, STREAM = "application/json", "application/cbor", "application/vnd.anggota.pull+zstd"
# What a reader in JavaScript counts exactly.
SAFE = 2**53 - 1


def text64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bytes64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(value):
    """An integer of the tables: a number, or beyond 2^53 - 1 the string of its digits."""
    assert isinstance(value, str) != (abs(int(value)) <= SAFE), value
    return int(value)


def as_json(item):
    """RFC 8949 6.1 of what the messages hold."""
    if isinstance(item, list):
        return [as_json(one) for one in item]
    if isinstance(item, bytes):
        return text64(item)
    if isinstance(item, int) and abs(item) > SAFE:
        return str(item)
    return item


def frame_of(told):
    """The CBOR of a frame that came as JSON: the tables of docs/protocol.md say which strings are bytes or numbers."""
    kind, *content = told
    if kind in (0, 2, 3, 7):
        content = [bytes64(content[0])]
    elif kind == 1:
        content = [[bytes64(head) for head in content[0]]]
    elif kind == 4:
        content = [[[number(no), bytes64(operation), bytes64(body), *rest] for no, operation, body, *rest in content[0]]]
    elif kind == 5:
        ledger, account, first, start, entries = content
        last = 6 if ledger == 0 else 8
        entries = [[*map(number, entry[:last]), *entry[last:]] for entry in entries]
        content = [ledger, account, first, bytes64(start), entries]
    return encode([kind, *content])


class Asking:
    """A member's device, which may ask for either form."""

    def __init__(self, url, cooperative, member):
        self.base, self.cooperative, self.member = f"{url}/v1/{cooperative}", cooperative, member
        self.key, self.token = ec.generate_private_key(ec.SECP256R1()), None
        numbers = self.key.public_key().public_numbers()
        self.x, self.y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")

    def sign(self, message):
        signature = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(half.to_bytes(32, "big") for half in signature)

    def proof(self, url):
        jwk = {"kty": "EC", "crv": "P-256", "x": text64(self.x), "y": text64(self.y)}
        claims = {"jti": text64(os.urandom(16)), "htm": "POST", "htu": url, "iat": int(time.time())}
        if self.token:
            claims["ath"] = text64(hashlib.sha256(self.token.encode()).digest())
        parts = [{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}, claims]
        signed = ".".join(text64(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{text64(self.sign(signed.encode()))}"

    def ask(self, route, body, form):
        """The body of a good answer, and its media type."""
        url = f"{self.base}/{route}"
        headers = {"Anggota-Protocol": "1-1", "Content-Type": CBOR, "Accept": form, "DPoP": self.proof(url)}
        if self.token:
            headers["Authorization"] = f"DPoP {self.token}"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return answer.read(), answer.headers["Content-Type"]

    def told(self, route, body):
        """An answer that came as JSON."""
        answer, media_type = self.ask(route, body, JSON)
        assert media_type == JSON, media_type
        return json.loads(answer)

    def operation(self, product, version, principal):
        """A signed loan request (docs/protocol.md 3 and 11)."""
        made = os.urandom(6) + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7)
        body = [product, version, principal, 6, "modal usaha"]
        payload = encode([1, self.cooperative, self.member, made, made, None, 1, 1, body])
        protected = encode({1: -7, 4: self.device, 16: "application/vnd.anggota.operation+cose"})
        signature = self.sign(encode(["Signature1", protected, b"", payload]))
        return encode(cbor2.CBORTag(18, [protected, {}, payload, signature]))


def enrol(asking, code):
    """Becomes a device by answers in JSON alone; gives the checkpoint keys."""
    key = b"\x04" + asking.x + asking.y
    enrolled = asking.told("enrolments", encode([1, asking.member, code.replace("-", ""), key]))
    asking.device, refresh = bytes64(enrolled[1]), enrolled[4]
    asking.token = None
    renewed = asking.told("tokens", encode([1, refresh]))
    asking.token = renewed[1]
    return {kid: bytes64(key) for kid, key in enrolled[5]}


def compare(tally, asking, route, body):
    """One piece, in both forms."""
    told = asking.told(route, body)
    own, media_type = asking.ask(route, body, CBOR)
    tally.check(f"{route} is CBOR", media_type == CBOR)
    tally.check(f"{route} in both forms", told == as_json(cbor2.loads(own)))
    return told


def main(url, cooperative, member, code):
    tally, asking, nonce = Tally(), Asking(url, cooperative, member), os.urandom(16)
    phone = Phone(cooperative, member, enrol(asking, code))
    card = compare(tally, asking, "card", b"")
    tally.check("a signed card", cbor2.loads(bytes64(card[1])).tag == 18)
    register = next(bytes64(frame[1]) for frame in asking.told("pull", phone.request(nonce)) if frame[0] == 3)
    product, _, _, _, version, smallest, *_ = cbor2.loads(register)[7][0]
    push = [asking.operation(product, version, principal) for principal in (smallest or 10**8, 1)]
    answers = compare(tally, asking, "operations", encode([1, [*push, b"nobody's"]]))
    tally.check("answers", [answer[0] for answer in answers[1]] == [0, 0, 3])

    told = asking.told("pull", phone.request(nonce))
    packed, media_type = asking.ask("pull", phone.request(nonce), CBOR)
    tally.check("a pull is packed", media_type == STREAM)
    own = list(frames(zstandard.ZstdDecompressor().decompressobj().decompress(packed)))
    again = [frame_of(frame) for frame in told]
    tally.check("as many frames", len(own) == len(again) > 5)
    for mine, frame, written in zip(told, own, again):
        # The freshness statement is signed anew for each answer.
        if mine[0] != 2:
            tally.check(f"frame {mine[0]}", mine == as_json(cbor2.loads(frame)) and written == frame)
    stream = b"".join(len(frame).to_bytes(4, "big") + frame for frame in again)
    phone, refused = phone.pull(nonce, stream)
    tally.check("every account is believed", refused == [])
    tally.check("results in words", any(result[4] for result in phone.results))
    print(json.dumps([{"account": one["account"], "figure": one["ranges"][0]["figure"] if one["ranges"] else "0.00",
                       "type": one["kind"]} for one in phone.told()]))
    tally.check("kinds", {one["kind"] for one in phone.told()} == set(KINDS))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: json_phone.py URL COOPERATIVE MEMBER CODE")
    sys.exit(main(*sys.argv[1:]))
