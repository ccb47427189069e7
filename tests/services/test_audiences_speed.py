"""100,000 people are counted, searched and read while somebody waits: wide margins, processor time."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.contacts import Contact
from bot.core.selection import Condition, Kind, Selection
from storage import open_store
from tests.services.mailroom import OWNER
from tests.services.test_audiences import Office

MANY = 100_000


def somebody(n: int) -> Contact:
    return Contact(
        row=n + 2, email=f"p{n}@exemple.fr", first_name="Noël", last_name=f"Lefèvre {n}",
        company=f"Société {n % 3_000}", location=f"Ville {n % 500}", job_title="Chef", extras=(f"C{n}",),
    )  # fmt: skip


def best(act: Callable[[], object], times: int = 3) -> float:
    def once() -> float:
        start = time.thread_time()
        act()
        return time.thread_time() - start

    return min(once() for _ in range(times))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A long list, and three campaigns that wrote to most of it this week."""
    folder: Path = tmp_path_factory.mktemp("long")
    store = open_store(f"tinydb:{folder / 'data'}")
    long = Office(store)
    everybody = [somebody(n) for n in range(MANY)]
    kept = long.keeps("longue", *everybody, extras=("Code",))
    for n in range(3):
        long.sends(long.drafts(f"before{n}", kept), *everybody, size=1_000, left=10)
    long.drafts("x", kept)
    yield long
    store.close()


def choices(office: Office) -> dict[str, Selection]:
    where = (
        Condition(column="company", values=tuple(f"societe {n}" for n in range(100))),
        Condition(column="Code", values=tuple(f"c{n}" for n in range(0, MANY, 1_000))),
    )
    return {
        "everybody": Selection(),
        "filter": Selection(kind=Kind.FILTER, where=where[:1]),
        "except": Selection(kind=Kind.EXCEPT, where=where),
        "pick": Selection(kind=Kind.PICK, people=tuple(office.hex(somebody(n)) for n in range(20))),
        "pilot": Selection(kind=Kind.PILOT, pilot=500, seed="s"),
    }


@pytest.mark.parametrize("kind", ["everybody", "filter", "except", "pick", "pilot"])
def test_a_choice_is_counted_within_a_second(office: Office, kind: str) -> None:
    draft = replace(office.store.campaigns.all(OWNER.workspace)[-1], selection=choices(office)[kind])
    assert office.audiences.reach(OWNER, draft).chosen
    assert best(lambda: office.audiences.look(OWNER, draft)) < 1.0


@pytest.mark.parametrize("query", ["", "s", "société 12", "ville", "zz", "99999", "lefevre noel", "c9"])
def test_suggestions_come_while_one_types(office: Office, query: str) -> None:
    draft = office.store.campaigns.all(OWNER.workspace)[-1]
    facets = office.facets
    for ask in (
        lambda: facets.values(OWNER, draft, "company", query),
        lambda: facets.values(OWNER, draft, "Code", query),
        lambda: facets.people(OWNER, draft, query),
    ):
        assert best(ask) < 0.3


def test_the_people_are_read_out_and_their_blanks_counted(office: Office) -> None:
    draft = office.store.campaigns.all(OWNER.workspace)[-1]
    assert sum(1 for _ in office.audiences.people(OWNER, draft)) == MANY
    assert best(lambda: office.audiences.blanks(OWNER, draft, ("first_name", "Code")), 2) < 1.5
