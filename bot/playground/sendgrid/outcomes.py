"""What becomes of each letter: told to the webhook, kept for the account's lists, remembered."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from .account import Account
from .errands import Errands
from .events import KINDS, Happening
from .fates import LEFT, SCANNED, Step, fate, refusal
from .readers import NoWayOut, Scan, leave, scan
from .records import Letter
from .webhook import Webhook

READERS_AT_ONCE = 4


class Outcomes:
    """`by_itself`: each letter meets the fate of its mailbox as soon as it is taken."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        account: Account,
        webhook: Webhook,
        errands: Errands,
        changed: Callable[[], None],
    ) -> None:
        self.by_itself = False
        self._now = now
        self._account = account
        self._webhook = webhook
        self._errands = errands
        self._changed = changed
        self._numbers = itertools.count(1)
        self._stories: defaultdict[str, list[Happening]] = defaultdict(list)
        self._reading = asyncio.Semaphore(READERS_AT_ONCE)

    def story(self, letter: Letter) -> Sequence[Happening]:
        """All that happened to it, in order."""
        return tuple(self._stories.get(letter.id, ()))

    def status(self, letter: Letter) -> str:
        """The word Email Logs have for where it stands."""
        told = (KINDS[one.kind].status for one in self._stories.get(letter.id, ()) if one.kind in KINDS)
        return next((status for status in reversed(list(told)) if status), "delivered")

    def refuses(self, letter: Letter) -> str | None:
        return refusal(letter.to) if self.by_itself else None

    def taken(self, letter: Letter) -> None:
        """The service's first step is at once; everything else waits for the letter's own moment."""
        if not self.by_itself:
            return
        for step in fate(letter.to):
            start = self._now() if step.kind == "processed" else letter.at
            self._errands.at(start + step.after, partial(self._meets, letter, step))

    def dropped(self, letter: Letter) -> None:
        if self.by_itself:
            self._happens(letter, "dropped", fields={"reason": letter.dropped})

    def tell(self, letter: Letter, kind: str, *, late: bool, fields: Mapping[str, object]) -> None:
        """An event of this kind happens now, and fills the list of the account that it would fill."""
        self._happens(letter, kind, late=late, fields=fields)
        self._changed()

    async def scanned(self, letter: Letter) -> Scan:
        async with self._reading:
            seen = await scan(letter)
        self._remembers(letter, SCANNED, fields={"followed": seen.followed, "outside": seen.outside})
        self._changed()
        return seen

    async def left(self, letter: Letter) -> None:
        """Raises `NoWayOut`."""
        async with self._reading:
            await leave(letter)
        self._remembers(letter, LEFT)
        self._changed()

    def _meets(self, letter: Letter, step: Step) -> None:
        if step.kind == SCANNED:
            self._errands.run(self.scanned(letter))
        elif step.kind == LEFT:
            self._errands.run(self._leaves_if_it_can(letter))
        else:
            self._happens(letter, step.kind, late=step.late)
            self._changed()

    async def _leaves_if_it_can(self, letter: Letter) -> None:
        try:
            await self.left(letter)
        except NoWayOut as closed:
            self._remembers(letter, "no_way_out", fields={"status": closed.status})
            self._changed()

    def _happens(
        self, letter: Letter, kind: str, *, late: bool = False, fields: Mapping[str, object] | None = None
    ) -> None:
        happened = self._remembers(letter, kind, late=late, fields=fields)
        self._suppress(happened)
        self._webhook.add(happened)

    def _remembers(
        self, letter: Letter, kind: str, *, late: bool = False, fields: Mapping[str, object] | None = None
    ) -> Happening:
        happened = Happening(
            letter=letter, kind=kind, at=self._now(), number=next(self._numbers), late=late,
            fields=fields or {},
        )  # fmt: skip
        self._stories[letter.id].append(happened)
        return happened

    def _suppress(self, happened: Happening) -> None:
        kind, letter = KINDS.get(happened.kind), happened.letter
        if kind is None or not kind.suppresses:
            return
        if kind.suppresses == "group":
            if letter.unsubscribe_group is not None:
                self._account.suppress_in_group(letter.unsubscribe_group, [letter.to])
            return
        said = {**kind.fields, **happened.fields}
        reason, status = str(said.get("reason") or ""), str(said.get("status") or "")
        self._account.suppress(kind.suppresses, letter.to, reason=reason, status=status)
