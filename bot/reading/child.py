"""The process that opens untrusted files: little memory, little time, no network, nothing to steal.

It is told its job as JSON on standard input and answers with one JSON object on standard output:
`{"report": …}`, `{"unwritable": errno}` or `{"crash": where}`. Whatever else it does, dying included,
is answered for by the process that started it.
"""

import errno
import gc
import os
import sys
from dataclasses import replace
from pathlib import Path

import orjson

from bot.core.lists import Report
from bot.core.sentences import Sentence
from bot.ports import Unwritable
from bot.reading.limits import Limits
from bot.reading.reports import Job, report

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    gc.disable()  # a short life without cycles to collect
    job = _job(sys.stdin.buffer.read())
    restrict(job.limits)
    sys.stdout.buffer.write(orjson.dumps(answer(job)))
    sys.stdout.buffer.flush()
    os._exit(0)  # everything is written: freeing a hundred thousand rows one by one is time lost


def answer(job: Job) -> dict[str, object]:
    try:
        return {"report": report(job)}
    except Unwritable as problem:
        if problem.errno == errno.EFBIG:  # our own limit on what we write, not the disk's
            return {"report": Report(error=Sentence("reading.error.too_heavy", {"name": job.name}))}
        return {"unwritable": problem.errno}
    except Exception as problem:
        return {"crash": _place(problem)}


def restrict(limits: Limits) -> None:
    """Linux holds the memory limit; elsewhere the parent watches. A limit only ever goes down."""
    import resource

    sys.addaudithook(_refuse)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, limits.max_staging)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, 64)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + limits.memory)


def _lower(which: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (allowed, allowed))


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _job(said: bytes) -> Job:
    told = orjson.loads(said)
    return Job(
        path=Path(told["path"]),
        name=told["name"],
        staging=Path(told["staging"]),
        limits=replace(Limits(), **told["limits"]),
        engine=told["engine"],
        mapping=told["mapping"],
        sheet=told["sheet"],
    )


def _place(problem: Exception) -> str:
    """Where it broke, without the words of the error: they may quote the file."""
    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(problem).__name__} at {where}"
