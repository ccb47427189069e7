"""Step 2 of the campaign dialog, lived through: chosen, counted at once, kept, never lost."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.core import lines
from bot.core.campaigns import State
from bot.core.lists import Access, Shared
from bot.core.selection import Kind
from bot.playground.slack import Person
from tests.fixtures.files import csv_bytes, english_xlsx, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
PEOPLE = (
    ("Email", "Prénom", "Nom", "Entreprise", "Ville", "Segment"),
    ("a@exemple.fr", "Anna", "Petit", "Nova", "Lyon", "VIP"),
    ("b@exemple.fr", "Boris", "Grand", "nóva", "Paris", "VIP"),
    ("c@exemple.fr", "Chloé", "Noël", "Acme", "Lyon", ""),
    ("d@exemple.fr", "Dora", "Blanc", "", "Brest", "Test"),
)
CLIENTS = ("clients.csv", csv_bytes(PEOPLE))
OTHERS = ("autres.csv", csv_bytes((PEOPLE[0][:3], PEOPLE[1][:3], ("z@exemple.fr", "Zoé", "Leroy"))))


async def drops(town: Town, person: Person, *files: tuple[str, bytes]) -> None:
    lists = town.bot.store.lists
    for file in files:
        before = len(lists.all(town.workspace))
        await person.drops(file)
        await town.slack.until(lambda before=before: len(lists.all(town.workspace)) > before)
    await person.sees("Liste gardée" if person.profile.locale.startswith("fr") else "List kept")


def campaign(town: Town) -> Any:
    """The newest one."""
    return town.bot.store.campaigns.all(town.workspace)[0]


def a_list(town: Town, title: str) -> Any:
    return next(one for one in town.bot.store.lists.all(town.workspace) if one.title == title)


async def counts(person: Person, words: str) -> None:
    """The count that stands in the dialog."""
    await person.sees(words)


async def starts(town: Town, person: Person, *files: tuple[str, bytes]) -> None:
    await drops(town, person, *(files or (CLIENTS,)))
    await town.reaches(person, "recipients", LINK)


async def test_a_filter_is_counted_as_it_is_made(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    await counts(claire, "4 personnes")
    await claire.selects("audience", "filter")
    await counts(claire, "Choisissez au moins une valeur")
    assert [one["text"]["text"] for one in await claire.suggests("company", "")] == [
        "Nova · 2", "Acme · 1", "(vide) · 1",
    ]  # fmt: skip
    assert [one["value"] for one in await claire.suggests("company", "NÓ")] == ["=Nova"]
    await claire.selects("company", "=Nova")
    await counts(claire, "2 personnes sur 4")
    await claire.suggests("location", "")
    await claire.selects("location", "=Lyon")
    await counts(claire, "1 personne sur 4")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    assert campaign(town).selection.kind is Kind.FILTER
    await claire.submits()
    await town.dialog(claire, "campaigns.when")
    await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Entreprise : Nova")
    await claire.submits()
    await claire.sees("programmée")
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    assert letter.to == "a@exemple.fr"


async def test_another_column_brings_its_own_values(town: Town) -> None:
    bob = town.bob
    await starts(town, bob)
    await bob.selects("audience", "filter")
    await bob.sees("Another column")
    await bob.selects("column", "=Segment")
    await bob.sees("Search for a value")
    await town.slack.until(lambda: "'block_id': 'values'" in str(bob.dialog))
    assert [one["value"] for one in await bob.suggests("values", "")] == ["=VIP", "=Test", "="]
    await bob.selects("values", "=VIP")
    await counts(bob, "2 people out of 4")
    assert campaign(town).selection.where[0].values == ("VIP",)


async def test_everybody_except(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    await claire.selects("audience", "except")
    await claire.sees("Personnes à écarter")
    await claire.suggests("company", "")
    await claire.selects("company", "=Nova")
    await counts(claire, "2 personnes sur 4")
    (dora,) = await claire.suggests("people", "dora")
    await claire.selects("people", dora["value"])
    await counts(claire, "1 personne sur 4")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")


async def test_people_are_picked_by_name_and_found_again_after_a_break(town: Town) -> None:
    bob = town.bob
    await starts(town, bob)
    await bob.selects("audience", "pick")
    await bob.sees("Pick at least one person")
    (chloe,) = await bob.suggests("people", "noel chlo")
    assert chloe["text"]["text"] == "Chloé Noël · c@exemple.fr"
    await bob.selects("people", chloe["value"])
    await counts(bob, "1 person")
    assert "exemple" not in str(campaign(town).selection), "no address stands in a campaign's record"
    await bob.closes()
    await bob.sees("Draft saved")
    await bob.clicks("campaigns.edit")
    await town.dialog(bob, "campaigns.recipients")
    await bob.sees("Chloé Noël · c@exemple.fr")
    await bob.clicks("campaigns.back")
    await town.dialog(bob, "campaigns.parameters")
    await bob.submits()
    await town.dialog(bob, "campaigns.recipients")
    await bob.sees("Chloé Noël · c@exemple.fr")
    await bob.submits()
    await town.dialog(bob, "campaigns.message")


async def test_a_pilot_goes_to_so_many(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    await claire.selects("audience", "pilot")
    await counts(claire, "4 personnes, au sort parmi 4")
    await claire.types("pilot", "2")
    await counts(claire, "2 personnes, au sort parmi 4")
    for _ in range(3):
        await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.submits()
    await claire.sees("programmée")
    assert campaign(town).audience_size == 2
    await town.reaches_departure()
    await town.letters(2)


async def test_several_lists_and_only_the_people_of_a_file(town: Town) -> None:
    claire = town.claire
    await starts(town, claire, OTHERS, CLIENTS)
    others = a_list(town, "autres")
    await counts(claire, "4 personnes")
    await claire.clicks("campaigns.options")
    await claire.sees("Ajouter d'autres listes")
    await claire.selects("lists", others.id)
    await counts(claire, "5 personnes = 6 − 1 doublon")
    await claire.selects("only", others.id)
    await counts(claire, "2 personnes = 3 − 1 doublon")
    for _ in range(3):
        await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.submits()
    await claire.sees("programmée")
    scheduled = campaign(town)
    assert (scheduled.audience_size, scheduled.columns) == (2, ("Segment",))
    assert scheduled.other_versions == (1,)
    member = town.bot.services.people.member(scheduled.workspace, scheduled.owner)
    assert town.bot.services.lists.uses(member, others.id) == 1
    assert town.bot.services.lists.uses(member, scheduled.list_id) == 1


async def test_another_list_replaced_asks_about_the_campaign_too(town: Town) -> None:
    claire = town.claire
    await starts(town, claire, OTHERS, CLIENTS)
    await claire.clicks("campaigns.options")
    await claire.sees("Ajouter d'autres listes")
    await claire.selects("lists", a_list(town, "autres").id)
    await counts(claire, "5 personnes")
    for _ in range(3):
        await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.submits()
    await claire.sees("programmée")
    more = (*PEOPLE[:1], *PEOPLE[1:2], ("n@exemple.fr", "Nina", "Roux", "", "", ""))
    await claire.drops(("autres.csv", csv_bytes([row[:3] for row in more])))
    await town.slack.until(lambda: "lists.replace" in str(claire.messages))
    await claire.clicks("lists.replace")
    await town.slack.until(lambda: "lists.fix_again" in str(claire.messages))
    await claire.clicks("lists.fix_again")
    await town.slack.until(lambda: campaign(town).other_versions == (2,))
    people = town.bot.store.campaigns.recipients(town.workspace, campaign(town))
    assert sorted(one.email[0] for _, one in people) == list("abcdn")


async def test_those_written_to_lately_are_left_out_until_one_says_otherwise(town: Town) -> None:
    claire = town.claire
    await drops(town, claire, french_excel_csv())
    await town.composes(claire, LINK)
    await claire.submits()
    await claire.sees("programmée")
    await town.reaches_departure()
    await town.letters(3)
    rows = (PEOPLE[0][:3], PEOPLE[1][:3], ("zoe.leroy@exemple.fr", "Zoé", "Leroy"))
    await drops(town, claire, ("suite.csv", csv_bytes(rows)))
    await town.reaches(claire, "recipients", LINK)
    await counts(claire, "1 personne = 2 − 1 sollicitée il y a peu")
    await claire.sees("1 personne sollicitée il y a moins de 7 jours")
    await claire.checks("recent")
    await counts(claire, "2 personnes")
    assert campaign(town).selection.keeps_recent
    await claire.checks("recent", "spare")
    await counts(claire, "1 personne = 2")
    for _ in range(3):
        await claire.submits()
    await town.dialog(claire, "campaigns.check")
    await claire.sees("Programmer pour 1")
    await claire.submits()
    await claire.sees("programmée")
    await town.reaches_departure()
    letters = await town.letters(4)
    assert letters[-1].to == "a@exemple.fr"
    await claire.sees("1 personne = 2 − 1 sollicitée il y a peu")


async def schedules(town: Town, person: Person) -> None:
    await person.submits()
    await town.slack.until(lambda: campaign(town).state is State.SCHEDULED and person.dialog is None)


async def test_whom_a_scheduled_campaign_will_have_written_to_is_said_with_its_name(town: Town) -> None:
    """Both leave at the same moment: the one that was scheduled first keeps its people."""
    counted = {
        town.claire: ("1 personne = 2 − 1 qui sera sollicitée d'ici là par « {name} »",
                      "1 personne qui sera sollicitée d'ici là", "2 personnes"),
        town.bob: ("1 person = 2 − 1 who will have been written to by then, by “{name}”",
                   "1 person who will have been written to by then", "2 people"),
    }  # fmt: skip
    for person, (equation, label, everybody) in counted.items():
        title, (header, *rows) = person.profile.locale, [row[:3] for row in PEOPLE]
        ours = [(f"{title}.{address}", first, last) for address, first, last in rows]
        await drops(town, person, (f"clients {title}.csv", csv_bytes((header, *ours))))
        await town.composes(person, LINK)
        await schedules(town, person)
        earlier = campaign(town)
        more = (header, ours[0], (f"zoe.{title}@exemple.fr", "Zoé", "Leroy"))
        await drops(town, person, (f"suite {title}.csv", csv_bytes(more)))
        await town.reaches(person, "recipients", LINK)
        await counts(person, equation.format(name=earlier.name))
        await person.sees(label)
        await person.checks("recent")
        await counts(person, everybody)
        await person.checks("recent", "spare")
        await counts(person, equation.format(name=earlier.name))
        for _ in range(3):
            await person.submits()
        await town.dialog(person, "campaigns.check")
        await person.sees(equation.format(name=earlier.name))
        await schedules(town, person)
        assert campaign(town).send_at == earlier.send_at
    await town.reaches_departure()
    await town.letters(5)
    await town.goes_by(days=4)  # the next working day's ten o'clock is another one where the other lives
    letters = await town.letters(10)
    assert len({one.to for one in letters}) == 10, "nobody by two campaigns"


async def test_nobody_left_is_said_at_the_field(town: Town) -> None:
    bob = town.bob
    await drops(town, bob, english_xlsx())
    await town.composes(bob, LINK)
    await bob.submits()
    await bob.sees("scheduled")
    await town.reaches_departure()
    await town.letters(3)
    await town.reaches(bob, "recipients", LINK)
    await counts(bob, "0 people = 3 − 3 written to lately")
    await bob.submits()
    assert "Nobody is left: 3 people were written to lately" in bob.errors["recent"]
    await bob.checks("recent")
    await counts(bob, "3 people")
    await bob.submits()
    await town.dialog(bob, "campaigns.message")


async def test_a_choice_without_anything_chosen_goes_nowhere(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    for kind, shows, field, said in (
        ("pick", "Chercher un nom", "people", ""),
        ("filter", "Choisissez au moins une valeur", "audience", "au moins une valeur"),
        ("except", "Personnes à écarter", "audience", "qui écarter"),
    ):
        await claire.selects("audience", kind)
        await claire.sees(shows)
        await claire.submits()
        assert said in claire.errors[field]
    assert campaign(town).step.value == "recipients"


async def test_clicks_faster_than_the_dialog_is_drawn_all_count(town: Town) -> None:
    """Nothing is waited for in between, and Next comes before the last count."""
    claire = town.claire
    await starts(town, claire)
    await claire.selects("audience", "pilot")
    await claire.selects("audience", "except")
    await claire.selects("audience", "filter")
    await claire.selects("audience", "all")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.recipients")
    await claire.selects("audience", "pick")
    await claire.selects("audience", "all")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.parameters")
    assert campaign(town).selection.kind is Kind.ALL
    claire.doesnt_see("a changé")


async def test_a_step_come_back_to_counts_again(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    await claire.selects("audience", "pilot")
    await counts(claire, "au sort parmi 4")
    await claire.submits()
    await town.dialog(claire, "campaigns.message")
    await claire.clicks("campaigns.back")
    await town.dialog(claire, "campaigns.recipients")
    await claire.types("pilot", "3")
    await counts(claire, "3 personnes, au sort")
    await claire.types("pilot", "2")
    await counts(claire, "2 personnes, au sort")


async def test_two_windows_do_not_overwrite_each_other(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    draft = campaign(town)
    member = town.bot.services.people.member(draft.workspace, draft.owner)
    town.bot.services.campaigns.go_to(member, draft.id, draft.revision, draft.step, preheader="Ailleurs")
    await claire.selects("audience", "pilot")
    await claire.sees("a changé")
    assert campaign(town).selection.kind is Kind.ALL
    await claire.selects("audience", "pilot")
    await counts(claire, "au sort parmi 4")


async def test_a_list_deleted_under_the_dialog(town: Town) -> None:
    claire = town.claire
    await starts(town, claire, OTHERS, CLIENTS)
    others = a_list(town, "autres")
    await claire.clicks("campaigns.options")
    await claire.sees("Ajouter d'autres listes")
    await claire.selects("lists", others.id)
    await counts(claire, "5 personnes")
    member = town.bot.services.people.member(town.workspace, others.owner)
    lists = town.bot.services.lists
    await asyncio.to_thread(lists.delete, member, others.id, lists.get(member, others.id).revision)
    await claire.submits()
    assert "est supprimée" in claire.errors["lists"]
    await claire.selects("lists")
    await counts(claire, "4 personnes")
    kept = a_list(town, "clients")
    await asyncio.to_thread(lists.delete, member, kept.id, lists.get(member, kept.id).revision)
    await claire.selects("audience", "pick")
    await claire.sees("est supprimée")
    assert campaign(town).state is State.DRAFT


async def test_a_lent_list_shows_no_names(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await drops(town, claire, CLIENTS)
    await drops(town, bob, english_xlsx())
    lent = a_list(town, "clients")
    member = town.bot.services.people.member(town.workspace, lent.owner)
    share = town.bot.services.lists.share
    await asyncio.to_thread(share, member, lent.id, lent.revision, Shared(everybody=Access.USE))
    await town.reaches(bob, "recipients", LINK)
    await bob.sees("A few people I pick")
    await bob.selects("audience", "pick")
    await bob.sees("Search for a name")
    assert len(await bob.suggests("people", "")) == 3
    await bob.selects("list", lent.id)
    await bob.sees("is lent to you")
    bob.doesnt_see("A few people I pick")
    bob.doesnt_see("exemple.fr")
    await bob.selects("audience", "all")
    await counts(bob, "4 people")
    await bob.submits()
    await town.dialog(bob, "campaigns.message")


@pytest.mark.parametrize("who", ["guest", "stranger", "another"])
async def test_suggestions_tell_nobody_else_anything(town: Town, who: str) -> None:
    claire = town.claire
    await starts(town, claire)
    await claire.selects("audience", "pick")
    await claire.sees("Chercher un nom")
    (anna,) = await claire.suggests("people", "anna")
    assert anna
    asked = {
        "type": "block_suggestion", "team": {"id": town.workspace, "domain": "t"},
        "api_app_id": town.slack.identity.app_id, "token": "x",
        "user": {"id": {"guest": "U0GUEST", "stranger": "U0NOBODY", "another": "U0BOB"}[who]},
        "container": {"type": "view", "view_id": claire.dialog["id"]}, "view": claire.dialog,  # type: ignore[index]
        "action_id": "campaigns.people", "block_id": "people", "value": "",
    }  # fmt: skip
    answer = await town.bob.acts(asked)
    assert answer.ok
    assert answer.body == {"options": []}
    forged = {**asked, "user": {"id": "U0CLAIRE"}, "view": {**claire.dialog, "private_metadata": "cmp_x:1"}}  # type: ignore[dict-item]
    assert (await claire.acts(forged)).body == {"options": []}


async def test_two_hundred_lists(town: Town) -> None:
    claire = town.claire
    await starts(town, claire)
    member = town.bot.services.people.member(town.workspace, campaign(town).owner)
    kept = a_list(town, "clients")
    for n in range(110):
        staging = town.bot.store.staging()
        staging.write_bytes(lines.header("list"))
        report = replace(kept.report, rows=0, accepted=0, rejected=0, duplicates=0)
        copy = replace(kept, id=f"lst_n{n}", title=f"Liste {n}", source_file=f"n{n}", report=report)
        town.bot.store.lists.add(town.workspace, copy, staging)
    assert len(town.bot.services.lists.visible(member)) == 111
    await claire.selects("audience", "pilot")
    await town.slack.until(lambda: "external_select" in str(claire.dialog))
    found = await claire.suggests("list", "liste 10")
    assert {one["value"] for one in found} == {f"lst_n{n}" for n in (10, *range(100, 110))}
    await claire.selects("list", "lst_n10")
    await claire.sees("Liste 10")
    await claire.submits()
    assert "ne contient personne" in claire.errors["list"]
