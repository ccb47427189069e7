"""The room in which letters leave, furnished: for the fixture, and for tests that need many of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from bot.mail import MarkdownLetters
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from bot.services.delivery import Delivery
from bot.services.facets import Facets
from bot.services.frequency import Frequency
from bot.services.letters import Correspondence
from bot.services.lint import Lint
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.reminding import Reminding
from bot.services.senders import Senders
from bot.services.telling import Telling
from storage import open_store
from tests.services.mailroom import POLICY, Clock, Door, Room, Wall, schedule


@contextmanager
def furnished(folder: Path, door: Door) -> Iterator[Room]:
    """A campaign of twelve batches, due now: whoever furnishes it has made batches small."""
    store, wall, clock = open_store(f"tinydb:{folder}"), Wall(), Clock()
    mailer, slack = cast("Any", door), cast("Any", wall)
    letters = Correspondence(letters=MarkdownLetters(), mailer=mailer, policy=POLICY)
    known: dict[str, Any] = {"store": store, "messenger": slack, "clock": clock, "policy": POLICY}
    telling, people = Telling(**known), People(**known)
    lists = Lists(store=store, exporter=cast("Any", None), messenger=slack, clock=clock)
    senders = Senders(mailer=mailer, policy=POLICY, clock=clock)
    audiences = Audiences(
        store=store, lists=lists, facets=Facets(store=store, lists=lists),
        frequency=Frequency(store=store, policy=POLICY), clock=clock,
    )  # fmt: skip
    lint = Lint(audiences=audiences, letters=letters, senders=senders, clock=clock, policy=POLICY)
    campaigns = Campaigns(
        lists=lists, people=people, letters=letters, telling=telling, senders=senders, audiences=audiences,
        lint=lint, knows=lambda *_: wall.knows, **known,
    )  # fmt: skip
    with ThreadPoolExecutor(16) as posts, ThreadPoolExecutor(2) as visits:
        delivery = Delivery(
            store=store, letters=letters, mailer=mailer, campaigns=campaigns, telling=telling, clock=clock,
            posts=posts, reminding=Reminding(store=store, telling=telling, knows=lambda *_: wall.knows),
        )  # fmt: skip
        schedule(store)
        yield Room(store, door, wall, clock, delivery, campaigns, visits, posts)
        door.opens()
        wall.free.set()
    store.close()
