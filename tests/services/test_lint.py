"""What is found wrong with a draft of 100,000 people, and how long that takes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.core import lines
from bot.core.campaigns import Campaign, Step
from bot.core.contacts import Contact
from bot.core.ids import MemberId, WorkspaceId
from bot.core.lists import ContactList, Report
from bot.core.people import Language, Member
from bot.core.sentences import Refusal
from bot.core.suppressions import Cause, Suppression
from tests.services.conftest import Room
from tests.services.mailroom import NOON

ANNA = Member(
    workspace=WorkspaceId("T1"), id=MemberId("U1"), email="anna@nova.example", locale=Language.FRENCH,
    zone="Europe/Paris",
)  # fmt: skip
MANY = 100_000


@dataclass
class Place:
    room: Room

    def drafts(
        self, people: Iterator[Contact], count: int, body: str, extras: tuple[str, ...] = ()
    ) -> Campaign:
        store, campaigns = self.room.store, self.room.campaigns
        staging = store.staging()
        with staging.open("wb") as file:
            file.write(lines.header("list"))
            file.writelines(lines.encode(one.to_line()) for one in people)
        report = Report(rows=count, accepted=count, extras=extras)
        kept = ContactList(
            workspace=ANNA.workspace, id="lst_1", owner=ANNA.id, title="Clients", report=report,  # type: ignore[arg-type]
            created_at=NOON,
        )  # fmt: skip
        store.lists.add(ANNA.workspace, kept, staging)
        draft = campaigns.start(ANNA, "lst_1")
        return campaigns.go_to(
            ANNA, draft.id, draft.revision, Step.CHECK, subject="Votre avis ?", body=body,
            link="https://forms.example/s/1",
        )  # fmt: skip

    def finds(self, draft: Campaign) -> dict[str, dict[str, object]]:
        reach = self.room.campaigns.audience(ANNA, draft).reach
        found = self.room.campaigns.lint.findings(ANNA, draft, reach)
        return {one.key: dict(one.values) for one in found}


@pytest.fixture
def place(room: Room) -> Place:
    return Place(room)


def crowd(count: int) -> Iterator[Contact]:
    """Every tenth has no first name; two have a text where their company should be."""
    for n in range(count):
        company = "W" * 2_000 if n in (7, 9) else f"Société {n % 500}"
        first_name = "" if n % 10 == 0 else f"Zoé {n % 1_000}"
        yield Contact(row=n + 2, email=f"p{n}@example.com", first_name=first_name, company=company)


def test_blanks_are_counted_among_who_gets_the_letter(place: Place) -> None:
    for n in (0, 10, 11):
        gone = Suppression(address=f"p{n}@example.com", cause=Cause.UNSUBSCRIBED, at=NOON, origin="")
        place.room.store.suppressions.add(ANNA.workspace, gone)
    draft = place.drafts(crowd(100), 100, "Bonjour {{prenom}}, de {{entreprise}} {{lien}}")
    found = place.finds(draft)
    assert found["lint.blank"]["n"] == 10 - 2
    assert found["lint.value.long"]["rows"] == "9, 11", "as the spreadsheet numbers them"


def test_a_subject_that_would_be_empty_names_its_rows(place: Place) -> None:
    draft = place.drafts(crowd(100), 100, "{{lien}}")
    campaigns = place.room.campaigns
    draft = campaigns.go_to(ANNA, draft.id, draft.revision, Step.CHECK, subject="{{prenom}}")
    assert place.finds(draft)["lint.subject.blank"] == {"n": 5, "rows": "2, 12, 22, 32, 42"}
    with pytest.raises(Refusal) as refused:
        campaigns.lint.require(ANNA, draft, campaigns.audience(ANNA, draft).reach)
    assert refused.value.sentence.key == "lint.subject.blank"


def test_a_hundred_thousand_people_are_looked_at_in_no_time(place: Place) -> None:
    draft = place.drafts(crowd(MANY), MANY, "Bonjour {{prenom}}, de {{entreprise}}, {{ville | ici}} {{lien}}")
    place.room.campaigns.lint.prepare(ANNA, draft)
    reach = place.room.campaigns.audience(ANNA, draft).reach
    start = time.process_time()
    found = place.room.campaigns.lint.findings(ANNA, draft, reach)
    assert time.process_time() - start < 1.0, "of the processor, beside the counting"
    assert next(one for one in found if one.key == "lint.blank").values["n"] == MANY // 10
    assert place.room.campaigns.check(ANNA, draft.id, MANY - 1).reading.contact.row == MANY + 1
