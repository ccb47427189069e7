"""The room in which letters leave."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

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
from bot.services.senders import Senders
from bot.services.telling import Telling
from storage import open_store
from tests.services.mailroom import EACH, POLICY, Clock, Door, Room, Wall, schedule


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A campaign of twelve batches, due now."""
    monkeypatch.setattr("bot.core.waves.BATCH", EACH)
    store, door, wall, clock = open_store(f"tinydb:{tmp_path / 'data'}"), Door(), Wall(), Clock()
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
        lint=lint, **known,
    )  # fmt: skip
    with ThreadPoolExecutor(16) as posts, ThreadPoolExecutor(2) as visits:
        delivery = Delivery(
            store=store, letters=letters, mailer=mailer, campaigns=campaigns, telling=telling, clock=clock,
            posts=posts,
        )  # fmt: skip
        schedule(store)
        yield Room(store, door, wall, clock, delivery, campaigns, visits, posts)
        door.opens()
        wall.free.set()
    store.close()
