"""Lives, one after the other, as whoever kills them sees them."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from tests.kills.moments import Fate, Moment

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60.0  # for a word to come, on a busy machine

Hearing = Callable[[list[str]], object]


class Nursery:
    """`start` a life, wait for what it says, `kill` it; `words` of a killed life are all it said."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.child"], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._lines: queue.Queue[list[str]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="nursery", daemon=True)
        self._reader.start()
        self._pid = 0  # of who lives now
        self._lock = threading.Lock()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.decode().split())
        self._lines.put(["ended"])

    def start(self, life: str, **job: object) -> int:
        """Its number, which `kill` wants: it is born, and has done nothing yet."""
        assert self._process.stdin is not None
        told = {"life": life, **{name: str(value) for name, value in job.items()}}
        self._process.stdin.write(orjson.dumps(told) + b"\n")
        self._process.stdin.flush()
        _, pid = self.wait_for("born")
        self._pid = int(pid)
        return self._pid

    def next_word(self, seconds: float = SECONDS) -> list[str] | None:
        """What is said next; None where nothing is for so long."""
        try:
            words = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        assert words[0] not in ("ended", "defect", "held"), words
        return words

    def wait_for(self, first: str, heard: Hearing = lambda _: None) -> list[str]:
        """The next line that begins so; `heard` is told every other."""
        while (words := self.next_word()) is not None:
            if words[0] == first:
                return words
            heard(words)
        raise AssertionError(f"nobody said {first!r} in {SECONDS:g} s")

    def kill(self, pid: int) -> bool:
        """At once, from any thread; False where that life was over already."""
        with self._lock:
            if not pid or pid != self._pid:  # 0 would be everybody
                return False
            self._pid = 0
            os.kill(pid, signal.SIGKILL)
            return True

    def lives(self, life: str, moment: Moment, **job: object) -> list[list[str]]:
        """Everything a life said that is killed at that moment. Its steps: the first words of its lines."""
        pid = self.start(life, **job)
        fate = Fate(moment=moment, kill=partial(self.kill, pid))
        said: list[list[str]] = []

        def heard(words: list[str]) -> None:
            said.append(words)
            fate.step(words[0])

        fate.begin()
        self.wait_for("buried", heard)
        return said

    def bury(self, heard: Hearing = lambda _: None) -> None:
        """Killed, if it was not, and gone for the system too, with its locks and its connections."""
        self.kill(self._pid)
        self.wait_for("buried", heard)

    def close(self) -> None:
        self.kill(self._pid)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(SECONDS)
        self._reader.join(SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
