"""When a life ends: some time after its start, or at a certain step of its n-th request."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

STEPS = ("head", "read", "answered")
LATEST = 1.2  # seconds of a life that ends by the watch
REQUESTS = 7  # the last one a life may end at
HAIR = 0.004  # seconds: around the line that is synced before and after a request


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`step` of the `request`-th request, then `after` seconds; without a step, `after` the start."""

    step: str = ""
    request: int = 0
    after: float = 0.0

    @classmethod
    def any(cls, rng: random.Random) -> "Moment":
        step = rng.choice(("", *STEPS, *STEPS))
        if not step:
            return cls(after=rng.uniform(0, LATEST))
        return cls(step=step, request=rng.randint(1, REQUESTS), after=rng.choice((0, rng.uniform(0, HAIR))))

    @property
    def name(self) -> str:
        return self.step or "by the watch"


@dataclass(kw_only=True)
class Fate:
    """Of one life: `kill` is called at its moment, which may be after its end."""

    moment: Moment
    kill: Callable[[], object]
    _steps: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        if not self.moment.step:
            self._later()

    def step(self, step: str) -> None:
        """What the sink tells, in the thread of the request."""
        with self._lock:
            self._steps[step] += 1
            is_it = step == self.moment.step and self._steps[step] == self.moment.request
        if is_it:
            self._later() if self.moment.after else self.kill()

    def _later(self) -> None:
        timer = threading.Timer(self.moment.after, self.kill)
        timer.daemon = True
        timer.start()
