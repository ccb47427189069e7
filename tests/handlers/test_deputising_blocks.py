"""What deputies, and admins of closed accounts, are shown: in every state, both languages, at its largest."""

import pytest

from bot.core.attending import Attended
from bot.core.campaigns import State
from bot.core.closures import Answer, Closure
from bot.core.ids import ListId, MemberId
from bot.texts import Say
from handlers.blocks import closures, deputies, deputising
from handlers.blocks.home import Content, home
from handlers.blocks.wizard import Shown
from tests.handlers.campaign_records import (
    EN,
    FR,
    LARGEST,
    NOW,
    WIDEST,
    a_campaign,
    a_list,
    a_member,
    buttons,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
EVERY_STATE = pytest.mark.parametrize("state", list(State))
SAMIR = MemberId("U2")


def attended(state: State, **changes: object) -> Attended:
    owner = a_member(first_name="W" * 80)
    return Attended(campaign=a_campaign(state, **WIDEST, **changes), progress=LARGEST, owner=owner)


@BOTH
@EVERY_STATE
def test_slack_takes_every_message_of_a_deputy(say: Say, state: State, fits: Fits) -> None:
    one = attended(state, deputy=SAMIR)
    for is_departed in (True, False):
        text, blocks = deputising.message(say, one, is_departed=is_departed)
        fits((text, blocks))
        assert set(buttons(blocks)) <= {"campaigns.pause", "campaigns.stop"}
        assert "example" not in words(blocks)


@BOTH
@EVERY_STATE
@pytest.mark.parametrize("answer", [None, *Answer])
def test_slack_takes_every_question_about_a_closed_account(
    say: Say, state: State, answer: Answer | None, fits: Fits
) -> None:
    closure = Closure(
        owner=MemberId("U1"), at=NOW, places=(SAMIR,), answer=answer, by=SAMIR if answer else None
    )
    by = a_member(id=SAMIR, first_name="W" * 80) if answer else None
    text, blocks = closures.message(say, attended(state, closure=closure), by, replies_lost=True)
    fits((text, blocks))
    if answer or state not in closures.OPEN:
        assert buttons(blocks) == {}
    else:
        going = {"campaigns.let_go"} if state in closures.GOING else set()
        assert set(buttons(blocks)) == {"campaigns.take_over", "campaigns.stop"} | going


@BOTH
def test_the_field_holds_who_was_named(say: Say) -> None:
    shown = Shown(say=say, member=a_member(), draft=a_campaign(deputy=SAMIR))
    block = deputies.deputy_block(shown)
    assert block["block_id"] == "deputy"
    assert block["optional"] is True
    assert "U2" in str(block["element"])
    assert deputies.deputy({"deputy": {"selected_user": "U3"}}, SAMIR) == "U3"
    assert deputies.deputy({"deputy": {"selected_user": None}}, SAMIR) is None
    assert deputies.deputy({}, SAMIR) == SAMIR


@BOTH
def test_the_fullest_home_shows_all_of_itself(say: Say, fits: Fits) -> None:
    """Home ends at a hundred blocks: nothing may be cut off its end."""
    lists = [a_list("W" * 80, list_id=f"lst_{n}") for n in range(25)]
    content = Content(
        needs_you=[(a_campaign(State.HELD, **WIDEST), LARGEST)] * 20,
        campaigns=[(a_campaign(State.SENT, **WIDEST), LARGEST)] * 20,
        drafts=[a_campaign(State.DRAFT, **WIDEST)] * 20, lists=lists,
        others=[attended(State.SENDING)] * 9, last=(a_campaign(State.SENT, **WIDEST), lists[0]),
    )  # fmt: skip
    view = home(say, content, {ListId("lst_0"): 3})
    fits(view)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    assert blocks[-1]["type"] == "context", "the last line is there"
