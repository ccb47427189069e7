"""What was found in a draft, as people read it."""

from datetime import UTC, datetime

import pytest

from bot.core.lint import Case, Survey, hours
from bot.core.people import Language
from bot.core.sentences import Refusal
from bot.services.drafts import check_moment
from bot.texts import Say
from handlers.blocks.lint import said
from tests.handlers.campaign_records import EN, FR, a_campaign


def told(say: Say, departs_at: datetime, readers_zone: str) -> list[str]:
    draft = a_campaign(send_at=departs_at, zone="Europe/Paris", readers_zone=readers_zone)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    case = Case(
        draft=draft, count=1, survey=Survey(), now=now, departs_at=departs_at, language=say.language.value
    )  # fmt: skip
    lines = [said(say, one).partition(": ")[2] for one in hours.unusual(case)]
    return [" ".join(line.split()) for line in lines]  # no-break spaces are no matter here


MONDAY = datetime(2026, 12, 7, 2, tzinfo=UTC)  # 3 o'clock in Paris, and still Sunday in New York
THANKSGIVING = datetime(2026, 11, 26, 16, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("say", "moment", "words"),
    [
        (FR, MONDAY, "Chez vos destinataires (New York), ce sera dimanche 6 décembre à 21:00, le week-end."),
        (EN, MONDAY, "(New York), it will be Sunday, December 6 at 9:00 PM, a weekend."),
        (FR, THANKSGIVING, "jeudi 26 novembre à 11:00, un jour férié (États-Unis)."),
        (EN, THANKSGIVING, "a public holiday (Thanksgiving Day)."),
        (FR, NIGHT, "Il sera 4:00 chez vos destinataires (New York)"),
        (EN, NIGHT, "It will be 4:00 AM where your recipients are (New York)"),
    ],
)
def test_the_departure_is_told_as_its_readers_live_it(say: Say, moment: datetime, words: str) -> None:
    (line,) = told(say, moment, "America/New_York")
    assert words in line


def test_one_row_is_one_row() -> None:
    assert "une case est très longue (ligne 3)" in FR("lint.value.long", n=1, what="x", rows="3")
    assert "lignes 3, 4" in FR("lint.subject.blank", n=2, rows="3, 4")
    assert FR("approvals.check", n=1).startswith("Au-dessus de 1 lettre,")


def test_the_first_of_a_month() -> None:
    first = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert Say(Language.FRENCH).moment(first) == "mardi 1er décembre à 9:00"
    assert Say(Language.FRENCH).moment(first, "d MMMM") == "1er décembre"
    assert Say(Language.ENGLISH).moment(first).startswith("Tuesday, December 1 at")
    assert Say(Language.FRENCH).moment(datetime(2026, 12, 11, 9, tzinfo=UTC)).startswith("vendredi 11 ")


def test_a_moment_too_far_away_is_told_with_its_year() -> None:
    new_year = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        check_moment(new_year, datetime(2026, 11, 1, tzinfo=UTC), "Europe/Paris")
    assert FR(refused.value.sentence).startswith("samedi 1er janvier à 0:30 (2028) est dans plus d'un an")


def test_where_they_live_alike_it_is_told_as_it_is() -> None:
    say = Say(Language.FRENCH)
    saturday = datetime(2026, 11, 28, 9, tzinfo=UTC)
    for zone in ("", "Europe/Brussels"):
        (line,) = told(say, saturday, zone)
        assert line.startswith("Départ samedi 28 novembre à 10:00 : c'est le week-end."), line
