"""What a copy takes of a campaign, and what it leaves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import copies
from bot.core.approvals import Approval, Verdict
from bot.core.campaigns import NAME_LENGTH, Campaign, State, Step
from bot.core.ids import CampaignId, ListId, MemberId
from bot.core.questionnaires import Placement
from bot.core.reminders import Reminder
from bot.core.selection import Condition, Kind, Selection
from tests.handlers.campaign_records import NOW, a_campaign, a_list, a_member

SOON = NOW + timedelta(days=1)
NEW: dict[str, Any] = {
    "campaign_id": CampaignId("cmp_2"), "seed": "f00d", "now": NOW, "name": "Avis (2)", "send_at": SOON,
}  # fmt: skip


def sent(**changes: Any) -> Campaign:
    values: dict[str, Any] = {
        "subject": "Votre avis", "body": "Bonjour", "speed": 500, "deputy": MemberId("U7"), "audience": "abc",
        "send_at": NOW - timedelta(days=3), "reminders": (Reminder(days=4),), "tested_at": NOW,
        "approval": Approval(verdict=Verdict.APPROVED, at=NOW, revision=3, people=9), "revision": 12,
    }  # fmt: skip
    return a_campaign(State.SENT, **{**values, **changes})


@pytest.mark.parametrize("made", [copies.duplicate, copies.invite])
def test_what_was_chosen_is_taken_and_what_became_of_it_is_not(made: Any) -> None:
    source = sent()
    copy = made(source, **NEW)
    for name in ("link", "subject", "body", "speed", "deputy", "reminders", "sender", "reply_to", "list_id"):
        assert getattr(copy, name) == getattr(source, name)
    assert (copy.state, copy.revision, copy.audience, copy.send_at) == (State.DRAFT, 1, "", SOON)
    assert (copy.departed_at, copy.tested_at, copy.approval, copy.origin) == (None, None, None, source.id)
    assert copy.seed == "f00d", "two campaigns never share their merge tags"


def test_a_duplicate_keeps_a_moment_that_is_still_to_come() -> None:
    later, closing = NOW + timedelta(days=9), NOW + timedelta(days=20)
    copy = copies.duplicate(sent(send_at=later, closing_at=closing), **NEW)
    assert (copy.send_at, copy.closing_at, copy.step) == (later, closing, Step.CHECK)
    assert copies.duplicate(sent(closing_at=NOW), **NEW).closing_at is None


def test_the_chain_leads_to_its_first_campaign() -> None:
    second = copies.invite(sent(), **NEW)
    third = copies.invite(replace(second, state=State.SENT), **{**NEW, "campaign_id": CampaignId("cmp_3")})
    assert second.follows == third.follows == "cmp_9"


@pytest.mark.parametrize("kind", [Kind.PILOT, Kind.PICK])
def test_the_rest_is_everybody(kind: Kind) -> None:
    source = sent(
        selection=Selection(kind=kind, pilot=5, seed="s", people=("1f",), others=(ListId("lst_2"),))
    )
    assert copies.invite(source, **NEW).selection == Selection(others=(ListId("lst_2"),))


def test_a_filter_stays_a_filter() -> None:
    chosen = Selection(kind=Kind.FILTER, where=(Condition(column="company", values=("Nova",)),))
    assert copies.invite(sent(selection=chosen), **NEW).selection == chosen


def test_same_as_last_time_asks_for_the_link_alone() -> None:
    other = replace(a_list("Clients 2027", list_id="lst_8"), reason="Vous êtes client")
    chosen = Selection(kind=Kind.PILOT, pilot=5, seed="s", others=(ListId("lst_2"),), only=ListId("lst_3"))
    source = sent(selection=chosen, placement=Placement.COLUMN, link_column="Lien")
    copy = copies.again(source, **NEW, to=other)
    assert (copy.link, copy.step, copy.list_id, copy.reason) == (
        "",
        Step.PARAMETERS,
        "lst_8",
        "Vous êtes client",
    )
    assert copy.selection == Selection(kind=Kind.PILOT, pilot=5, seed="f00d")
    assert (copy.placement, copy.link_column) == (Placement.PARAMETER, "")
    same = copies.again(source, **NEW, to=a_list(list_id="lst_7"))
    assert (same.placement, same.link_column, same.selection.others) == (
        Placement.COLUMN, "Lien", (ListId("lst_2"),),
    )  # fmt: skip
    assert copies.is_again(copy)
    assert not copies.is_again(replace(copy, link="https://forms.example/s/2"))


def test_a_try_on_oneself_becomes_a_campaign_to_another_list() -> None:
    source = a_campaign(to_myself=True)
    assert not copies.again(source, **NEW, to=a_list(list_id="lst_8")).to_myself
    assert copies.again(source, **NEW, to=a_list(list_id=str(source.list_id))).to_myself


def test_names_are_numbered_and_always_fit() -> None:
    assert copies.numbered("Avis", {"Avis"}) == "Avis (2)"
    assert copies.numbered("Avis (2)", {"Avis", "Avis (2)"}) == "Avis (3)"
    long = copies.numbered("W" * NAME_LENGTH, set())
    assert (len(long), long[-4:]) == (NAME_LENGTH, " (2)")


def test_the_last_time_is_the_lists_own_where_it_had_one() -> None:
    member = a_member()
    older, newer = sent(list_id=ListId("lst_1")), sent(list_id=ListId("lst_2"))
    found = [newer, older, sent(owner=MemberId("U5"), list_id=ListId("lst_3"))]
    assert copies.model(found, member, ListId("lst_1")) is older
    assert copies.model(found, member, ListId("lst_3")) is newer
    assert copies.model([sent(to_myself=True), a_campaign()], member, ListId("lst_7")) is None
