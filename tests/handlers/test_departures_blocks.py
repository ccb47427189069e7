"""Step 4, its reminders, the approvers' message: as drawn in both languages, and at their largest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.approvals import Approval, Verdict
from bot.core.campaigns import State, When
from bot.core.delivery import Progress
from bot.core.ids import MemberId
from bot.core.moments import ZONES
from bot.core.reminders import Reminder
from bot.texts import Say
from handlers.blocks import campaigns
from handlers.blocks.approvals import message, refusal, replaced
from handlers.blocks.reminders import reminder
from handlers.blocks.wizard_when import when
from tests.handlers.campaign_records import EN, FR, MILLION, NOW, PING, W, a_campaign, buttons, words
from tests.handlers.conftest import Fits
from tests.handlers.test_wizard_blocks import BOTH, SIZES, block, inputs, shown

MOMENT = NOW + timedelta(hours=18, minutes=46)  # 10:00 in Paris, 4:00 in New York
TWO = (Reminder(days=4), Reminder(days=8))
MOST = tuple(Reminder(days=days, subject=W * 150, body="**W** " * 400) for days in (4, 8, 12, 16, 60))


def step(say: Say = FR, *, changes: dict[str, Any] | None = None, **how: Any) -> Any:
    return when(shown(say, changes=changes, **how), moment=MOMENT, undo_seconds=60, now=NOW)


def asked(**changes: Any) -> Approval:
    values = {
        "verdict": Verdict.ASKED, "at": NOW, "revision": 3, "people": 391, "total": 412,
        "left_out": (("suppressed", 14), ("duplicate", 7)),
        "domains": (("exemple.fr", 200), ("gmail.com", 120), ("", 71)), "places": ("C0ACCORDS",),
        "subject": "Camille, votre avis ?", "words": "Bonjour Camille,",
    }  # fmt: skip
    return Approval(**{**values, **changes})


# --- step 4 -------------------------------------------------------------------------------------------


@BOTH
@SIZES
@pytest.mark.parametrize("options", [False, True])
@pytest.mark.parametrize("zone", ["", "America/New_York", "Asia/Kolkata", "Etc/UTC"])
@pytest.mark.parametrize("plan", [(), TWO, MOST], ids=["none", "two", "most"])
def test_slack_takes_the_step(
    say: Say, changes: dict[str, Any], options: bool, zone: str, plan: tuple[Reminder, ...], fits: Fits
) -> None:
    fits(step(say, changes={**changes, "readers_zone": zone, "reminders": plan}, options=options))


def test_reminders_are_off_and_within_reach() -> None:
    view = step()
    assert inputs(view) == ["when", "send_at", "reminders"]
    select = block(view, "reminders")["element"]
    assert select["initial_option"]["value"] == "0"
    assert [one["value"] for one in select["options"]] == list("012345")
    assert inputs(step(options=True)) == ["when", "send_at", "reminders", "speed", "readers_zone"]


def test_planned_reminders_are_told_with_their_dates_and_promise_nothing() -> None:
    view = step(changes={"reminders": TWO})
    assert block(view, "reminder_days")["element"]["initial_value"] == "4, 8"
    told = words(block(view, "plan"))
    assert "Relance 1 prévue *lundi 30 novembre à 10:00*" in told
    assert "Relance 2 prévue *vendredi 4 décembre à 10:00*" in told
    assert "Aucune relance ne part tant que je ne sais pas qui a répondu." in told
    assert words(buttons(view)["campaigns.reminder"]) == "Les mots des relances"


def test_another_number_of_reminders_is_another_field() -> None:
    two, one = step(changes={"reminders": TWO}), step(changes={"reminders": TWO[:1]})
    ids = {block(view, "reminder_days")["element"]["action_id"] for view in (two, one)}
    assert len(ids) == 2, "Slack would keep what was typed for two"


def test_a_closing_leaves_room_for_fewer() -> None:
    closing = {"closing_at": MOMENT + timedelta(days=9)}
    values = [one["value"] for one in block(step(changes=closing), "reminders")["element"]["options"]]
    assert values == ["0", "1", "2", "3"]
    soon = step(changes={"closing_at": MOMENT + timedelta(hours=5)})
    assert "ferme trop tôt" in words(block(soon, "reminders"))


def test_both_clocks_where_they_differ() -> None:
    view = step(EN, changes={"readers_zone": "Europe/Paris", "zone": "America/New_York"})
    assert words(block(view, "both")) == (
        "*Tuesday, November 24 at 4:00 AM* your time (New York)\n"
        "*Tuesday, November 24 at 10:00 AM* for your readers (Paris)"
    )
    alike = step(FR, changes={"readers_zone": "Europe/Berlin"})
    assert "both" not in [one.get("block_id") for one in alike["blocks"]]
    now = step(FR, changes={"readers_zone": "Asia/Tokyo", "when": When.NOW})
    assert "both" not in [one.get("block_id") for one in now["blocks"]]


def test_a_time_that_comes_twice_is_told_with_its_offset() -> None:
    for utc, offset in ((0, "UTC+2"), (1, "UTC+1")):
        twice = datetime(2026, 10, 25, utc, 30, tzinfo=UTC)
        view = when(shown(FR), moment=twice, undo_seconds=60, now=NOW)
        assert f"Paris, {offset}" in words(block(view, "send_at"))


def test_every_zone_is_offered_under_its_city_with_its_time() -> None:
    element = block(step(options=True), "readers_zone")["element"]
    assert {one["value"] for one in element["options"]} >= set(ZONES)
    texts = [words(one) for one in element["options"]]
    assert "Londres (9:00)" in texts
    assert "Berlin" in texts, "the same clock as here"
    assert element["initial_option"]["value"] == "Europe/Paris"


def test_one_s_own_letter_needs_neither_reminder_nor_readers() -> None:
    assert inputs(step(changes={"to_myself": True}, options=True)) == ["when", "send_at", "speed"]


# --- the words of reminders ---------------------------------------------------------------------------


@BOTH
@SIZES
@pytest.mark.parametrize("number", [1, 3, 5])
def test_slack_takes_the_words_of_a_reminder(
    say: Say, changes: dict[str, Any], number: int, fits: Fits
) -> None:
    fits(reminder(shown(say, changes={**changes, "reminders": MOST}, told="W" * 400), number))


def test_the_words_of_a_reminder_start_from_the_shipped_ones() -> None:
    view = reminder(shown(EN, changes={"reminders": TWO}), 1)
    assert words(view["title"]) == "Reminder 1 of 2"
    assert view["private_metadata"] == "cmp_9:3:1"
    say = Say(a_campaign().language)
    assert block(view, "subject")["element"]["initial_value"] == say("templates.reminder.subject")
    assert set(buttons(view)) == {"campaigns.reminder_next"}
    assert set(buttons(reminder(shown(changes={"reminders": TWO}), 2))) == {"campaigns.reminder_previous"}


# --- the approvers' message ---------------------------------------------------------------------------


@BOTH
@SIZES
@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("state", [State.AWAITING, State.HELD, State.SCHEDULED, State.DRAFT])
def test_slack_takes_the_approvers_message(
    say: Say, changes: dict[str, Any], verdict: Verdict, state: State, fits: Fits
) -> None:
    large = {
        "subject": W * 150, "words": W * 30_000, "reminders": ((W * 150, W * 30_000),) * 5,
        "comment": W * 500, "people": MILLION, "by": MemberId("U2"),
        "decided_at": NOW, "domains": tuple((W * 250 + str(n), MILLION) for n in range(5)),
        "left_out": (("suppressed", MILLION), ("duplicate", MILLION), ("invited", MILLION),
                     ("recent", MILLION)),
    }  # fmt: skip
    for approval in (asked(verdict=verdict), asked(verdict=verdict, **large)):
        campaign = a_campaign(state, approval=approval, readers_zone="Asia/Tokyo", **changes)
        fits(message(say, campaign))
        fits(replaced(say, campaign))
        fits(refusal(say, campaign, "C0ACCORDS"))
        fits(campaigns.message(say, campaign, Progress()))


def test_the_approvers_read_numbers_domains_and_the_letter_of_somebody_invented() -> None:
    campaign = a_campaign(State.AWAITING, approval=asked(), readers_zone="America/New_York")
    text, blocks = message(FR, campaign)
    said = words(blocks)
    assert text.replace("\u00a0", " ") == "Accord demandé · Satisfaction 2026"
    assert "<@U1> demande votre accord pour envoyer *Satisfaction 2026*." in said
    assert "*391 personnes* · liste « Clients 2026 »" in said
    assert "Écartées : 14 désinscrites, 7 doublons" in said
    assert "`exemple.fr` 200, `gmail.com` 120, autres 71" in said
    assert "*mardi 24 novembre à 4:00* chez les destinataires (New York)" in said
    assert "Bonjour Camille," in said
    assert {one["value"] for one in buttons(blocks).values()} == {"cmp_9:3"}


def test_a_subject_that_would_be_empty_is_a_dash_and_no_broken_bold() -> None:
    for subject in ("", "  "):
        _, blocks = message(FR, a_campaign(State.AWAITING, approval=asked(subject=subject)))
        assert "*–*" in words(blocks)


@pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.REFUSED, Verdict.WITHDRAWN])
def test_what_is_decided_has_no_buttons(verdict: Verdict) -> None:
    decided = asked(verdict=verdict, by=MemberId("U2"), decided_at=NOW, comment=PING)
    _, blocks = message(EN, a_campaign(State.DRAFT, approval=decided))
    assert buttons(blocks) == {}
    assert "<!channel>" not in words(blocks)


def test_nobody_is_pinged_by_an_approval() -> None:
    hostile = asked(subject=PING, words=PING, domains=((PING, 1),))
    _, blocks = message(EN, a_campaign(State.AWAITING, approval=hostile, name=PING, list_title=PING))
    quote = next(one for one in blocks if one["type"] == "rich_text")
    others = [one for one in blocks if one is not quote and one["type"] != "header"]
    assert "<!channel>" not in words(others)


# --- the campaign's own message -----------------------------------------------------------------------


def test_the_scheduled_message_tells_both_clocks_and_the_plan() -> None:
    scheduled = a_campaign(State.SCHEDULED, readers_zone="America/New_York", reminders=TWO)
    said = words(campaigns.message(FR, scheduled, Progress()))
    assert "*mardi 24 novembre à 4:00* chez vos lecteurs (New York)" in said
    assert "Relance 1 prévue *mardi 1er décembre à 10:00* (4:00 à New York)" in said, (
        "Thanksgiving is no working day there"
    )
    assert "Aucune relance ne part tant que je ne sais pas qui a répondu." in said


def test_the_owner_reads_of_whom_an_approval_is_awaited() -> None:
    awaiting = a_campaign(State.AWAITING, approval=asked())
    said = words(campaigns.message(FR, awaiting, Progress()))
    assert "Accord demandé à <#C0ACCORDS>. Rien ne part avant." in said
    assert {"campaigns.edit", "campaigns.reschedule", "campaigns.cancel"} <= set(
        buttons(campaigns.message(FR, awaiting, Progress())[1])
    )
    of_admins = a_campaign(State.AWAITING, approval=asked(places=("U2", "U3")), send_at=None)
    said = words(campaigns.message(EN, of_admins, Progress()))
    assert "Approval asked of <@U2>, <@U3>." in said
    assert "It leaves once approved" in said


def test_held_and_unapproved_it_is_asked_for_again_and_never_sent() -> None:
    held = a_campaign(State.HELD, approval=asked())
    button = buttons(campaigns.message(FR, held, Progress())[1])["campaigns.send_now"]
    assert words(button) == "Demander l'accord"
    approved = a_campaign(State.HELD, approval=asked(verdict=Verdict.APPROVED))
    assert "Envoyer maintenant" in words(
        buttons(campaigns.message(FR, approved, Progress())[1])["campaigns.send_now"]
    )
