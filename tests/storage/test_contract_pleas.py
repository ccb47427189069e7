"""Help asked for, in every store, with two workspaces."""

from dataclasses import replace

import pytest

from bot.core.ids import PleaId, WorkspaceId
from bot.core.sentences import Stale, sentence
from bot.core.support import Line, Plea, Spot
from bot.ports import Missing
from tests.storage.conftest import Place
from tests.storage.records import ANNA, BOB, ELSEWHERE, HOME, later


def plea(name: str = "hlp_a", *, workspace: WorkspaceId = HOME, minutes: int = 0) -> Plea:
    return Plea(
        workspace=workspace, id=PleaId(name), member=ANNA, subject="lst_1", at=later(minutes=minutes),
        facts=(sentence("support.fact.said", said=sentence("reading.file.pdf", name="…"), at=later()),),
        spots=(Spot(to="C1", channel="C1", ts="1.2"),),
        lines=(Line(by=BOB, words="Bonjour\n« oui »", at=later(), heard=("C1",)),),
    )  # fmt: skip


def test_pleas_are_kept_through_a_restart(place: Place) -> None:
    store = place.open()
    store.pleas.add(HOME, plea(minutes=1))
    store.pleas.add(ELSEWHERE, plea(workspace=ELSEWHERE))
    again = place.open()
    assert again.pleas.get(HOME, PleaId("hlp_a")) == plea(minutes=1)
    assert again.pleas.all() == [plea(workspace=ELSEWHERE), plea(minutes=1)]


def test_nothing_crosses_workspaces(place: Place) -> None:
    store = place.open()
    store.pleas.add(HOME, plea())
    with pytest.raises(Missing):
        store.pleas.get(ELSEWHERE, PleaId("hlp_a"))
    store.pleas.remove(ELSEWHERE, PleaId("hlp_a"))
    with pytest.raises(ValueError, match="another workspace"):
        store.pleas.add(ELSEWHERE, plea())
    with pytest.raises(ValueError, match="another workspace"):
        store.pleas.save(ELSEWHERE, plea(), 1)
    assert store.pleas.all() == [plea()]


def test_a_change_is_a_compare_and_set(place: Place) -> None:
    store = place.open()
    with pytest.raises(Missing):
        store.pleas.save(HOME, plea(), 1)
    store.pleas.add(HOME, plea())
    with pytest.raises(ValueError, match="is there"):
        store.pleas.add(HOME, plea())
    changed = replace(plea(), revision=2, lines=())
    store.pleas.save(HOME, changed, 1)
    with pytest.raises(Stale):
        store.pleas.save(HOME, plea(), 1)
    again = place.open()
    assert again.pleas.get(HOME, PleaId("hlp_a")) == changed
    again.pleas.remove(HOME, PleaId("hlp_a"))
    again.pleas.remove(HOME, PleaId("hlp_a"))
    assert again.pleas.all() == []
