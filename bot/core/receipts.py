"""What is known of the letters of each recipient: bits, the reasons of failures, the moment of delivery.

Whatever is told, in any order and however often, adds up to the same:

    bits        only ever gain
    a failure   is the worst that was told (no such mailbox, refused, not even tried), then the latest
    delivered   at the earliest moment told

An address that bounced is not delivered, though an event may have said so before: mailboxes that take a
letter and return it later are common. One that was only refused or left out once is delivered where any
letter of the campaign arrived.
"""

from array import array
from collections import Counter
from collections.abc import Iterable

from bot.core.facts import Happened, Item
from bot.core.timeline import QUARTER

OTHER = "other"
KNOWN_BITS = 0xFFFF
_ANSWERED = int(Happened.ANSWERED)
_DELIVERED, _BOUNCED = int(Happened.DELIVERED), int(Happened.BOUNCED)
_BLOCKED, _DROPPED = int(Happened.BLOCKED), int(Happened.DROPPED)
_FAILED = _BOUNCED | _BLOCKED | _DROPPED
_LAST_SECOND = 0xFFFFFFFF  # of four bytes: February 2106

Failure = tuple[int, int, str]  # how bad, UNIX seconds, why: the greatest counts


class Receipts:
    """Of the recipients 0 to `size` - 1; what is told of anybody else is left out."""

    def __init__(self, size: int) -> None:
        self.bits = array("H", bytes(2 * size))
        self.others: set[tuple[int, str]] = set()  # (recipient, kind) of events this version cannot count
        self._tally: dict[int, int] = {0: size} if size else {}  # exactly these bits -> recipients
        self._failures: dict[int, Failure] = {}
        self._delivered_at: array[int] | None = None
        self._answered_at: array[int] | None = None
        self.answers: Counter[int] = Counter()  # quarter of an hour since 1970 -> answers of then

    def take(self, items: Iterable[Item]) -> None:
        """Plain integers and one pass: a start-up takes millions of them."""
        bits, tally, size = self.bits, self._tally, len(self.bits)
        for item in items:
            number, happened = item[0], item[1]
            if not 0 <= number < size:
                continue
            old = bits[number]
            new = old | happened & KNOWN_BITS
            if new != old:
                bits[number] = new
                tally[old] -= 1
                tally[new] = tally.get(new, 0) + 1
            if happened & _DELIVERED:
                self._date(number, item[2])
            if happened & _ANSWERED:
                self._date_answer(number, item[2])
            if len(item) == 4:
                self._explain(number, item)

    def _date_answer(self, number: int, at: int) -> None:
        if not 0 < at <= _LAST_SECOND:
            return
        if self._answered_at is None:
            self._answered_at = array("I", bytes(4 * len(self.bits)))
        known = self._answered_at[number]
        if not known or at < known:
            self._answered_at[number] = at
            self.answers[at // QUARTER] += 1
            if known:
                self._forget_answer(known)

    def _forget_answer(self, at: int) -> None:
        """Told again, and earlier: it counts at that moment alone."""
        self.answers[at // QUARTER] -= 1
        if not self.answers[at // QUARTER]:
            del self.answers[at // QUARTER]

    def answered_at(self, number: int) -> int | None:
        """UNIX seconds of the first moment told; None where there is no answer, or nobody knows when."""
        return self._answered_at[number] or None if self._answered_at else None

    def answered_since(self, moment: int) -> int:
        """How many of whom that moment is known, in UNIX seconds, are of then or later."""
        return sum(at >= moment for at in self._answered_at) if self._answered_at else 0

    def _date(self, number: int, at: int) -> None:
        if not 0 < at <= _LAST_SECOND:
            return
        if self._delivered_at is None:
            self._delivered_at = array("I", bytes(4 * len(self.bits)))
        known = self._delivered_at[number]
        if not known or at < known:
            self._delivered_at[number] = at

    def _explain(self, number: int, item: tuple[int, int, int, str]) -> None:
        if item[3].startswith("?"):
            self.others.add((number, item[3]))
        elif failure := _failure(item):
            self._failures[number] = max(failure, self._failures.get(number, failure))

    def knows_reason(self, item: tuple[int, int, int, str]) -> bool:
        if item[3].startswith("?"):
            return (item[0], item[3]) in self.others
        failure, known = _failure(item), self._failures.get(item[0])
        return failure is None or (known is not None and known >= failure)

    def delivered_at(self, number: int) -> int | None:
        """UNIX seconds of the first delivery that was told."""
        return self._delivered_at[number] or None if self._delivered_at else None

    @property
    def failures(self) -> dict[int, str]:
        """Recipient -> why, for those of whom a reason was given; also where a later letter arrived."""
        return {number: why for number, (_, _, why) in self._failures.items()}

    @property
    def happened(self) -> Counter[Happened]:
        """Recipients by bit, each for itself."""
        return Counter({bit: found for bit in Happened if (found := self.count(bit))})

    def count(self, having: int, without: int = 0) -> int:
        """Recipients of whom one of the first bits is known, and none of the second."""
        having, without = int(having), int(without)
        return sum(n for bits, n in self._tally.items() if bits & having and not bits & without)

    @property
    def delivered(self) -> int:
        return self.count(_DELIVERED, _BOUNCED)

    @property
    def bounced(self) -> int:
        return self.count(_BOUNCED)

    @property
    def blocked(self) -> int:
        return self.count(_BLOCKED, _DELIVERED | _BOUNCED)

    @property
    def dropped(self) -> int:
        return self.count(_DROPPED, _DELIVERED | _BOUNCED | _BLOCKED)

    def reasons(self) -> dict[str, int]:
        """Why -> recipients, of those that count as failed; together as many as these."""
        found: Counter[str] = Counter()
        for number, (_, _, why) in self._failures.items():
            bits = self.bits[number]
            if bits & _BOUNCED or not bits & _DELIVERED:
                found[why] += 1
        if unexplained := self.bounced + self.blocked + self.dropped - found.total():
            found[OTHER] += unexplained
        return dict(found)


class News:
    """What of many items is not known yet, those before in the same breath included. Nothing is taken in."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts
        self._bits: dict[int, int] = {}
        self._delivered_at: dict[int, int] = {}
        self._explained: set[Item] = set()

    def has(self, item: Item) -> bool:
        """Of a recipient who is there: would taking it change anything?"""
        number, happened = item[0], item[1] & KNOWN_BITS
        bits = self._bits.get(number)
        if bits is None:
            bits = self._receipts.bits[number]
        if bits | happened != bits or (happened & _DELIVERED and self._is_earlier(number, item[2])):
            return True
        return len(item) == 4 and item not in self._explained and not self._receipts.knows_reason(item)

    def _is_earlier(self, number: int, at: int) -> bool:
        known = self._delivered_at.get(number) or self._receipts.delivered_at(number)
        return 0 < at <= _LAST_SECOND and (not known or at < known)

    def add(self, item: Item) -> None:
        number, happened, at = item[0], item[1] & KNOWN_BITS, item[2]
        self._bits[number] = self._bits.get(number, self._receipts.bits[number]) | happened
        if happened & _DELIVERED and self._is_earlier(number, at):
            self._delivered_at[number] = at
        if len(item) == 4:
            self._explained.add(item)


def _failure(item: tuple[int, int, int, str]) -> Failure | None:
    _, happened, at, why = item
    worst = 3 if happened & _BOUNCED else 2 if happened & _BLOCKED else 1 if happened & _DROPPED else 0
    return (worst, at, why) if worst and why else None
