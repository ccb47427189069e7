"""What a campaign's message and its line look like in each state, in both languages, and at their largest."""

import re
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.core.delivery import Progress
from bot.core.sentences import sentence
from bot.texts import Say
from handlers.blocks import campaigns, kit
from tests.handlers.campaign_records import (
    EN,
    FR,
    LARGEST,
    MIXED,
    NOW,
    PING,
    WIDEST,
    a_campaign,
    a_progress,
    buttons,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
EVERY_STATE = pytest.mark.parametrize("state", list(State))
SMALL = a_progress(people=1, accepted=1)


@BOTH
@EVERY_STATE
@pytest.mark.parametrize(
    "progress", [Progress(), SMALL, MIXED, LARGEST], ids=["none", "small", "mixed", "large"]
)
@pytest.mark.parametrize("changes", [{}, WIDEST], ids=["ordinary", "widest"])
def test_slack_takes_every_message(
    say: Say, state: State, progress: Progress, changes: dict[str, Any], fits: Fits
) -> None:
    why = sentence("mail.refused.key", detail="W" * 200)
    campaign = a_campaign(state, **changes, why=why)
    fits(campaigns.message(say, campaign, progress))
    fits(("line", campaigns.line(say, campaign, progress)))
    assert len(campaigns.line(say, campaign, progress)) <= 2


@BOTH
def test_slack_takes_the_other_messages(say: Say, fits: Fits) -> None:
    followed = [(a_campaign(State.SENDING, **WIDEST), LARGEST)] * 40
    fits(campaigns.listing(say, followed))
    fits(campaigns.choice(say, "campaigns.stop.several", followed))
    fits(campaigns.kept(say, a_campaign(**WIDEST)))
    fits(campaigns.discarded(say, WIDEST["name"]))
    fits(campaigns.offer(say))
    fits(campaigns.none(say))


ACTS = {
    State.DRAFT: {"edit"},
    State.AWAITING: {"cancel"},
    State.SCHEDULED: {"edit", "reschedule", "cancel"},
    State.SENDING: {"pause", "stop"},
    State.PAUSED: {"resume", "stop"},
    State.HELD: {"send_now", "reschedule", "cancel"},
    State.SENT: set(),
    State.STOPPED: set(),
    State.CANCELLED: set(),
    State.FAILED: set(),
}


@EVERY_STATE
def test_only_what_works_is_offered(state: State) -> None:
    _, blocks = campaigns.message(FR, a_campaign(state), MIXED)
    assert set(buttons(blocks)) == {f"campaigns.{verb}" for verb in ACTS[state]}


def test_a_campaign_held_half_way_goes_on_or_stops() -> None:
    _, blocks = campaigns.message(FR, a_campaign(State.HELD, departed_at=NOW), MIXED)
    assert set(buttons(blocks)) == {"campaigns.send_now", "campaigns.stop"}


@EVERY_STATE
def test_every_button_names_the_campaign_and_its_revision(state: State) -> None:
    campaign = a_campaign(state, revision=7)
    for shown in (campaigns.message(EN, campaign, MIXED), campaigns.line(EN, campaign, MIXED)):
        for button in buttons(shown).values():
            target = kit.Target.parse(button["value"])
            assert (target.id, target.revision) == ("cmp_9", 7)


def test_scheduled() -> None:
    text, blocks = campaigns.message(FR, a_campaign(State.SCHEDULED), Progress())
    assert text.replace("\u00a0", " ") == "Satisfaction 2026 : programmée"
    said = words(blocks)
    assert "Satisfaction 2026 · programmée" in said
    assert "*391 personnes*" in said
    assert re.search(r"<!date\^\d+\^\{date_long_pretty\} à \{time\}\|mardi 24 novembre à 10:00>", said)
    assert "De Studio Nova &lt;enquetes@studio-nova.example&gt;" in said
    assert "<https://forms.example/s/1|forms.example/s/1>" in said
    asked = buttons(blocks)["campaigns.cancel"]["confirm"]
    assert words(asked["text"]) == "Les lettres prévues pour 391 personnes ne partiront pas."


def test_sending_adds_up() -> None:
    said = words(campaigns.message(EN, a_campaign(State.SENDING), MIXED))
    assert "`█████████████░░░░░░░` 66%" in said
    assert "3,000 people = 3,014 − 14 unsubscribed" in said
    letters = "1,000 accepted + 1,000 not gone + 990 to check + 8 refused + 2 unsubscribed meanwhile"
    assert f"*3,000 letters* = {letters}" in said
    terms = [int(term.split()[0].replace(",", "")) for term in letters.split(" + ")]
    assert sum(terms) == 3_000


def test_stopping_says_how_many_letters_are_left() -> None:
    _, blocks = campaigns.message(FR, a_campaign(State.SENDING), MIXED)
    asked = words(buttons(blocks)["campaigns.stop"]["confirm"]["text"])
    assert asked == (
        "Les 1 990 lettres parties ne se rappellent pas. 1 000 lettres qui ne sont pas parties ne partiront "
        "pas. Le questionnaire reste ouvert."
    )


def test_paused_says_why() -> None:
    why = sentence("mail.refused.key", detail="The provided authorization grant is invalid")
    said = words(campaigns.message(EN, a_campaign(State.PAUSED, why=why), MIXED))
    assert "Satisfaction 2026 · paused" in said
    assert "it isn't you" in said


def test_sent_never_says_that_a_letter_was_sent() -> None:
    said = words(campaigns.message(FR, a_campaign(State.SENT), a_progress(unsubscribed=1)))
    assert "*391 lettres* = 391 acceptées" in said
    assert "*1 désinscription* depuis le départ" in said
    assert "pas partie" not in said


def test_uncertain_letters_are_said_honestly() -> None:
    said = words(campaigns.message(FR, a_campaign(State.SENT), a_progress(accepted=390, uncertain=1)))
    assert "*1 lettre à vérifier* : elle est partie ou non, je ne peux pas le savoir" in said
    assert "*391 lettres* = 390 acceptées + 1 à vérifier" in said


@BOTH
@EVERY_STATE
def test_nobody_is_pinged_by_a_name(say: Say, state: State) -> None:
    campaign = a_campaign(state, name=PING, list_title=PING, link="https://forms.example/?<!here>|x")
    text, blocks = campaigns.message(say, campaign, MIXED)
    mrkdwn = [text] + [
        one["text"]
        for block in [*blocks, *campaigns.line(say, campaign, MIXED)]
        for one in [block.get("text", {}), *(block.get("elements") or [])]
        if isinstance(one, dict) and one.get("type") == "mrkdwn"
    ]
    assert not any("<!channel>" in one or "<!here>" in one or "<@" in one for one in mrkdwn)
