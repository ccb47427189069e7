"""Child processes: started for one job, told it on standard input, believed only what they answer."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bot
from bot.reading.limits import Limits

# the child finds modules where its parent does, whatever folder it starts in, and reads no environment
_PATHS = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
_LOOK = 0.2  # seconds between two looks at a child's memory, where the system does not limit it


class Lost(Exception):
    """The child died, hung or took too much: `why` says which, for the log; `sentence` is for people."""

    def __init__(self, why: str, sentence: str = "reading.error.too_heavy") -> None:
        super().__init__(why)
        self.sentence = sentence


def answered(program: str, job: bytes, limits: Limits, deadline: float) -> bytes:
    """What a child that runs `program` answers to its job; raises Lost without an answer."""
    with tempfile.TemporaryDirectory(prefix="postillon-") as folder:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _PATHS + program, json.dumps(_search_path())],
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
