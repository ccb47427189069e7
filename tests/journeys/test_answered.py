"""Their owner says who answered: by the questionnaire's export, in a dialog or dropped, and by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.answers import Source
from bot.core.ids import CampaignId
from bot.core.tokens import Tokens
from bot.playground.slack import Person
from tests.fixtures.files import (
    ENGLISH_PEOPLE,
    FRENCH_PEOPLE,
    csv_bytes,
    english_xlsx,
    french_excel_csv,
    xlsx_bytes,
)
from tests.journeys.harness import Town

LINK = "https://sondages.example/s/12"
DONE = "2026-01-05 10:12:00"


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """Somebody, and what they read."""

    who: str
    file: tuple[str, bytes]
    people: Sequence[Sequence[str]]
    kept: str
    sent: str
    unknown: str
    asks: str
    one_new: str
    two_new: str
    nothing_new: str
    by_address: str
    unfinished: str
    no_column: str
    strangers: str
    tests: str


FRENCH = Tongue(
    who="U0CLAIRE", file=french_excel_csv(), people=FRENCH_PEOPLE, kept="Liste gardée", sent="· envoyée",
    unknown="dites-le-moi avec Ont répondu…", asks="Est-ce l'export de son questionnaire",
    one_new="1 personne de la campagne (1 nouvelle)", two_new="2 personnes de la campagne (2 nouvelles)",
    nothing_new="Rien de nouveau", by_address="adresses de la colonne « Votre adresse »",
    unfinished="1 réponse commencée et pas terminée ne compte pas", no_column="ne dit pas qui a répondu",
    strangers="personne parmi les destinataires", tests="d'une lettre d'essai",
)  # fmt: skip
ENGLISH = Tongue(
    who="U0BOB", file=english_xlsx(), people=ENGLISH_PEOPLE, kept="List kept", sent="· sent",
    unknown="tell me with They answered…", asks="Is it the export of its survey",
    one_new="1 person of the campaign (1 new)", two_new="2 people of the campaign (2 new)",
    nothing_new="Nothing new", by_address="addresses in the column “Votre adresse”",
    unfinished="1 answer begun and not finished does not count", no_column="does not say who answered",
    strangers="from nobody", tests="from a test letter",
)  # fmt: skip
BOTH = pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["french", "english"])


def campaign(town: Town) -> Any:
    """The newest one."""
    return town.bot.store.campaigns.all(town.workspace)[0]


def codes(town: Town, campaign_id: CampaignId) -> Tokens:
    return Tokens(town.bot.services.tracking.policy.secret, town.workspace, campaign_id)


def answered(town: Town, campaign_id: CampaignId) -> set[int]:
    bits = town.bot.store.ledgers.read(town.workspace, campaign_id, lambda fold: list(fold.bits))
    return {number for number, known in enumerate(bits) if known & 128}


async def sends(town: Town, tongue: Tongue) -> tuple[Person, Any]:
    person = town.slack.person(tongue.who)
    await person.drops(tongue.file)
    await person.sees(tongue.kept)
    await town.composes(person, LINK)
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)
    await town.reaches_departure()
    await town.letters(3)
    await person.sees(tongue.sent)
    return person, campaign(town)


async def tells(town: Town, person: Person) -> None:
    await person.clicks("campaigns.answers")
    await town.dialog(person, "campaigns.answers")


async def gives(town: Town, person: Person, *file: tuple[str, bytes]) -> None:
    await tells(town, person)
    await person.uploads("file", *file)
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)


def lime(*rows: tuple[str, str]) -> tuple[str, bytes]:
    """As LimeSurvey exports: (code, when submitted)."""
    titles = ["id", "submitdate. Date submitted", "lastpage", "startlanguage", "postillon", "Q1. How was it?"]
    told = [[str(n), done, "3", "fr", code, "bien"] for n, (code, done) in enumerate(rows, 1)]
    return "results-survey.csv", csv_bytes([titles, *told], delimiter=",")


def typeform(*rows: tuple[str, str]) -> tuple[str, bytes]:
    titles = ["#", "How was it?", "postillon", "Response Type", "Start Date (UTC)", "Submit Date (UTC)"]
    told = [
        [f"x{n}", "Good", code, kind, DONE, DONE if kind == "completed" else ""]
        for n, (code, kind) in enumerate(rows)
    ]
    return "responses.csv", csv_bytes([titles, *told], delimiter=",")


@BOTH
async def test_an_export_with_codes(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    await person.sees(tongue.unknown)
    code = codes(town, one.id).answer
    file = lime((code(0), DONE), (code(2), DONE), (code(1), ""), (code(-1), DONE), ("", DONE))
    await gives(town, person, file)
    await person.sees(tongue.two_new)
    await person.sees(tongue.tests)
    await person.sees(tongue.unfinished)
    assert answered(town, one.id) == {0, 2}
    known = campaign(town).answers
    assert [(told.source, told.count) for told in known] == [(Source.EXPORT, 2)]
    await gives(town, person, file)
    await person.sees(tongue.nothing_new)
    assert answered(town, one.id) == {0, 2}


@BOTH
async def test_an_export_that_is_dropped_is_asked_about(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    code = codes(town, one.id).answer
    file = typeform((code(1), "completed"), (code(0), "partial"))
    await person.drops(file)
    await person.sees(tongue.asks)
    assert answered(town, one.id) == set()
    await person.clicks("lists.as_answers")
    await person.sees(tongue.one_new)
    assert answered(town, one.id) == {1}
    assert len(town.bot.store.lists.all(town.workspace)) == 1


@BOTH
async def test_addresses_of_a_workbook(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    rows = [
        ["Horodateur", "Votre chef", "Votre adresse", "Avis"],
        [DONE, "chef@exemple.fr", tongue.people[2][0].upper(), "5"],
        [DONE, "chef@exemple.fr", tongue.people[0][0], "4"],
        [DONE, "chef@exemple.fr", "inconnu@exemple.fr", "4"],
        [DONE, "chef@exemple.fr", "", "1"],
    ]
    await gives(town, person, ("Réponses.xlsx", xlsx_bytes(rows)))
    await person.sees(tongue.two_new)
    await person.sees(tongue.by_address)
    assert answered(town, one.id) == {0, 2}


@BOTH
async def test_by_hand(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    await tells(town, person)
    offered = await person.suggests("people", tongue.people[1][1][:3])
    assert [option["value"] for option in offered] == ["1"]
    await person.selects("people", "1")
    await person.types(
        "addresses", f"{tongue.people[0][0]}, nobody@elsewhere.example; <{tongue.people[0][0]}>"
    )
    await person.submits()
    await town.slack.until(lambda: "nobody@elsewhere.example" in str(person.dialog))
    await person.closes()
    assert answered(town, one.id) == {0, 1}
    assert [told.source for told in campaign(town).answers] == [Source.HAND]
    assert "nobody@" not in str(person.messages), "no message keeps it"


async def test_by_hand_nothing_and_nobody(town: Town) -> None:
    person, one = await sends(town, ENGLISH)
    await tells(town, person)
    await person.submits()
    await town.slack.until(lambda: "file" in person.errors)
    await person.types("addresses", "nobody@elsewhere.example")
    await person.submits()
    await town.slack.until(lambda: "addresses" in person.errors)
    await person.types("addresses", "no address")
    await person.submits()
    await town.slack.until(lambda: "no e-mail address" in person.errors.get("addresses", ""))
    assert (answered(town, one.id), campaign(town).answers) == (set(), ())


@BOTH
async def test_what_tells_nothing_is_said_and_not_noted(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    await gives(town, person, ("avis.csv", csv_bytes([["Note", "Avis"], ["5", "bien"]])))
    await person.sees(tongue.no_column)
    await gives(town, person, ("avis.csv", csv_bytes([["Email", "Avis"], ["x@elsewhere.example", "5"]])))
    await person.sees(tongue.strangers)
    await gives(town, person, lime((codes(town, one.id).answer(-1), DONE)))
    await person.sees(tongue.tests)
    assert (answered(town, one.id), campaign(town).answers) == (set(), ())


async def test_answers_of_another_campaign_are_named(town: Town) -> None:
    person, first = await sends(town, ENGLISH)
    await town.composes(person, LINK, keeps_recent=True)
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)
    await town.reaches_departure()
    await town.letters(6)
    await town.slack.until(lambda: campaign(town).state == "sent")
    second = campaign(town)
    await person.clicks("campaigns.answers", value=f"{second.id}:{second.revision}")
    await town.dialog(person, "campaigns.answers")
    theirs, strange = codes(town, first.id).answer, codes(town, CampaignId("cmp_strange")).answer
    await person.uploads("file", lime((theirs(0), DONE), (theirs(1), DONE)))
    await person.submits()
    await person.sees(f"answers to the campaign “{first.name}”, not to “{second.name}”")
    await person.clicks("campaigns.answers", value=f"{second.id}:{second.revision}")
    await town.dialog(person, "campaigns.answers")
    await person.uploads("file", lime((strange(0), DONE)))
    await person.submits()
    await person.sees("to another campaign than")
    assert answered(town, first.id) | answered(town, second.id) == set()


@BOTH
async def test_a_dropped_file_may_be_a_list_all_the_same(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    code = codes(town, one.id).answer(0)
    rows = [["Email", "First name", "Last name", "postillon"], ["new@example.com", "Nina", "New", code]]
    await person.drops(("again.csv", csv_bytes(rows, delimiter=",")))
    await person.sees(tongue.asks)
    await person.clicks("lists.as_list")
    await town.slack.until(lambda: len(town.bot.store.lists.all(town.workspace)) == 2)
    assert answered(town, one.id) == set()


async def test_what_only_looks_like_a_code_is_a_list_at_once(town: Town) -> None:
    person, _ = await sends(town, ENGLISH)
    looks = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d"
    rows = [["Email", "First name", "Last name", "postillon"], ["new@example.com", "Nina", "New", looks]]
    await person.drops(("fresh.csv", csv_bytes(rows, delimiter=",")))
    await town.slack.until(lambda: len(town.bot.store.lists.all(town.workspace)) == 2)
    person.doesnt_see(ENGLISH.asks)


async def test_somebody_else_s_campaign_is_nobody_else_s_business(town: Town) -> None:
    _, one = await sends(town, ENGLISH)
    claire = town.claire
    await claire.opens_messages()
    await claire.forges("campaigns.answers", f"{one.id}:{one.revision}")
    await claire.forges("campaigns.report", f"{one.id}:{one.revision}")
    code = codes(town, one.id).answer(0)
    await claire.drops(lime((code, DONE)))
    await claire.sees("results-survey.csv")
    claire.doesnt_see(FRENCH.asks)
    await claire.sees("Je ne trouve pas cette campagne parmi les vôtres")
    assert claire.files == [one for one in claire.files if one.name == "results-survey.csv"]
    assert answered(town, one.id) == set()
