"""What a campaign's message and its line look like in each state, in both languages, and at their largest."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.core.attending import Attended
from bot.core.campaigns import State, Step
from bot.core.delivery import Progress
from bot.core.selection import Kind, Selection
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
    a_member,
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
    State.DRAFT: {"edit", "discard"},
    State.AWAITING: {"edit", "reschedule", "duplicate", "cancel"},
    State.SCHEDULED: {"edit", "reschedule", "duplicate", "cancel"},
    State.SENDING: {"pause", "answers", "report", "duplicate", "stop"},
    State.PAUSED: {"resume", "answers", "report", "duplicate", "stop"},
    State.HELD: {"send_now", "reschedule", "edit", "duplicate", "cancel"},
    State.SENT: {"remind", "answers", "report", "invite", "duplicate"},
    State.STOPPED: {"answers", "report", "invite", "duplicate"},
    State.CANCELLED: {"duplicate"},
    State.FAILED: {"duplicate"},
}


@EVERY_STATE
def test_only_what_works_is_offered(state: State) -> None:
    _, blocks = campaigns.message(FR, a_campaign(state), MIXED)
    assert set(buttons(blocks)) == {f"campaigns.{verb}" for verb in ACTS[state]}


def test_a_campaign_held_half_way_goes_on_or_stops() -> None:
    _, blocks = campaigns.message(FR, a_campaign(State.HELD, departed_at=NOW), MIXED)
    kept = {f"campaigns.{verb}" for verb in ("answers", "report", "duplicate")}
    assert set(buttons(blocks)) == {"campaigns.send_now", "campaigns.stop"} | kept


def test_what_is_asked_has_its_answers_alone() -> None:
    _, blocks = campaigns.asked(FR, a_campaign(State.PAUSED), MIXED, sentence("campaigns.why.person"))
    assert set(buttons(blocks)) == {"campaigns.resume", "campaigns.stop"}


def test_after_a_pilot_there_are_others_to_invite() -> None:
    pilot = a_campaign(State.SENT, selection=Selection(kind=Kind.PILOT, pilot=50))
    for say, said in ((FR, "Inviter les autres"), (EN, "Invite the rest")):
        _, blocks = campaigns.message(say, pilot, MIXED)
        assert words(buttons(blocks)["campaigns.invite"]) == said
    _, blocks = campaigns.message(FR, a_campaign(State.SENT, to_myself=True), MIXED)
    assert set(buttons(blocks)) == {"campaigns.duplicate"}


@BOTH
def test_drafts_stand_apart_newest_first(say: Say, fits: Fits) -> None:
    """Ten campaigns, a dozen drafts and campaigns of others still make one message."""
    drafts = [
        a_campaign(State.DRAFT, **WIDEST, step=step, changed_at=NOW - timedelta(days=day))
        for day, step in enumerate([*Step] * 3)
    ]
    sent = [a_campaign(State.SENT, **WIDEST)] * 12
    others = [Attended(campaign=a_campaign(State.SENDING, **WIDEST), progress=LARGEST, owner=a_member())] * 9
    followed = [(one, LARGEST) for one in [*reversed(drafts), *sent]]
    fits(campaigns.listing(say, followed, others))
    fits(campaigns.listing(say, [(one, Progress()) for one in drafts]))
    newest = buttons(campaigns.drafts(say, list(reversed(drafts))[-4:]))
    assert newest["campaigns.edit"]["value"].startswith("cmp_9:")


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
    letters = (
        "1,000 accepted + 200 being handed over + 800 not gone + 990 to check + 8 refused "
        "+ 2 unsubscribed meanwhile"
    )
    assert f"*3,000 letters* = {letters}" in said
    terms = [int(term.split()[0].replace(",", "")) for term in letters.split(" + ")]
    assert sum(terms) == 3_000


def test_stopping_says_how_many_letters_are_left() -> None:
    _, blocks = campaigns.message(FR, a_campaign(State.SENDING), MIXED)
    asked = words(buttons(blocks)["campaigns.stop"]["confirm"]["text"])
    assert asked == (
        "Les 2 190 lettres parties ne se rappellent pas. 800 lettres qui ne sont pas parties ne partiront "
        "pas. Le questionnaire reste ouvert."
    ), "what is being handed over may have gone"


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (Progress(people=3, pending=3), "Aucune lettre n'est partie. 3 lettres qui ne sont pas parties"),
        (Progress(people=3, submitting=3), "Les 3 lettres parties ne se rappellent pas. Le questionnaire"),
    ],
    ids=["nothing gone", "nothing left"],
)
def test_what_is_none_is_not_called_one(progress: Progress, expected: str) -> None:
    _, blocks = campaigns.message(FR, a_campaign(State.SENDING), progress)
    assert words(buttons(blocks)["campaigns.stop"]["confirm"]["text"]).startswith(expected)


def test_paused_says_why() -> None:
    why = sentence("mail.refused.key", detail="The provided authorization grant is invalid")
    said = words(campaigns.message(EN, a_campaign(State.PAUSED, why=why), MIXED))
    assert "Satisfaction 2026 · paused" in said
    assert "it isn't you" in said


def test_sent_never_says_that_a_letter_was_sent() -> None:
    said = words(campaigns.message(FR, a_campaign(State.SENT), a_progress(unsubscribed=1)))
    assert "*391 lettres* = 391 acceptées" in said
    assert "*1 désinscription*\npersonne exclue pour toujours" in said
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


@pytest.mark.parametrize(
    ("state", "french", "english"),
    [
        (State.SCHEDULED, "« {} » a été programmée.", "“{}” was scheduled."),
        (State.SENDING, "« {} » : l'envoi a suivi son cours.", "“{}”: the mailing went on."),
        (State.CANCELLED, "{} : annulée", "{}: cancelled"),
    ],
)
def test_a_question_that_is_over_says_what_stays_true(state: State, french: str, english: str) -> None:
    """Nobody edits it again, whatever the campaign does next."""
    campaign = a_campaign(state)
    assert campaigns.answered(FR, campaign)[0].replace("\u00a0", " ") == french.format(campaign.name)
    assert campaigns.answered(EN, campaign)[0] == english.format(campaign.name)
