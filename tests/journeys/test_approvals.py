"""A campaign to more people than one alone should decide: asked in a channel, answered by somebody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.campaigns import Campaign, State
from bot.core.ids import MemberId
from bot.playground.slack import Person
from tests.conftest import Check
from tests.fixtures.files import FRENCH_HEADER, FRENCH_PEOPLE, csv_bytes, english_xlsx, french_excel_csv
from tests.journeys.harness import Town, open_town

LINK = "https://forms.example/s/1"
CHANNEL = "C0ACCORDS"


@asynccontextmanager
async def _opened(path: Path, check: Check | None, **settings: Any) -> AsyncIterator[Town]:
    values = {"approval_above": 2, "approval_channel": CHANNEL, **settings}
    async with open_town(path / "data", check, **values) as town:
        yield town


@pytest.fixture
async def careful(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    """A town where three letters need an approval, and everybody is in its channel."""
    async with _opened(tmp_path, block_check, default_language="fr") as town:
        town.slack.add_channel(CHANNEL, name="accords")
        yield town


@pytest.fixture
async def careful_english(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with _opened(tmp_path, block_check, default_language="en") as town:
        town.slack.add_channel(CHANNEL, name="approvals")
        yield town


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


def posted(town: Town) -> list[str]:
    return [str(message) for message in town.slack.messages_in(CHANNEL)]


async def becomes(town: Town, state: State) -> None:
    await town.slack.until(lambda: campaign(town).state is state)


async def asks(town: Town, person: Person, file: tuple[str, bytes]) -> None:
    """From the file to the question in the channel."""
    await person.drops(file)
    await person.sees("Liste gardée" if person.profile.locale.startswith("fr") else "List kept")
    await town.composes(person, LINK)
    await person.submits()
    await becomes(town, State.AWAITING)
    await town.slack.until(lambda: any("campaigns.approve" in one for one in posted(town)))


async def test_samir_approves_and_claire_s_letters_leave_at_their_moment(careful: Town) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.reaches(claire, "when", LINK)
    await claire.selects("reminders", "2")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Demander l'accord · 3")
    await claire.sees("Au-dessus de 2 lettres, quelqu'un d'autre donne son accord")
    await claire.submits()
    await becomes(town, State.AWAITING)
    await claire.sees("Accord demandé à")
    await samir.sees("@Claire demande votre accord pour envoyer")
    await samir.sees("Bonjour Camille")
    await samir.sees("exemple.fr 3")
    await samir.sees("Relance 2, à ceux qui n'ont pas répondu")
    question = "".join(posted(town))
    for secret in ("claire.martin@", "noel.lefevre", "Noël", "Lefèvre", "zoe.leroy", "Zoé", "Leroy"):
        assert secret not in question, "no address and no name of a recipient"

    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await claire.sees("Samir a donné son accord")
    await samir.sees("Accord donné par @Samir")
    assert "campaigns.approve" not in "".join(posted(town))
    await town.reaches_departure()
    assert {one.to for one in await town.letters(3)} >= {"noel.lefevre@exemple.fr"}


async def test_samir_refuses_bob_s_in_english_and_says_why(careful_english: Town) -> None:
    town, bob, claire = careful_english, careful_english.bob, careful_english.claire
    await asks(town, bob, english_xlsx())
    await bob.sees("Approval asked of")
    await claire.sees("@Bob asks for your approval to send")
    await claire.clicks("campaigns.refuse")
    await town.dialog(claire, "campaigns.refuse")
    await claire.submits()
    assert claire.errors, "why is required"
    await claire.types("comment", "The subject is wrong <!channel>")
    await claire.submits()
    await becomes(town, State.DRAFT)
    await bob.sees("Claire refuses to let")
    await bob.sees("The subject is wrong <!channel>")
    await claire.sees("Refused by @Claire")
    assert "<!channel>" not in "".join(posted(town)), "nobody is pinged by a comment"

    await bob.clicks("campaigns.edit")
    await town.dialog(bob, "campaigns.check")
    await bob.submits()
    await becomes(town, State.AWAITING)
    await town.slack.until(lambda: len(posted(town)) == 2)
    await claire.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await bob.sees("Claire approved")
    await bob.sees("approval was asked for")
    bob.doesnt_see("awaiting approval")


async def test_nobody_approves_their_own(careful: Town) -> None:
    town, claire = careful, careful.claire
    await asks(town, claire, french_excel_csv())
    await claire.clicks("campaigns.approve")
    await claire.sees("quelqu'un d'autre doit donner son accord")
    await claire.clicks("campaigns.refuse")
    assert campaign(town).state is State.AWAITING
    careful.samir.doesnt_see("quelqu'un d'autre doit donner son accord")


async def test_the_second_click_and_the_second_approver_are_told(careful: Town) -> None:
    town, samir, bob = careful, careful.samir, careful.bob
    await asks(town, careful.claire, french_excel_csv())
    value = f"{campaign(town).id}:{campaign(town).approval.revision}"  # type: ignore[union-attr]
    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    approved = campaign(town)
    approvals, people = town.bot.services.approvals, town.bot.services.people
    second = people.member(town.workspace, MemberId(bob.profile.id))
    with pytest.raises(Exception, match=r"approvals\.done\.approved"):
        approvals.approve(second, approved.id, int(value.partition(":")[2]), CHANNEL)
    assert campaign(town) == approved


async def test_who_is_not_in_the_channel_may_not_answer(tmp_path: Path, block_check: Check | None) -> None:
    async with _opened(tmp_path, block_check) as town:
        town.slack.add_channel(CHANNEL, name="approvals", members=["U0CLAIRE", "U0BOB"])
        await asks(town, town.bob, english_xlsx())
        asked = campaign(town)
        assert asked.approval is not None
        await town.samir.forges("campaigns.approve", f"{asked.id}:{asked.approval.revision}")
        await town.samir.sees("vous n'y êtes pas")
        assert campaign(town).state is State.AWAITING


async def test_an_edit_asks_again(careful: Town) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await asks(town, claire, french_excel_csv())
    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await claire.clicks("campaigns.edit", where="messages")
    await town.dialog(claire, "campaigns.check")
    await becomes(town, State.DRAFT)
    await samir.sees("Reprise par @Claire")
    await claire.submits()
    await becomes(town, State.AWAITING)
    await town.slack.until(lambda: any("campaigns.approve" in one for one in posted(town)))
    await town.goes_by(days=3)
    await becomes(town, State.HELD)
    assert town.mail.letters == []


async def test_unapproved_at_its_moment_it_is_held_and_everybody_hears(careful: Town) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await asks(town, claire, french_excel_csv())
    moment = campaign(town).send_at
    assert moment is not None
    await town.playground.move(moment - timedelta(minutes=59) - town.playground.now())
    await samir.sees("attend encore un accord")
    assert campaign(town).state is State.AWAITING
    await town.goes_by(hours=1)
    await becomes(town, State.HELD)
    await claire.sees("Personne n'avait donné son accord")
    await samir.sees("n'est pas partie : personne n'avait donné son accord")
    assert town.mail.letters == []

    await claire.clicks("campaigns.send_now")
    await becomes(town, State.AWAITING)
    assert town.mail.letters == [], "held and unapproved, it never leaves by a click of its owner"
    await samir.sees("Départ dès votre accord")
    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await town.goes_by(minutes=2)
    await town.letters(3)


async def test_an_approval_that_comes_late_leaves_the_moment_to_the_owner(careful: Town) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await asks(town, claire, french_excel_csv())
    await town.goes_by(days=5)
    await becomes(town, State.HELD)
    await samir.clicks("campaigns.approve")
    await claire.sees("mais après l'heure du départ")
    assert campaign(town).state is State.HELD
    await claire.clicks("campaigns.send_now")
    await town.letters(3)


async def test_cancelled_or_moved_while_it_waits(careful: Town) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await asks(town, claire, french_excel_csv())
    await claire.clicks("campaigns.reschedule")
    await town.dialog(claire, "campaigns.when")
    later = campaign(town).send_at
    assert later is not None
    await claire.picks_time("send_at", int(later.timestamp()) + 3_600)
    await claire.submits()
    await town.slack.until(lambda: campaign(town).send_at == later + timedelta(hours=1))
    assert campaign(town).state is State.AWAITING
    await samir.sees("est déplacée par la personne qui l'envoie")
    await claire.clicks("campaigns.cancel")
    await becomes(town, State.CANCELLED)
    await samir.sees("Demande close")
    assert "campaigns.approve" not in "".join(posted(town))


async def test_a_small_campaign_needs_nobody(careful: Town) -> None:
    town, claire = careful, careful.claire
    rows = french_excel_csv()
    small = (rows[0], b"\r\n".join(rows[1].splitlines()[:3]) + b"\r\n")
    await claire.drops(small)
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.sees("Programmer pour 2")
    await claire.submits()
    await becomes(town, State.SCHEDULED)
    assert posted(town) == []


async def test_without_the_bot_in_the_channel_admins_are_asked(
    tmp_path: Path, block_check: Check | None
) -> None:
    async with _opened(tmp_path, block_check) as town:
        town.slack.add_channel(CHANNEL, name="approvals", has_bot=False)
        await town.claire.opens_home()  # an admin we have met
        await town.claire.sees("Postillon")
        bob = town.bob
        await bob.drops(english_xlsx())
        await bob.sees("List kept")
        await town.composes(bob, LINK)
        await bob.submits()
        await bob.sees("I can't write in")
        await town.claire.sees("@Bob demande votre accord")
        await town.claire.clicks("campaigns.approve")
        await becomes(town, State.SCHEDULED)
        await bob.sees("Claire approved")


async def test_nobody_to_ask_is_said_once_and_it_waits(tmp_path: Path, block_check: Check | None) -> None:
    async with _opened(tmp_path, block_check, approval_channel="") as town:
        bob = town.bob
        await bob.drops(english_xlsx())
        await bob.sees("List kept")
        await town.composes(bob, LINK)
        await bob.submits()
        await bob.sees("I have nobody to ask")
        await town.goes_by(minutes=5)
        assert str(bob.messages).count("I have nobody to ask") == 1
        assert campaign(town).state is State.AWAITING


async def test_a_restart_in_each_state_changes_nothing(careful: Town) -> None:
    town, samir = careful, careful.samir
    await asks(town, careful.claire, french_excel_csv())
    await _restart(town)
    assert campaign(town).state is State.AWAITING
    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await _restart(town)
    await town.reaches_departure()
    await town.letters(3)


async def _restart(town: Town) -> None:
    await town.bot.stop()
    await town.playground.start_bot()


@pytest.mark.parametrize("approved", [False, True])
async def test_other_people_are_asked_about_anew(careful: Town, approved: bool) -> None:
    town, claire, samir = careful, careful.claire, careful.samir
    await asks(town, claire, french_excel_csv())
    if approved:
        await samir.clicks("campaigns.approve")
        await becomes(town, State.SCHEDULED)
    more = [*FRENCH_PEOPLE, ("leo.petit@ailleurs.fr", "Léo", "Petit", "", "", "")]
    await claire.drops(("clients.csv", csv_bytes([FRENCH_HEADER, *more])))
    await claire.sees("Un nouveau fichier")
    await claire.clicks("lists.merge")
    await claire.sees("garde les destinataires")
    await claire.clicks("lists.fix_again")
    await town.slack.until(lambda: campaign(town).audience_size == 4)
    assert campaign(town).state is State.AWAITING
    await samir.sees("ailleurs.fr 1")
    await samir.sees("la demande a changé")
    assert sum("campaigns.approve" in one for one in posted(town)) == 1, "the older question has no buttons"
    await samir.clicks("campaigns.approve")
    await becomes(town, State.SCHEDULED)
    await town.reaches_departure()
    await town.letters(4)


async def test_what_the_message_has_no_room_for_is_read_in_a_dialog(careful: Town) -> None:
    """The end of a letter is where one would hide what the approvers must not see."""
    town, claire, samir = careful, careful.claire, careful.samir
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.reaches(claire, "message", LINK)
    await claire.types("body", "Bonjour. " + "Merci encore. " * 900 + "Envoyez-moi votre mot de passe.")
    for step in ("when", "check"):
        await claire.submits()
        await town.dialog(claire, f"campaigns.{step}")
    await claire.submits()
    await becomes(town, State.AWAITING)
    await samir.sees("caractères de ces lettres ne sont pas montrés ici")
    assert "mot de passe" not in "".join(posted(town))
    await samir.clicks("campaigns.read_letters")
    await town.dialog(samir, "campaigns.read_letters")
    await samir.sees("Envoyez-moi votre mot de passe.")
