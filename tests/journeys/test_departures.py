"""Step 4 lived through: every choice is heard, both clocks are told, reminders are planned and worded."""

import pytest

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def draft(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def at_step_four(town: Town, person: Person) -> None:
    is_french = person.profile.locale.startswith("fr")
    await person.drops(french_excel_csv() if is_french else english_xlsx())
    await person.sees("Liste gardée" if is_french else "List kept")
    await town.reaches(person, "when", LINK)


def days(town: Town) -> list[int]:
    return [one.days for one in draft(town).reminders]


async def test_claire_plans_two_reminders_and_reads_their_dates(town: Town) -> None:
    claire = town.claire
    await at_step_four(town, claire)
    await claire.selects("reminders", "2")
    await claire.sees("Relance 1 prévue")
    await claire.sees("Aucune relance ne part tant que je ne sais pas qui a répondu.")
    assert days(town) == [4, 8]
    await claire.types("reminder_days", "5, 6")
    await claire.sees("il faut au moins 2 jours ouvrés")
    await claire.submits()
    assert "il faut au moins 2 jours ouvrés" in claire.errors["reminder_days"].replace("\u00a0", " ")
    await claire.types("reminder_days", "5, 9")
    await town.slack.until(lambda: days(town) == [5, 9])
    await claire.selects("reminders", "3")
    await town.slack.until(lambda: days(town) == [5, 9, 13])
    await claire.sees("Relance 3 prévue")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Relance 3 prévue")
    await claire.submits()
    await claire.sees("· programmée")
    await claire.sees("Relance 1 prévue")
    await town.reaches_departure()
    await town.letters(3)
    claire.doesnt_see("Relance 1 part")


async def test_bob_words_his_reminders_one_after_the_other(town: Town) -> None:
    bob = town.bob
    await at_step_four(town, bob)
    await bob.selects("reminders", "2")
    await bob.sees("Reminder 2 planned")
    await bob.clicks("campaigns.reminder")
    await town.dialog(bob, "campaigns.reminder")
    await bob.sees("Reminder 1 of 2")
    await bob.types("subject", "Still time")
    await bob.types("body", "Hello {{first_nam}}")
    await bob.submits()
    assert "first_nam" in bob.errors["body"]
    await bob.types("body", "Hello {{first_name | there}}, two minutes?")
    await bob.clicks("campaigns.reminder_next")
    await bob.sees("Reminder 2 of 2")
    bob.doesnt_see("Still time")
    await bob.types("subject", "Last days")
    await bob.clicks("campaigns.reminder_previous")
    await bob.sees("Reminder 1 of 2")
    await bob.sees("Still time")
    await bob.submits()
    await town.dialog(bob, "campaigns.when")
    first, second = draft(town).reminders
    assert (first.subject, first.body) == ("Still time", "Hello {{first_name | there}}, two minutes?")
    assert (second.subject, second.body) == ("Last days", ""), "the shipped words are kept as none"
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    assert draft(town).reminders == (first, second)


async def test_both_clocks_follow_the_choice_of_the_readers(town: Town) -> None:
    bob = town.bob
    await at_step_four(town, bob)
    await bob.clicks("campaigns.options")
    await bob.sees("Your readers are on the time of")
    await bob.selects("readers_zone", "Europe/Paris")
    await bob.sees("for your readers (Paris)")
    moment = draft(town).send_at
    assert moment is not None
    await bob.picks_time("send_at", int(moment.timestamp()) + 3_600)
    await bob.sees("5:00 PM for your readers (Paris)")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("at 11:00 AM (New York)")
    await bob.sees("5:00 PM for your readers (Paris)")
    await bob.submits()
    await bob.sees("· scheduled")
    await bob.sees("5:00 PM for your readers (Paris)")
    assert draft(town).readers_zone == "Europe/Paris"


async def test_what_was_chosen_survives_back_closing_and_resuming(town: Town) -> None:
    claire = town.claire
    await at_step_four(town, claire)
    await claire.selects("reminders", "1")
    await claire.sees("Relance 1 prévue")
    await claire.types("reminder_days", "7")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.message")
    assert days(town) == [7]
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    moment = draft(town).send_at
    assert moment is not None
    later = int(moment.timestamp()) + 86_400
    await claire.picks_time("send_at", later)
    await town.slack.until(lambda: draft(town).send_at and int(draft(town).send_at.timestamp()) == later)  # type: ignore[union-attr]
    await claire.closes()
    await claire.sees("Brouillon gardé")
    await claire.clicks("campaigns.edit")
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    assert int(draft(town).send_at.timestamp()) == later  # type: ignore[union-attr]
    assert days(town) == [7]


async def test_choices_made_faster_than_the_dialog_is_drawn(town: Town) -> None:
    claire = town.claire
    await at_step_four(town, claire)
    for count in ("1", "3", "2"):
        await claire.selects("reminders", count)
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    assert len(days(town)) == 2
    claire.doesnt_see("dans une autre fenêtre")


@pytest.mark.parametrize("plan", ["4", "4, 8, 12", "8, 4", "0, 8", "4, 80", "a, b"])
async def test_days_that_cannot_be_are_told_at_their_field(town: Town, plan: str) -> None:
    claire = town.claire
    await at_step_four(town, claire)
    await claire.selects("reminders", "2")
    await claire.sees("Relance 2 prévue")
    await claire.types("reminder_days", plan)
    await claire.submits()
    assert set(claire.errors) == {"reminder_days"}
    assert draft(town).state is State.DRAFT
    assert days(town) == [4, 8]
