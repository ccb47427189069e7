"""The reader the rest of the bot sees: it starts a limited child for each file and believes only its JSON."""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import orjson

import bot
from bot.core.addresses import Verdict
from bot.core.lists import Report
from bot.core.sentences import Sentence
from bot.ports import Unwritable
from bot.reading.addresses import Addresses, Bad, Good
from bot.reading.limits import Limits
from bot.reading.workbooks import CALAMINE, OPENPYXL

log = logging.getLogger(__name__)

# the child finds modules where its parent does, whatever folder it starts in, and reads no environment
_PROGRAM = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from bot.reading.child import main; main()"
)
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
_LOOK = 0.2  # seconds between two looks at a child's memory, where the system does not limit it


class Lost(Exception):
    """The child died, hung or took too much: `why` says which, for the log; `sentence` is for people."""

    def __init__(self, why: str, sentence: str = "reading.error.too_heavy") -> None:
        super().__init__(why)
        self.sentence = sentence


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
                return self._understood(_run(orjson.dumps(job | {"engine": engine}), self._limits, deadline))
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


def _run(job: bytes, limits: Limits, deadline: float) -> bytes:
    """The child's answer; raises Lost without one."""
    with tempfile.TemporaryDirectory(prefix="postillon-") as folder:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PROGRAM, json.dumps(_search_path())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | {"TMPDIR": folder},
            start_new_session=True,
        )
        with child:
            try:
                answer = _waited(child, job, limits, deadline)
            finally:
                child.kill()
        if child.returncode != 0 or not answer:
            raise Lost(f"exit {child.returncode}")
        return answer


def _waited(child: "subprocess.Popen[bytes]", job: bytes, limits: Limits, deadline: float) -> bytes:
    watched = sys.platform != "linux"
    said: bytes | None = job
    while (left := deadline - time.monotonic()) > 0:
        try:
            answer, _ = child.communicate(said, timeout=min(left, _LOOK) if watched else left)
        except subprocess.TimeoutExpired:
            said = None
            if watched and _resident(child.pid) > 2 * limits.memory:
                raise Lost("memory") from None
        else:
            return answer
    raise Lost("time")


def _resident(pid: int) -> int:
    """Bytes of memory in use, by `ps`; 0 for a process that is gone."""
    command = ["/bin/ps", "-o", "rss=", "-p", str(pid)]
    told = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a number is all that varies
    return int(told.stdout.strip() or 0) * 1024


def _search_path() -> list[str]:
    """Ours, made absolute; with the folder of this package, which an editable install may hide."""
    home = str(Path(bot.__file__).resolve().parent.parent)
    return [home, *(str(Path(entry).absolute()) for entry in sys.path)]


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False
