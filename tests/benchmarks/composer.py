"""How long the campaign dialog takes on a long list: `python -m tests.benchmarks.composer`.

The bot is a process of its own, restarted before each round, so that every round reads the list for the first
time. What is timed is what a person waits for: from the click until the dialog shows what was asked.
"""

import argparse
import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable
from pathlib import Path

from bot.playground.slack import Person
from tests.benchmarks.reading import csv_file, people
from tests.journeys.harness import dialog
from tests.journeys.process import Service, open_service

LINK = "https://forms.example/s/1"
PASTING = 1.0  # seconds that a person takes at least to find and paste the link
SUGGESTED, ANSWERED = 0.3, 1.0  # seconds, at most
AIMS = {"first suggestion": SUGGESTED, "suggestions": SUGGESTED}  # all else: ANSWERED
TYPED = ("lef", "noel", "person4", "9999", "martin 8", "zz", "l'hote", "company4")

Times = defaultdict[str, list[float]]


class Round:
    def __init__(self, service: Service, taken: Times) -> None:
        self.service, self.taken = service, taken

    @property
    def claire(self) -> Person:
        return self.service.claire

    async def timed(self, words: str, *acts: Awaitable[object]) -> None:
        start = time.perf_counter()
        for act in acts:
            await act
        self.taken[words].append(time.perf_counter() - start)

    async def step(self, words: str, following: str) -> None:
        """Until its loading view or itself is there, and until it is there itself."""
        start = time.perf_counter()
        await self.claire.submits()
        self.taken[f"{words}, answered"].append(time.perf_counter() - start)
        await dialog(self.service.slack, self.claire, f"campaigns.{following}")
        self.taken[words].append(time.perf_counter() - start)

    async def run(self, count: int) -> None:
        claire = self.claire
        await claire.clicks("campaigns.new")
        await dialog(self.service.slack, claire, "campaigns.parameters")
        await claire.types("link", LINK)
        await asyncio.sleep(PASTING)
        await self.step("step 2", "recipients")
        await self.timed(
            "another choice", claire.selects("audience", "pick"), claire.sees("une personne plus bas")
        )
        await self.timed("first suggestion", claire.suggests("people", "noel"))
        for typed in TYPED:
            await self.timed("suggestions", claire.suggests("people", typed))
        await claire.selects("audience", "all")
        await claire.sees(f"{count:,}".replace(",", " ") + " personnes")
        await self.step("step 3", "message")
        await self.step("step 4", "when")
        await self.step("check", "check")
        last, place = people(count)[-1], f"{count:,}".replace(",", " ")
        (found,) = await claire.suggests("campaigns.reader", last[0])
        await self.timed(
            "letter of the last", claire.selects("campaigns.reader", found["text"]["text"]),
            claire.sees(f"{place} sur {place}"),
        )  # fmt: skip
        await self.timed("next letter", claire.clicks("campaigns.preview"), claire.sees(f"1 sur {place}"))
        await claire.closes()


def told(taken: Times) -> None:
    for words, times in taken.items():
        aim, most = AIMS.get(words, ANSWERED), max(times)
        if len(times) >= 100:
            most = statistics.quantiles(times, n=100)[98]
        missed = "" if most < aim or words + ", answered" in taken else " MISSED"
        print(f"  {words:<22} median {statistics.median(times):6.3f} s   p99 {most:6.3f} s{missed}")


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {asked.rows:,} people")
    taken: Times = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = csv_file(folder, asked.rows)
        async with open_service(folder / "data") as service:
            await service.start()
            await service.claire.drops((path.name, path.read_bytes()))
            await service.claire.sees("Liste gardée", timeout=60)
            for _ in range(asked.rounds):
                await Round(service, taken).run(asked.rows)
                await service.end()
                await service.start()
    told(taken)


if __name__ == "__main__":
    asyncio.run(main())
