"""Logs: one event a line on stderr, as words or as JSON. Never an address, a name, a title or a token.

Ours say ids and numbers only. What others say is bounded: libraries are heard from WARNING on whatever the
level (at DEBUG they print keys and letters), a trace shows where and what kind of error but not its message
(which may quote a contact), and what looks like an address or a key is struck out of every line.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

OURS = ("bot", "handlers", "postillon", "storage")
STRUCK_OUT = "[…]"
PRIVATE = re.compile(
    r"""[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+       # an address
    | \bxox[a-z]-[\w-]+ | \bxapp-[\w-]+ | \bSG\.[\w.-]+    # keys of Slack and of SendGrid
    | (?<=/[ru]/)[\w-]{8,}                                 # tokens of letters
    | (?<=[Bb]earer[ ])\S+""",
    re.VERBOSE,
)

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(form: Literal["text", "json"], level: int = logging.INFO) -> None:
    """For the whole process: called once, by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


class Lines(logging.Formatter):
    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the library's name
        return "\n".join(_trace(ei[1])) if ei[1] else ""


class TextLines(Lines):
    """Moments in UTC, like everything that is kept."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002 - the library's names
        return _moment(record)

    def format(self, record: logging.LogRecord) -> str:
        return PRIVATE.sub(STRUCK_OUT, super().format(record))


class JsonLines(Lines):
    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": PRIVATE.sub(STRUCK_OUT, record.getMessage()),
        }
        if record.exc_info:
            event["trace"] = PRIVATE.sub(STRUCK_OUT, self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def _trace(error: BaseException) -> Iterator[str]:
    """Where it was raised, and what it came from, first things first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _trace(before)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    for line in traceback.format_tb(error.__traceback__):
        yield line.rstrip("\n")
    yield _named(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _trace(one)


def _named(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: [Errno {error.errno}] {error.strerror}"
    return name


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
