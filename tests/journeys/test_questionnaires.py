"""The questionnaire's side of a campaign, lived through: a link mended, told apart, redirected, changed."""

import asyncio
import urllib.error
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.core.questionnaires import Placement
from bot.playground.slack import Person
from tests.fixtures.files import csv_bytes, english_xlsx, french_excel_csv
from tests.journeys.harness import Town, letter_link

LINK = "https://forms.example/s/1"
GOOGLE = "https://docs.google.com/forms/d/e/1FAIpQLSf/viewform"


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """Somebody, and what they read."""

    who: str
    file: tuple[str, bytes]
    kept: str
    editor: str
    results: str
    apart: str
    alike: str
    scheduled: str
    closed: str
    early: str
    changed: str
    sent: str
    everybody: str
    without: str


FRENCH = Tongue(
    who="U0CLAIRE", file=french_excel_csv(), kept="Liste gardée", editor="Ce lien ouvre l'éditeur de Tally",
    results="Ce lien ouvre les réponses dans SurveyMonkey", apart="le code de chaque personne prend la place",
    alike="ce lien est le même pour tous", scheduled="programmée", closed="Ce questionnaire est fermé",
    early="avant que la lettre ne parte", changed="mèneront aussitôt au nouveau lien", sent="· envoyée",
    everybody="personnes ont toutes leur lien", without="1 personne sur 3 n'a pas de lien",
)  # fmt: skip
ENGLISH = Tongue(
    who="U0BOB", file=english_xlsx(), kept="List kept", editor="This link opens Tally's editor",
    results="This link opens the answers in SurveyMonkey", apart="each person's code takes the place",
    alike="this link is the same for everybody", scheduled="scheduled", closed="This survey is closed",
    early="before the letter leaves", changed="will lead to the new link at once",
    sent="· sent", everybody="people have a link of their own", without="1 person of 3 has no link",
)  # fmt: skip
BOTH = pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["french", "english"])


def campaign(town: Town) -> Any:
    """The newest one."""
    return town.bot.store.campaigns.all(town.workspace)[0]


async def begins(town: Town, tongue: Tongue, *, options: bool = False, file: Any = None) -> Person:
    """The first dialog of a campaign."""
    person = town.slack.person(tongue.who)
    await person.drops(file or tongue.file)
    await person.sees(tongue.kept)
    await person.clicks("campaigns.new")
    await town.dialog(person, "campaigns.parameters")
    if options:
        await person.clicks("campaigns.options")
        await town.slack.until(lambda: "placement" in fields(person))
    return person


def fields(person: Person) -> list[str]:
    blocks = person.dialog["blocks"] if person.dialog else []
    return [block["block_id"] for block in blocks if block["type"] == "input"]


def standing(person: Person) -> str:
    """What stands in the link's field."""
    assert person.dialog
    (held,) = person.dialog["state"]["values"]["link"].values()
    return str(held["value"])


async def finishes(town: Town, person: Person) -> None:
    """From the first dialog, sent, to the schedule."""
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)


async def departs(town: Town, person: Person) -> list[Any]:
    await finishes(town, person)
    await town.reaches_departure()
    return await town.letters(3)


# --- the doctor ---------------------------------------------------------------------------------------


@BOTH
async def test_an_editor_s_link_is_mended_with_one_click(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue)
    await person.types("link", "https://tally.so/forms/81dRPA/edit")
    await person.types("name", "Mine")
    await person.submits()
    await person.sees(tongue.editor)
    await person.sees("tally.so/r/81dRPA")
    assert standing(person) == "https://tally.so/forms/81dRPA/edit", "what was typed is not lost"
    await person.clicks("campaigns.public_link")
    await town.slack.until(lambda: standing(person) == "https://tally.so/r/81dRPA")
    person.doesnt_see(tongue.editor)
    await person.submits()
    await town.dialog(person, "campaigns.recipients")
    draft = campaign(town)
    assert (draft.link, draft.name) == ("https://tally.so/r/81dRPA", "Mine")


@BOTH
async def test_where_the_public_link_cannot_be_known_its_place_is_told(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue)
    await person.types("link", "https://fr.surveymonkey.com/analyze/BPAk_3D")
    await person.submits()
    assert tongue.results in person.errors["link"].replace("\u00a0", " ")
    assert "/r/" in person.errors["link"]
    await person.types("link", "https://fr.surveymonkey.com/r/7KLN2QW")
    await person.submits()
    await town.dialog(person, "campaigns.recipients")


async def test_another_wrong_link_after_the_first_is_mended_too(town: Town) -> None:
    person = await begins(town, ENGLISH)
    for code in ("one", "two"):
        await person.types("link", f"https://tally.so/forms/{code}/edit")
        await person.submits()
        await person.sees(f"tally.so/r/{code}")
        await person.clicks("campaigns.public_link")
        await town.slack.until(lambda code=code: standing(person) == f"https://tally.so/r/{code}")
    await person.clicks("campaigns.options")
    await town.slack.until(lambda: "placement" in fields(person))
    assert standing(person) == "https://tally.so/r/two", "kept by what is drawn around it"


# --- told apart ---------------------------------------------------------------------------------------


@BOTH
async def test_a_pre_filled_link_tells_answers_apart(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue)
    await person.types("link", GOOGLE)
    await person.clicks("campaigns.options")
    await person.sees(tongue.alike)
    await person.sees("POSTILLON")
    await person.types("link", f"{GOOGLE}?usp=pp_url&entry.1=POSTILLON&entry.2=x")
    letters = await departs(town, person)
    assert campaign(town).placement is Placement.PREFILLED
    leads = await town.leads_to(letters[0])
    assert leads.startswith(f"{GOOGLE}?usp=pp_url&entry.1=a")
    assert leads.endswith("&entry.2=x")
    assert "POSTILLON" not in leads


@BOTH
async def test_the_check_says_how_answers_come_back(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue)
    await person.types("link", "https://form.typeform.com/to/Lks1RA")
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.sees("Typeform ·")
    await person.submits()
    await town.reaches_departure()
    letters = await town.letters(3)
    assert (await town.leads_to(letters[0])).startswith("https://form.typeform.com/to/Lks1RA#postillon=a")


@BOTH
async def test_the_word_must_be_there_where_it_is_said_to_be(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, options=True)
    await person.types("link", LINK)
    await person.selects("placement", "prefilled")
    await town.slack.until(lambda: "link_parameter" not in fields(person))
    await person.submits()
    assert "POSTILLON" in person.errors["placement"]
    await person.selects("placement", "fragment")
    await town.slack.until(lambda: "link_parameter" in fields(person))
    await person.submits()
    await town.dialog(person, "campaigns.recipients")
    assert campaign(town).placement is Placement.FRAGMENT


def with_links(*links: str) -> tuple[str, bytes]:
    rows = [("Email", "First name", "Last name", "Segment", "Survey")]
    rows += [(f"p{n}@example.com", "Ann", "Lee", "A", link) for n, link in enumerate(links)]
    return "people.csv", csv_bytes(rows)


@BOTH
async def test_a_column_holds_everybody_s_own_link(town: Town, tongue: Tongue) -> None:
    own = ["https://forms.example/p/0", "https://forms.example/p/1", ""]
    person = await begins(town, tongue, options=True, file=with_links(*own))
    await person.types("link", LINK)
    await person.selects("placement", "column")
    await town.slack.until(lambda: "link_column" in fields(person))
    await person.selects("link_column", "Segment")
    await person.sees("3")
    await person.submits()
    assert "http" in person.errors["link_column"], "nobody has one there"
    await person.selects("link_column", "Survey")
    await person.sees(tongue.without)
    letters = await departs(town, person)
    ends = {letter.to: await town.leads_to(letter) for letter in letters}
    assert ends == {"p0@example.com": own[0], "p1@example.com": own[1], "p2@example.com": LINK}
    assert "campaigns.link" not in str(person.messages), "there is no one link to change"


# --- the sender ---------------------------------------------------------------------------------------


@BOTH
async def test_an_address_of_the_account_s_domain(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, options=True)
    await person.types("link", LINK)
    assert "sender_address" not in fields(person)
    await person.selects("sender", "@studio-nova.example")
    await town.slack.until(lambda: "sender_address" in fields(person))
    assert standing(person) == LINK, "kept by what is drawn around it"
    await person.types("sender_address", "avis@elsewhere.example")
    await person.submits()
    assert "studio-nova.example" in person.errors["sender_address"]
    await person.types("sender_address", "avis@studio-nova.example")
    letters = await departs(town, person)
    assert {letter.sender for letter in letters} == {"avis@studio-nova.example"}

    await person.clicks("campaigns.new")
    await town.dialog(person, "campaigns.parameters")
    assert campaign(town).sender.address == "avis@studio-nova.example", "the last one used"


async def test_one_sender_alone_is_no_choice(town: Town) -> None:
    town.mail.account.domains.clear()
    person = await begins(town, ENGLISH, options=True)
    assert "sender" not in fields(person)
    assert "sender_name" in fields(person)


async def test_a_slow_account_keeps_no_dialog_waiting(town: Town) -> None:
    mailer, asked = town.bot.mailer, asyncio.Event()
    loop, answer = asyncio.get_running_loop(), mailer.senders
    gate = asyncio.Event()

    def slowly() -> Any:
        loop.call_soon_threadsafe(asked.set)
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(10)
        return answer()

    mailer.senders = slowly  # type: ignore[method-assign]
    person = await begins(town, ENGLISH, options=True)
    await asyncio.wait_for(asked.wait(), 5)
    assert "sender" not in fields(person)
    gate.set()


# --- until it closes ----------------------------------------------------------------------------------


@BOTH
async def test_a_closed_questionnaire_says_so(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, options=True)
    await person.types("link", LINK)
    later = town.playground.now() + timedelta(days=30)
    await person.picks_time("closing", int(later.timestamp()))
    letters = await departs(town, person)
    assert (await town.leads_to(letters[0])).startswith(LINK)
    await town.goes_by(days=31)
    with pytest.raises(urllib.error.HTTPError) as refused:
        await town.opens(letter_link(letters[0].text))
    assert refused.value.code == 410
    assert tongue.closed in refused.value.read().decode()


@BOTH
async def test_it_must_not_close_before_the_letters_leave(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, options=True)
    await person.types("link", LINK)
    await person.picks_time("closing", int((town.playground.now() - timedelta(hours=1)).timestamp()))
    await person.submits()
    assert person.errors["closing"]
    await person.picks_time("closing", int((town.playground.now() + timedelta(minutes=5)).timestamp()))
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.sees(tongue.early)


# --- another link -------------------------------------------------------------------------------------


@BOTH
async def test_letters_that_left_lead_to_another_link(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue)
    await person.types("link", LINK)
    letters = await departs(town, person)
    await person.sees(tongue.sent)
    first = await town.leads_to(letters[0])
    await person.clicks("campaigns.link")
    await town.dialog(person, "campaigns.link")
    await person.sees(tongue.changed)
    await person.types("link", "https://tally.so/forms/81dRPA/edit")
    await person.submits()
    await person.sees(tongue.editor)
    await person.clicks("campaigns.public_link")
    await town.slack.until(lambda: standing(person) == "https://tally.so/r/81dRPA")
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)
    await person.sees("tally.so/r/81dRPA")
    token = first.partition("postillon=")[2]
    assert await town.leads_to(letters[0]) == f"https://tally.so/r/81dRPA?postillon={token}"
    assert [change.link for change in campaign(town).past_links] == [LINK]


async def test_a_forged_click_changes_nobody_else_s_link(town: Town) -> None:
    person = await begins(town, ENGLISH)
    await person.types("link", LINK)
    await departs(town, person)
    await person.sees("· sent")
    values = {"link": {"value": {"type": "plain_text_input", "value": "https://evil.example/s"}}}
    await town.claire.forges_submission("campaigns.link", f"{campaign(town).id}:1:0", values)
    assert campaign(town).link == LINK


async def test_a_test_letter_goes_straight_there(town: Town) -> None:
    person = await begins(town, ENGLISH)
    await person.types("link", LINK)
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")
    await person.clicks("campaigns.test")
    (letter,) = await town.letters(1)
    assert f'href="{LINK}"' in letter.html
    assert "/r/" not in letter.text
