"""Judges the vectors of the passbook protocol without a line of Anggota's own code.

Every message is encoded again from its fields or read into them, every signature is checked, the recorded pulls are taken in
by a phone and the recorded uploads by a server that are written from docs/protocol.md. Knows cbor2, cryptography, hashlib
and zstandard; what the first and third of these are enough for is check_ledger.py's. Prints `N passed, N failed`.

    python check_protocol.py FOLDER
"""

import base64
import json
import pathlib
import sys
import uuid

import zstandard

from check_ledger import METHODS, head_array, money, rate, unhex
from documents import Malformed, Tally, decode, encode, refuses, sha256
from ledger import KINDS
from operations import TYPE, operation_of, result_array, whose
from phone import Phone
from signatures import Signed, check_keys, signature_fits
from uploads import check_uploads

MEMBER_STATUSES = ["active", "candidate", "suspended", "left"]
SAVINGS_TYPES = ["pokok", "wajib", "sukarela", "berjangka"]
ROUNDING_MODES = ["nearest", "up", "down"]
ROUNDING_PLACES = ["component", "instalment"]
DAY_COUNTS = ["30/360", "actual/365"]
COMPONENTS = ["denda", "jasa", "biaya", "pokok"]
WINDOW = 300


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
    tally.check("succession: followed", phone.succession_of(unhex(told["bytes"])) == (told["kid"], unhex(told["key"])))
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
        keys = {key["kid"]: unhex(key["key"]) for key in pull["keys_after"]}
        tally.check(f"pull {place}: keys that are believed", phone.keys == keys)
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
    good = good and "crit" not in told and "d" not in told["jwk"]
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
    told = vectors["proofs"][1]
    for case in vectors["judged_headers"]:
        found, _ = verdict(case["proof"], told["method"], told["url"], told["token"], told["issued_at"])
        tally.check(f"proof with {case['what']}: {found}", found == case["verdict"])


def check_signed_operations(tally, vectors):
    public = unhex(vectors["keys"]["device"]["public"])

    def is_ours(data):
        return not refuses(operation_of, data, *whose(vectors)) and Signed(data, TYPE, {4}).verifies(public)

    for told in vectors["operations"]:
        tally.check(f"operation {told['operation_id']}: signed", is_ours(unhex(told["bytes"])))
    for case in vectors["good_bodies"]:
        tally.check(f"{case['what']}: signed", is_ours(unhex(case["bytes"])))
    for case in vectors["refused"]:
        tally.check(f"refused: {case['what']}", not is_ours(unhex(case["bytes"])))
    for case in vectors["refused_bodies"]:
        tally.check(f"{case['what']}: signed", Signed(unhex(case["bytes"]), TYPE, {4}).verifies(public))


FILES = {
    "statements": check_statements,
    "pull": check_pulls,
    "operations": check_signed_operations,
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
