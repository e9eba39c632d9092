"""Entries, their chains and the tree of heads as docs/protocol.md describes them, by cbor2 and hashlib. Not a line of
Anggota's own code."""

from documents import encode, sha256

KINDS = ["savings", "loan"]
MAX_AMOUNT = 99_999_999_999_999_999
# From this number on a reader may pass over what it does not know: a frame, an entry's kind.
FIRST_OPTIONAL = 128
# How many kinds of entries have a name, of savings and of loans.
NAMED_KINDS = [8, 5]
# Where the figure stands in an entry, of savings and of loans.
FIGURE = [5, 7]


def link_of(cooperative, kind, account, before, entry):
    """The bytes that are hashed, and h[n] of an entry after h[n-1]."""
    hashed = encode(["anggota/entry/1", cooperative, kind, account, before, entry])
    return hashed, sha256(hashed)


def root(leaves):
    """RFC 9162 2.1.1, by the level: what is left over at the right end of a level goes up as it is."""
    if not leaves:
        return sha256(b"")
    level = [sha256(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[n] + level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def entry_is_good(kind, entry):
    """The rules that an entry keeps by itself."""
    amounts = entry[4:5] if kind == 0 else entry[4:7]
    figure, (description, reference, reverses) = entry[5 if kind == 0 else 7], entry[-3:]
    up, down = [amount > 0 for amount in amounts], [amount < 0 for amount in amounts]
    if kind == 0:
        signs = up[0] if entry[3] in (0, 2, 5) else down[0] if entry[3] in (1, 3, 4, 6) else True
        reversal = entry[3] == 7
    else:
        signs = {0: up[0], 1: not any(up), 2: amounts[0] == 0 and up[2]}.get(entry[3], True)
        reversal = entry[3] == 4
    return (
        entry[3] <= 255
        and (len(entry), entry[0]) == ((9, 1) if kind == 0 else (11, 1))
        and signs
        and any(amounts)
        and all(abs(amount) <= MAX_AMOUNT for amount in amounts)
        and 0 <= figure <= MAX_AMOUNT
        and (reverses is not None and 1 <= reverses < entry[1] if reversal else reverses is None)
        and len(description) <= 200
        and len(reference) <= 100
    )
