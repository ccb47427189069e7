"""The live message: answers first, what nobody knows called unknown, two charts, and their words."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import Known, Source
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold, Progress
from bot.core.events import WHYS
from bot.core.facts import Events, Happened, Item
from bot.core.ids import MemberId
from bot.core.people import Language
from bot.core.reminders import MOST, Reminder
from bot.core.sentences import sentence
from bot.core.timeline import QUARTER
from bot.texts import Say
from handlers.blocks import campaigns, charts, kit
from tests.core.test_figures import ITEMS, facts
from tests.handlers.campaign_records import (
    EN,
    FR,
    MILLION,
    NOW,
    WIDEST,
    W,
    a_campaign,
    a_progress,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
DEPARTED = NOW - timedelta(days=4)
TYPEFORM = "https://nova.typeform.com/to/abc123"
LIVE = (State.SENDING, State.PAUSED, State.HELD, State.SENT, State.STOPPED, State.FAILED)


def at(**span: float) -> int:
    return int((DEPARTED + timedelta(**span)).timestamp()) // QUARTER


def told(source: Source, count: int = 87, moment: datetime = NOW - timedelta(minutes=4)) -> tuple[Known, ...]:
    return (Known(source=source, at=moment, count=count),)


def sent(**changes: Any) -> Campaign:
    values = {"departed_at": DEPARTED, "answers": told(Source.WEBHOOK), "link": TYPEFORM}
    return a_campaign(changes.pop("state", State.SENT), **{**values, **changes})


ANSWERED = a_progress(
    delivered=386, bounced=2, blocked=1, failures={"unknown": 2, "blocked": 1}, unsubscribed=2, answered=87,
    clicked=120, scanned=41, at=NOW, answers={at(hours=1): 40, at(days=1): 27, at(days=3): 20},
)  # fmt: skip


def fields(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    _, blocks = campaigns.message(say, campaign, progress)
    block = next(one for one in blocks if "fields" in one)
    return [words(field) for field in block["fields"]]  # type: ignore[attr-defined]


def contexts(say: Say, campaign: Campaign, progress: Progress) -> str:
    _, blocks = campaigns.message(say, campaign, progress)
    return words([block for block in blocks if block["type"] == "context"])


def drawn(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    return charts.charts(say, campaign, progress)


def test_answers_come_first() -> None:
    assert fields(FR, sent(), ANSWERED) == [
        "*87 réponses*\n23 % des distribuées",
        "*386 distribuées*\nsur 391 acceptées",
        "*3 en échec*\n2 adresses inexistantes, 1 refusée par le serveur",
        "*2 désinscriptions*\npersonnes exclues pour toujours",
    ]
    assert fields(EN, sent(), ANSWERED) == [
        "*87 answers*\n23% of delivered",
        "*386 delivered*\nof 391 accepted",
        "*3 failed*\n2 addresses that do not exist, 1 refused by the server",
        "*2 unsubscribed*\nexcluded for good",
    ]


def test_what_stands_below_them() -> None:
    said = words(campaigns.message(FR, sent(), ANSWERED))
    assert "`████░░░░░░░░░░░░░░░░` 23 % ont répondu" in said
    aside = (
        "2 encore en route · 120 personnes ont ouvert le questionnaire · clics de robots écartés : 41 lettres"
        " · ouvertures non mesurées"
    )
    assert aside in said
    said = words(campaigns.message(EN, sent(counts_openings=True), replace(ANSWERED, openings=200)))
    assert "`████░░░░░░░░░░░░░░░░` 23% answered" in said
    assert "2 still on their way · 120 people opened the survey · robot clicks set apart: 41" in said
    assert "200 letters opened, indicative" in said


def test_the_notification_and_the_line_say_the_same() -> None:
    reminded = sent(reminders=(Reminder(days=4),))
    text, _ = campaigns.message(FR, reminded, ANSWERED)
    numbers = "87 réponses (23 %) · 386 distribuées · 3 en échec · Relance 1 mercredi 25 nov."
    assert words({"text": text}) == f"Satisfaction 2026 : envoyée · {numbers}"
    assert numbers in words(campaigns.line(FR, reminded, ANSWERED))
    line = words(campaigns.line(EN, reminded, ANSWERED))
    assert "87 answers (23%) · 386 delivered · 3 failed · Reminder 1 Wednesday, Nov 25" in line


@pytest.mark.parametrize(
    ("changes", "field", "source", "brief"),
    [
        ({}, "*Réponses inconnues*", "Je ne sais pas qui a répondu", "réponses inconnues"),
        (
            {"answers_by": "webhook"}, "*Aucune réponse reçue*",
            "Réponses attendues par Typeform : aucune pour l'instant", "aucune réponse reçue",
        ),
        (
            {"answers": told(Source.EXPORT, 0)}, "*Aucune réponse*\npour l'instant",
            "Réponses connues par l'export déposé", "aucune réponse reçue",
        ),
    ],
    ids=["unknown", "awaited", "none"],
)  # fmt: skip
def test_unknown_is_not_nought(changes: dict[str, Any], field: str, source: str, brief: str) -> None:
    campaign = sent(**{"answers": (), **changes})
    counts = replace(ANSWERED, answered=0, clicked=0, answers={})
    assert fields(FR, campaign, counts)[0].startswith(field)
    assert source in contexts(FR, campaign, counts)
    said = words(campaigns.message(FR, campaign, counts))
    assert brief.capitalize() in words(campaigns.line(FR, campaign, counts))
    assert "0 réponse" not in said
    assert drawn(FR, campaign, counts) == []


def test_a_campaign_of_which_nothing_left_yet_says_so_once() -> None:
    paused = sent(state=State.PAUSED, answers=(), answers_by="unknown", why=sentence("campaigns.why.person"))
    none = Progress(people=3, pending=3)
    said = words(campaigns.line(FR, paused, none))
    assert said.count("accepté") == said.count("0 acceptée + 3 pas parties") == 1
    assert "réponses" not in said.lower()
    some = words(campaigns.line(FR, paused, replace(none, pending=1, accepted=2)))
    assert some.count("accepté") == 1
    assert "\nRéponses inconnues" in some


@pytest.mark.parametrize(
    ("source", "french", "english"),
    [
        (
            Source.WEBHOOK, "Réponses transmises par Typeform, la dernière",
            "Answers come from Typeform, the last one",
        ),
        (
            Source.PAGE, "Réponses connues par la dernière page du questionnaire, la dernière",
            "Answers known from the survey's last page, the last one",
        ),
        (Source.EXPORT, "Réponses connues par l'export déposé", "Answers known from the export dropped"),
        (Source.HAND, "Réponses notées à la main", "Answers noted by hand"),
    ],
)  # fmt: skip
def test_it_says_how_answers_are_known_and_until_when(source: Source, french: str, english: str) -> None:
    campaign = sent(answers=told(source), deputy=MemberId("U0SAMIR"))
    for say, said, more in ((FR, french, "suppléant : <@U0SAMIR>"), (EN, english, "deputy: <@U0SAMIR>")):
        context = contexts(say, campaign, ANSWERED)
        assert f"{said} <!date^{int((NOW - timedelta(minutes=4)).timestamp())}^" in context
        assert more in context
        assert f"<!date^{int(NOW.timestamp())}^{{time}}|" in context


def test_a_tool_nobody_knows_is_its_host() -> None:
    campaign = sent(link="https://enquetes.exemple.fr/s/<b>")
    assert "Réponses transmises par enquetes.exemple.fr," in contexts(FR, campaign, ANSWERED)


def test_in_one_wave_each_equation_stands_where_it_says_something() -> None:
    """All accepted: in small print. A letter in doubt: above the buttons."""
    assert "*391 lettres* = 391 acceptées" in contexts(FR, sent(), ANSWERED)
    doubtful = replace(ANSWERED, accepted=390, uncertain=1)
    assert "lettres* =" not in contexts(FR, sent(), doubtful)
    assert "*391 lettres* = 390 acceptées + 1 à vérifier" in words(campaigns.message(FR, sent(), doubtful))


def test_a_reminder_under_way_has_its_own_letters() -> None:
    going = sent(state=State.SENDING, reminders=(Reminder(days=4, wave=1, left_at=NOW),))
    counts = replace(ANSWERED, later=(Progress(people=304, accepted=200, pending=100, uncertain=4),))
    said = words(campaigns.message(FR, going, counts))
    assert "`█████████████░░░░░░░` Relance 1 : 67 % des lettres remises" in said
    assert "*391 lettres* = 391 acceptées" in said
    assert "Relance 1 : *304 lettres* = 200 acceptées + 100 pas parties + 4 à vérifier" in said
    assert "*4 lettres à vérifier*" in said
    assert "*87 réponses*" in said


@given(
    outcome=st.sampled_from(["accepted", "uncertain", "settled"]), items=st.lists(ITEMS, max_size=60),
    is_told=st.booleans(),
)  # fmt: skip
def test_the_four_numbers_are_the_ledgers(outcome: str, items: list[Item], is_told: bool) -> None:
    fold = Fold()
    for fact in (*facts(outcome), *(Events(wave=0, items=(item,)) for item in items)):
        fold.apply(fact)
    receipts, campaign = fold.receipts, sent(answers=told(Source.HAND) if is_told else ())
    answered, failed = receipts.count(Happened.ANSWERED), sum(receipts.reasons().values())
    first, second, third, fourth = (numbers(field) for field in fields(EN, campaign, fold.progress()))
    assert first[:1] == ([answered] if answered else [])
    if receipts.delivered or failed:
        assert second[0] == receipts.delivered
        assert second[1] >= receipts.delivered + failed
    else:
        assert second == [fold.progress().accepted]
    assert (third[:1], sum(third[1:])) == (([failed], failed) if failed else ([], 0))
    assert sum(fourth) == receipts.count(Happened.UNSUBSCRIBED)
    assert "0 answer" not in words(campaigns.message(EN, campaign, fold.progress()))


def numbers(text: str) -> list[int]:
    """Those of a field, in order."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


# --- charts -------------------------------------------------------------------------------------------


def test_from_the_letter_to_the_answer() -> None:
    funnel, _ = drawn(FR, sent(), ANSWERED)
    assert (funnel["type"], funnel["title"]) == ("data_visualization", "De la lettre à la réponse")
    chart: Any = funnel["chart"]
    (series,) = chart["series"]
    assert [(one["label"], one["value"]) for one in series["data"]] == [
        ("Destinataires", 391), ("Acceptées", 391), ("Distribuées", 386), ("Ont ouvert le lien", 120),
        ("Ont répondu", 87),
    ]  # fmt: skip


def test_answers_by_day_and_only_as_known() -> None:
    _, course = drawn(EN, sent(), ANSWERED)
    chart: Any = course["chart"]
    assert (chart["type"], course["title"]) == ("area", "Answers, day by day")
    data = [(one["label"], one["value"]) for one in chart["series"][0]["data"]]
    assert data == [("Nov 19", 40), ("Nov 20", 27), ("Nov 21", 0), ("Nov 22", 20), ("Nov 23", 0)]
    _, course = drawn(EN, sent(answers=told(Source.EXPORT)), ANSWERED)
    assert course["title"] == "Answers known, day by day", "an export says when it was dropped"


def test_a_chart_says_more_than_a_number_or_is_not_there() -> None:
    assert drawn(FR, sent(), a_progress(delivered=386, at=NOW)) == []
    just = replace(ANSWERED, answers={at(minutes=5): 1}, at=DEPARTED + timedelta(minutes=10))
    assert [one["title"] for one in drawn(FR, sent(), just)] == ["De la lettre à la réponse"]


def test_the_same_in_words() -> None:
    funnel, course = (charts.in_words(FR, one) for one in drawn(FR, sent(), ANSWERED))
    assert words(funnel) == (
        "*De la lettre à la réponse*\n"
        "Destinataires 391 → Acceptées 391 → Distribuées 386 → Ont ouvert le lien 120 → Ont répondu 87"
    )
    assert words(course) == ("*Réponses, jour par jour*\n`█▆▁▅▁` 19 nov. – 23 nov. · le plus : 40 (19 nov.)")
    other = kit.section("any other block")
    assert charts.in_words(FR, other) == other


@BOTH
@pytest.mark.parametrize("days", [0.1, 0.9, 3, 25, 200, 900])
def test_slack_takes_the_charts_of_any_length(say: Say, days: float, fits: Fits) -> None:
    answers = {at(days=days * part / 40): MILLION for part in range(41)}
    progress = replace(ANSWERED, answers=answers, at=DEPARTED + timedelta(days=days))
    fits(campaigns.message(say, sent(), progress))
    _, course = drawn(say, sent(), progress)
    chart: Any = course["chart"]
    assert sum(one["value"] for one in chart["series"][0]["data"]) == sum(answers.values())
    fits(("words", [charts.in_words(say, course)]))


def test_an_hour_that_comes_twice_has_two_names(fits: Fits) -> None:
    """On 25 October 2026 at 3:00 Paris goes back to 2:00."""
    say = Say(Language.FRENCH, ZoneInfo("Europe/Paris"))
    departed = datetime(2026, 10, 25, 0, 0, tzinfo=ZoneInfo("Europe/Paris"))
    hours = [int(departed.timestamp()) // QUARTER + 4 * hour for hour in range(6)]
    now = datetime.fromtimestamp(hours[-1] * QUARTER, departed.tzinfo)
    progress = replace(ANSWERED, answers=dict.fromkeys(hours, 1), at=now)
    fits(campaigns.message(say, sent(departed_at=departed), progress))
    _, course = drawn(say, sent(departed_at=departed), progress)
    chart: Any = course["chart"]
    labels = [one["label"] for one in chart["series"][0]["data"]]
    assert labels == ["0 h", "1 h", "2 h", "2 h′", "3 h", "4 h"]


# --- at its largest -----------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize("wave", [0, MOST])
def test_slack_takes_it_at_its_largest(say: Say, state: State, wave: int, fits: Fits) -> None:
    many = dict.fromkeys(WHYS, MILLION)
    later = Progress(
        people=MILLION, pending=MILLION // 2, submitting=1_000, accepted=MILLION // 2, uncertain=1_111,
        rejected=1_111, skipped=1_111, per_hour=100, ends_at=NOW, failing_since=NOW,
    )  # fmt: skip
    progress = a_progress(
        people=MILLION, accepted=MILLION // 2, pending=MILLION // 2, uncertain=1_111, rejected=1_111,
        delivered=MILLION, bounced=MILLION, complained=MILLION, unsubscribed=MILLION, failures=many,
        answered=MILLION - 1, clicked=MILLION, scanned=MILLION, openings=MILLION, at=NOW,
        removed={"suppressed": MILLION, "invited": MILLION, "recent": MILLION, "duplicate": MILLION},
        answers={at(hours=hour): MILLION for hour in range(96)}, later=(later,) * wave,
    )  # fmt: skip
    reminders = tuple(
        Reminder(days=4 * day, wave=day if day <= wave else 0, left_at=NOW if day <= wave else None)
        for day in range(1, MOST + 1)
    )
    wide = {**WIDEST, "link": "https://" + W * 200 + ".example/s/1", "deputy": MemberId("U0SAMIR0000")}
    campaign = sent(**{**wide, "state": state, "reminders": reminders, "readers_zone": "Asia/Kathmandu"})
    text, blocks = campaigns.message(say, campaign, progress)
    fits((text, blocks))
    assert len(text) <= 4_000
    fits((text, [charts.in_words(say, block) for block in blocks]))
    fits(("line", campaigns.line(say, campaign, progress)))
    fits(campaigns.listing(say, [(campaign, progress)] * 12))


def test_a_trial_to_oneself_and_a_broken_ledger_stay_plain() -> None:
    for campaign, progress in (
        (sent(to_myself=True), a_progress(people=1, accepted=1)),
        (sent(), Progress.unknown(391)),
    ):
        _, blocks = campaigns.message(FR, campaign, progress)
        assert not any("fields" in block for block in blocks)
        assert "éponses" not in words(blocks)
