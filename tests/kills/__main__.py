"""`python -m tests.kills [--kills 200] [--people 20000] [--seed N]`: exit 1 where a promise was broken."""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from typer import echo

from tests.kills.books import SHOWN
from tests.kills.nursery import Nursery
from tests.kills.run import Run, Told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    asked = parser.parse_args()
    echo(f"{asked.kills} kills, campaigns of {asked.people:,} people, seed {asked.seed}")
    with tempfile.TemporaryDirectory(prefix="postillon-kills-") as folder, Nursery() as nursery:
        run = Run(Path(folder) / "data", nursery, people=asked.people, seed=asked.seed, say=_progress)
        told = run.until(asked.kills)
    _print(told)
    return 1 if told.wrong else 0


def _progress(line: str) -> None:
    echo(f"  {line}")


def _print(told: Told) -> None:
    echo(f"killed {told.kills} times in {told.seconds:.0f} s: {_listed(told.moments)}")
    echo(f"the sink answered {_listed(told.answers)}; {told.torn} requests broke off")
    echo(f"{told.campaigns} campaigns, {told.letters:,} people: {_listed(told.sums)}")
    if told.resumed:
        echo(f"resumed after too many failures: {told.resumed} times")
    for line in told.wrong[:SHOWN]:
        echo(f"WRONG {line}")
    if told.wrong:
        echo(f"{len(told.wrong)} things are wrong")
    else:
        echo("nobody twice, nobody forgotten: person by person and by `status --json`")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
