"""How quickly clicks are acknowledged while a long file is read: `python -m tests.benchmarks.clicks`.

The bot is a process of its own; the stand-in Slack of this one sends it clicks one after the other and takes
the time until the acknowledgement: first with nothing else to do, then from the drop of the file until its
preview. The bot's own memory is its highest ever (Linux), before and after.
"""

import argparse
import asyncio
import json
import logging
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.playground.slack import Person
from tests.benchmarks.reading import csv_file, verdict, xlsx_file
from tests.fixtures.files import french_excel_csv
from tests.journeys.process import Service, open_service

AIM = 3.0  # times the idle p99
ROOM = 60  # MB the bot may grow by


async def clicked(person: Person, list_id: str) -> float:
    """Seconds until the acknowledgement."""
    start = time.perf_counter()
    answer = await person.forges("lists.undo", f"{list_id}:1")
    assert answer.ok
    return time.perf_counter() - start


async def while_(going: Callable[[], bool], person: Person, list_id: str) -> list[float]:
    taken = []
    while going():
        taken.append(await clicked(person, list_id))
        await asyncio.sleep(0.01)  # a hundred clicks a second are more than a workspace makes
    return taken


def p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


def highest(service: Service) -> int:
    """MB."""
    assert service.process is not None
    for line in Path(f"/proc/{service.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) >> 10
    raise RuntimeError("this system does not tell")


async def one(make: Callable[[Path, int], Path], count: int, clicks: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make(folder, count)
        async with open_service(folder / "data") as service:
            await service.start()
            claire = service.claire
            await claire.drops(french_excel_csv())
            await claire.sees("Liste gardée")
            (list_id,) = set(re.findall(r"lst_\w+", json.dumps(claire.messages)))
            left = iter(range(clicks))
            idle = await while_(lambda: next(left, None) is not None, claire, list_id)
            before = highest(service)
            start = time.perf_counter()
            await claire.drops((path.name, path.read_bytes()))
            busy = await while_(lambda: claire.text_of().count("Liste gardée") < 2, claire, list_id)
            print(f"\n{path.suffix}, {count:,} rows, read in {time.perf_counter() - start:.1f} s")
            for words, taken in (("idle", idle), ("meanwhile", busy)):
                median, most = statistics.median(taken) * 1e3, p99(taken) * 1e3
                print(f"  {words:<10}{len(taken):6} clicks   median {median:6.1f} ms   p99 {most:6.1f} ms")
            verdict("p99 meanwhile / p99 idle", p99(busy) / p99(idle), AIM, most=True)
            grown = highest(service) - before
            print(f"  the bot grew by {grown} MB (less than {ROOM}){'' if grown < ROOM else ' MISSED'}")
            await service.end()


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=500_000)
    options.add_argument("--clicks", type=int, default=500)
    told = options.parse_args()
    logging.disable(logging.WARNING)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    await one(csv_file, told.rows, told.clicks)
    await one(xlsx_file, told.rows, told.clicks)


if __name__ == "__main__":
    asyncio.run(main())
