"""Templates: whose they are, and how many."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core import templates as rules
from bot.core.ids import MemberId
from bot.core.people import Language
from bot.core.sentences import Refusal, Stale
from bot.core.templates import Words
from bot.services.people import People
from bot.services.templates import Templates
from storage import open_store
from tests.services.mailroom import OWNER, POLICY, Clock

ANNA, BOB = OWNER, replace(OWNER, id=MemberId("U2"))
GUEST = replace(OWNER, id=MemberId("U3"), is_guest=True)
WORDS = Words(subject="Votre avis ?", body="Bonjour")
FR = Language.FRENCH


@pytest.fixture
def templates(tmp_path: Path) -> Iterator[Templates]:
    store, clock = open_store(f"tinydb:{tmp_path / 'data'}"), Clock()
    people = People(store=store, messenger=cast("Any", None), clock=clock, policy=POLICY)
    yield Templates(store=store, people=people, clock=clock)
    store.close()


def refused(said: str, call: Any, *args: Any, **how: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        call(*args, **how)
    assert refusal.value.sentence.key == said


def test_ones_own_are_seen_by_nobody_else(templates: Templates) -> None:
    kept = templates.keep(ANNA, "  Clients   fidèles ", FR, WORDS)
    assert kept.title == "Clients fidèles"
    assert templates.offered(ANNA).mine == (kept,)
    assert templates.offered(BOB) == templates.offered(replace(ANNA, workspace=BOB.workspace, id=BOB.id))
    assert templates.offered(BOB).shared == ()
    refused("templates.gone", templates.get, BOB, kept.id)


def test_a_shared_one_is_used_by_others_and_changed_by_its_owner_alone(templates: Templates) -> None:
    kept = templates.keep(ANNA, "Clients", FR, WORDS, shared=True)
    assert templates.offered(BOB).shared == (kept,)
    assert templates.offered(ANNA).shared == ()
    assert templates.get(BOB, kept.id).words == WORDS
    refused("templates.gone", templates.rename, BOB, kept.id, 1, "Autre", shared=False)
    refused("templates.gone", templates.remove, BOB, kept.id)
    withdrawn = templates.rename(ANNA, kept.id, 1, "Clients", shared=False)
    assert not withdrawn.shared
    assert templates.offered(BOB).shared == ()


def test_the_same_name_replaces_in_the_same_language(templates: Templates) -> None:
    first = templates.keep(ANNA, "Clients fidèles", FR, WORDS)
    words = Words(subject="Autre", body="Chose")
    again = templates.keep(ANNA, "clients FIDELES", FR, words)
    assert (again.id, again.words, again.title) == (first.id, words, "clients FIDELES")
    assert templates.keep(ANNA, "Clients fidèles", Language.ENGLISH, WORDS).id != first.id
    assert templates.keep(BOB, "Clients fidèles", FR, WORDS).id != first.id


def test_fifty_and_no_more(templates: Templates) -> None:
    kept = [templates.keep(ANNA, f"Modèle {n}", FR, WORDS) for n in range(rules.MOST)]
    refused("templates.full", templates.keep, ANNA, "Un de trop", FR, WORDS)
    templates.keep(ANNA, "Modèle 7", FR, Words(subject="s", body="b"))  # in place of one of them
    templates.remove(ANNA, kept[0].id)
    templates.keep(ANNA, "Il y a de la place", FR, WORDS)
    templates.keep(BOB, "Un de Bob", FR, WORDS)


def test_names(templates: Templates) -> None:
    refused("templates.title.empty", templates.keep, ANNA, " \n ", FR, WORDS)
    refused("templates.title.long", templates.keep, ANNA, "W" * 61, FR, WORDS)
    one = templates.keep(ANNA, "Un", FR, WORDS)
    two = templates.keep(ANNA, "Deux", FR, WORDS)
    refused("templates.title.taken", templates.rename, ANNA, two.id, 1, "un", shared=False)
    assert templates.rename(ANNA, one.id, 1, "UN", shared=False).title == "UN", "one's own name is free"
    with pytest.raises(Stale):
        templates.rename(ANNA, one.id, 1, "Autre", shared=False)
    refused("templates.gone", templates.get, ANNA, "tpl_never")


def test_a_guest_has_none(templates: Templates) -> None:
    refused("people.guest", templates.keep, GUEST, "Un", FR, WORDS)
    kept = templates.keep(ANNA, "Un", FR, WORDS, shared=True)
    refused("people.guest", templates.get, GUEST, kept.id)
