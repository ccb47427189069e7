"""Where letters arrive, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .account import Account
from .records import Letter


class Mailbox:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._listeners: list[Callable[[Letter], None]] = []
        self.letters: list[Letter] = []
        self.dropped: list[Letter] = []

    def deliver(self, letter: Letter) -> None:
        """A suppressed address costs its credit and gets nothing."""
        self._account.credit_used += 1
        reason = self._account.stops(letter)
        if reason:
            self.dropped.append(replace(letter, dropped=reason))
            return
        self.letters.append(letter)
        for listener in list(self._listeners):
            listener(letter)

    def subscribe(self, listener: Callable[[Letter], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def find(self, letter_id: str) -> Letter | None:
        return next((letter for letter in self.letters if letter.id == letter_id), None)
