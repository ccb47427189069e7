"""Letters an hour: chosen in the dialog, said in the check and in the message, kept by the bot."""

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from tests.fixtures.files import french_excel_csv, many
from tests.handlers.test_campaign_forms import at, changed, sends
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


async def reaches_when(town: Town, person: Person) -> None:
    await town.reaches(person, "when", LINK)
    await person.clicks("campaigns.options")
    await town.slack.until(lambda: "speed" in str(person.dialog))


async def test_a_pace_is_chosen_and_kept_to_the_end(town: Town) -> None:
    bob = town.bob
    await bob.drops(many(400))
    await bob.sees("List kept")
    await reaches_when(town, bob)
    await bob.selects("speed", "10000")
    await bob.submits()
    await town.dialog(bob, "campaigns.check")
    await bob.sees("10,000 letters an hour, until about")
    await bob.submits()
    await bob.sees("scheduled")
    assert campaign(town).speed == 10_000
    await town.reaches_departure()
    await town.letters(166)
    await bob.sees("10,000 letters an hour, until about")
    assert campaign(town).state is State.SENDING
    await town.goes_by(minutes=1)
    await town.letters(332)
    await town.goes_by(minutes=1)
    await town.letters(400)
    await bob.sees("400 letters accepted")
    assert campaign(town).state is State.SENT


async def test_a_pace_chosen_before_is_in_sight_and_can_be_taken_back(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await reaches_when(town, claire)
    await claire.selects("speed", "200")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.message")
    assert campaign(town).speed == 200, "what was typed is found again"
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.selects("speed", "0")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    claire.doesnt_see("lettres par heure")
    assert campaign(town).speed == 0


async def test_a_pace_nobody_offers(town: Town) -> None:
    await at(town, "when")
    await town.claire.clicks("campaigns.options")
    await town.slack.until(lambda: "speed" in str(town.claire.dialog))
    assert town.claire.dialog
    for made_up in ("7", "-1", "1e9", ""):
        view = changed(dict(town.claire.dialog), "speed", selected_option={"value": made_up})
        answer = await sends(town, view)
        assert answer["errors"] == {"speed": "Choisissez un des rythmes proposés."}


async def test_one_person_the_service_refuses_without_a_name_costs_nobody_else_their_letter(
    town: Town,
) -> None:
    bob = town.bob
    await bob.drops(many(300))
    await bob.sees("List kept")
    await town.composes(bob, LINK)
    await bob.submits()
    await bob.sees("scheduled")
    audience = town.bot.store.campaigns.recipients(town.workspace, campaign(town))
    people = [contact.email for _, contact in audience]
    town.mail.refuse_silently(people[123])
    await town.reaches_departure()
    letters = await town.letters(299)
    assert sorted(letter.to for letter in letters) == sorted(set(people) - {people[123]})
    await bob.sees("300 letters = 299 accepted + 1 refused")
    assert town.mail.refusals == []
    assert sum(seen.path == "/v3/mail/send" for seen in town.mail.requests) <= 25


async def test_an_outage_is_said_in_the_message_and_once_in_a_new_one(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    for _ in range(30):
        town.mail.answer_next(429, headers={"Retry-After": "120"})
    await town.reaches_departure()
    await town.goes_by(minutes=45)
    await claire.sees("ne prend plus rien depuis")
    await claire.sees("3 lettres ne sont pas parties. J'essaie encore pendant 24 heures")
    assert campaign(town).state is State.SENDING
    await town.goes_by(hours=1)
    await town.letters(3)
    await claire.sees("3 lettres acceptées")
    assert sum("J'essaie encore pendant" in message["text"] for message in claire.messages) == 1
