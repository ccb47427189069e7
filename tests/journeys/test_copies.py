"""After a campaign: the same once more, as last time, or to more people; and drafts taken up again."""

from collections.abc import Set
from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import Campaign, State, Step
from bot.core.people import Member
from bot.core.selection import Kind, Selection
from bot.core.sentences import Refusal
from bot.playground.slack import Person
from bot.services.frequency import Frequency
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK, NEXT = "https://forms.example/s/1", "https://forms.example/s/2"
MORE = ("more.csv", b"Email,First name,Last name\nann@example.com,Ann,Lee\nbo@example.com,Bo,Ray\n")
PLUS = ("plus.csv", "E-mail;Prénom;Nom\nana@exemple.fr;Ana;Lé\nbob@exemple.fr;Bob;Roy\n".encode())


def campaigns(town: Town) -> list[Campaign]:
    """Newest first."""
    return town.bot.store.campaigns.all(town.workspace)


def lists(town: Town) -> list[Any]:
    return town.bot.store.lists.all(town.workspace)


async def imports(town: Town, person: Person, file: tuple[str, bytes]) -> None:
    known = len(lists(town))
    await person.drops(file)
    await town.slack.until(lambda: len(lists(town)) > known)
    await town.slack.until(lambda: lists(town)[0].id in str(person.messages[-1]))


async def sends(town: Town, person: Person, file: tuple[str, bytes]) -> Campaign:
    await imports(town, person, file)
    await town.composes(person, LINK)
    await schedules(town, person)
    await town.reaches_departure()
    await town.slack.until(lambda: campaigns(town)[0].state is State.SENT)
    return campaigns(town)[0]


async def schedules(town: Town, person: Person) -> None:
    await person.submits()
    await town.slack.until(lambda: campaigns(town)[0].state is State.SCHEDULED)
    await town.slack.until(lambda: person.dialog is None)


@pytest.mark.parametrize(
    ("who", "file", "following", "scheduled"),
    [("claire", french_excel_csv(), PLUS, "programmée"), ("bob", english_xlsx(), MORE, "scheduled")],
    ids=["french", "english"],
)
async def test_who_comes_back_needs_seven_actions(
    town: Town, who: str, file: tuple[str, bytes], following: tuple[str, bytes], scheduled: str
) -> None:
    person: Person = getattr(town, who)
    first = await sends(town, person, file)
    actions = 2  # drag the file, Enter
    await imports(town, person, following)
    actions += 1
    await person.clicks("campaigns.duplicate", where=person.messages[-1]["ts"])
    await town.dialog(person, "campaigns.parameters")
    await person.sees(first.name)
    actions += 1
    await person.types("link", NEXT)
    actions += 1
    await person.submits()
    await town.dialog(person, "campaigns.check")
    actions += 1
    await person.clicks("campaigns.test")
    await town.slack.until(lambda: campaigns(town)[0].tested_at is not None)
    actions += 1
    await schedules(town, person)
    assert actions <= 7
    second = campaigns(town)[0]
    assert second.link == NEXT
    assert second.list_id == lists(town)[0].id != first.list_id
    taken = ("subject", "body", "sender", "reply_to", "language", "speed", "reason", "selection", "reminders")
    assert {one: getattr(second, one) for one in taken} == {one: getattr(first, one) for one in taken}
    assert second.send_at is not None
    assert second.send_at.astimezone(town.bot.store.people.all(town.workspace)[0].tz).hour == 10
    await person.sees(scheduled)


async def test_a_duplicate_opens_at_the_check_with_its_link(town: Town) -> None:
    claire = town.claire
    first = await sends(town, claire, french_excel_csv())
    await claire.clicks("campaigns.duplicate", value=f"{first.id}:{first.revision}")
    await town.dialog(claire, "campaigns.check")
    copy = campaigns(town)[0]
    assert (copy.name, copy.link, copy.state) == (f"{first.name} (2)", LINK, State.DRAFT)
    await claire.closes()
    await claire.clicks("campaigns.duplicate", value=f"{first.id}:{first.revision}")
    await town.dialog(claire, "campaigns.check")
    assert len(campaigns(town)) == 2, "two clicks give one draft"


@pytest.mark.parametrize("who", ["claire", "bob"])
async def test_more_people_are_invited_and_nobody_twice(town: Town, who: str) -> None:
    person: Person = getattr(town, who)
    first = await sends(town, person, MORE)
    await imports(town, person, ("both.csv", MORE[1] + b"cy@example.com,Cy,Fox\n"))
    await town.slack.until(lambda: "lists.merge" not in str(person.dialog))
    await person.clicks("campaigns.invite")
    await town.dialog(person, "campaigns.recipients")
    draft = campaigns(town)[0]
    assert (draft.follows, draft.link, draft.body) == (first.id, LINK, first.body)
    await person.submits()
    assert person.dialog is not None
    assert person.dialog["callback_id"] == "campaigns.recipients", "nobody is left on this list"
    await person.closes()
    await town.slack.until(lambda: person.dialog is None)
    assert len(town.mail.letters) == 2


async def test_after_a_pilot_the_rest_is_invited(town: Town) -> None:
    bob = town.bob
    await imports(town, bob, english_xlsx())
    await town.composes(bob, LINK)
    draft = campaigns(town)[0]
    pilot = Selection(kind=Kind.PILOT, pilot=1)
    service = town.bot.services.campaigns
    member = town.bot.store.people.all(town.workspace)[0]
    await bob.closes()
    chosen = await town.bot.edge.toil(
        service.set_recipients, member, draft.id, draft.revision, draft.list_id or "", pilot, then=Step.CHECK
    )
    await bob.clicks("campaigns.edit", value=f"{chosen.id}:{draft.revision}")
    await town.dialog(bob, "campaigns.check")
    await schedules(town, bob)
    await town.reaches_departure()
    await town.slack.until(lambda: campaigns(town)[0].state is State.SENT)
    await bob.sees("Invite the rest")
    await bob.clicks("campaigns.invite")
    await town.dialog(bob, "campaigns.recipients")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("Schedule for 2")
    await schedules(town, bob)
    await town.reaches_departure()
    letters = await town.letters(3)
    assert len({letter.to for letter in letters}) == 3


async def twins(town: Town, person: Person) -> list[Campaign]:
    """Two drafts that go on from one campaign, to the same people."""
    await imports(town, person, english_xlsx())
    await town.composes(person, LINK)
    await schedules(town, person)
    first = campaigns(town)[0]
    await person.clicks("campaigns.cancel")
    await town.slack.until(lambda: campaigns(town)[0].state is State.CANCELLED)
    copies, service, found = town.bot.services.copies, town.bot.services.campaigns, []
    for _ in range(2):
        draft = await town.bot.edge.toil(copies.duplicate, known(town), first.id)
        found.append(
            await town.bot.edge.toil(
                service.go_to, known(town), draft.id, draft.revision, Step.CHECK, follows=first.id
            )
        )
    return found


def known(town: Town) -> Member:
    return town.bot.store.people.all(town.workspace)[0]


async def test_two_drafts_of_one_chain_write_to_nobody_twice(town: Town) -> None:
    one, other = await twins(town, town.bob)
    schedule = town.bot.services.campaigns.schedule
    await town.bot.edge.toil(schedule, known(town), one.id, one.revision)
    with pytest.raises(Refusal):
        await town.bot.edge.toil(schedule, known(town), other.id, other.revision)
    await town.reaches_departure()
    letters = await town.letters(3)
    assert len({letter.to for letter in letters}) == 3


async def test_two_of_one_chain_scheduled_at_once_write_to_nobody_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither saw the other when its people were fixed: who was invited meanwhile is removed at departure."""
    one, other = await twins(town, town.bob)
    service, truly = town.bot.services.campaigns, Frequency.invited

    def blind(self: Frequency, campaign: Campaign, *, departed: bool = False) -> Set[int]:
        return truly(self, campaign, departed=True) if departed else frozenset()

    monkeypatch.setattr(Frequency, "invited", blind)
    for draft in (one, other):
        await town.bot.edge.toil(service.schedule, known(town), draft.id, draft.revision)
    await town.reaches_departure()
    await town.slack.until(lambda: [one.state for one in campaigns(town)[:2]] == [State.SENT, State.SENT])
    letters = await town.letters(3)
    assert len({letter.to for letter in letters}) == 3
    await town.bob.sees("already invited")


@pytest.mark.parametrize(
    ("who", "resume"), [("claire", "Étape 3 sur 5"), ("bob", "Step 3 of 5")], ids=["french", "english"]
)
async def test_a_draft_is_resumed_in_one_click_and_thrown_away_when_asked(
    town: Town, who: str, resume: str
) -> None:
    person: Person = getattr(town, who)
    await imports(town, person, french_excel_csv() if who == "claire" else english_xlsx())
    await town.reaches(person, "message", LINK)
    await person.closes()
    await town.goes_by(hours=1)
    await person.opens_home()
    await town.slack.until(lambda: person.home and resume in str(person.home).replace("\u00a0", " "))
    await person.clicks("campaigns.edit", where="home")
    await town.dialog(person, "campaigns.message")
    await person.closes()
    await person.says("campagnes" if who == "claire" else "campaigns")
    await town.slack.until(lambda: "campaigns.new" in str(person.messages[-1]))
    assert campaigns(town)[0].name in str(person.messages[-1])
    await person.clicks("campaigns.discard", where=person.messages[-1]["ts"])
    await town.slack.until(lambda: campaigns(town) == [])
    await town.slack.until(lambda: "campaigns.discard" not in str(person.messages[-1]))
    await person.forges("campaigns.discard", "cmp_gone:1")
    await person.sees("Je ne trouve pas cette campagne" if who == "claire" else "can't find this campaign")


async def test_a_draft_is_thrown_away_from_home(town: Town) -> None:
    claire = town.claire
    await imports(town, claire, french_excel_csv())
    await town.reaches(claire, "recipients", LINK)
    await claire.closes()
    await claire.opens_home()
    await town.slack.until(lambda: claire.home and "campaigns.discard" in str(claire.home))
    await claire.clicks("campaigns.discard", where="home")
    await town.slack.until(lambda: "campaigns.discard" not in str(claire.home))
    assert campaigns(town) == []


async def test_same_as_last_time_waits_on_home_and_survives_a_closed_window(town: Town) -> None:
    bob = town.bob
    first = await sends(town, bob, english_xlsx())
    await imports(town, bob, MORE)
    await bob.opens_home()
    await town.slack.until(lambda: bob.home and "Same as last time" in str(bob.home))
    await bob.clicks(
        "campaigns.duplicate", where="home", value=f"{first.id}:{first.revision}:{lists(town)[0].id}"
    )
    await town.dialog(bob, "campaigns.parameters")
    await bob.closes()
    await bob.sees("Draft saved")
    await bob.clicks("campaigns.edit", where=bob.messages[-1]["ts"])
    await town.dialog(bob, "campaigns.parameters")
    await bob.types("link", NEXT)
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    assert campaigns(town)[0].send_at - town.bot.wakes.now() > timedelta(hours=1)  # type: ignore[operator]


async def test_a_draft_has_no_copy_and_a_stranger_gets_none(town: Town) -> None:
    claire = town.claire
    first = await sends(town, claire, french_excel_csv())
    await town.samir.forges("campaigns.duplicate", f"{first.id}:1")
    await town.samir.sees("Je ne trouve pas cette campagne")
    await town.samir.forges("campaigns.invite", f"{first.id}:1")
    await town.slack.until(
        lambda: str(town.samir.dialogs).count("Je ne trouve") or len(town.samir.messages) > 1
    )
    await claire.clicks("campaigns.invite")
    await town.dialog(claire, "campaigns.recipients")
    draft = campaigns(town)[0]
    await claire.closes()
    await claire.forges("campaigns.duplicate", f"{draft.id}:1")
    await claire.sees("est encore un brouillon")
    assert len(campaigns(town)) == 2


async def test_who_drops_the_newer_export_comes_back_in_seven_too(town: Town) -> None:
    """The file looks like the list: it is merged, and the message of that goes on as the list's does."""
    bob = town.bob
    first = await sends(town, bob, MORE)
    await bob.drops(("more.csv", MORE[1] + b"cy@example.com,Cy,Fox\n"))
    actions = 2  # drag, Enter
    await town.slack.until(lambda: "lists.merge" in str(bob.messages[-1]))
    actions += 1
    await bob.clicks("lists.merge")
    await town.slack.until(lambda: "Same as last time" in str(bob.messages[-1]))
    actions += 1
    await bob.clicks("campaigns.duplicate", where=bob.messages[-1]["ts"])
    await town.dialog(bob, "campaigns.parameters")
    actions += 1
    await bob.types("link", NEXT)
    actions += 1
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    actions += 1
    await schedules(town, bob)
    assert actions <= 7
    assert (campaigns(town)[0].list_id, campaigns(town)[0].link) == (first.list_id, NEXT)


async def test_the_very_same_file_offers_it_too(town: Town) -> None:
    await sends(town, town.bob, MORE)
    await town.bob.drops(MORE)
    await town.bob.sees("Nothing has changed")
    await town.slack.until(lambda: "Same as last time" in str(town.bob.messages[-1]))
