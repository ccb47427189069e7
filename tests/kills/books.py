"""Person by person: what the sink was given, against what the bot says became of each of them."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import BatchState, Fold
from tests.kills.nursery import ROOT
from tests.kills.sink import Letter, Records
from tests.kills.wiring import HOME

COUNTED = ("pending", "accepted", "uncertain", "rejected", "skipped")
MAYBE_GONE = frozenset({"submitting", "accepted", "uncertain"})
SHOWN = 5  # of each kind of wrong


def status(folder: Path) -> dict[str, dict[str, object]]:
    """What `status --json` says, by campaign: the real command, in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "status", "--json"],
        check=True, capture_output=True, text=True, timeout=60, cwd=folder.parent,
        env=kept | {"PYTHONPATH": str(ROOT), "STORAGE_URL": f"tinydb:{folder}"},
    )  # fmt: skip
    return {one["id"]: one for one in json.loads(ran.stdout)["campaigns"]}


@dataclass(frozen=True, kw_only=True)
class Fates:
    """Of one campaign's people: in which of the counts each of them is, and why they were rejected."""

    campaign: str
    of: Mapping[Letter, str]
    reasons: Mapping[Letter, str]

    def sums(self) -> Counter[str]:
        return Counter("pending" if fate == "submitting" else fate for fate in self.of.values())


def fates(store: ports.Store, campaign: Campaign) -> Fates:
    letters = [(str(campaign.id), contact.email) for _, contact in store.campaigns.recipients(HOME, campaign)]
    of, reasons = store.ledgers.read(HOME, campaign.id, lambda fold: _read(fold, len(letters)))
    return Fates(
        campaign=campaign.id,
        of={letters[number]: fate for number, fate in of.items()},
        reasons={letters[number]: reason for number, reason in reasons.items()},
    )


def _read(fold: Fold, size: int) -> tuple[dict[int, str], dict[int, str]]:
    """Everybody's place. Whoever stands in two is named so."""
    of: dict[int, str] = {}
    if not fold.waves:
        return dict.fromkeys(range(size), BatchState.PENDING.value), {}
    (wave,) = fold.waves
    places = [(number, "rejected") for number in wave.rejected]
    places += [(number, "skipped") for number in wave.skipped]
    for batch, state in enumerate(wave.states):
        places += [(number, state.value) for number in wave.people(batch)]
    for number, place in places:
        of[number] = f"{of[number]} and {place}" if number in of else place
    return of, {number: str(reason) for number, reason in wave.rejected.items()}


def wrong_meanwhile(found: Fates, sink: Records) -> list[str]:
    """What must hold at any instant, right after a kill and before the next start."""
    wrong = [f"twice: {letter}" for letter in sink.twice()]
    for letter, fate in found.of.items():
        if fate not in {*COUNTED, *MAYBE_GONE}:
            wrong.append(f"in two places: {letter} {fate}")
        elif letter in sink.accepted and fate not in MAYBE_GONE:
            wrong.append(f"taken, and said to be {fate}: {letter}")
        elif sink.received[letter] and fate not in MAYBE_GONE:
            wrong.append(f"perhaps taken, and said to be {fate}: {letter}")
    return wrong


def wrong_at_the_end(found: Fates, told: Mapping[str, object], size: int, sink: Records) -> list[str]:
    """Nobody is pending; what the person is told is what the sink saw; the sums are those of `status`."""
    wrong = wrong_meanwhile(found, sink)
    if told["state"] != "sent" or len(found.of) != size:
        wrong.append(f"{found.campaign}: {told['state']}, {len(found.of)} people of {size}")
    sums = {name: told[name] for name in COUNTED}
    if sums != {name: found.sums()[name] for name in COUNTED} or told["people"] != size:
        wrong.append(f"{found.campaign}: status says {sums}, the ledger {found.sums()} of {size}")
    for letter, fate in found.of.items():
        match fate:
            case "accepted" if letter in sink.accepted and sink.received[letter] == 1:
                continue
            case "uncertain":
                continue
            case "rejected" if (
                found.reasons[letter] and sink.rejected.get(letter) and not sink.received[letter]
            ):
                continue
        wrong.append(f"{fate}, and the sink knows better: {letter}")
    return wrong


def strangers(known: Mapping[Letter, int], sink: Records) -> list[str]:
    """Letters to people of no campaign, or with the number of somebody else."""
    return [f"to a stranger: {letter}" for letter, n in sink.numbers.items() if known.get(letter) != n]
