"""One thing wrong with a folder: what it is, what to do, and what mending would do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.sentences import Sentence, sentence
from storage.errors import Closed, Damage

Mend = Callable[[datetime], Sentence]  # at this moment; the answer says what was done


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """`plan` says what `mend` would do; `cure` what a person can do. `grave`: something does not work."""

    path: Path
    what: Sentence
    cure: Sentence | None = None
    plan: Sentence | None = None
    mend: Mend | None = None
    grave: bool = True

    @property
    def advice(self) -> Sentence | None:
        """What a person does about it, in one sentence."""
        if self.plan is None:
            return self.cure
        if self.cure is None:
            return sentence("storage.repair.offer", plan=self.plan)
        return sentence("storage.repair.choice", cure=self.cure, plan=self.plan)


def unreadable(damage: Damage) -> Trouble:
    """Nothing here can mend it: another version's file, or one the system keeps from us."""
    cure = sentence("storage.closed.cure") if isinstance(damage, Closed) else None
    return Trouble(path=damage.path, what=damage.sentence, cure=cure)
