"""A questionnaire that has closed: no letter leaves that leads to it, and its owner is told what to do.

`planning.is_closed` says when; it is asked with the moment of each claim.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import planning
from bot.core.campaigns import Campaign, State
from bot.core.redirects import may_change_link
from bot.core.sentences import Refusal, Sentence, sentence

PAUSED = "closing.why.paused"


def why_paused(campaign: Campaign, left: int) -> Sentence:
    """`left`: letters that did not leave."""
    return sentence(PAUSED, moment=_closing(campaign), n=left, button=button(campaign))


def why_held(campaign: Campaign) -> Sentence:
    """Nothing of it has left, and nothing does."""
    return sentence("closing.why.held", moment=_closing(campaign))


def why_not_reminded(campaign: Campaign, number: int) -> Sentence:
    return sentence("closing.why.reminder", number=number, moment=_closing(campaign))


def button(campaign: Campaign) -> Sentence:
    """What the button is called that changes its closing."""
    return sentence("questionnaires.change" if may_change_link(campaign) else "closing.change")


def require_open(campaign: Campaign, now: datetime) -> None:
    """For who would let letters leave. Raises Refusal, with the way to do so."""
    if not planning.is_closed(campaign, now):
        return
    if campaign.departed_at is None:
        raise Refusal("closing.refused.held", moment=_closing(campaign))
    raise Refusal("closing.refused", moment=_closing(campaign), button=button(campaign))


def check_moment(campaign: Campaign, chosen: datetime, now: datetime) -> None:
    """When it is to leave, of one that has not. Raises Refusal at the field."""
    if planning.is_closed(campaign, now):
        raise Refusal("closing.refused.held", field="send_at", moment=_closing(campaign))
    if planning.is_closed(campaign, chosen):
        raise Refusal("reminders.refused.closing", field="send_at", closing=_closing(campaign))


def reopened(campaign: Campaign, now: datetime) -> Campaign:
    """As it stands with another closing: paused for the one before, it says what is to be done now. The
    revision stays, for whoever changes the record."""
    why = campaign.why
    if campaign.state is not State.PAUSED or why is None or why.key != PAUSED:
        return campaign
    if planning.is_closed(campaign, now):
        return campaign
    left = why.values["n"]
    assert isinstance(left, int)
    return replace(campaign, why=sentence("closing.why.open", n=left))


def _closing(campaign: Campaign) -> datetime:
    assert campaign.closing_at is not None
    return campaign.closing_at
