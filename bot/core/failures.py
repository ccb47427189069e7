"""What the outside world may do to a port method: the errors a service must reckon with.

Missing       no such record
Unwritable    the store could not write
Unreachable   Slack could not be reached, or refused for good
"""


class Missing(LookupError):
    """No such record in this workspace."""


class Unwritable(OSError):
    """The store could not write: disk full, folder read-only. What was there before is untouched."""


class Unreachable(Exception):
    """Slack could not be reached, or refused for good: `error` is Slack's word."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
