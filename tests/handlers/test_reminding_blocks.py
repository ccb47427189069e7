"""Reminders as they are shown: what is asked, what became of it, the dialogs; at their largest too."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.answers import Known, Source
from bot.core.campaigns import Campaign, State
from bot.core.planning import plan
from bot.core.progress import Progress
from bot.core.reminders import Reminder
from bot.core.sentences import sentence
from bot.core.silent import Moved, Outlook, Preview, Silence
from bot.texts import Say
from handlers.blocks import campaigns, reminding
from handlers.blocks.reminders import departed, promise
from tests.handlers.campaign_records import EN, FR, NOW, WIDEST, W, a_campaign, a_progress, buttons, words
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
TWO = (Reminder(days=4), Reminder(days=8))
WORDY = tuple(Reminder(days=days, subject=W * 150, body="**W** " * 400) for days in (4, 8, 12, 16, 60))
TOLD = (Known(source=Source.WEBHOOK, at=NOW, count=3),)
PREVIEW = Preview(
    wave=1, is_known=True, subject="", body="", is_worded=True, lately=12,
    outlook=Outlook(people=412, left_out={Silence.ANSWERED: 38, Silence.OBJECTED: 3}),
)  # fmt: skip


def sent(**changes: Any) -> Campaign:
    return a_campaign(State.SENT, **{"ended_at": NOW, "reminders": TWO, "answers": TOLD, **changes})


def held(why: str = "reminders.why.unknown", **changes: Any) -> Campaign:
    first = replace(TWO[0], unknown=why == "reminders.why.unknown")
    values = {"state": State.HELD, "why": sentence(why, number=1), "asks_about": 1, **changes}
    return replace(sent(reminders=(first, TWO[1])), **values)


def acts(shown: Any) -> set[str]:
    return {name.removeprefix("campaigns.") for name in buttons(shown)}


SAID = sentence("reminders.said.announced", name="Avis", number=1, moment=NOW, n=297)


@BOTH
def test_what_may_be_decided(say: Say, fits: Fits) -> None:
    progress = a_progress()
    announced = reminding.asked(say, sent(), progress, SAID)
    unknown = reminding.asked(say, sent(reminders=(replace(TWO[0], unknown=True),)), progress, SAID)
    waits, learned = (
        reminding.asked(say, one, progress, SAID) for one in (held(), held("storage.why.copied"))
    )
    assert acts(announced) == {"reminder_skip", "reminder_move", "stop"}
    assert acts(unknown) == acts(waits) == acts(announced) | {"reminder_everybody", "answers"}
    assert acts(learned) == acts(announced) | {"send_now"}
    for shown in (announced, unknown, waits, learned):
        fits(shown)


@BOTH
def test_the_moment_of_an_announcement_is_told_as_today(say: Say) -> None:
    said = replace(SAID, values={**SAID.values, "name": "<Avis>"})
    text, blocks = reminding.asked(say, sent(), a_progress(), said)
    told = blocks[0]["text"]["text"]
    assert f"<!date^{int(NOW.timestamp())}^{{date_long_pretty}} " in told
    assert "&lt;Avis&gt;" in told
    assert say.moment(NOW) in text, "a notification knows no such token"


def test_a_copy_may_have_left_since_and_that_is_said() -> None:
    shown = reminding.asked(FR, held("storage.why.copied"), a_progress(), SAID)
    assert "deux fois" in str(buttons(shown)["campaigns.send_now"]["confirm"])


def test_to_everybody_after_a_copy_names_both_risks() -> None:
    asked = held("storage.why.copied", reminders=(replace(TWO[0], unknown=True), TWO[1]))
    shown = buttons(reminding.asked(FR, asked, a_progress(), SAID))
    confirm = shown["campaigns.reminder_everybody"]["confirm"]
    assert "deux fois" in str(confirm)
    assert "répondu" in str(confirm)
    assert confirm["style"] == "danger"


@BOTH
def test_the_dialog_says_once_that_the_data_were_put_back(say: Say, fits: Fits) -> None:
    put_back = sent(departed_at=NOW, restored_at=NOW + timedelta(hours=1))
    view = reminding.by_hand(say, put_back, replace(PREVIEW, is_known=False))
    fits(view)
    assert [block.get("block_id") for block in view["blocks"]].count("restored") == 1
    left = replace(TWO[0], wave=1, left_at=NOW + timedelta(days=2))
    again = reminding.by_hand(say, replace(put_back, reminders=(left,)), PREVIEW)
    assert "restored" not in [block.get("block_id") for block in again["blocks"]]


def test_the_message_offers_what_works() -> None:
    progress = a_progress()
    assert {"remind", "pause", "stop"} <= acts(campaigns.message(FR, sent(), progress))
    assert {"remind", "resume", "stop"} <= acts(campaigns.message(FR, sent(rests=True), progress))
    none = acts(campaigns.message(FR, sent(reminders=()), progress))
    assert "remind" in none
    assert not none & {"pause", "resume", "stop"}
    five = tuple(Reminder(days=4 * n, wave=n, left_at=NOW) for n in range(1, 6))
    assert "remind" not in acts(campaigns.message(FR, sent(reminders=five), progress))
    assert "remind" not in acts(campaigns.message(FR, sent(to_myself=True, reminders=()), progress))
    assert {"reminder_everybody", "reminder_skip"} <= acts(campaigns.message(FR, held(), progress))


@BOTH
@pytest.mark.parametrize("state", [State.SENT, State.HELD, State.SENDING, State.STOPPED])
def test_slack_takes_the_largest(say: Say, state: State, fits: Fits) -> None:
    largest = a_campaign(state, **{**WIDEST, "departed_at": NOW, "ended_at": NOW, "reminders": WORDY})
    asks = replace(largest, asks_about=1 if state is State.HELD else 0)
    later = tuple(a_progress() for _ in range(5))
    fits(campaigns.message(say, asks, a_progress(later=later)))
    fits(reminding.asked(say, asks, a_progress(), replace(SAID, values={**SAID.values, "name": W * 80})))
    fits(reminding.closed(say, asks, 1))
    fits(reminding.move(say, largest, 1, NOW))
    for preview in (PREVIEW, replace(PREVIEW, is_known=False), replace(PREVIEW, is_worded=False)):
        fits(reminding.by_hand(say, largest, replace(preview, subject=W * 150, body="**W** " * 400)))


def test_the_dialog_says_the_numbers_and_the_button_carries_one() -> None:
    view = reminding.by_hand(FR, sent(), PREVIEW)
    assert "412 à relancer* · 38 ont répondu, dont 12 depuis hier · 3 désinscrits" in words(view)
    assert words(view["submit"]) == "Relancer 412"
    assert words(reminding.by_hand(EN, sent(), PREVIEW)["submit"]) == "Remind 412"


@BOTH
def test_the_dialog_says_what_it_does_to_the_one_that_is_planned_and_until_when_it_leaves(
    say: Say, fits: Fits
) -> None:
    slow = sentence("reminders.slow.closing", count=200, moment=NOW, closing=NOW)
    for moved in (Moved(before=NOW, after=NOW + timedelta(days=1)), Moved(before=NOW, after=None)):
        view = reminding.by_hand(say, sent(), replace(PREVIEW, moved=moved, slow=slow))
        fits(view)
        told = words(view)
        assert "200" in told
        assert told.count(f"<!date^{int(NOW.timestamp())}^") >= 2


@BOTH
def test_its_announcement_may_say_until_when_it_leaves(say: Say, fits: Fits) -> None:
    slow = sentence("reminders.slow", count=200, moment=NOW)
    said = sentence("reminders.said.slow", number=1, said=SAID, slow=slow)
    text, blocks = reminding.asked(say, sent(), a_progress(), said)
    fits((text, blocks))
    assert "200" in text
    assert blocks[0]["text"]["text"].count(f"<!date^{int(NOW.timestamp())}^") == 2


@BOTH
def test_asked_about_half_way_it_goes_on_or_is_given_up_and_has_no_other_date(say: Say, fits: Fits) -> None:
    half = replace(TWO[0], wave=1, left_at=NOW, unknown=True)
    campaign = replace(held(), reminders=(half, TWO[1]))
    said = sentence("reminders.said.half", number=1, name="Avis", n=18)
    shown = reminding.asked(say, campaign, a_progress(later=(a_progress(pending=18),)), said)
    fits(shown)
    assert acts(shown) == {"reminder_everybody", "reminder_skip", "answers", "stop"}
    assert "18" in str(buttons(shown)["campaigns.reminder_everybody"]["confirm"])


# --- lines --------------------------------------------------------------------------------------------


def shown(say: Say, campaign: Campaign, **counts: Any) -> str:
    return "\n".join(departed(say, campaign, a_progress(**counts))).replace("\u00a0", " ")


def test_the_next_one_with_its_number_and_the_others_without() -> None:
    told = shown(FR, sent(), answered=87, bounced=3, unsubscribed=2)
    assert "*Relance 1 <!date^" in told
    assert "à environ 299 personnes. Je vous préviens une heure avant." in told
    assert "Relance 2 prévue <!date^" in told


def test_no_number_where_nobody_knows_who_answered() -> None:
    told = shown(EN, sent(answers=()))
    assert "if I know who has answered. I'll ask you an hour before" in told
    assert "about" not in told


def test_in_the_hour_before_it_says_where_it_stands() -> None:
    moment = plan(sent(), NOW)[0].moment
    told = replace(TWO[0], announced=moment)
    assert "préviens" not in shown(FR, sent(reminders=(told,)))
    assert "j'attends votre réponse" in shown(FR, sent(reminders=(replace(told, unknown=True),)))
    assert "à tout le monde" in shown(FR, sent(reminders=(replace(told, unknown=True, to_unsure=True),)))


def test_what_left_what_was_given_up_and_what_is_paused() -> None:
    left = Reminder(days=4, wave=1, left_at=NOW + timedelta(days=4))
    known = (left, Reminder(days=8, skipped=True), Reminder(days=12))
    told = shown(FR, sent(reminders=known, rests=True), later=(a_progress(people=297),))
    assert "*Relance 1* partie <!date^" in told
    assert "à 297 personnes" in told
    assert "Relance 2 : abandonnée" in told
    assert "Relances suspendues" in told
    assert "préviens" not in told
    assert shown(FR, sent(reminders=())) == ""


@pytest.mark.parametrize(
    ("state", "accepted", "told"),
    [
        (State.SENDING, 497, "is leaving: 1,497 of 2,497 letters"),
        (State.PAUSED, 497, "broken off: 1,497 of 2,497 letters handed over"),
        (State.STOPPED, 497, "broken off: 1,497 of 2,497 letters handed over"),
        (State.PAUSED, None, "*Reminder 1*: none of its 2,497 letters has left"),
    ],
)
def test_it_has_left_once_all_of_it_has(state: State, accepted: int | None, told: str) -> None:
    known = (Reminder(days=4, wave=1, left_at=NOW),)
    counts = {"accepted": accepted or 0, "uncertain": 1_000 if accepted else 0}
    wave = Progress(people=2_500, skipped=3, pending=2_497 - sum(counts.values()), **counts)
    assert told in shown(EN, replace(sent(reminders=known), state=state), later=(wave,))


def test_it_left_when_its_first_letter_did() -> None:
    known, resumed = (Reminder(days=4, wave=1, left_at=NOW),), NOW + timedelta(days=3)
    wave = a_progress(people=2, accepted=2, begun_at=resumed)
    assert f"left <!date^{int(resumed.timestamp())}^" in shown(EN, sent(reminders=known), later=(wave,))


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (Source.WEBHOOK, "Seules les personnes qui n'ont pas répondu"),
        (Source.EXPORT, "je vous demande l'export"),
        (Source.UNKNOWN, "à tout le monde, ou à personne"),
    ],
)
def test_the_promise_follows_how_answers_are_known(expected: Source, said: str) -> None:
    assert said in promise(FR, a_campaign(answers_by=expected.value)).replace("\u00a0", " ")


def test_what_was_asked_says_what_became_of_it() -> None:
    first = plan(sent(), NOW)[0]
    ends = {
        "a commencé": sent(reminders=(replace(TWO[0], wave=1, left_at=NOW), TWO[1])),
        "ne partira pas": sent(reminders=(replace(TWO[0], skipped=True), TWO[1])),
        "partira": sent(reminders=(replace(TWO[0], announced=NOW), TWO[1])),
        "suspendues": sent(rests=True),
        "arrêtée": replace(sent(), state=State.STOPPED),
        "plus bas": sent(reminders=(replace(TWO[0], announced=first.moment), TWO[1])),
    }
    for said, campaign in ends.items():
        assert said in words(reminding.closed(FR, campaign, 1)[1]), said
