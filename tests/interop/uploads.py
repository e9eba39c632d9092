"""Uploads as docs/protocol.md describes them: a server of its own that takes parts, and the recorded sequences of them
against it. Not a line of Anggota's own code."""

import uuid

from documents import decode, encode, refuses, sha256
from operations import MAX_ATTACHMENT, array, blob, held_to, number

MAX_PART = 64 * 1024
MIN_PART = 1024
OPEN = ("received", "in_review", "more_asked")
BEGINNINGS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}


class Desk:
    """Holds bytes by (operation, hash), from the first without gaps."""

    def __init__(self, named, request_state):
        self.named, self.is_open, self.held = named, request_state in OPEN, {}

    def take(self, operation, hash_, offset, data):
        """How much is held, and whether that is the whole; None where the part is refused."""
        named = self.named.get((operation, hash_))
        if named is None or not self.is_open:
            return None
        held, size = self.held.get((operation, hash_), b""), named["size"]
        end = offset + len(data)
        if offset == len(held) and end <= size and (len(data) >= MIN_PART or end == size):
            held += data
        is_it = sha256(held) == hash_ and held.startswith(BEGINNINGS[named["media_type"]])
        is_refused = len(held) == size and not is_it
        self.held[operation, hash_] = b"" if is_refused else held
        return None if is_refused else {"bytes": len(held), "whole": len(held) == size}


def part_of(data):
    version, operation, hash_, offset, bytes_ = array(decode(data), 5)
    number(version, 1, 1)
    return blob(operation, 16, 16), blob(hash_, 32, 32), number(offset, 0, MAX_ATTACHMENT), blob(bytes_, 0, MAX_PART)


def held_of(data):
    version, bytes_, whole = array(decode(data), 3)
    number(version, 1, 1)
    held_to(isinstance(whole, bool), "whole")
    return {"bytes": number(bytes_, 0, 2**32 - 1), "whole": whole}


def named_by(operations):
    """What the recorded operations name, by (operation, hash)."""
    return {
        (uuid.UUID(told["operation_id"]).bytes, bytes.fromhex(one["hash"])): one
        for told in operations["operations"]
        for one in told["body"].get("backing", {}).get("attachments", [])
    }


def check_uploads(tally, vectors, operations):
    named = named_by(operations)
    for told in vectors["documents"]:
        data, name = bytes.fromhex(told["bytes"]), told["named"]
        tally.check(f"{told['what']}: name", (sha256(data).hex(), len(data)) == (name["hash"], name["size"]))
        tally.check(f"{told['what']}: is named by an operation", name in named.values())
    for told in vectors["parts"]:
        ids = uuid.UUID(told["operation_id"]).bytes, bytes.fromhex(told["hash"])
        part = (*ids, told["offset"], bytes.fromhex(told["bytes"]))
        tally.check(f"part, {told['what']}", encode([1, *part]).hex() == told["cbor"])
        tally.check(f"part, {told['what']}: read", part_of(bytes.fromhex(told["cbor"])) == part)
    for told in vectors["held"]:
        held = {name: told[name] for name in ("bytes", "whole")}
        tally.check("held", encode([1, *held.values()]).hex() == told["cbor"])
        tally.check("held: read", held_of(bytes.fromhex(told["cbor"])) == held)
    for sequence in vectors["sequences"]:
        desk = Desk(named, sequence["request_state"])
        for place, step in enumerate(sequence["steps"]):
            held = desk.take(*part_of(bytes.fromhex(step["part"])))
            said = {"problem": "attachment-refused"} if held is None else {"held": held}
            told = {name: step[name] for name in step if name != "part"}
            tally.check(f"{sequence['what']}, part {place}: {said}", said == told)
    for case in vectors["refused_parts"]:
        tally.check(f"no part: {case['what']}", refuses(part_of, bytes.fromhex(case["cbor"])))
    for case in vectors["refused_held"]:
        tally.check(f"no answer: {case['what']}", refuses(held_of, bytes.fromhex(case["cbor"])))
