"""Who answered, told where it matters: a reminder that waits for it, a list that is only lent, the log."""

from typing import Any

from bot.core.campaigns import State
from bot.core.lists import Access, Shared, share
from bot.playground.slack import Person
from tests.fixtures.files import FRENCH_PEOPLE, csv_bytes, xlsx_bytes
from tests.handlers.test_reminding import an_hour_before, invites, is_sent_again, written_to
from tests.journeys.harness import Town
from tests.journeys.test_answered import (
    BOTH,
    DONE,
    ENGLISH,
    FRENCH,
    LINK,
    Tongue,
    answered,
    campaign,
    codes,
    gives,
    lime,
    sends,
    tells,
)
from tests.journeys.test_reports import reported, sheets

REMINDS = {"U0CLAIRE": "Envoyer la relance 1 maintenant", "U0BOB": "Send reminder 1 now (2 to remind)?"}
UNKNOWN = {"U0CLAIRE": "Je ne sais pas qui a répondu", "U0BOB": "don't know who has answered"}


def logged(town: Town) -> list[tuple[str, dict[str, Any]]]:
    return [(one.verb, dict(one.about)) for one in town.bot.store.log.read(town.workspace)]


@BOTH
async def test_an_export_given_while_a_reminder_is_held_asks_again(town: Town, tongue: Tongue) -> None:
    person = town.slack.person(tongue.who)
    await invites(town, person, reminders=1)
    await an_hour_before(town)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    await person.sees(UNKNOWN[tongue.who])
    one = campaign(town)
    await gives(town, person, lime((codes(town, one.id).answer(1), DONE)))
    await person.sees(tongue.one_new)
    await person.sees(REMINDS[tongue.who])
    assert town.mail.letters == []
    await person.clicks("campaigns.send_now")
    await is_sent_again(town, 1)
    assert written_to(town) == {tongue.people[0][0], tongue.people[2][0]}
    assert ("told_answers", {"answers": 1}) in logged(town)


@BOTH
async def test_a_sheet_of_google_s_with_codes_is_asked_about(town: Town, tongue: Tongue) -> None:
    """Its codes stand under a question of one's own, whatever it is called."""
    person, one = await sends(town, tongue)
    code = codes(town, one.id).answer
    rows = [
        ["Horodateur", "Votre avis ?", "Code (ne pas modifier)"],
        [DONE, "Très bien", code(2)],
        [DONE, "Bien", code(2)],
        [DONE, "Bien", "effacé"],
    ]
    await person.drops(("Réponses au formulaire.xlsx", xlsx_bytes(rows)))
    await person.sees(tongue.asks)
    await person.clicks("lists.as_answers")
    await person.sees(tongue.one_new)
    assert answered(town, one.id) == {2}


async def test_the_whole_link_tells_too(town: Town) -> None:
    person, one = await sends(town, ENGLISH)
    link = f"{LINK}?postillon={codes(town, one.id).answer(0)}&lang=fr"
    await gives(town, person, ("answers.csv", csv_bytes([["When", "Referer"], [DONE, link]], delimiter=",")))
    await person.sees(ENGLISH.one_new)
    assert answered(town, one.id) == {0}


async def borrows(town: Town) -> tuple[Person, Any]:
    """Bob sends to a list that is Claire's, and lent to him."""
    claire, bob = town.claire, town.bob
    await claire.drops(FRENCH.file)
    await claire.sees(FRENCH.kept)
    (known,) = town.bot.store.lists.all(town.workspace)
    lent = share(known, Shared(everybody=Access.USE))
    town.bot.store.lists.save(town.workspace, lent, known.revision)
    await bob.says("lists")
    await bob.sees("without seeing addresses")
    await town.composes(bob, LINK)
    await bob.submits()
    await town.slack.until(lambda: bob.dialog is None)
    await town.reaches_departure()
    await town.letters(3)
    await bob.sees(ENGLISH.sent)
    return bob, campaign(town)


async def test_who_may_only_use_the_list_gets_counts(town: Town) -> None:
    bob, one = await borrows(town)
    await tells(town, bob)
    assert "answered.people" not in str(bob.dialog)
    assert '"people"' not in str(bob.dialog)
    await bob.types("addresses", f"{FRENCH_PEOPLE[0][0]} stranger@elsewhere.example")
    await bob.submits()
    await town.slack.until(lambda: "1 address" in str(bob.dialog))
    assert "stranger@" not in str(bob.dialog)
    await bob.closes()
    assert answered(town, one.id) == {0}
    told = sheets(await reported(town, bob))
    assert list(told) == ["Summary"]
    assert not any(person[0] in str(told) for person in FRENCH_PEOPLE)
    await bob.forges("campaigns.report", f"{one.id}:{one.revision}:csv")
    await bob.sees("not open to you row by row")
    assert len(bob.files) == 1
    assert ("reported", {"people": 3}) in logged(town)


BEGUN = {"U0CLAIRE": "1 réponse commencée, aucune terminée", "U0BOB": "1 answer begun, none finished"}


@BOTH
async def test_an_export_where_nobody_has_finished_yet(town: Town, tongue: Tongue) -> None:
    person, one = await sends(town, tongue)
    await gives(town, person, lime((codes(town, one.id).answer(1), "")))
    await person.sees(BEGUN[tongue.who])
    assert (answered(town, one.id), campaign(town).answers) == (set(), ())


async def test_who_is_forgotten_stands_in_no_report(town: Town) -> None:
    person, one = await sends(town, ENGLISH)
    admin = next(somebody for somebody in (town.claire, town.bob, town.samir) if somebody.profile.is_admin)
    address, first, last, *_ = ENGLISH.people[0]
    assert address in str(sheets(await reported(town, person)))
    await admin.commands("/contacts", f"forget {address}")
    await town.dialog(admin, "people.erase")
    await admin.submits()
    await town.slack.until(lambda: not [file for file in person.files if "report" in file.name])
    await gives(town, person, lime((codes(town, one.id).answer(0), DONE)))
    await person.sees(ENGLISH.one_new)
    assert answered(town, one.id) == {0}
    told = sheets(await reported(town, person))
    assert told["People"][1][1] == "(erased)"
    assert told["People"][1][told["People"][0].index("Answered")] == "yes"
    assert not [word for word in (address, f"{first} {last}") if word in str(told)]
