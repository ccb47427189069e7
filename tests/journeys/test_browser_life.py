"""A whole life of a campaign in Chromium, with the clock moved: an invitation, answers told in three ways,
two reminders that reach only the silent, the closing, and the report."""

import asyncio
import io
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from playwright.async_api import Locator, expect

from bot.core.campaigns import Campaign, State
from bot.core.ids import WorkspaceId
from bot.playground.run import ANSWERS_SECRET
from tests.fixtures.files import csv_bytes
from tests.journeys.browser import DESK, MESSAGES, PHONE, Visitor
from tests.journeys.harness import letter_link
from tests.journeys.test_browser import Sits, browser, sits

__all__ = ["browser", "sits"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
TALLY = "https://tally.so/r/81dRPA"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PEOPLE = ("anna", "bea", "carl", "dora", "ed", "fay", "gus", "hal", "bounce")
LETTERS = len(PEOPLE)


@dataclass(frozen=True, kw_only=True)
class Life:
    """`sent` and `gone` are of the message's heading, and of the newest message when a wave has left."""

    who: str
    album: str
    zone: str
    header: tuple[str, str, str]
    kept: str
    planned: str
    how: str
    scheduled: str
    sent: str
    arrived: tuple[str, ...]
    two_answers: tuple[str, ...]
    left: str
    announced: tuple[str, ...]
    first_left: str
    is_export: str
    read: tuple[str, ...]
    noted: str
    second: tuple[str, ...]
    second_left: str
    final: tuple[str, ...]
    closes: str
    is_closed: str
    closed: str
    report: str
    sheets: tuple[str, str, str]
    titles: tuple[str, str, str]
    counted: dict[str, int]
    yes: str


CLAIRE = Life(
    who="U0CLAIRE", album="fr-life", zone="Europe/Paris", header=("Email", "Prénom", "Nom"),
    kept="Liste gardée", planned="Relance 2 prévue", how="par le webhook de Tally", scheduled="programmée",
    sent="· envoyée",
    arrived=("Aucune réponse reçue", "8 distribuées", "sur 9 acceptées", "1 en échec"),
    two_answers=("2 réponses", "25 % des distribuées"),
    left="1 désinscription",
    announced=("la relance 1 part", "à 5 personnes qui n'ont pas répondu"),
    first_left="à 5 personnes",
    is_export="Est-ce l'export de son questionnaire",
    read=("3 réponses lues", "3 personnes de la campagne (2 nouvelles)"),
    noted="1 personne",
    second=("la relance 2 part", "à 2 personnes qui n'ont pas répondu"),
    second_left="à 2 personnes",
    final=("6 réponses", "75 % des distribuées"),
    closes="Le questionnaire ferme", is_closed="Questionnaire fermé",
    closed="Ce questionnaire est fermé",
    report="rapport.xlsx", sheets=("Résumé", "Personnes", "Échecs"),
    titles=("Email", "A répondu", "Relances envoyées"),
    counted={"Destinataires choisis": 9, "Distribuées": 8, "En échec": 1, "Réponses": 6,
             "Désinscriptions": 1},
    yes="oui",
)  # fmt: skip
BOB = Life(
    who="U0BOB", album="en-life", zone="America/New_York", header=("Email", "First name", "Last name"),
    kept="List kept", planned="Reminder 2 planned", how="told by Tally's webhook", scheduled="scheduled",
    sent="· sent",
    arrived=("No answer", "8 delivered", "of 9 accepted", "1 failed"),
    two_answers=("2 answers", "25% of delivered"),
    left="1 unsubscribed",
    announced=("reminder 1 leaves", "for 5 people who have not answered"),
    first_left="for 5 people",
    is_export="Is it the export of its survey",
    read=("3 answers read", "3 people of the campaign (2 new)"),
    noted="1 person",
    second=("reminder 2 leaves", "for 2 people who have not answered"),
    second_left="for 2 people",
    final=("6 answers", "75% of delivered"),
    closes="The survey closes", is_closed="Survey closed",
    closed="This survey is closed",
    report="report.xlsx", sheets=("Summary", "People", "Failures"),
    titles=("Email", "Answered", "Reminders sent"),
    counted={"People chosen": 9, "Delivered": 8, "Failed": 1, "Answers": 6, "Unsubscribed": 1},
    yes="yes",
)  # fmt: skip


# --- what happens outside the page --------------------------------------------------------------------


def campaign(person: Visitor) -> Campaign:
    bot = person.playground.bot
    assert bot is not None
    return bot.store.campaigns.all(WorkspaceId(person.playground.slack.identity.team_id))[0]


async def reached(page: str, data: bytes | None = None, **headers: str) -> tuple[int, str, str]:
    """As a reader's browser, or a tool: the status, the page, and where it leads; nobody goes there."""

    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    def ask() -> tuple[int, str, str]:
        asked = urllib.request.Request(page, data, {"User-Agent": FIREFOX, **headers})
        try:
            with urllib.request.build_opener(Stays).open(asked, timeout=10) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as other:
            with other:
                return other.code, other.read().decode(), str(other.headers.get("Location", ""))

    return await asyncio.to_thread(ask)


def letters(person: Visitor) -> list[Any]:
    return list(person.playground.mail.letters)


def to(person: Visitor, who: str) -> Any:
    """The newest letter to them."""
    return next(one for one in reversed(letters(person)) if one.to == f"{who}@example.com")


def names(found: list[Any]) -> list[str]:
    return sorted(one.to.partition("@")[0] for one in found)


async def follows(person: Visitor, who: str) -> str:
    """Their letter's link: the code that the questionnaire gets to see."""
    status, _, leads = await reached(letter_link(to(person, who).text))
    assert status == 302
    assert leads.startswith(TALLY)
    return leads.rpartition("postillon=")[2]


async def answers(person: Visitor, who: str) -> None:
    """They fill in the questionnaire, and its tool tells the bot."""
    bot = person.playground.bot
    assert bot is not None
    code = await follows(person, who)
    told = f'{{"token": "{code}"}}'.encode()
    key = {"X-Postillon-Secret": ANSWERS_SECRET, "Content-Type": "application/json"}
    page = f"{bot.settings.public_url}/answers?secret={ANSWERS_SECRET}"
    status, words, _ = await reached(page, told, **key)
    assert status == 200, words


def export(codes: list[str]) -> tuple[str, bytes]:
    """As Tally exports it, one answer a row."""
    rows = [[f"s{n}", "r", "2026-01-05 10:12:00", code, "5"] for n, code in enumerate(codes)]
    titles = ["Submission ID", "Respondent ID", "Submitted at", "postillon", "Are you satisfied?"]
    return "Satisfaction_Submissions.csv", csv_bytes([titles, *rows], delimiter=",")


async def goes_on(person: Visitor, step: str = "next") -> None:
    """By the page's clock, to the next moment at which something is to happen, or by an `hour`, or a `day`.
    What has left has arrived before, and been told."""
    await person.playground.mail.until(lambda: not person.playground.mail.events_pending)
    before = person.playground.now()
    async with person.page.expect_response("**/api/clock*"):
        await person.page.click(f"#clock-{step}")
    assert person.playground.now() - before > timedelta(minutes=1)


def live(person: Visitor, life: Life) -> Locator:
    return person.page.locator(MESSAGES).filter(has=person.page.locator("h3", has_text=life.sent)).last


async def keeps_live(person: Visitor, life: Life, name: str) -> None:
    """The campaign's own message, in full, by day, by night, and on a phone."""
    await live(person, life).evaluate("(message) => message.scrollIntoView()")
    await person.keeps(name, everywhere=True)
    for where, width in (("", 1280), ("-phone", PHONE["width"])):
        await person.page.set_viewport_size({"width": width, "height": 1500})
        await live(person, life).evaluate("(message) => message.scrollIntoView()")
        await person.keeps(f"{name}-in-full{where}")
    await person.page.set_viewport_size(DESK)  # type: ignore[arg-type]


# --- the life -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("life", [CLAIRE, BOB], ids=["fr", "en"])
async def test_from_the_invitation_to_the_report(sits: Sits, life: Life) -> None:
    person = await sits(life.who, life.album)
    person.playground.mail.delivers = True
    await composes(person, life)
    await goes_on(person)
    await person.sees(*life.arrived, under=life.sent)
    assert names(letters(person)) == sorted(PEOPLE)
    await keeps_live(person, life, "arrived")

    await people_answer(person, life)
    await reminded_once(person, life)
    await tells_who_answered(person, life)
    await reminded_again(person, life)
    await closes(person, life)
    await reads_report(person, life)


async def composes(person: Visitor, life: Life) -> None:
    rows = [(f"{one}@example.com", one.title(), "Leroy") for one in PEOPLE]
    await person.drags(("clients.csv", csv_bytes([life.header, *rows], ";")))
    await person.presses("Enter")
    await person.sees(life.kept)
    await person.clicks("campaigns.new")
    await person.is_at("campaigns.parameters")
    await person.pastes(TALLY)
    await person.clicks("campaigns.options")
    closing = person.playground.now().astimezone(ZoneInfo(life.zone)) + timedelta(days=28)
    await person.fills("closing", f"{closing:%Y-%m-%d}T18:00")
    await person.keeps("parameters", everywhere=True)
    for step in ("recipients", "message", "when"):
        await person.submits()
        await person.is_at(f"campaigns.{step}")
    await person.chooses("reminders", "2")
    await person.reads(life.planned)
    await person.keeps("when", everywhere=True)
    await person.submits()
    await person.is_at("campaigns.check")
    await person.reads(life.how, "2")
    await person.keeps("check", everywhere=True)
    await person.submits()
    await person.is_done()
    await person.sees(life.scheduled)
    await person.keeps("scheduled", everywhere=True)


async def people_answer(person: Visitor, life: Life) -> None:
    """An hour later, so that nobody takes them for machines; one of them asks never to be written to."""
    await goes_on(person, "hour")
    await answers(person, "anna")
    await answers(person, "bea")
    await follows(person, "hal")
    await person.sees(*life.two_answers, under=life.sent)
    await person.opens_letter("gus@example.com")
    await person.page.locator("[data-befalls=leave]").click()
    await person.sees(life.left, under=life.sent)
    await person.page.click("#letter-back")
    await person.turns_to("messages")
    await keeps_live(person, life, "answered")


async def reminded_once(person: Visitor, life: Life) -> None:
    await goes_on(person)
    await person.sees(*life.announced)
    await person.keeps("announced", everywhere=True)
    before = len(letters(person))
    await goes_on(person)
    await person.sees(life.first_left, under=life.sent)
    assert names(letters(person)[before:]) == ["carl", "dora", "ed", "fay", "hal"]
    await person.keeps("reminder-1", everywhere=True)
    await person.opens_letter("fay@example.com")
    await person.keeps("reminder-letter")
    await person.page.click("#letter-back")
    await keeps_live(person, life, "reminded")


async def tells_who_answered(person: Visitor, life: Life) -> None:
    """By an export that says one thing twice, and by hand."""
    await goes_on(person, "day")
    codes = [await follows(person, who) for who in ("carl", "dora", "anna")]
    await person.drags(export(codes))
    await person.presses("Enter")
    await person.sees(life.is_export)
    await person.keeps("export-asks", everywhere=True)
    await person.clicks("lists.as_answers")
    await person.sees(*life.read)
    await person.keeps("export-read", everywhere=True)
    await live(person, life).locator('[data-action="campaigns.answers"]').click()
    await person.is_at("campaigns.answers")
    await person.keeps("by-hand", everywhere=True)
    await person.fills("addresses", "ed@example.com")
    await person.submits()
    await person.reads(life.noted)
    await person.keeps("by-hand-noted", everywhere=True)
    await person.page.click("[data-dialog=close]")
    await person.is_done()
    await keeps_live(person, life, "told")


async def reminded_again(person: Visitor, life: Life) -> None:
    await goes_on(person)
    await person.sees(*life.second)
    await person.keeps("announced-again", everywhere=True)
    before = len(letters(person))
    await goes_on(person)
    await person.sees(life.second_left, under=life.sent)
    assert names(letters(person)[before:]) == ["fay", "hal"]
    await goes_on(person, "hour")
    await answers(person, "hal")
    await person.sees(*life.final, under=life.sent)
    await keeps_live(person, life, "answered-again")


async def closes(person: Visitor, life: Life) -> None:
    """Its message says so by itself, and offers no reminder."""
    await person.sees(life.closes, under=life.sent)
    before = len(letters(person))
    await goes_on(person)
    await person.sees(life.is_closed, under=life.sent)
    await expect(live(person, life).locator('[data-action="campaigns.remind"]')).to_have_count(0)
    status, words, _ = await reached(letter_link(to(person, "fay").text))
    assert (status, life.closed in words) == (410, True), words
    assert len(letters(person)) == before
    assert campaign(person).state is State.SENT
    await keeps_live(person, life, "closed")
    await person.turns_to("home")
    await person.reads(life.final[0])
    await person.keeps("home-closed", everywhere=True)
    await person.turns_to("messages")


async def reads_report(person: Visitor, life: Life) -> None:
    """Its numbers are the message's, and it says of everybody what happened to them."""
    await live(person, life).locator('[data-action="campaigns.report"]').click()
    name = f"{campaign(person).name} - {life.report}"
    await expect(person.page.locator(f'[data-file="{name}"]')).to_be_visible()
    await person.keeps("report", everywhere=True)
    book = openpyxl.load_workbook(io.BytesIO(await person.takes(name)))
    summary, everybody, failures = (book[name] for name in life.sheets)
    told = {str(row[0]): row[1] for row in summary.iter_rows(values_only=True) if len(row) > 1}
    assert {name: told.get(name) for name in life.counted} == life.counted
    shown = await live(person, life).inner_text()
    numbers = [int(found) for found in re.findall(r"\d+", shown)]
    assert all(count in numbers for count in life.counted.values()), shown
    head, *rows = everybody.iter_rows(values_only=True)
    address, answered, reminders = (head.index(title) for title in life.titles)
    found = {str(row[address]).partition("@")[0]: row for row in rows}
    assert set(found) == set(PEOPLE)
    said = {who for who, row in found.items() if row[answered] == life.yes}
    assert said == {"anna", "bea", "carl", "dora", "ed", "hal"}
    assert {who: row[reminders] for who, row in found.items() if row[reminders]} == {
        "carl": 1, "dora": 1, "ed": 1, "fay": 2, "hal": 2,
    }  # fmt: skip
    assert [row[2] for row in failures.iter_rows(min_row=2, values_only=True)] == ["bounce@example.com"]
