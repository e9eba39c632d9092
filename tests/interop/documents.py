"""What the judges in this folder read documents with: deterministic CBOR and the form of a COSE_Sign1, by cbor2 and
hashlib. Their signatures are signatures.py's. Not a line of Anggota's own code."""

import hashlib

import cbor2


class Malformed(Exception):
    """Not a document in the one form that is read."""


def sha256(data):
    return hashlib.sha256(data).digest()


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 256**size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise Malformed("integer")


def encode(item):
    """Deterministic CBOR, RFC 8949 4.2.1, of everything a message may hold."""
    if item is None or isinstance(item, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[item]
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, (list, tuple)):
        return head(4, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        pairs = sorted((encode(key), encode(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, cbor2.CBORTag):
        return head(6, item.tag) + encode(item.value)
    raise Malformed(type(item).__name__)


def decode(data):
    try:
        item = cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError) as error:
        raise Malformed(str(error)) from error
    if encode(item) != data:
        raise Malformed("another encoding")
    return item


def refuses(read, *arguments):
    try:
        read(*arguments)
    except Malformed:
        return True
    return False


class Signed:
    """A tagged COSE_Sign1 by ES256 of one type, its form checked and its signature not."""

    def __init__(self, data, typ, labels):
        tag = decode(data)
        if not isinstance(tag, cbor2.CBORTag) or tag.tag != 18 or len(tag.value) != 4:
            raise Malformed("tag")
        self.protected, unprotected, self.payload, self.signature = tag.value
        self.headers, self.claims = decode(self.protected), decode(self.payload)
        if unprotected != {} or len(self.signature) != 64:
            raise Malformed("unprotected headers")
        if set(self.headers) != {1, 16} | labels or self.headers[1] != -7 or self.headers[16] != typ:
            raise Malformed("headers")
        if -65538 in self.claims:
            raise Malformed("must understand")
        self.data = data

    def signed(self):
        """The Sig_structure of RFC 9052 4.4: what the signature is over."""
        return encode(["Signature1", self.protected, b"", self.payload])


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, good):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"failed: {what}")
