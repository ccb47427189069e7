"""Reminders lived through: announced, skipped, moved, stopped, held, sent by hand; the clock is moved."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core import planning
from bot.core.answers import Source
from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from storage import open_store
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town, open_town

LINK = "https://forms.example/s/1"
PEOPLE = 3


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def schedules(town: Town, person: Person, reminders: int) -> None:
    is_french = person.profile.locale.startswith("fr")
    await person.drops(french_excel_csv() if is_french else english_xlsx())
    await person.sees("Liste gardée" if is_french else "List kept")
    await town.reaches(person, "when", LINK)
    if reminders:
        await person.selects("reminders", str(reminders))
        await person.sees(f"Relance {reminders} prévue" if is_french else f"Reminder {reminders} planned")
    await person.submits()
    await town.dialog(person, "campaigns.check")
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED and person.dialog is None)


async def invites(town: Town, person: Person, reminders: int = 2) -> None:
    await schedules(town, person, reminders)
    await town.reaches_departure()
    await town.letters(PEOPLE)
    await town.slack.until(lambda: campaign(town).state is State.SENT)
    town.mail.letters.clear()


async def answers(town: Town, *numbers: int, source: Source = Source.EXPORT) -> None:
    learn, known = town.bot.services.answers.learn, campaign(town)
    await town.bot.edge.toil(learn, town.workspace, known.id, numbers, town.playground.now(), source)


async def shortly_before(town: Town) -> None:
    """Two hours before the next reminder."""
    now = town.playground.now()
    moment = planning.ahead(campaign(town), now)[0].moment
    await town.goes_by(seconds=(moment - now).total_seconds() - 7_200)


async def an_hour_before(town: Town) -> None:
    """The next reminder is announced, or asked about."""
    number = next(index for index, one in enumerate(campaign(town).reminders) if one.is_ahead)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).reminders[number].announced is not None)


async def is_sent_again(town: Town, wave: int) -> None:
    await town.slack.until(lambda: (campaign(town).wave, campaign(town).state) == (wave, State.SENT))


def written_to(town: Town) -> set[str]:
    return {one.to for one in town.mail.letters}


def addresses(town: Town) -> list[str]:
    """Of the recipients, by their number."""
    known = campaign(town)
    return [contact.email for _, contact in town.bot.store.campaigns.recipients(town.workspace, known)]


async def test_a_reminder_is_announced_and_reaches_only_the_silent(town: Town) -> None:
    claire = town.claire
    await invites(town, claire)
    _, second, third = addresses(town)
    await shortly_before(town)
    await answers(town, 0)
    await an_hour_before(town)
    await claire.sees("la relance 1 part")
    await claire.sees("à 2 personnes qui n'ont pas répondu")
    await town.reaches_departure()
    await is_sent_again(town, 1)
    assert written_to(town) == {second, third}
    await claire.sees("relance envoyée, 2 lettres acceptées")
    await claire.sees("l'envoi de la relance 1 a commencé")
    assert "campaigns.reminder_skip" not in str(claire.messages), "what was asked is decided"
    town.mail.letters.clear()
    await shortly_before(town)
    await answers(town, 1)
    await town.goes_by(hours=2)
    await is_sent_again(town, 2)
    assert written_to(town) == {third}


async def test_bob_skips_the_first_and_the_second_leaves(town: Town) -> None:
    bob = town.bob
    await invites(town, bob)
    await shortly_before(town)
    await answers(town, 0)
    await an_hour_before(town)
    await bob.sees("reminder 1 leaves")
    await bob.clicks("campaigns.reminder_skip")
    await bob.sees("reminder 1 will not leave.")
    assert campaign(town).reminders[0].skipped
    await town.goes_by(hours=3)
    assert town.mail.letters == []
    known = campaign(town)
    await bob.forges("campaigns.reminder_skip", f"{known.id}:{known.revision}:1")
    await bob.sees("you have already given up reminder 1")
    await shortly_before(town)
    await answers(town, 1)
    await town.goes_by(hours=2)
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == 1
    assert [one.wave for one in campaign(town).reminders] == [0, 1]


async def test_claire_moves_it(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await shortly_before(town)
    await answers(town, 0)
    await an_hour_before(town)
    planned = campaign(town).reminders[0].announced
    assert planned is not None
    await claire.clicks("campaigns.reminder_move")
    await town.dialog(claire, "campaigns.reminder_move")
    await claire.picks_time("send_at", int((town.playground.now() - timedelta(hours=1)).timestamp()))
    await claire.submits()
    assert "passé" in claire.errors["send_at"]
    later = planned + timedelta(days=1, hours=9)  # at night, as the person wants it
    await claire.picks_time("send_at", int(later.timestamp()))
    await claire.submits()
    await town.slack.until(lambda: campaign(town).reminders[0].at is not None)
    await claire.sees("la relance 1 partira")
    await town.goes_by(days=1)
    assert town.mail.letters == []
    await answers(town, 1)
    await town.goes_by(hours=12)
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == 1


async def test_bob_stops_and_nothing_more_leaves(town: Town) -> None:
    bob = town.bob
    await invites(town, bob)
    stop = next(one for one in buttons(bob) if one["action_id"] == "campaigns.stop")
    assert "The 2 planned reminders will not leave. The survey stays open." in str(stop["confirm"])
    await bob.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await answers(town, 0)
    await town.goes_by(days=30)
    assert town.mail.letters == []


async def test_claire_suspends_and_resumes(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await claire.clicks("campaigns.pause")
    await claire.sees("Relances suspendues")
    await shortly_before(town)
    await answers(town, 0)
    await town.goes_by(hours=3)
    assert town.mail.letters == []
    await claire.clicks("campaigns.resume")
    await town.slack.until(lambda: campaign(town).state is State.HELD)  # its moment passed meanwhile: it asks
    await claire.sees("la relance 1 n'est pas partie")
    assert town.mail.letters == []
    await claire.clicks("campaigns.send_now")
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == 2


async def test_nobody_knows_who_answered_and_claire_writes_to_everybody(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await an_hour_before(town)
    await claire.sees("mais je ne sais pas qui a répondu")
    assert "campaigns.reminder_everybody" in str(claire.messages)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    await claire.sees("la relance 1 n'est pas partie. Je ne sais pas qui a répondu.")
    await town.goes_by(days=1)
    assert town.mail.letters == []
    await claire.clicks("campaigns.reminder_everybody")
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == PEOPLE
    assert all("pas encore répondu" in one.text for one in town.mail.letters)
    await town.slack.until(lambda: "campaigns.reminder_everybody" not in str(claire.messages))


async def test_bob_says_everybody_in_the_hour_before(town: Town) -> None:
    bob = town.bob
    await invites(town, bob, reminders=1)
    await an_hour_before(town)
    await bob.sees("I don't know who has answered")
    await bob.clicks("campaigns.reminder_everybody")
    await bob.sees("with “if you have not answered yet”.")
    assert town.mail.letters == []
    await town.reaches_departure()
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == PEOPLE
    assert all("not answered yet" in one.text for one in town.mail.letters)


async def test_an_export_while_it_is_held_asks_and_never_sends_by_itself(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await an_hour_before(town)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    await answers(town, 0, 1)
    reminders, known = town.bot.services.reminders, campaign(town)
    await town.bot.edge.toil(reminders.learned, town.workspace, known.id)
    await claire.sees("2 personnes ont répondu. Envoyer la relance 1 maintenant")
    await town.goes_by(hours=5)
    assert town.mail.letters == []
    await claire.clicks("campaigns.send_now")
    await is_sent_again(town, 1)
    assert written_to(town) == {addresses(town)[2]}
    assert not any("pas encore répondu" in one.text for one in town.mail.letters)


async def test_answers_told_by_the_tool_while_it_is_held_ask_too(town: Town) -> None:
    bob = town.bob
    await invites(town, bob, reminders=1)
    await an_hour_before(town)
    await town.reaches_departure()
    await town.slack.until(lambda: campaign(town).state is State.HELD)
    await answers(town, 2, source=Source.WEBHOOK)
    await town.goes_by(minutes=2)
    await bob.sees("1 person has answered. Send reminder 1 now (2 to remind)?")
    asked = [one for one in bob.messages if "Send reminder 1 now" in str(one)]
    assert len(asked) == 1
    await bob.clicks("campaigns.send_now")
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == 2


async def test_claire_reminds_by_hand(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=0)
    await claire.clicks("campaigns.remind")
    await claire.sees("pas de relance avant")
    await claire.closes()
    await town.goes_by(days=2)
    await answers(town, 0)
    await claire.clicks("campaigns.remind")
    await town.dialog(claire, "campaigns.remind")
    await claire.sees("2 à relancer · 1 a répondu, dont 1 depuis hier")
    assert claire.dialog is not None
    assert claire.dialog["submit"]["text"] == "Relancer 2"
    await claire.types("subject", "Encore deux minutes ?")
    view = claire.dialog
    await claire.submits()
    await is_sent_again(town, 1)
    assert written_to(town) == set(addresses(town)[1:])
    assert {one.subject for one in town.mail.letters} == {"Encore deux minutes ?"}
    # the same dialog sent a second time: a double click, or another tab
    answer = await claire.forges_submission(
        "campaigns.remind", view["private_metadata"], view["state"]["values"]
    )  # fmt: skip
    assert "déjà partie" in str(answer.body)
    await town.goes_by(hours=1)
    assert len(town.mail.letters) == 2
    await claire.clicks("campaigns.remind")
    await claire.sees("pas de relance avant")


async def test_bob_reminds_by_hand_without_knowing_who_answered(town: Town) -> None:
    bob = town.bob
    await invites(town, bob, reminders=2)
    await town.goes_by(days=2)
    await bob.clicks("campaigns.remind")
    await town.dialog(bob, "campaigns.remind")
    await bob.sees("I don't know who has answered.")
    await bob.submits()
    assert "to_unsure" in bob.errors
    assert town.mail.letters == []
    await bob.checks("to_unsure", "to_unsure")
    await bob.types("body", "Hello {{first_nam}}")
    await bob.submits()
    assert "first_nam" in bob.errors["body"]
    await bob.types("body", "Hello {{first_name | there}}, two minutes?")
    await bob.submits()
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == PEOPLE
    assert all("not answered yet" in one.text for one in town.mail.letters)
    assert all("two minutes?" in one.text for one in town.mail.letters)
    by_hand, *planned = campaign(town).reminders
    assert (by_hand.wave, by_hand.days, len(planned)) == (1, 0, 2)


async def test_nobody_else_decides(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await bob.says("help")  # known by now: what is refused is said in messages
    await bob.sees("Hi Bob")
    await invites(town, claire, reminders=1)
    known = campaign(town)
    for verb in ("reminder_skip", "reminder_move", "reminder_everybody"):
        await bob.forges(f"campaigns.{verb}", f"{known.id}:{known.revision}:1")
    await bob.forges("campaigns.remind", f"{known.id}:{known.revision}")
    await town.slack.until(lambda: str(bob.messages).count("can't find this campaign") >= 3)
    answer = await bob.forges_submission("campaigns.remind", f"{known.id}:{known.revision}:1", {})
    assert "can't find" in str(answer.body)
    assert campaign(town) == known


async def test_a_restart_between_the_announcement_and_the_departure(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await shortly_before(town)
    await answers(town, 0)
    await an_hour_before(town)
    await claire.sees("la relance 1 part")
    await town.bot.stop()
    await town.playground.start_bot()
    await town.reaches_departure()
    await is_sent_again(town, 1)
    assert len(town.mail.letters) == 2
    assert str(claire.messages).count("personnes qui n") == 0, "the announcement is decided"


async def test_an_admin_and_a_deputy_skip_and_stop_but_send_nothing(town: Town) -> None:
    bob, claire = town.bob, town.claire  # who looks after the bot
    await invites(town, bob)
    await claire.opens_home()
    await town.slack.until(lambda: claire.home and "campaigns.reminder_skip" in str(claire.home))
    assert "campaigns.remind'" not in str(claire.home)
    await claire.clicks("campaigns.reminder_skip", where="home")
    await town.slack.until(lambda: campaign(town).reminders[0].skipped)
    await bob.sees("Claire skipped reminder 1 of")
    known = campaign(town)
    for verb in ("reminder_move", "reminder_everybody"):
        await claire.forges(f"campaigns.{verb}", f"{known.id}:{known.revision}:2")
    await town.slack.until(lambda: "trouve pas cette campagne" in str(claire.messages) + str(claire.dialogs))
    await claire.clicks("campaigns.stop", where="home")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await bob.sees("Claire stopped")


async def test_everybody_has_answered_and_nothing_leaves(town: Town) -> None:
    claire = town.claire
    await invites(town, claire, reminders=1)
    await shortly_before(town)
    await answers(town, 0, 1, 2)
    await town.goes_by(hours=3)
    await claire.sees("la relance 1 n'avait personne à qui écrire")
    assert campaign(town).state is State.SENT
    assert town.mail.letters == []
    await claire.clicks("campaigns.remind")
    await claire.sees("Il n'y a personne à relancer")


async def test_the_word_stop_finds_the_reminders(town: Town) -> None:
    bob = town.bob
    await invites(town, bob)
    await bob.says("stop")
    await bob.sees("Nothing is on its way. 1 campaign has reminders planned:")
    await bob.clicks("campaigns.pause")
    await town.slack.until(lambda: campaign(town).rests)


async def test_a_copy_put_back_asks_before_it_reminds(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        await invites(town, town.claire, reminders=1)
        shutil.copytree(data, copy)
        await shortly_before(town)
        await answers(town, 0)
        await town.goes_by(hours=3)
        await is_sent_again(town, 1)
    store = open_store(f"tinydb:{copy}")
    store.set_clock_offset(store.clock_offset() + timedelta(days=14))
    store.close()
    async with open_town(copy) as town:
        claire = town.claire
        await claire.sees("la relance 1 n'est pas partie")
        await town.goes_by(hours=2)
        assert (campaign(town).state, campaign(town).asks_about) == (State.HELD, 1)
        assert town.mail.letters == []
        await claire.clicks("campaigns.reminder_skip")
        await town.slack.until(lambda: campaign(town).state is State.SENT)
        await town.goes_by(days=20)
        assert town.mail.letters == []


def buttons(person: Person) -> list[dict[str, Any]]:
    """Of its messages, the newest first."""
    found = [
        element
        for message in reversed(person.messages)
        for block in message.get("blocks", [])
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert found
    return found
