"""What a member commands and the server answers, as docs/protocol.md describes it, by cbor2 and hashlib: content and form,
no signature. Not a line of Anggota's own code."""

import unicodedata
import uuid

from documents import Malformed, Signed, decode, encode, refuses, sha256
from ledger import MAX_AMOUNT
from passbook import rupiah

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


TYPE = "application/vnd.anggota.operation+cose"
# What a server says of an operation; the others are the phone's own.
ANSWERED = [number for number, word in enumerate(STATES) if word not in ("queued", "sending", "stuck")]


def operation_of(data, cooperative, member, device):
    """An operation of this member's device by its content and form; the signature is not looked at."""
    signed = Signed(data, TYPE, {4})
    held_to(signed.headers[4] == device, "device")
    held_to(len(signed.claims) == 9 and signed.claims[:3] == [1, cooperative, member], "operation")
    read_body(*signed.claims[6:])
    return signed


def result_of(item):
    number_, operation, body_hash, state, reason, at = array(item, 6)
    held_to(state in ANSWERED, "state")
    operation, body_hash = operation_id(operation), blob(body_hash, 32, 32).hex()
    state, reason = STATES[state], or_null(line, reason, 200)
    told = {"number": number(number_, 1, 2**63 - 1), "operation_id": operation, "body_hash": body_hash, "state": state}
    return told | {"reason": reason, "at": number(at, 0, 2**63 - 1)}


def answer_of(item):
    kind, content = array(item, 2)
    read = {
        0: lambda: {"answer": "result", "result": result_of(content)},
        1: lambda: {"answer": "conflict", "operation_id": operation_id(content)},
        2: lambda: {"answer": "waiting", "operation_id": operation_id(content)},
        3: lambda: {"answer": "invalid", "place": number(content, 0, 2**32 - 1)},
    }
    held_to(kind in read, "answer")
    return read[kind]()


def answers_of(data):
    version, answers = array(decode(data), 2)
    number(version, 1, 1)
    return [answer_of(answer) for answer in array(answers, *range(101))]


def result_array(told):
    state = STATES.index(told["state"])
    operation = uuid.UUID(told["operation_id"]).bytes
    return [told["number"], operation, bytes.fromhex(told["body_hash"]), state, told["reason"], told["at"]]


def check_operation(tally, told, ours):
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


def whose(vectors):
    return vectors["cooperative"], vectors["member"], bytes.fromhex(vectors["device"])


def check_operations(tally, vectors):
    ours = whose(vectors)
    for told in vectors["operations"]:
        check_operation(tally, told, ours)
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
    read = answers_of(bytes.fromhex(vectors["answers"]["cbor"]))
    tally.check("answers: read", read == vectors["answers"]["answers"])
    for case in vectors["refused_answers"]:
        tally.check(f"no answer: {case['what']}", refuses(answers_of, bytes.fromhex(case["cbor"])))
    for case in vectors["good_bodies"]:
        tally.check(case["what"], not refuses(operation_of, bytes.fromhex(case["bytes"]), *ours))
    for case in vectors["refused_bodies"]:
        data = bytes.fromhex(case["bytes"])
        tally.check(f"{case['what']}: ours", Signed(data, TYPE, {4}).claims[:3] == [1, *ours[:2]])
        tally.check(f"refused: {case['what']}", refuses(operation_of, data, *ours))
