"""Each thing that can go wrong gets its sentence, in the person's language, where the person is."""

import time

import pytest

from tests.fixtures.files import empty, english_xlsx, french_excel_csv, missing_column, pdf
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


async def test_a_file_that_is_no_contact_file(town: Town) -> None:
    await town.claire.drops(pdf("clients.pdf"))
    await town.claire.sees("« clients.pdf » est un PDF")
    await town.bob.drops(pdf("clients.pdf"))
    await town.bob.sees("clients.pdf” is a PDF")


async def test_a_missing_column(town: Town) -> None:
    await town.claire.drops(missing_column())
    await town.claire.sees("Nom")
    assert town.bot.store.lists.all(town.workspace) == []


async def test_an_empty_file(town: Town) -> None:
    await town.claire.drops(empty())
    await town.claire.sees("vide")
    await town.bot.edge.drain()
    assert town.bot.store.inbox.pending() == []


async def test_a_file_over_the_limit(town: Town) -> None:
    object.__setattr__(town.bot.services.imports.files.policy, "max_file_bytes", 100)
    await town.bob.drops(english_xlsx())
    await town.bob.sees("MB")
    assert town.bot.store.lists.all(town.workspace) == []


async def test_a_link_that_is_no_link(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await claire.clicks("campaigns.new")
    await town.dialog(claire, "campaigns.parameters")
    await claire.types("link", "mon questionnaire")
    await claire.submits()
    assert "http" in claire.errors["link"]


async def test_a_moment_in_the_past(town: Town) -> None:
    bob = town.bob
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await town.reaches(bob, "when", LINK)
    await bob.picks_time("send_at", int(time.time()) - 3600)
    await bob.submits()
    assert "past" in bob.errors["send_at"]


@pytest.mark.parametrize("block", ["subject", "body"])
async def test_an_unknown_field(town: Town, block: str) -> None:
    bob = town.bob
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    await town.reaches(bob, "message", LINK)
    await bob.types(block, "Hello {{fist_name}}, [answer]({{link}})")
    await bob.submits()
    assert "fist_name" in bob.errors[block]


async def test_a_double_click_on_delete(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    (kept,) = town.bot.store.lists.all(town.workspace)
    value = f"{kept.id}:{kept.revision}"
    await claire.clicks("lists.delete")
    await claire.sees("supprimée")
    await claire.forges("lists.delete", value)
    await claire.sees("est sur son message, plus haut")


async def test_an_expired_trigger(town: Town) -> None:
    """The dialog cannot open any more: the person is told in the DM, not left waiting."""
    bob = town.bob
    await bob.drops(english_xlsx())
    await bob.sees("List kept")
    town.slack.break_next("views.open", "expired_trigger_id")
    await bob.clicks("lists.view")
    await bob.sees("click once more")


async def test_a_refused_sendgrid_key(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    await claire.submits()
    town.mail.refuse_key()
    await town.reaches_departure()
    await claire.sees("suspendue")
    assert town.mail.letters == []
    town.mail.recover()
    await claire.clicks("campaigns.resume")
    await town.letters(3)


async def test_a_stranger_s_forged_click(town: Town) -> None:
    await town.claire.drops(french_excel_csv())
    await town.claire.sees("Liste gardée")
    (kept,) = town.bot.store.lists.all(town.workspace)
    for action in ("lists.view", "lists.download", "lists.delete", "campaigns.new"):
        await town.bob.forges(action, f"{kept.id}:{kept.revision}")
    await town.bob.sees("can't find")
    town.bob.doesnt_see("exemple.fr")
    assert town.bot.store.lists.get(town.workspace, kept.id) == kept
    assert town.bob.files == []
