"""Bad days on demand: what the next mail/send requests meet instead of a plain acceptance."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class End(Enum):
    """How a connection ends without an answer."""

    RESET = "reset"
    HANG = "hang"
    GARBLED = "garbled"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Either a ready answer (`status`) or an `end` without one.

    `taken`: the letters were accepted all the same, as behind a gateway that fails on the way back.
    """

    status: int = 0
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    end: End | None = None
    taken: bool = False


class Lost(Exception):
    """The connection ended without an answer."""


class Faults:
    """A queue of one-off faults, and lasting ones: a refused key, no credits, slowness, people refused
    without a name."""

    def __init__(self) -> None:
        self._next: deque[Fault] = deque()
        self.key_refused = False
        self.credits_gone = False
        self.seconds = 0.0
        self.unnamed: set[str] = set()

    def queue(self, fault: Fault) -> None:
        self._next.append(fault)

    def take(self) -> Fault | None:
        return self._next.popleft() if self._next else None

    def clear(self) -> None:
        self._next.clear()
        self.key_refused = self.credits_gone = False
        self.unnamed.clear()
        self.seconds = 0.0
