"""The report of a campaign, asked for from its message and read back."""

import io
import re
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from bot.playground.slack import Person
from tests.journeys.harness import Town
from tests.journeys.test_answered import BOTH, Tongue, answered, campaign, sends, tells


@dataclass(frozen=True, kw_only=True)
class Words:
    preparing: str
    people: str
    failures: str
    delivered: str
    failed: str
    why: str
    yes: str
    unknown: str
    answers: str
    accepted: str


WORDS = {
    "U0CLAIRE": Words(
        preparing="Je prépare le rapport", people="Personnes", failures="Échecs", delivered="distribuée",
        failed="en échec", why="adresse inexistante", yes="oui", unknown="inconnu", answers="Réponses",
        accepted="Acceptées par le service d'envoi",
    ),
    "U0BOB": Words(
        preparing="I'm preparing the report", people="People", failures="Failures", delivered="delivered",
        failed="failed", why="no such address", yes="yes", unknown="unknown", answers="Answers",
        accepted="Accepted by the mail service",
    ),
}  # fmt: skip


async def reported(town: Town, person: Person, kind: str = "") -> bytes:
    """The newest file, once it is there."""
    before, offered = (
        len(person.files),
        re.findall(rf"{campaign(town).id}:\d+(?::csv)?", str(person.messages)),
    )
    value = next(one for one in reversed(offered) if one.endswith(":csv") is (kind == "csv"))
    await person.clicks("campaigns.report", value=value)
    await town.slack.until(lambda: len(person.files) > before)
    return person.files[-1].content


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    assert len(book.worksheets[0]._charts) >= 1  # type: ignore[attr-defined]
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@BOTH
async def test_the_report_says_what_the_message_says(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    words = WORDS[tongue.who]
    letters = list(town.mail.letters)
    before = sheets(await reported(town, person))
    await person.sees(words.preparing)
    people = before[words.people]
    at = people[0].index(next(title for title in people[0] if title in ("A répondu", "Answered")))
    assert {row[at] for row in people[1:]} == {words.unknown}
    for letter in letters[:2]:
        town.mail.tell(letter, "delivered")
    town.mail.tell(letters[2], "bounce", reason="550 5.1.1 unknown user")
    store = town.bot.store
    await town.slack.until(
        lambda: store.ledgers.read(town.workspace, one.id, lambda fold: fold.progress().failed) == 1
    )
    await tells(town, person)
    await person.types("addresses", tongue.people[0][0])
    await person.submits()
    await town.slack.until(lambda: answered(town, one.id) == {0})
    await person.closes()
    after = sheets(await reported(town, person))
    numbers = {row[0]: row[1] for row in next(iter(after.values())) if len(row) > 1 and row[0]}
    assert (numbers[words.answers], numbers[words.accepted]) == (1, 3)
    told = after[words.people]
    assert [row[1] for row in told[1:]] == [one[0] for one in tongue.people]
    assert [row[0] for row in told[1:]] == [1, 2, 3]
    letter = next(place for place, title in enumerate(told[0]) if title in ("Lettre", "Letter"))
    assert [row[letter] for row in told[1:]] == [words.delivered, words.delivered, words.failed]
    assert told[3][letter + 1] == words.why
    assert told[1][at] == words.yes
    assert [row[:3] for row in after[words.failures][1:]] == [(words.why, 3, tongue.people[2][0])]
    text = (await reported(town, person, "csv")).decode("utf-8-sig")
    assert len(text.splitlines()) == 4
    assert text.count(words.delivered) == 2
