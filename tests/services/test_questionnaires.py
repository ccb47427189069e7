"""Where a letter's link leads, and what changes that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import campaigns as rules
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.people import Member
from bot.core.questionnaires import Placement
from bot.core.sentences import Refusal, Stale
from bot.core.tokens import Bearer, Tokens, link_token, read_token
from bot.services.questionnaires import Questionnaires
from tests.services.mailroom import ANNA, NOON, NOVA, OWNER, POLICY, Room

HERE = CampaignId("cmp_1")
TOKENS = Tokens(POLICY.secret, NOVA, HERE)
ELSEWHERE = "https://forms.example/other"


@pytest.fixture
def sides(room: Room) -> Questionnaires:
    return Questionnaires(store=room.store, campaigns=room.campaigns, clock=room.clock, policy=POLICY)


def leaves(room: Room, **changes: Any) -> Campaign:
    """It has left, and its letters lead to /r."""
    known = room.campaign
    left = rules.move(known, State.SENDING, departed_at=NOON, redirects=True, **changes)
    room.store.campaigns.advance(NOVA, left, known.revision, None)
    return left


def edited(room: Room, **changes: Any) -> Campaign:
    known = room.campaign
    changed = rules.edit(known, **changes)
    room.store.campaigns.save(NOVA, changed, known.revision)
    return changed


# --- /r -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("placement", "link", "leads"),
    [
        (Placement.PARAMETER, "https://forms.example/s?a=1", "https://forms.example/s?a=1&postillon={}"),
        (Placement.FRAGMENT, "https://form.typeform.com/to/x", "https://form.typeform.com/to/x#postillon={}"),
        (Placement.PREFILLED, "https://forms.example/s?e=POSTILLON&b", "https://forms.example/s?e={}&b"),
        (Placement.PARAMETER, "https://exemple.fr/été", "https://exemple.fr/%C3%A9t%C3%A9?postillon={}"),
    ],
)
def test_the_answer_token_is_in_the_campaign_s_link(
    room: Room, sides: Questionnaires, placement: Placement, link: str, leads: str
) -> None:
    leaves(room, link=link, placement=placement)
    way = sides.followed(TOKENS.link(7, 2), "Firefox")
    assert way is not None
    assert (way.state, way.link) == ("open", leads.format(TOKENS.answer(7)))
    bearer = read_token(POLICY.secret, TOKENS.answer(7))
    assert bearer == Bearer(workspace=NOVA, campaign=HERE, recipient=7)
    assert sides.way(TOKENS.link(7, 2)) == way


def test_only_a_column_s_link_takes_the_disk(room: Room, sides: Questionnaires) -> None:
    leaves(room)
    assert sides.is_quick(TOKENS.link(1, 0))
    assert sides.is_quick("lforged")
    edited(room, placement=Placement.COLUMN, link_column="Lien")
    assert not sides.is_quick(TOKENS.link(1, 0))


def test_a_test_letter_s_link_is_never_an_answer(room: Room, sides: Questionnaires) -> None:
    way = sides.way(TOKENS.link(-1, 0))
    assert way is not None
    assert way.link == "https://forms.example/s"


@pytest.mark.parametrize(
    "token",
    [
        "lforged", "", TOKENS.answer(3), TOKENS.link(36, 0), TOKENS.link(-2, 0), TOKENS.link(10**9, 0),
        link_token(b"o" * 32, Bearer(workspace=NOVA, campaign=HERE, recipient=1, wave=0)),
        link_token(POLICY.secret, Bearer(workspace=NOVA, campaign=CampaignId("cmp_2"), recipient=1, wave=0)),
        link_token(
            POLICY.secret, Bearer(workspace=WorkspaceId("T2"), campaign=HERE, recipient=1, wave=0)
        ),
    ],
)  # fmt: skip
def test_tokens_of_nobody(room: Room, sides: Questionnaires, token: str) -> None:
    leaves(room)
    assert sides.followed(token, "Firefox") is None
    assert sides.looked(token) is None


def test_closed_from_the_very_moment(room: Room, sides: Questionnaires) -> None:
    leaves(room, closing_at=NOON + timedelta(days=1))
    token = TOKENS.link(0, 0)
    assert sides.way(token).state == "open"  # type: ignore[union-attr]
    room.clock.at = NOON + timedelta(days=1)
    way = sides.way(token)
    assert way is not None
    assert (way.state, way.language, way.link) == ("closed", "fr", "")


def test_a_column_leads_everybody_to_their_own(room: Room, sides: Questionnaires) -> None:
    people = [
        Contact(row=2, email="a@example.com", extras=("x", " https://forms.example/p/a ")),
        Contact(row=3, email="b@example.com", extras=("x", "javascript:alert(1)")),
        Contact(row=4, email="c@example.com", extras=("x",)),
    ]
    audience = room.store.campaigns.fix_audience(NOVA, HERE, people)
    leaves(
        room, audience=audience, audience_size=3, columns=("Segment", "Lien"), link_column="Lien",
        placement=Placement.COLUMN,
    )  # fmt: skip
    links = [sides.way(TOKENS.link(number, 0)) for number in range(3)]
    assert [way.link for way in links if way] == [
        "https://forms.example/p/a", "https://forms.example/s", "https://forms.example/s",
    ]  # fmt: skip


# --- another link -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED, State.SENT, State.STOPPED, State.HELD])
def test_another_link_is_there_at_once(room: Room, sides: Questionnaires, state: State) -> None:
    leaves(room)
    if state is not State.SENDING:
        edited(room, state=state)
    changed = sides.change_link(OWNER, HERE, 0, f" <{ELSEWHERE}> ")
    assert changed.state is state
    assert sides.way(TOKENS.link(5, 0)).link == f"{ELSEWHERE}?postillon={TOKENS.answer(5)}"  # type: ignore[union-attr]
    (past,) = changed.past_links
    assert (past.link, past.at, past.by) == ("https://forms.example/s", NOON, ANNA)
    assert [entry.verb for entry in room.store.log.read(NOVA)] == ["link changed"]
    assert room.wall.shown, "its message shows it"


def test_a_closed_questionnaire_is_opened_again_with_its_new_link(room: Room, sides: Questionnaires) -> None:
    leaves(room, closing_at=NOON - timedelta(days=1))
    for closing in ("kept", NOON - timedelta(days=1)):
        with pytest.raises(Refusal, match=r"closing\.past") as refused:
            sides.change_link(OWNER, HERE, 0, ELSEWHERE, closing)
        assert refused.value.field == "closing"
    assert sides.change_link(OWNER, HERE, 0, ELSEWHERE, NOON + timedelta(days=1)).link == ELSEWHERE
    assert sides.way(TOKENS.link(5, 0)).state == "open"  # type: ignore[union-attr]
    assert sides.change_link(OWNER, HERE, 0, ELSEWHERE, None).closing_at is None, "the link as it is"
    assert [entry.verb for entry in room.store.log.read(NOVA)] == ["link changed", "closing changed"]


def test_the_same_link_again_changes_nothing(room: Room, sides: Questionnaires) -> None:
    leaves(room)
    first = sides.change_link(OWNER, HERE, 0, ELSEWHERE)
    assert sides.change_link(OWNER, HERE, 0, ELSEWHERE) == first


def test_two_windows_do_not_write_over_each_other(room: Room, sides: Questionnaires) -> None:
    leaves(room)
    sides.change_link(OWNER, HERE, 0, ELSEWHERE)
    with pytest.raises(Stale, match=r"change\.stale"):
        sides.change_link(OWNER, HERE, 0, "https://forms.example/third")


def test_letters_that_leave_meanwhile_are_no_other_window(room: Room, sides: Questionnaires) -> None:
    leaves(room)
    edited(room, state=State.SENT)
    assert sides.change_link(OWNER, HERE, 0, ELSEWHERE).link == ELSEWHERE


def test_the_doctor_looks_at_the_new_link_too(room: Room, sides: Questionnaires) -> None:
    leaves(room)
    with pytest.raises(Refusal, match=r"questionnaires\.problem\.edit") as refused:
        sides.change_link(OWNER, HERE, 0, "https://tally.so/forms/abc/edit")
    assert refused.value.field == "link"
    assert sides.change_link(OWNER, HERE, 0, "https://form.typeform.com/to/x").placement is Placement.FRAGMENT


def test_only_where_letters_lead_to_us(room: Room, sides: Questionnaires) -> None:
    with pytest.raises(Stale):
        sides.change_link(OWNER, HERE, 0, ELSEWHERE)
    leaves(room)
    stranger = Member(workspace=NOVA, id=MemberId("U2"))
    with pytest.raises(Refusal, match=r"campaigns\.unknown"):
        sides.change_link(stranger, HERE, 0, ELSEWHERE)
    without = replace(sides, policy=replace(POLICY, public_url=""))
    with pytest.raises(Refusal, match="direct"):
        without.change_link(OWNER, HERE, 0, ELSEWHERE)
    edited(room, redirects=False)
    with pytest.raises(Refusal, match="direct"):
        sides.change_link(OWNER, HERE, 0, ELSEWHERE)
    edited(room, redirects=True, placement=Placement.COLUMN)
    with pytest.raises(Refusal, match="direct"):
        sides.changeable(OWNER, HERE)


def test_at_its_departure_a_campaign_notes_that_its_letters_lead_to_us(room: Room) -> None:
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.redirects
