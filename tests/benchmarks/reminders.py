"""How fast a reminder is prepared: `python -m tests.benchmarks.reminders`.

A campaign of a million recipients, of whom 300,000 answered and some objected or bounced, on a real folder.
From the visit that finds its reminder due to the wave that stands open on the disk, without those who get
none; and how long its owner waits for the preview of one by hand.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign
from bot.core.facts import Events, Happened
from bot.core.ids import CampaignId
from bot.core.reminders import Reminder
from bot.services.reminders import Reminders
from tests.benchmarks.mailroom import CLAIRE, WORK, Mailroom, Stopwatch, Took, highest, somebody

MILLION = 1_000_000
LONGEST = 10.0  # seconds
AGO = timedelta(days=20)
TOGETHER = 1_000  # events of one line


def events(people: int, at: int) -> Iterator[Events]:
    """Everybody's letter arrived or came back; three in ten answered."""
    for start in range(0, people, TOGETHER):
        items = []
        for number in range(start, min(people, start + TOGETHER)):
            happened = Happened.BOUNCED if number % 97 == 5 else Happened.DELIVERED
            if number % 10 < 3:
                happened |= Happened.ANSWERED
            if number % 400 == 7:
                happened |= Happened.UNSUBSCRIBED
            items.append((number, int(happened), at))
        yield Events(wave=0, items=tuple(items))


def invited(room: Mailroom, people: int) -> Campaign:
    """Twenty days ago, and a reminder is due now."""
    room.wrote(map(somebody, range(people)), people, AGO)
    room.suppress(people)
    (sent,) = room.store.campaigns.all(WORK)
    now = datetime.now(UTC)
    due = rules.edit(sent, reminders=(Reminder(days=4, at=now, announced=now),))
    room.store.campaigns.advance(WORK, due, sent.revision, now)
    told = int((now - timedelta(days=10)).timestamp())
    for fact in events(people, told):
        room.store.ledgers.learn(WORK, due.id, [fact])
    return due


def prepared(room: Mailroom, campaign: Campaign) -> tuple[Took, int]:
    """How long, and for how many."""
    now, watch = datetime.now(UTC), Stopwatch()
    going = room.delivery.reminding.visit(campaign, now)
    assert going is not None, "it is due"
    room.delivery._open_wave(going, now)
    took = watch.took()
    return took, _people(room, going.id)


def _people(room: Mailroom, campaign_id: CampaignId) -> int:
    return room.store.ledgers.read(WORK, campaign_id, lambda fold: fold.progress(1)).people


def previewed(room: Mailroom, campaign: Campaign) -> Took:
    reminders = Reminders(campaigns=room.campaigns, reminding=room.delivery.reminding)
    watch = Stopwatch()
    reminders.preview(CLAIRE, campaign.id)
    return watch.took()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=MILLION)
    people = options.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        room = Mailroom(Path(folder) / "data", "http://127.0.0.1:9")
        try:
            campaign = invited(room, people)
            preview = previewed(room, campaign)
            took, count = prepared(room, campaign)
        finally:
            room.close()
    held = highest() / (1 << 20)
    sys.stdout.write(
        f"{people:,} recipients, {count:,} to remind\n"
        f"preview   {preview.clock:6.2f} s\n"
        f"prepared  {took.clock:6.2f} s ({took.processor:.2f} s of the processor)\n"
        f"process   {held:6.0f} MB at most\n"
    )
    return 0 if took.clock < LONGEST or people > MILLION else 1


if __name__ == "__main__":
    raise SystemExit(main())
