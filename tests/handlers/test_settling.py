"""Letters that may have left or not: asked about once, explained, settled by events, the log, or a click."""

from datetime import timedelta
from typing import Any
from urllib.request import Request

import pytest

from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.playground.slack import Person
from tests.fixtures.files import english_xlsx, french_excel_csv, many
from tests.handlers.campaign_records import buttons
from tests.journeys.harness import Town, unsubscribe_page

LINK = "https://forms.example/s/1"
ASKED = "lettres à vérifier"


def campaign(town: Town) -> Campaign:
    return town.bot.store.campaigns.all(town.workspace)[0]


def counts(town: Town) -> Progress:
    return town.bot.services.campaigns.progress(campaign(town))


def question(person: Person) -> Any:
    """The question's own message, as it stands."""
    return next(one for one in reversed(person.messages) if "campaigns.resend" in str(one))


def value(person: Person, action_id: str) -> str:
    return str(buttons(question(person)["blocks"])[action_id]["value"])


async def schedules(town: Town, person: Person, file: Any = None) -> None:
    french = person.profile.locale.startswith("fr")
    await person.drops(file or (french_excel_csv() if french else english_xlsx()))
    await person.sees("Liste gardée" if french else "List kept")
    await town.composes(person, LINK)
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED)
    await town.slack.until(lambda: person.dialog is None)


async def loses_the_answer(town: Town, person: Person) -> None:
    """The connection breaks once the letters were taken."""
    await schedules(town, person)
    town.mail.reset_after()
    await town.reaches_departure()
    await town.letters(3)
    await town.slack.until(lambda: any("campaigns.resend" in str(one) for one in person.messages))


async def loses_the_request(town: Town, person: Person) -> None:
    """The connection breaks before anything was taken."""
    await schedules(town, person)
    town.mail.reset_before()
    await town.reaches_departure()
    await town.slack.until(lambda: any("campaigns.resend" in str(one) for one in person.messages))


# --- asked --------------------------------------------------------------------------------------------


async def test_the_question_says_what_happened_and_what_is_known(town: Town) -> None:
    claire = town.claire
    await loses_the_answer(town, claire)
    await claire.sees("3 lettres à vérifier")
    await claire.sees("La connexion a coupé juste après la remise de 3 lettres de clients · novembre")
    await claire.sees("je ne les renvoie pas sans vous")
    await claire.sees("aucun accusé de réception, pour aucune lettre de cette campagne")
    await claire.sees("Sans réponse de votre part : rien n'est renvoyé")
    assert set(buttons(question(claire)["blocks"])) == {
        "campaigns.wait", "campaigns.settle", "campaigns.uncertain", "campaigns.resend",
    }  # fmt: skip
    risk = buttons(question(claire)["blocks"])["campaigns.resend"]["confirm"]
    assert "recevront la lettre deux fois" in risk["text"]["text"]


async def test_one_question_in_english_edited_in_place(town: Town) -> None:
    bob = town.bob
    await loses_the_answer(town, bob)
    await bob.sees("3 letters to check")
    await bob.sees("I have not read SendGrid's log yet")
    await town.goes_by(minutes=3)
    await bob.sees("our key cannot read SendGrid's log")
    await town.goes_by(hours=3)
    assert sum("campaigns.resend" in str(one) for one in bob.messages) == 1
    assert len(town.mail.letters) == 3


async def test_what_is_accepted_beside_is_said(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob, many(2_500))
    town.mail.reset_after()
    await town.reaches_departure()
    await bob.sees("1,000 letters to check")
    await bob.sees("The other 1,500 were accepted.")
    await bob.clicks("campaigns.resend")
    await town.mail.until(lambda: len(town.mail.letters) == 3_500)
    await bob.sees("2,500 letters = 2,500 accepted")
    assert len({letter.to for letter in town.mail.letters}) == 2_500


# --- decided ------------------------------------------------------------------------------------------


async def test_counting_them_as_gone_sends_nothing_and_is_noted(town: Town) -> None:
    claire = town.claire
    await loses_the_answer(town, claire)
    await claire.clicks("campaigns.settle")
    await claire.sees("Plus aucune lettre à vérifier")
    await claire.sees("3 considérées parties par @Claire")
    await claire.sees("3 lettres = 3 acceptées")
    assert (counts(town).accepted, counts(town).uncertain) == (3, 0)
    (noted,) = [one for one in town.bot.store.log.read(town.workspace) if one.verb == "settled"]
    assert (noted.by, noted.about) == ("U0CLAIRE", {"people": 3})
    await town.goes_by(hours=30)
    assert len(town.mail.letters) == 3


async def test_resending_is_done_once_and_is_noted(town: Town) -> None:
    claire = town.claire
    await loses_the_request(town, claire)
    aim = value(claire, "campaigns.resend")
    await claire.clicks("campaigns.resend")
    await town.letters(3)
    await claire.sees("Renvoi de 3 lettres demandé par @Claire.")
    await claire.sees("3 lettres = 3 acceptées")
    await town.slack.until(lambda: campaign(town).state is State.SENT)
    for verb in ("resend", "settle", "wait"):
        await claire.forges(f"campaigns.{verb}", aim)
    await town.slack.until(lambda: sum("C'est déjà réglé" in str(one) for one in claire.messages) == 3)
    await town.goes_by(hours=30)
    assert len(town.mail.letters) == 3
    (noted,) = [one for one in town.bot.store.log.read(town.workspace) if one.verb == "resent"]
    assert (noted.by, noted.about) == ("U0CLAIRE", {"people": 3})


async def test_lost_again_is_another_question(town: Town) -> None:
    """The button of the first one decides nothing about the second."""
    claire = town.claire
    await loses_the_request(town, claire)
    first = value(claire, "campaigns.resend")
    town.mail.reset_before()
    await claire.clicks("campaigns.resend")
    # they leave at once: the answer to the first question may be replaced before anybody sees it
    await town.slack.until(lambda: claire.text_of().count("0 lettre acceptée. À vérifier") == 2, timeout=15)
    await town.slack.until(lambda: "campaigns.resend" in str(claire.messages))
    await town.slack.until(lambda: first not in str(claire.messages))
    await claire.forges("campaigns.resend", first)
    await claire.sees("Cela a changé depuis : 3 lettres")
    assert counts(town).uncertain == 3
    assert town.mail.letters == []
    await claire.clicks("campaigns.resend")
    await town.letters(3)


async def test_waiting_is_noted_and_asks_no_more_until_the_day_is_over(town: Town) -> None:
    claire = town.claire
    await loses_the_answer(town, claire)
    aim = value(claire, "campaigns.wait")
    await claire.clicks("campaigns.wait")
    await claire.sees("Vous avez choisi d'attendre")
    assert "campaigns.wait" not in buttons(question(claire)["blocks"])
    await claire.forges("campaigns.wait", aim)
    await claire.sees("C'est déjà noté : j'attends jusqu'à")
    await claire.opens_home()
    await town.slack.until(lambda: claire.home is not None)
    assert "campaigns.resend" not in str(claire.home)
    await town.goes_by(hours=25)
    await claire.sees("3 lettres restent à vérifier, et rien ne l'a dit en 24 h")
    await claire.sees("Ces 3 personnes comptent comme atteintes")
    left = set(buttons(question(claire)["blocks"]))
    assert left == {"campaigns.uncertain", "campaigns.resend"}
    await town.goes_by(hours=25)
    assert sum("restent à vérifier" in str(one) for one in claire.messages) == 1, "told once"
    await claire.clicks("campaigns.resend")
    await town.mail.until(lambda: len(town.mail.letters) == 6)


async def test_a_stopped_campaign_resends_nothing(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire, many(1_500, "clients.csv"))
    town.mail.reset_before()
    town.mail.answer_next(429, headers={"Retry-After": "3600"})
    await town.reaches_departure()
    await town.slack.until(lambda: any("campaigns.resend" in str(one) for one in claire.messages))
    aim = value(claire, "campaigns.resend")
    await claire.clicks("campaigns.stop")
    await town.slack.until(lambda: campaign(town).state is State.STOPPED)
    await town.goes_by(minutes=1)
    await claire.sees("rien ne peut plus être renvoyé")
    await claire.forges("campaigns.resend", aim)
    await claire.sees("est déjà arrêtée")
    await town.goes_by(hours=2)
    assert town.mail.letters == []
    await claire.clicks("campaigns.settle")
    await claire.sees("Plus aucune lettre à vérifier")


async def test_home_asks_and_answers(town: Town) -> None:
    bob = town.bob
    await loses_the_answer(town, bob)
    await bob.opens_home()
    await town.slack.until(lambda: bob.home and "campaigns.settle" in str(bob.home))
    await bob.sees("They left or they did not")
    await bob.clicks("campaigns.settle", where="home")
    await town.slack.until(lambda: "campaigns.settle" not in str(bob.home))
    await bob.sees("3 counted as sent by @Bob")


async def test_somebody_who_may_no_longer_send_resends_nothing(town: Town) -> None:
    claire = town.claire
    await loses_the_request(town, claire)
    object.__setattr__(town.bot.services.settling.policy, "senders", frozenset({"U0BOB"}))
    await claire.clicks("campaigns.resend")
    await town.bot.edge.drain()
    assert counts(town).uncertain == 3
    assert town.mail.letters == []


# --- the people ---------------------------------------------------------------------------------------


async def test_the_people_by_pages_and_as_a_file(town: Town) -> None:
    bob = town.bob
    await schedules(town, bob, many(40))
    town.mail.reset_after()
    await town.reaches_departure()
    await town.slack.until(lambda: any("campaigns.resend" in str(one) for one in bob.messages))
    await bob.clicks("campaigns.uncertain")
    await town.dialog(bob, "campaigns.uncertain")
    await bob.sees("40 people of")
    first = str(bob.dialog)
    await bob.clicks("campaigns.uncertain_next")
    await bob.sees("page 2 of 3")
    assert str(bob.dialog) != first
    await bob.clicks("campaigns.uncertain_next")
    await bob.sees("page 3 of 3")
    await bob.clicks("campaigns.uncertain_previous")
    await bob.sees("page 2 of 3")
    await bob.clicks("campaigns.uncertain_file")
    await bob.sees("Here are the 40 people of")
    await town.slack.until(lambda: any(file.name.endswith(".xlsx") for file in bob.files))


@pytest.mark.parametrize("verb", ["wait", "settle", "resend", "uncertain", "uncertain_file"])
async def test_nobody_else_reaches_the_question(town: Town, verb: str) -> None:
    await loses_the_request(town, town.claire)
    mine = value(town.claire, "campaigns.resend")
    await town.bob.forges(f"campaigns.{verb}", mine)
    await town.bob.sees("can't find this campaign")
    assert counts(town).uncertain == 3
    assert town.mail.letters == []


async def test_who_looks_after_the_bot_sees_the_count_and_not_the_people(town: Town) -> None:
    await loses_the_answer(town, town.bob)
    mine = value(town.bob, "campaigns.uncertain")
    claire = town.claire
    await claire.says("aide")
    await claire.forges("campaigns.uncertain", mine)
    await claire.sees("3 lettres de « ")
    await claire.sees("Seule la personne qui a lancé la campagne voit de qui il s'agit")
    for letter in town.mail.letters:
        claire.doesnt_see(letter.to)
    await claire.forges("campaigns.resend", value(town.bob, "campaigns.resend"))
    await claire.sees("Je ne trouve pas cette campagne")
    assert counts(town).uncertain == 3


# --- settled by SendGrid ------------------------------------------------------------------------------


async def test_an_unsubscription_proves_that_the_letters_left(town: Town) -> None:
    claire = town.claire
    await loses_the_answer(town, claire)
    page = unsubscribe_page(town.mail.letters[1])
    await town.opens(Request(page, data=b"List-Unsubscribe=One-Click", method="POST"))
    await claire.sees("3 parties : un accusé de SendGrid le montre.")
    await claire.sees("3 lettres = 3 acceptées")
    assert (counts(town).accepted, counts(town).uncertain) == (3, 0)
    await claire.forges("campaigns.resend", f"{campaign(town).id}:1:00000000")
    await claire.sees("C'est déjà réglé")
    assert len(town.mail.letters) == 3


async def test_the_log_settles_what_it_knows(town: Town) -> None:
    bob = town.bob
    town.mail.account.logs_readable = True
    await loses_the_answer(town, bob)
    await town.goes_by(minutes=3)
    await bob.sees("3 left: SendGrid's log shows it.")
    assert (counts(town).accepted, counts(town).uncertain) == (3, 0)
    assert [one.by for one in town.bot.store.log.read(town.workspace) if one.verb == "settled"] == ["log"]
    assert town.mail.refusals == []


async def test_a_log_that_is_late_is_asked_again(town: Town) -> None:
    claire = town.claire
    town.mail.account.logs_readable = True
    town.mail.account.logs_delay = timedelta(minutes=8)
    await loses_the_answer(town, claire)
    await town.goes_by(minutes=3)
    await claire.sees("pas dans le journal de SendGrid, lu")
    assert counts(town).uncertain == 3
    await town.goes_by(minutes=8)
    await claire.sees("3 parties : le journal de SendGrid le montre.")


async def test_what_the_log_does_not_know_is_never_resent(town: Town) -> None:
    claire = town.claire
    town.mail.account.logs_readable = True
    await loses_the_request(town, claire)
    for _ in range(18):
        await town.goes_by(minutes=3)
    await claire.sees("pas dans le journal de SendGrid, lu")
    asked = [seen for seen in town.mail.requests if seen.path == "/v3/logs"]
    assert len(asked) == 3, "three probes, then the log is left alone"
    assert len({seen.body["query"] for seen in asked}) == 3
    assert counts(town).uncertain == 3
    assert town.mail.letters == []


async def test_a_closed_log_is_asked_once_an_hour(town: Town) -> None:
    await loses_the_request(town, town.claire)
    for _ in range(10):
        await town.goes_by(minutes=11)
    asked = [seen for seen in town.mail.requests if seen.path == "/v3/logs"]
    assert len(asked) == 2
    assert {seen.status for seen in asked} == {403}


# --- a bad day more -----------------------------------------------------------------------------------


async def test_slack_away_hears_the_question_when_it_is_back(town: Town) -> None:
    claire = town.claire
    await schedules(town, claire)
    town.mail.reset_after()
    await town.slack.away()
    await town.reaches_departure()
    await town.letters(3)
    town.slack.back()
    await town.goes_by(minutes=1)
    await claire.sees("3 lettres à vérifier")
    assert sum("campaigns.resend" in str(one) for one in claire.messages) == 1
