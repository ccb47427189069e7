"""What retention and the log look like, in both languages, at their largest, and with hostile names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.ids import MemberId, WorkspaceId
from bot.core.lists import TITLE_LENGTH
from bot.core.log import Thing, Told
from bot.core.people import Language, Member
from bot.core.retention import Asked, Notice, Standing
from bot.texts import Say
from handlers.blocks import log, retention
from tests.handlers.campaign_records import a_list, buttons
from tests.handlers.conftest import Fits
from tests.handlers.test_lists_blocks import words

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
FR, EN = Say(Language.FRENCH), Say(Language.ENGLISH)
BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
HOSTILE = "<!channel> & *co* <https://x.example|y>"
WIDE = "W" * TITLE_LENGTH
LOUD = "&" * TITLE_LENGTH  # each becomes five characters


def asked(standing: Standing = Standing.OPEN, title: str = "Clients 2026", **changes: Any) -> Asked:
    deleted_at = NOW if standing in (Standing.EXPIRED, Standing.DELETED) else None
    one = replace(a_list(title), deleted_at=deleted_at)
    notice = Notice(owner=MemberId("U1"), at=NOW, deletes_at=NOW + timedelta(days=7))
    owner = Member(workspace=WorkspaceId("T1"), id=MemberId("U1"), first_name="Bob")
    values = {"contact_list": one, "notice": notice, "standing": standing, "days": 365, "owner": owner}
    return Asked(**{**values, **changes})


@BOTH
@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("title", ["Clients 2026", HOSTILE, WIDE, LOUD])
@pytest.mark.parametrize("is_owner", [True, False])
def test_every_standing_fits(say: Say, standing: Standing, title: str, fits: Fits, *, is_owner: bool) -> None:
    one = asked(standing, title, until=NOW)
    is_over = standing in (Standing.EXPIRED, Standing.DELETED)
    for shown in (
        retention.message(say, one, is_owner=is_owner),
        *([retention.passed(say, one)] if is_over else []),
    ):
        fits(shown)
        assert "<!channel>" not in str([block for block in shown[1] if block["type"] == "section"])
        assert "<!channel>" not in shown[0]


def test_the_question_says_what_when_and_how() -> None:
    text, blocks = retention.message(FR, asked(), is_owner=True)
    told = words(blocks)
    assert "Clients 2026* (412 contacts) sera supprimée le *30 novembre 2026*" in told
    assert "n'a ni changé ni servi est gardée 365 jours" in told
    assert "30 novembre 2026" in text
    assert set(buttons(blocks)) == {"lists.keep", "lists.delete_now"}
    assert buttons(blocks)["lists.keep"]["text"]["text"] == "Garder 365 jours de plus"
    assert "confirm" in buttons(blocks)["lists.delete_now"]


def test_left_behind_it_can_be_taken_over() -> None:
    _, blocks = retention.message(EN, asked(), is_owner=False)
    assert "the list of Bob, whose account is no longer active" in words(blocks)
    assert buttons(blocks)["lists.keep"]["text"]["text"] == "Take it over"
    assert "addresses included" in str(buttons(blocks)["lists.keep"]["confirm"])


@BOTH
def test_what_is_over_can_be_brought_back_once_it_is_deleted(say: Say) -> None:
    for standing, ids in ((Standing.KEPT, set()), (Standing.EXPIRED, {"lists.bring_back"})):
        assert set(buttons(retention.message(say, asked(standing), is_owner=True)[1])) == ids
    assert buttons(retention.passed(say, asked(Standing.EXPIRED))[1]) == {}


def told(thing: Thing = Thing.LIST, **changes: Any) -> Told:
    values: dict[str, Any] = {
        "at": NOW, "who": "Claire", "verb": "imported", "thing": thing, "id": "lst_7", "name": "Clients 2026",
        "counts": {"contacts": 412}, "words": {},
    }  # fmt: skip
    return Told(**{**values, **changes})


@BOTH
@pytest.mark.parametrize("name", ["Clients 2026", HOSTILE, WIDE, LOUD, ""])
def test_thirty_lines_fit_whatever_they_hold(say: Say, name: str, fits: Fits) -> None:
    counts = dict.fromkeys(("contacts", "before", "people", "letters", "use", "manage", "rows"), 1_000_000)
    wide = told(name=name, who=name, verb="resent", counts=counts, words={"reason": name * 4, "owner": name})
    for count, page, pages in ((1, 0, 1), (30, 0, 34), (30, 17, 34), (12, 33, 34)):
        shown = log.journal(say, [wide] * count, page=page, pages=pages, found=1_000)
        fits(shown)
        sections = [block for block in shown[1] if block["type"] == "section"]
        assert "<!channel>" not in str(sections)
        assert max(len(str(block["text"]["text"])) for block in sections) < 3_000  # type: ignore[index]
        assert len(shown[1]) <= 50


@BOTH
@pytest.mark.parametrize("thing", Thing)
@pytest.mark.parametrize("name", ["Clients 2026", ""])
def test_everything_that_can_be_done_something_to_has_words(say: Say, thing: Thing, name: str) -> None:
    named = name if thing in (Thing.LIST, Thing.CAMPAIGN, Thing.TEMPLATE) else ""
    _, blocks = log.journal(say, [told(thing, name=named)], page=0, pages=1, found=1)
    assert say("log.verb.imported") in words(blocks)


def test_a_line_is_read_as_a_sentence() -> None:
    _, blocks = log.journal(EN, [told()], page=0, pages=1, found=1)
    line = words(blocks)
    assert "*Claire* imported the list “Clients 2026” (412 contacts)" in line
    assert "Nov 23, 2026" in line
