"""What the outside world may do to a port method: the errors a service must reckon with.

Missing       no such record
Unwritable    the store could not write
Unreadable    what the store kept does not read any more, and guessing could write to somebody twice
Unreachable   Slack could not be reached, or refused for good
"""

from bot.core.sentences import Sentence


class Missing(LookupError):
    """No such record in this workspace."""


class Unwritable(OSError):
    """The store could not write: disk full, folder read-only. What was there before is untouched."""


class Unreadable(Exception):
    """One file's damage: what does not need that file goes on. `sentence` names it, and the cure, to whoever
    looks after the bot."""

    sentence: Sentence


class Unreachable(Exception):
    """Slack could not be reached, or refused for good: `error` is Slack's word."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
