"""The reader the rest of the bot sees: it starts a limited child for each file and believes only its JSON."""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import orjson

from bot.core.addresses import Verdict
from bot.core.lists import Report
from bot.core.sentences import Sentence
from bot.ports import Unwritable
from bot.reading.addresses import Addresses, Bad, Good
from bot.reading.limits import Limits
from bot.reading.processes import Lost, answered
from bot.reading.workbooks import CALAMINE, OPENPYXL

log = logging.getLogger(__name__)

_PROGRAM = "from bot.reading.child import main; main()"


class ChildReader:
    """`bot.ports.Reader`. May be called from any thread; a few files are read at a time, the others wait."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turns = threading.BoundedSemaphore(self._limits.children)
        from pydantic import TypeAdapter  # the child imports this module too, and is in a hurry

        self._report = TypeAdapter(Report)

    def read(
        self, path: Path, name: str, staging: Path, mapping: Mapping[str, str] | None = None, sheet: str = ""
    ) -> Report:
        """Raises Unwritable where the staging file cannot be written."""
        job: dict[str, object] = {
            "path": str(path.absolute()),
            "name": name,
            "staging": str(staging.absolute()),
            "limits": asdict(self._limits),
            "mapping": dict(mapping or {}),
            "sheet": sheet,
        }
        with self._turns:
            report = self._read(path, name, job)
        if report.error:
            staging.unlink(missing_ok=True)
        return report

    def verdict(self, written: str) -> Verdict:
        """Words typed in a dialog hold nothing that needs the child."""
        match Addresses().judge(written.strip()):
            case Good(address=address):
                return Verdict(address=address)
            case Bad(cause=cause):
                return Verdict(cause=cause)

    def _read(self, path: Path, name: str, job: dict[str, object]) -> Report:
        deadline = time.monotonic() + self._limits.seconds
        error = "reading.error.too_heavy"
        for engine in (CALAMINE, OPENPYXL) if _is_zip(path) else (CALAMINE,):
            try:
                return self._understood(
                    answered(_PROGRAM, orjson.dumps(job | {"engine": engine}), self._limits, deadline)
                )
            except Lost as lost:
                log.warning("reader lost its child engine=%s why=%s", engine, lost)
                error = lost.sentence
        return Report(error=Sentence(error, {"name": name}))

    def _understood(self, answer: bytes) -> Report:
        try:
            told = orjson.loads(answer)
            if "unwritable" in told:
                raise Unwritable(told["unwritable"], os.strerror(told["unwritable"]))
            if "crash" in told:
                raise Lost(str(told["crash"]), "reading.error.unreadable")
            return self._report.validate_python(told["report"])
        except (ValueError, KeyError, TypeError) as problem:  # pydantic's and orjson's are ValueErrors
            raise Lost(f"answer: {type(problem).__name__}", "reading.error.unreadable") from None


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False
