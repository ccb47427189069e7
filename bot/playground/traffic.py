"""What went over the wires lately, as it went: Slack's calls and payloads, SendGrid's requests, its events.

For whoever wants to know what the bot really says. Tokens and keys are not in it: the stand-ins never keep
them. The newest are kept, and what is very long is cut where it is shown.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, islice

from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import SlackStandIn

KEPT = 2_000
SHOWN = 100  # of an answer to the page
LONGEST = 20_000  # characters of one side


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """`way`: "slack" (a call of the bot's), "event" (Slack's payload), "mail" (a request of the bot's) or
    "told" (events posted to the bot). `wrong`: why it was refused, or that nobody answered."""

    number: int
    at: datetime
    way: str
    name: str
    sent: object
    answered: object
    wrong: str


@dataclass(kw_only=True)
class Traffic:
    now: Callable[[], datetime]
    _kept: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def listen(self, slack: SlackStandIn, mail: SendGridStandIn) -> None:
        slack.tap(self._note)
        mail.tap(self._note)

    def _note(self, way: str, name: str, sent: object, answered: object, wrong: str) -> None:
        self._kept.append(
            Exchange(
                number=next(self._numbers), at=self.now(), way=way, name=name, sent=sent, answered=answered,
                wrong=wrong,
            )
        )  # fmt: skip

    def found(self, words: str = "", after: int = 0) -> list[dict[str, object]]:
        """Newest first, those that hold all these words."""
        wanted = words.lower().split()
        fresh = (one for one in reversed(self._kept) if one.number > after)
        return list(islice((shown for one in fresh if (shown := _shown(one, wanted))), SHOWN))


def _shown(one: Exchange, wanted: list[str]) -> dict[str, object] | None:
    sent, answered = _written(one.sent), _written(one.answered)
    everything = f"{one.way} {one.name} {sent} {answered}".lower()
    if not all(word in everything for word in wanted):
        return None
    return {
        "number": one.number, "at": one.at.isoformat(), "way": one.way, "name": one.name,
        "sent": _cut(sent), "answered": _cut(answered), "wrong": one.wrong,
    }  # fmt: skip


def _written(side: object) -> str:
    if isinstance(side, bytes):
        return _written(_parsed(side))
    return json.dumps(side, ensure_ascii=False, indent=2, default=str)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return f"{len(body)} bytes"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text) - LONGEST:,}"
