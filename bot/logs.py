"""Logs: one event a line on stderr, as words or as JSON. Never an address, a name or a token."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

# chatty at INFO, and at DEBUG they print keys and letters
QUIET = ("aiohttp", "apscheduler", "python_http_client", "slack_bolt", "slack_sdk", "urllib3")


def configure(form: Literal["text", "json"], level: int = logging.INFO) -> None:
    """For the whole process: called once, by the command line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """Moments in UTC, like everything that is kept."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002 - the library's names
        return _moment(record)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
