"""One thread at a time works on a file: a sweep, an event and the person's own click may all be given it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import PendingImport

Key = tuple[WorkspaceId, MemberId, str]


def key(pending: PendingImport) -> Key:
    """Slack keeps a file's id when it is forwarded: the same one may wait for two people."""
    return pending.workspace, pending.member, pending.file.id


@dataclass(frozen=True, kw_only=True)
class Turns:
    _taken: set[Key] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, pending: PendingImport, wait: float = 0.0) -> bool:
        """Whoever gets True gives it back. `wait`: seconds to stand in line."""
        with self._changed:
            if not self._changed.wait_for(lambda: key(pending) not in self._taken, wait):
                return False
            self._taken.add(key(pending))
            return True

    def give_back(self, *imports: PendingImport) -> None:
        with self._changed:
            self._taken.difference_update(map(key, imports))
            self._changed.notify_all()

    @contextmanager
    def held(self, imports: Sequence[PendingImport]) -> Iterator[None]:
        """Nobody else begins with these meanwhile: something is said first."""
        taken = [pending for pending in imports if self.take(pending)]
        try:
            yield
        finally:
            self.give_back(*taken)
