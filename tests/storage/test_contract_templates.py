"""Words people keep to start from, in every store, with two workspaces."""

from dataclasses import replace

import pytest

from bot.core.ids import MemberId, TemplateId, WorkspaceId
from bot.core.people import Language
from bot.core.sentences import Stale
from bot.core.templates import Template, Words
from bot.ports import Missing, Store
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, later


def template(
    name: str = "tpl_a", *, workspace: WorkspaceId = HOME, owner: MemberId = ANNA, minutes: int = 0
) -> Template:
    return Template(
        workspace=workspace, id=TemplateId(name), owner=owner, title="Clients", language=Language.FRENCH,
        words=Words(subject="Votre avis ?", body="Bonjour {{prenom}},\n\n*Merci*", preheader="3 min"),
        created_at=later(minutes=minutes), shared=True,
    )  # fmt: skip


def test_templates_are_kept_through_a_restart(place: Place) -> None:
    store = place.open()
    assert store.templates.all(HOME) == []
    store.templates.add(HOME, template())
    again = place.open()
    assert again.templates.get(HOME, TemplateId("tpl_a")) == template()
    assert again.templates.all(HOME) == [template()]


def test_the_newest_comes_first(store: Store) -> None:
    for minutes, name in enumerate(("tpl_b", "tpl_c", "tpl_a")):
        store.templates.add(HOME, template(name, minutes=minutes))
    assert [one.id for one in store.templates.all(HOME)] == ["tpl_a", "tpl_c", "tpl_b"]


def test_nothing_crosses_to_another_workspace(store: Store) -> None:
    store.templates.add(HOME, template())
    assert store.templates.all(ELSEWHERE) == []
    with pytest.raises(Missing):
        store.templates.get(ELSEWHERE, TemplateId("tpl_a"))
    store.templates.remove(ELSEWHERE, TemplateId("tpl_a"))
    with pytest.raises(ValueError, match="another workspace"):
        store.templates.add(ELSEWHERE, template())
    with pytest.raises(ValueError, match="another workspace"):
        store.templates.save(ELSEWHERE, template(), 1)
    store.templates.add(ELSEWHERE, template(workspace=ELSEWHERE, owner=BOB))
    assert store.templates.all(HOME) == [template()]


def test_the_second_of_two_changes_is_stale(place: Place) -> None:
    store = place.open()
    store.templates.add(HOME, template())
    renamed = replace(template(), title="Fidèles", revision=2)
    store.templates.save(HOME, renamed, 1)
    with pytest.raises(Stale) as stale:
        store.templates.save(HOME, replace(template(), title="Anciens", revision=2), 1)
    assert stale.value.sentence.values == {"title": "Fidèles"}
    assert place.open().templates.get(HOME, TemplateId("tpl_a")) == renamed


def test_one_that_is_gone_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.templates.save(HOME, template(), 1)
    store.templates.add(HOME, template())
    with pytest.raises(ValueError, match="is there"):
        store.templates.add(HOME, template())
    store.templates.remove(HOME, TemplateId("tpl_a"))
    store.templates.remove(HOME, TemplateId("tpl_a"))
    assert store.templates.all(HOME) == []
