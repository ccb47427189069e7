"""Where letters arrive, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .account import Account
from .outcomes import Outcomes
from .records import Letter


class Mailbox:
    def __init__(self, account: Account, outcomes: Outcomes) -> None:
        self._account = account
        self._outcomes = outcomes
        self._known: dict[str, Letter] = {}
        self._listeners: list[Callable[[Letter], None]] = []
        self.letters: list[Letter] = []
        self.dropped: list[Letter] = []

    def deliver(self, letter: Letter) -> None:
        """A suppressed address costs its credit and gets nothing."""
        self._account.credit_used += 1
        reason = self._account.stops(letter) or self._outcomes.refuses(letter)
        if reason:
            stopped = replace(letter, dropped=reason)
            self.dropped.append(stopped)
            self._outcomes.dropped(stopped)
            return
        self.letters.append(letter)
        self._known[letter.id] = letter
        self._outcomes.taken(letter)
        for listener in list(self._listeners):
            listener(letter)

    def subscribe(self, listener: Callable[[Letter], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def find(self, letter_id: str) -> Letter | None:
        return self._known.get(letter_id)
