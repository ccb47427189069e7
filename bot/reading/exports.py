"""The door to questionnaires' exports: a limited child reads each, and only its JSON is believed."""

import logging
import os
import threading
import time
from dataclasses import asdict
from pathlib import Path

import orjson

from bot.core.answered import Export
from bot.core.sentences import Sentence
from bot.ports import Unwritable
from bot.reading.limits import Limits
from bot.reading.processes import Lost, answered
from bot.reading.workbooks import CALAMINE, OPENPYXL

log = logging.getLogger(__name__)

_PROGRAM = "from bot.reading.answered import main; main()"


class ChildExports:
    """`bot.ports.ExportReader`. May be called from any thread; a few files are read at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turns = threading.BoundedSemaphore(self._limits.children)
        from pydantic import TypeAdapter

        self._export = TypeAdapter(Export)

    def look(self, path: Path, name: str, staging: Path) -> Export:
        job: dict[str, object] = {
            "path": str(path.absolute()), "name": name, "staging": str(staging.absolute()),
            "limits": asdict(self._limits),
        }  # fmt: skip
        with self._turns:
            return self._look(name, job)

    def _look(self, name: str, job: dict[str, object]) -> Export:
        deadline = time.monotonic() + self._limits.seconds
        error = "reading.error.too_heavy"
        for engine in (CALAMINE, OPENPYXL):
            try:
                raw = answered(_PROGRAM, orjson.dumps(job | {"engine": engine}), self._limits, deadline)
                return self._understood(raw)
            except Lost as lost:
                log.warning("an export's reader is lost engine=%s why=%s", engine, lost)
                error = lost.sentence
        return Export(error=Sentence(error, {"name": name}))

    def _understood(self, raw: bytes) -> Export:
        try:
            told = orjson.loads(raw)
            if "unwritable" in told:
                raise Unwritable(told["unwritable"], os.strerror(told["unwritable"]))
            if "crash" in told:
                raise Lost(str(told["crash"]), "reading.error.unreadable")
            return self._export.validate_python(told["export"])
        except (ValueError, KeyError, TypeError) as problem:
            raise Lost(f"answer: {type(problem).__name__}", "reading.error.unreadable") from None
