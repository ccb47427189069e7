"""Answers that a questionnaire's tool tells, and letters' links that people and machines follow."""

import asyncio
import base64
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from bot.core.answers import Source
from bot.core.delivery import Progress
from bot.core.facts import Happened
from bot.core.ids import CampaignId
from bot.core.tokens import Tokens
from bot.playground.run import ANSWERS_SECRET
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town, letter_link, unsubscribe_page

TALLY, TYPEFORM = "https://tally.so/r/81dRPA", "https://form.typeform.com/to/Lks1RA"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SECRET = ANSWERS_SECRET.encode()


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """Somebody, and what they read."""

    who: str
    file: tuple[str, bytes]
    kept: str
    at_once: str
    by_export: str
    by_nobody: str
    asks: str
    sent: str
    answer: str
    thanks: str


FRENCH = Tongue(
    who="U0CLAIRE", file=french_excel_csv(), kept="Liste gardée",
    at_once="par le webhook de Tally", by_export="Réponses connues quand vous déposez ici",
    by_nobody="personne ne me dit qui a répondu", asks="Chaque relance vous demandera", sent="· envoyée",
    answer="1 réponse", thanks="Votre réponse est notée",
)  # fmt: skip
ENGLISH = Tongue(
    who="U0BOB", file=english_xlsx(), kept="List kept", at_once="told by Tally's webhook",
    by_export="Answers known once you drop", by_nobody="nobody tells me who answered",
    asks="Each reminder will ask you", sent="· sent", answer="1 answer",
    thanks="Your answer has been noted",
)  # fmt: skip
BOTH = pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["french", "english"])


def campaign(town: Town) -> Any:
    """The newest one."""
    return town.bot.store.campaigns.all(town.workspace)[0]


def progress(town: Town) -> Progress:
    one = campaign(town)
    return town.bot.store.ledgers.read(town.workspace, one.id, lambda fold: fold.progress())


async def begins(town: Town, tongue: Tongue, link: str) -> Person:
    """The first dialog of a campaign, with all its options and the link typed."""
    person = town.slack.person(tongue.who)
    await person.drops(tongue.file)
    await person.sees(tongue.kept)
    await person.clicks("campaigns.new")
    await town.dialog(person, "campaigns.parameters")
    await person.types("link", link)
    await person.clicks("campaigns.options")
    await town.slack.until(lambda: "answers_by" in str(person.dialog))
    return person


async def checks(town: Town, person: Person) -> None:
    for following in ("recipients", "message", "when", "check"):
        await person.submits()
        await town.dialog(person, f"campaigns.{following}")


async def departs(town: Town, person: Person) -> list[Any]:
    await person.submits()
    await town.slack.until(lambda: person.dialog is None)
    await town.reaches_departure()
    return await town.letters(3)


def code(leads: str) -> str:
    return leads.rpartition("postillon=")[2]


async def tells(town: Town, said: object, *, secret: bytes = SECRET, header: str = "Tally-Signature") -> int:
    """As the questionnaire's tool: the status of the answer."""
    raw = json.dumps(said).encode()
    sealed = base64.b64encode(hmac.digest(secret, raw, "sha256")).decode()
    headers = {"Content-Type": "application/json", header: sealed}
    page = urllib.request.Request(f"{town.bot.settings.public_url}/answers", raw, headers)
    try:
        await town.opens(page)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    return 200


def tally(token: str) -> object:
    fields = [{"key": "q_1", "label": "postillon", "type": "HIDDEN_FIELDS", "value": token}]
    return {"eventId": "e1", "eventType": "FORM_RESPONSE", "data": {"responseId": "r1", "fields": fields}}


async def follows(page: str, agent: str = FIREFOX, method: str = "GET") -> int:
    """A click on a link; nobody goes where it leads."""

    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    def go() -> int:
        opener = urllib.request.build_opener(Stays)
        asked = urllib.request.Request(page, headers={"User-Agent": agent}, method=method)
        try:
            with opener.open(asked, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as other:
            with other:
                return other.code

    return await asyncio.to_thread(go)


# --- how answers come back ----------------------------------------------------------------------------


@BOTH
async def test_the_last_check_says_how_answers_come_back(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, TALLY)
    await checks(town, person)
    await person.sees(tongue.at_once)
    person.doesnt_see(tongue.asks)
    assert campaign(town).answers_by == Source.WEBHOOK


@BOTH
async def test_what_its_owner_chose_is_kept(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, TALLY)
    await person.selects("answers_by", "export")
    await checks(town, person)
    await person.sees(tongue.by_export)
    assert campaign(town).answers_by == Source.EXPORT


@BOTH
async def test_of_a_tool_nobody_knows_nothing_is_expected(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, "https://forms.example/s/1")
    await checks(town, person)
    await person.sees(tongue.by_nobody)


# --- told by the tool ---------------------------------------------------------------------------------


@BOTH
async def test_an_answer_s_whole_way(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, TALLY)
    await checks(town, person)
    letters = await departs(town, person)
    await person.sees(tongue.sent)
    token = code(await town.leads_to(letters[0]))
    for _ in range(2):  # tools tell twice what they are not sure of
        assert await tells(town, tally(token)) == 200
    assert progress(town).answered == 1
    await person.sees(tongue.answer)
    assert await tells(town, tally(token[:-1] + "A")) == 200, "a code of nobody's is taken, and nothing"
    assert await tells(town, tally(code(await town.leads_to(letters[1]))), secret=b"guessed") == 401
    assert progress(town).answered == 1
    assert [(one.source, one.count) for one in campaign(town).answers] == [(Source.WEBHOOK, 1)]


async def test_an_answer_is_of_the_campaign_its_code_says(town: Town) -> None:
    person = await begins(town, ENGLISH, TYPEFORM)
    await checks(town, person)
    letters = await departs(town, person)
    token = code(await town.leads_to(letters[2]))
    said = {"event_type": "form_response", "form_response": {"form_id": "x", "hidden": {"postillon": token}}}
    secret = town.bot.services.tracking.policy.secret
    gone = Tokens(secret, town.workspace, CampaignId("cmp_gone")).answer(0)
    assert await tells(town, tally(gone), header="Typeform-Signature") == 200
    assert progress(town).answered == 0
    assert await tells(town, said, header="Typeform-Signature") == 200
    assert progress(town).answered == 1


@BOTH
async def test_the_questionnaire_s_last_page_thanks(town: Town, tongue: Tongue) -> None:
    person = await begins(town, tongue, TALLY)
    await checks(town, person)
    letters = await departs(town, person)
    token = code(await town.leads_to(letters[1]))
    page = f"{town.bot.settings.public_url}/answers?postillon={token}"
    assert await follows(page, method="HEAD") == 200
    assert progress(town).answered == 0
    assert tongue.thanks in await town.opens(page)
    assert progress(town).answered == 1


# --- links --------------------------------------------------------------------------------------------


async def test_people_and_machines_follow_links(town: Town) -> None:
    person = await begins(town, ENGLISH, TALLY)
    await checks(town, person)
    letters = await departs(town, person)
    links = [letter_link(letter.text) for letter in letters]
    for letter in letters:
        town.mail.tell(letter, "delivered")
    await town.slack.until(lambda: progress(town).delivered == 3)
    assert await follows(links[0]) == 302, "a gateway, within seconds"
    assert await follows(links[1], "BarracudaCentral/1.0") == 302
    await town.goes_by(minutes=30)
    assert (progress(town).clicked, progress(town).scanned) == (0, 2)
    assert await follows(links[0]) == 302, "and then a person"
    assert await follows(links[2]) == 302
    assert await follows(unsubscribe_page(letters[2])) == 200, "whoever opens every link at once is none"
    assert await follows(links[1], method="HEAD") == 302
    await town.goes_by(minutes=1)
    assert (progress(town).clicked, progress(town).scanned) == (1, 2)


async def test_visits_outlive_a_restart(town: Town) -> None:
    person = await begins(town, ENGLISH, TALLY)
    await checks(town, person)
    letters = await departs(town, person)
    await town.goes_by(minutes=30)
    assert await follows(letter_link(letters[0].text)) == 302
    one = campaign(town)
    await town.bot.stop()
    await town.playground.start_bot()
    bits = town.bot.store.ledgers.read(town.workspace, one.id, lambda fold: list(fold.bits))
    assert sum(bool(known & Happened.CLICKED) for known in bits) == 1
