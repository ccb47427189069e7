"""What `check` finds: each problem with its cure."""

from dataclasses import dataclass

from bot.core.sentences import Sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`grave`: the bot does not work with it; otherwise it is worth knowing. No `cure`: `what` says it."""

    what: Sentence
    cure: Sentence | None = None
    grave: bool = True
