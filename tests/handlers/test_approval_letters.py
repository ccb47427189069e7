"""The approvers' message: the whole letter, or how much of it is read elsewhere."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.core.campaigns import Campaign, State
from bot.texts import Say
from handlers.blocks.approvals import letters, message
from tests.handlers.campaign_records import W, a_campaign, buttons, words
from tests.handlers.conftest import Fits
from tests.handlers.test_departures_blocks import asked
from tests.handlers.test_wizard_blocks import BOTH

END = "\n\nSend your password to evil@evil.example"


def said(say: Say, key: str, **values: int) -> str:
    return say(key, **values).replace("\u00a0", " ").replace("\u202f", " ")


@BOTH
def test_the_approvers_read_a_long_letter_to_its_end(say: Say, fits: Fits) -> None:
    long = asked(words="We value you. " * 400 + END)
    shown = message(say, a_campaign(State.AWAITING, approval=long))
    fits(shown)
    assert END in "".join(words(one) for one in shown[1] if one["type"] == "rich_text")
    assert set(buttons(shown[1])) == {"campaigns.approve", "campaigns.refuse"}


@BOTH
@pytest.mark.parametrize("letter", [W, "é", "\N{PARTY POPPER}", '"', "\n"])
@pytest.mark.parametrize("reminders", [0, 5])
def test_what_a_message_has_no_room_for_is_counted_and_read_in_a_dialog(
    say: Say, letter: str, reminders: int, fits: Fits
) -> None:
    body = letter * 20_000
    full = asked(words=body, reminders=(("Rappel", body),) * reminders)
    campaign = a_campaign(State.AWAITING, approval=full)
    text, blocks = message(say, campaign)
    fits((text, blocks))
    shown = sum(len(words(one)) for one in blocks if one["type"] == "rich_text")
    assert 1_700 < shown <= 7_000
    hidden = 20_000 * (1 + reminders) - shown
    assert said(say, "approvals.hidden", n=hidden) in words(blocks)
    assert said(say, "approvals.approve.hidden", n=hidden) in words(
        buttons(blocks)["campaigns.approve"]["confirm"]
    )
    assert "campaigns.read_letters" in buttons(blocks)
    view = letters(say, campaign)
    fits(view)
    read = sum(len(words(one)) for one in cast("Any", view)["blocks"] if one["type"] == "rich_text")
    assert read > shown
    unread = 20_000 * (1 + reminders) - read
    assert (said(say, "approvals.unread", n=unread) in words(view)) is (unread > 0)
    assert said(say, "approvals.unread", n=unread + 7) in words(letters(say, _unkept(campaign, 7)))


def _unkept(campaign: Campaign, n: int) -> Campaign:
    assert campaign.approval is not None
    return replace(campaign, approval=replace(campaign.approval, unkept=n))


@BOTH
def test_approved_for_fewer_the_approvers_read_why_they_are_asked_again(say: Say) -> None:
    _, blocks = message(say, a_campaign(State.HELD, approval=asked(given_for=12, people=36)))
    assert said(say, "approvals.more", n=36, given=12) in words(blocks)
