"""What a member commands and the server answers, as docs/protocol.md describes it. Not a line of Anggota's own code."""

import unicodedata
import uuid

from documents import Malformed, Signed, encode, refuses
from passbook import rupiah
from phone import MAX_AMOUNT, sha256

STATES = [
    "queued", "sending", "received", "approved", "rejected", "stuck", "cancelled", "in_review", "more_asked", "accepted",
    "disbursed",
]
MEDIA_TYPES = ["image/jpeg", "image/png", "application/pdf"]
MAX_ATTACHMENT = 4 * 1024 * 1024


def held_to(rule, what):
    if not rule:
        raise Malformed(what)


def array(item, *counts):
    held_to(isinstance(item, list) and len(item) in counts, "array")
    return item


def number(item, low, high):
    held_to(type(item) is int and low <= item <= high, "number")
    return item


def blob(item, low, high):
    held_to(isinstance(item, bytes) and low <= len(item) <= high, "bytes")
    return item


def line(item, most):
    held_to(isinstance(item, str) and 1 <= len(item) <= most and item == item.strip(), "line")
    held_to(not any(unicodedata.category(character) == "Cc" for character in item), "control character")
    return item


def operation_id(item):
    return str(uuid.UUID(bytes=blob(item, 16, 16)))


def or_null(read, item, *rule):
    return None if item is None else read(item, *rule)


def amount(item):
    return rupiah(number(item, 1, MAX_AMOUNT))


def once(items):
    held_to(len(set(items)) == len(items), "named twice")
    return items


def attachment(item):
    hash_, size, media_type = array(item, 3)
    media_type = MEDIA_TYPES[number(media_type, 0, len(MEDIA_TYPES) - 1)]
    return {"hash": blob(hash_, 32, 32).hex(), "size": number(size, 1, MAX_ATTACHMENT), "media_type": media_type}


def backing(item):
    income, guarantors, collateral, attachments = array(item, 4)
    told = {
        "income": or_null(amount, income),
        "guarantors": once([line(member, 32) for member in array(guarantors, *range(6))]),
        "collateral": or_null(line, collateral, 500),
        "attachments": [attachment(one) for one in array(attachments, *range(6))],
    }
    once([one["hash"] for one in told["attachments"]])
    return told


def loan_request(body, version):
    product, product_version, principal, periods, purpose, *more = array(body, 4 + version)
    told = {
        "product": line(product, 32),
        "product_version": number(product_version, 0, 2**32 - 1),
        "principal": amount(principal),
        "periods": number(periods, 1, 600),
        "purpose": line(purpose, 200),
    }
    if more:
        told["backing"] = backing(more[0])
        held_to(any(told["backing"].values()), "version 2 that says no more than version 1")
    return told


def about_request(body, _version):
    return {"request_id": operation_id(array(body, 1)[0])}


def reply(body, _version):
    request, text, backing_ = array(body, 3)
    return {"request_id": operation_id(request), "text": line(text, 500), "backing": backing(backing_)}


BODIES = {(1, 1): loan_request, (1, 2): loan_request, (2, 1): about_request, (3, 1): about_request, (4, 1): reply}


def read_body(kind, version, body):
    """A body in the words of the vectors; Malformed where a rule is broken."""
    held_to((kind, version) in BODIES, "kind and version")
    return BODIES[kind, version](body, version)


def operation_of(data, cooperative, member, public):
    signed = Signed(data, "application/vnd.anggota.operation+cose", {4})
    if not signed.verifies(public) or len(signed.claims) != 9 or signed.claims[:3] != [1, cooperative, member]:
        raise Malformed("operation")
    read_body(*signed.claims[6:])
    return signed


def result_array(told):
    state = STATES.index(told["state"])
    operation = uuid.UUID(told["operation_id"]).bytes
    return [told["number"], operation, bytes.fromhex(told["body_hash"]), state, told["reason"], told["at"]]


def check_operation(tally, told, ours, device):
    what = f"operation {told['operation_id']}"
    signed = operation_of(bytes.fromhex(told["bytes"]), *ours)
    _, _, _, operation, subject, after, kind, version, body = signed.claims
    ids = [operation_id(operation), operation_id(subject), or_null(operation_id, after)]
    tally.check(f"{what}: ids", ids == [told[name] for name in ("operation_id", "subject", "after")])
    tally.check(f"{what}: version 7", uuid.UUID(ids[0]).version == 7)
    tally.check(f"{what}: kind and version", (kind, version) == (told["kind"], told["version"]))
    read = read_body(kind, version, body)
    tally.check(f"{what}: what it says", read == told["body"])
    tally.check(f"{what}: subject", ids[1] == read.get("request_id", ids[0]))
    tally.check(f"{what}: body", encode(body).hex() == told["body_cbor"])
    tally.check(f"{what}: payload", encode(signed.claims).hex() == told["payload"] == signed.payload.hex())
    hash_ = sha256(encode([kind, version, subject, after, body]))
    tally.check(f"{what}: body hash", hash_.hex() == told["body_hash"])
    tally.check(f"{what}: device", signed.headers[4].hex() == device)


def check_operations(tally, vectors):
    public = bytes.fromhex(vectors["keys"]["device"]["public"])
    ours = vectors["cooperative"], vectors["member"], public
    for told in vectors["operations"]:
        check_operation(tally, told, ours, vectors["device"])
    push = encode([1, [bytes.fromhex(told["bytes"]) for told in vectors["operations"][:3]]])
    tally.check("push", push.hex() == vectors["push"])
    arrays = {
        "result": lambda answer: [0, result_array(answer["result"])],
        "conflict": lambda answer: [1, uuid.UUID(answer["operation_id"]).bytes],
        "waiting": lambda answer: [2, uuid.UUID(answer["operation_id"]).bytes],
        "invalid": lambda answer: [3, answer["place"]],
    }
    answers = [arrays[answer["answer"]](answer) for answer in vectors["answers"]["answers"]]
    tally.check("answers", encode([1, answers]).hex() == vectors["answers"]["cbor"])
    for case in vectors["refused"]:
        tally.check(f"refused: {case['what']}", refuses(operation_of, bytes.fromhex(case["bytes"]), *ours))
    for case in vectors["good_bodies"]:
        tally.check(case["what"], not refuses(operation_of, bytes.fromhex(case["bytes"]), *ours))
    for case in vectors["refused_bodies"]:
        data = bytes.fromhex(case["bytes"])
        signed = Signed(data, "application/vnd.anggota.operation+cose", {4})
        tally.check(f"{case['what']}: signed", signed.verifies(public) and signed.claims[:3] == [1, *ours[:2]])
        tally.check(f"refused: {case['what']}", refuses(operation_of, data, *ours))
