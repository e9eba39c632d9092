"""ES256 by cryptography, for those of the judges in this folder that hold signatures to their keys. Not a line of Anggota's
own code."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key

import documents


class Signed(documents.Signed):
    """A signed document, and whose it is."""

    def verifies(self, point):
        return signature_fits(point, self.signature, self.signed())


def signature_fits(point, signature, message):
    """Whether r and s, 32 bytes each, are the key's ES256 signature of the message."""
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def check_keys(tally, keys):
    for role, key in keys.items():
        private = load_der_private_key(bytes.fromhex(key["pkcs8"]), None)
        numbers = private.public_key().public_numbers()
        public = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        tally.check(f"key {role}", public.hex() == key["public"])
