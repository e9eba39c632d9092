"""A phone as docs/protocol.md describes it, without a store: what it asks in a pull and what of the answer it believes.
Not a line of Anggota's own code."""

from copy import deepcopy

import cbor2

from documents import Malformed, encode, sha256
from ledger import FIGURE, FIRST_OPTIONAL, KINDS, NAMED_KINDS, entry_is_good, link_of, root
from signatures import Signed

MAX_FRAME = 1024 * 1024
# The largest number that a frame or a kind can have.
MAX_NUMBER = 255
MAX_SUCCESSIONS = 16
START = (0, bytes(32), 0)


def frames(stream):
    """The CBOR of each frame of a stream."""
    while stream:
        length = int.from_bytes(stream[:4], "big")
        if length > MAX_FRAME or len(stream) < 4 + length:
            raise Malformed("frame")
        yield stream[4 : 4 + length]
        stream = stream[4 + length :]


def number_of(signed):
    """The number of the key that a statement says it is signed with."""
    return signed.headers[4][0] if len(signed.headers[4]) == 1 else None


class Refused(Exception):
    """A page that is not believed."""


class Phone:
    """A phone that pinned its keys, by number. Held accounts are lists of runs, the newest first; a run is a pair of links
    (seq, hash, figure): right before its first entry, and at its last."""

    def __init__(self, cooperative, member, keys):
        self.cooperative, self.member, self.keys = cooperative, member, keys
        self.checkpoint = self.register = None
        self.results, self.results_after, self.accounts, self.heads = [], 0, {}, {}

    def signed(self, data, what):
        return Signed(data, f"application/vnd.anggota.{what}+cose", {4})

    def statement(self, data, what, items):
        signed = self.signed(data, what)
        key = self.keys.get(number_of(signed))
        if key is None or not signed.verifies(key) or len(signed.claims) != items or signed.claims[0] != 1:
            raise Malformed(what)
        return signed.claims

    def succession_of(self, data):
        """The new number and key; None where the signer is nobody that the phone knows."""
        before = number_of(self.signed(data, "succession"))
        if before not in self.keys:
            return None
        _, cooperative, number, key, _ = self.statement(data, "succession", 5)
        if cooperative != self.cooperative or not before < number <= MAX_NUMBER or self.keys.get(number, key) != key:
            raise Malformed("succession")
        return number, key

    def checkpoint_of(self, data):
        return self.statement(data, "checkpoint", 9)

    def freshness_of(self, data):
        return self.statement(data, "freshness", 4)

    def request(self, nonce):
        epoch, generation, *_ = self.checkpoint or (0, 0)
        ranges = [
            [kind, account, before[0] + 1, before[1], last[0], last[1]]
            for (kind, account), runs in sorted(self.accounts.items())
            for before, last in runs
        ]
        return encode([1, epoch, generation, nonce, self.register, self.results_after, ranges])

    def told(self):
        def run(before, last):
            figure = f"{last[2] // 100}.{last[2] % 100:02}"
            return {"low": before[0] + 1, "high": last[0], "figure": figure}

        return [
            {"kind": KINDS[kind], "account": account, "ranges": [run(*one) for one in runs]}
            for (kind, account), runs in sorted(self.accounts.items())
        ]

    def pull(self, nonce, stream):
        """The phone after an answer, and the accounts that it does not believe; Malformed if it believes nothing."""
        after = deepcopy(self)
        answer = Answer(after, nonce)
        for data in frames(stream):
            answer.frame(data)
        if not answer.ended:
            raise Malformed("no end")
        for key in answer.refused:
            for held, before in ((after.accounts, self.accounts), (after.heads, self.heads)):
                held.pop(key, None)
                held.update({key: deepcopy(before[key])} if key in before else {})
        return after, [account for _, account in answer.refused]


class Answer:
    """One answer, frame by frame."""

    def __init__(self, phone, nonce):
        self.phone, self.nonce, self.refused = phone, nonce, []
        self.next, self.ended, self.open = 0, False, {}
        self.successions = 0

    def frame(self, data):
        number, *content = cbor2.loads(data)
        if FIRST_OPTIONAL <= number <= MAX_NUMBER:
            return
        if number == 7 and self.next == 0:
            self.take_succession(*content)
            return
        if self.ended or (number != self.next if self.next < 3 else number not in (3, 4, 5, 6)):
            raise Malformed("order")
        names = "checkpoint", "heads", "freshness", "register", "results", "page", "end"
        getattr(self, f"take_{names[number]}")(*content)
        self.next += 1

    def take_succession(self, data):
        self.successions += 1
        if self.successions > MAX_SUCCESSIONS:
            raise Malformed("too many successions")
        successor = self.phone.succession_of(data)
        self.phone.keys |= dict([successor] if successor else [])

    def take_checkpoint(self, data):
        signed, claims = self.phone.signed(data, "checkpoint"), self.phone.checkpoint_of(data)
        _, cooperative, member, epoch, generation, _, _, prev, reset = claims
        if (cooperative, member) != (self.phone.cooperative, self.phone.member):
            raise Malformed("another's checkpoint")
        if self.phone.checkpoint:
            held_epoch, held_generation, held_hash, held_said = self.phone.checkpoint
            if (epoch, generation) < (held_epoch, held_generation):
                raise Malformed("rollback")
            if epoch > held_epoch:
                follows = reset is not None and reset[0] >= held_epoch
            else:
                same, next_ = generation == held_generation, generation == held_generation + 1
                follows = (not same or signed.signed() == held_said) and (not next_ or prev == held_hash)
            if not follows:
                raise Malformed("fork")
        self.claims, self.hash, self.said, self.number = claims, sha256(data), signed.signed(), number_of(signed)

    def take_heads(self, leaves):
        if root(leaves) != self.claims[6]:
            raise Malformed("root")
        self.heads = {}
        for leaf in leaves:
            version, kind, account, seq, figure, link, *_ = cbor2.loads(leaf)
            self.heads[kind, account] = (seq, link, figure)
        in_order = sorted(self.heads, key=lambda key: (key[0], key[1].encode()))
        if list(self.heads) != in_order or len(self.heads) != len(leaves):
            raise Malformed("order of heads")

    def take_freshness(self, data):
        _, checkpoint, _, nonce = self.phone.freshness_of(data)
        if (checkpoint, nonce) != (self.hash, self.nonce):
            raise Malformed("freshness")
        self.phone.checkpoint = (*self.claims[3:5], self.hash, self.said)
        if number_of(self.phone.signed(data, "freshness")) == self.number:
            # Keys before the one that signs now have no more to say.
            self.phone.keys = {number: key for number, key in self.phone.keys.items() if number >= self.number}
        for key, head in self.heads.items():
            runs = self.phone.accounts.setdefault(key, [])
            known = {link[0]: link for run in [*runs, (self.phone.heads.get(key, START),)] for link in run if link[0]}
            is_behind = any(seq > head[0] for seq in known) or known.get(head[0], head) != head
            if is_behind or head[0] == 0 and head != START:
                self.refused.append(key)
            else:
                self.open[key] = (head, known)
                self.phone.heads[key] = head

    def take_register(self, data):
        self.phone.register = sha256(data)

    def take_results(self, results):
        self.phone.results += results
        self.phone.results_after = max([self.phone.results_after, *(result[0] for result in results)])

    def take_end(self):
        self.ended = True
        for key, (head, _) in self.open.items():
            whole = [(START, head)] if head != START else []
            if self.phone.accounts[key] != whole:
                self.refused.append(key)

    def take_page(self, kind, account, first, start, entries):
        key = kind, account
        if key in self.open:
            try:
                self.accept(key, first, start, entries)
            except Refused:
                del self.open[key]
                self.refused.append(key)

    def accept(self, key, first, start, entries):
        head, known = self.open[key]
        runs = self.phone.accounts[key]
        hangs = runs and runs[0][1] == head
        end = runs[0][0] if hangs else head
        walked = self.walk(key, first, start, entries)
        if walked[-1] != end or any(known.get(link[0], link) != link for link in walked):
            raise Refused
        if hangs:
            runs[0] = (walked[0], runs[0][1])
        else:
            runs.insert(0, (walked[0], walked[-1]))
        while len(runs) > 1 and runs[1][1][0] >= runs[0][0][0]:
            if runs[1][1] != runs[0][0]:
                raise Refused
            runs[:2] = [(runs[1][0], runs[0][1])]
        if runs[-1][0][0] == 0 and runs[-1][0] != START:
            raise Refused

    def walk(self, key, first, start, entries):
        """The links of a page, from right before its first entry; Refused if an entry breaks a rule."""
        kind, account = key
        place = FIGURE[kind]
        if not entries or entries[0][1] != first:
            raise Refused
        links = [(first - 1, start, entries[0][place] - entries[0][4])]
        for entry in entries:
            if NAMED_KINDS[kind] <= entry[3] < FIRST_OPTIONAL:
                raise Malformed("a kind that must be understood")
            seq, link, figure = links[-1]
            good = entry_is_good(kind, entry) and entry[1] == seq + 1 and entry[place] == figure + entry[4]
            if not good:
                raise Refused
            _, next_link = link_of(self.phone.cooperative, kind, account, link, entry)
            links.append((seq + 1, next_link, entry[place]))
        return links
