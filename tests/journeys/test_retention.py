"""A list nobody needs any more: asked about a week before, kept or deleted, and never in silence."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.lists import ContactList
from bot.playground.slack import Person
from tests.conftest import Check
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.handlers.campaign_records import buttons
from tests.journeys.harness import Town, open_town

DAYS = 100
WORDS = {
    "claire": {
        "kept": "Liste gardée", "asked": "sauf si vous la gardez", "keep": "est gardée au moins jusqu'au",
        "over": "comme annoncé le", "deleted": "Récupérable jusqu'au", "gone": "n'est plus là",
        "home": "(3 contacts) sera supprimée le",
    },
    "bob": {
        "kept": "List kept", "asked": "unless you keep it", "keep": "is kept until",
        "over": "as announced on", "deleted": "You can bring it back until", "gone": "is not here any more",
        "home": "(3 contacts) will be deleted on",
    },
}  # fmt: skip
BOTH = pytest.mark.parametrize("who", ["claire", "bob"], ids=["french", "english"])


@pytest.fixture
async def short(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", block_check, retention_days=DAYS) as town:
        yield town


def the_list(town: Town) -> ContactList:
    (found,) = town.bot.store.lists.all(town.workspace)
    return found


def verbs(town: Town) -> Sequence[tuple[str, str]]:
    return [(one.by, one.verb) for one in town.bot.store.log.read(town.workspace)]


def said(person: Person, words: str) -> int:
    return sum(words in str(one).replace("\u00a0", " ") for one in person.messages)


async def drops(person: Person, words: str) -> None:
    await person.drops(french_excel_csv() if "gard" in words else english_xlsx())
    await person.sees(words)


@BOTH
async def test_it_is_asked_about_once_and_kept_by_a_click(short: Town, who: str) -> None:
    person, words = getattr(short, who), WORDS[who]
    await drops(person, words["kept"])
    await short.goes_by(days=DAYS - 8)
    person.doesnt_see(words["asked"])
    await short.goes_by(days=2)
    await person.sees(words["asked"])
    await short.goes_by(days=1)
    await short.goes_by(hours=3)
    assert said(person, words["asked"]) == 1
    await person.opens_home()
    await person.sees(words["home"])
    await person.clicks("lists.keep", where="messages")
    await person.sees(words["keep"])
    await short.slack.until(lambda: not said(person, words["asked"]))
    await short.goes_by(days=DAYS - 9)
    assert the_list(short).deleted_at is None
    assert said(person, words["asked"]) == 0
    assert (person.profile.id, "kept") in verbs(short)
    await short.goes_by(days=3)
    await person.sees(words["asked"])


@BOTH
async def test_without_an_answer_it_is_deleted_said_and_can_be_brought_back(short: Town, who: str) -> None:
    person, words = getattr(short, who), WORDS[who]
    await drops(person, words["kept"])
    await short.goes_by(days=DAYS - 6)
    await person.sees(words["asked"])
    told = len(person.messages)
    await short.goes_by(days=8)
    await short.slack.until(lambda: len(person.messages) > told)
    await person.sees(words["over"])
    assert the_list(short).deleted_at is not None
    assert ("", "expired") in verbs(short)
    await short.goes_by(days=1)
    assert len(person.messages) == told + 1
    await person.clicks("lists.bring_back")
    await person.sees(words["keep"])
    assert the_list(short).deleted_at is None
    await short.goes_by(days=DAYS - 9)
    assert the_list(short).is_there


@BOTH
async def test_it_is_deleted_at_once_by_a_click(short: Town, who: str) -> None:
    person, words = getattr(short, who), WORDS[who]
    await drops(person, words["kept"])
    await short.goes_by(days=DAYS - 6)
    await person.sees(words["asked"])
    await person.clicks("lists.delete_now")
    await person.sees(words["deleted"])
    assert the_list(short).deleted_at is not None
    value = f"{the_list(short).id}:1"
    await short.goes_by(days=9)
    assert short.bot.store.lists.all(short.workspace) == []
    await person.forges("lists.bring_back", value)
    await person.sees(words["gone"])
    assert said(person, words["over"]) == 0


async def test_a_list_long_forgotten_still_gets_its_week(short: Town) -> None:
    """The bot was away for a year, or the setting is new."""
    await drops(short.claire, "Liste gardée")
    await short.goes_by(days=500)
    await short.claire.sees("sauf si vous la gardez")
    await short.goes_by(days=6, hours=20)
    assert the_list(short).is_there
    await short.goes_by(hours=8)
    await short.claire.sees("comme annoncé le")


async def test_what_a_campaign_uses_waits_until_it_has_ended(short: Town) -> None:
    claire = short.claire
    await drops(claire, "Liste gardée")
    await short.composes(claire, "https://forms.example/s/1")
    await claire.submits()
    await claire.sees("programmée")
    far = short.bot.wakes.now() + timedelta(days=DAYS + 30)
    (campaign,) = short.bot.store.campaigns.all(short.workspace)
    owner = short.bot.store.people.get(short.workspace, campaign.owner)
    assert owner is not None
    await short.bot.edge.run(short.bot.services.campaigns.reschedule, owner, campaign.id, far)
    await short.goes_by(days=DAYS + 20)
    claire.doesnt_see("sauf si vous la gardez")
    await short.goes_by(days=11)
    await short.letters(3)
    await short.goes_by(days=DAYS - 9)
    claire.doesnt_see("sauf si vous la gardez")
    await short.goes_by(days=4)
    await claire.sees("sauf si vous la gardez")


async def test_a_new_version_answers_the_question(short: Town) -> None:
    claire = short.claire
    await drops(claire, "Liste gardée")
    await short.goes_by(days=DAYS - 6)
    await claire.sees("sauf si vous la gardez")
    name, content = french_excel_csv()
    await claire.drops((name, content + b"paul@example.com;Paul;Petit\r\n"))
    await claire.sees("Remplacer")
    await claire.clicks("lists.replace")
    await short.slack.until(lambda: the_list_is_new(short))
    await short.goes_by(hours=1)
    await claire.sees("est gardée au moins jusqu'au")
    await short.goes_by(days=20)
    assert all(one.is_there or one.waiting for one in short.bot.store.lists.all(short.workspace))


def the_list_is_new(town: Town) -> bool:
    return any(one.version > 1 for one in town.bot.store.lists.all(town.workspace))


async def test_slack_away_costs_nobody_a_day(short: Town) -> None:
    claire = short.claire
    await drops(claire, "Liste gardée")
    await short.slack.away()
    await short.goes_by(days=DAYS - 6)
    await short.goes_by(days=30)
    assert the_list(short).is_there
    short.slack.back()
    await short.goes_by(hours=1)
    await claire.sees("sauf si vous la gardez")
    assert said(claire, "sauf si vous la gardez") == 1
    await short.goes_by(days=6)
    assert the_list(short).is_there
    await short.slack.away()
    await short.goes_by(days=2)
    assert the_list(short).deleted_at is not None
    await short.goes_by(days=30)
    short.slack.back()
    await short.goes_by(hours=1)
    await claire.sees("comme annoncé le")
    owner = short.bot.store.people.get(short.workspace, the_list(short).owner)
    assert owner is not None
    await short.bot.edge.run(short.bot.services.retention.keep, owner, the_list(short).id)
    await claire.sees("est gardée au moins jusqu'au")
    assert the_list(short).is_there


async def test_of_who_has_left_somebody_who_looks_after_the_bot_is_asked(short: Town) -> None:
    claire, bob, samir = short.claire, short.bob, short.samir
    await claire.becomes(is_admin=True)
    await claire.says("aide")
    await claire.sees("Postillon")
    await drops(bob, "List kept")
    await bob.leaves()
    await short.goes_by(days=DAYS - 6)
    await claire.sees("la liste de Bob")
    message = claire.messages[-1]
    assert set(buttons(message["blocks"])) == {"lists.keep", "lists.delete_now"}
    assert "@example" not in str(message)
    value = f"{the_list(short).id}:1"
    await samir.forges("lists.keep", value)
    await samir.sees("Je ne trouve pas cette liste")
    await claire.clicks("lists.keep")
    await claire.sees("est gardée au moins jusqu'au")
    await short.slack.until(lambda: the_list(short).owner == claire.profile.id)
    await claire.sees("Liste gardée")
    assert (claire.profile.id, "handed over") in verbs(short)


async def test_who_leaves_after_being_asked_was_not_asked(short: Town) -> None:
    claire, bob = short.claire, short.bob
    await claire.becomes(is_admin=True)
    await claire.says("aide")
    await drops(bob, "List kept")
    await short.goes_by(days=DAYS - 6)
    await bob.sees("unless you keep it")
    await bob.leaves()
    await short.goes_by(days=7)
    await claire.sees("la liste de Bob")
    assert the_list(short).is_there
    await short.goes_by(days=8)
    await claire.sees("comme annoncé le")
    assert the_list(short).deleted_at is not None


async def test_without_the_setting_nothing_is_asked(town: Town) -> None:
    await drops(town.claire, "Liste gardée")
    told = len(town.claire.messages)
    await town.goes_by(days=3_000)
    assert len(town.claire.messages) == told
    assert the_list(town).is_there


async def test_forty_old_lists_are_not_asked_about_in_one_morning(short: Town) -> None:
    claire = short.claire
    for n in range(7):
        await claire.drops((f"liste{n}.csv", b"Email;Prenom;Nom\r\np%d@example.com;Un;Deux\r\n" % n))
        await short.slack.until(lambda n=n: len(short.bot.store.lists.all(short.workspace)) > n)
    await short.goes_by(days=DAYS + 1)
    assert said(claire, "sauf si vous la gardez") == 5
    await short.goes_by(days=1, hours=1)
    assert said(claire, "sauf si vous la gardez") == 7


async def test_a_copy_of_it_in_a_draft_counts_as_use(short: Town) -> None:
    claire = short.claire
    await drops(claire, "Liste gardée")
    await short.goes_by(days=DAYS - 20)
    await short.composes(claire, "https://forms.example/s/1")
    await claire.closes()
    await short.goes_by(days=18)
    claire.doesnt_see("sauf si vous la gardez")
