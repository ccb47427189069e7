"""Who is not to be written to stays so: whatever becomes of lists, campaigns and years; and can be seen."""

import asyncio
import io
import urllib.request
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.core.campaigns import Campaign
from bot.core.suppressions import Cause, Suppression
from bot.playground.sendgrid.records import Letter
from tests.conftest import Check
from tests.journeys.harness import Town, open_town, unsubscribe_page

FILE = "Email;Prénom;Nom\r\nanna@example.com;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()
GROUP = 4242


@pytest.fixture
async def grouped(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data", block_check, sendgrid_unsubscribe_group=GROUP) as town:
        town.mail.account.groups[GROUP] = {}
        yield town


async def sends(town: Town, letters: int = 2) -> Campaign:
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    await town.letters(letters)
    return town.bot.store.campaigns.all(town.workspace)[0]


def to_anna(town: Town) -> Letter:
    return next(letter for letter in town.mail.letters if letter.to == "anna@example.com")


async def asks(page: str, method: str, body: bytes | None = None) -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        request = urllib.request.Request(page, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    return await asyncio.to_thread(ask)


async def test_scanners_change_nothing_however_they_follow_a_link(town: Town) -> None:
    await sends(town)
    page = unsubscribe_page(to_anna(town))
    for method, status in (("GET", 200), ("HEAD", 200), ("OPTIONS", 405), ("PUT", 405), ("PATCH", 405)):
        for body in (None, b"List-Unsubscribe=One-Click"):
            assert (await asks(page, method, body))[0] == status
    assert town.bot.store.suppressions.all(town.workspace) == []


async def test_a_letter_of_thirteen_months_ago_still_unsubscribes(town: Town) -> None:
    """Its list is deleted and purged, and so is every other trace that may go."""
    campaign = await sends(town)
    (contact_list,) = town.bot.services.lists.visible(
        town.bot.store.people.get(town.workspace, campaign.owner)
    )
    page = unsubscribe_page(to_anna(town))
    owner = town.bot.store.people.get(town.workspace, campaign.owner)
    assert owner is not None
    await asyncio.to_thread(town.bot.services.lists.delete, owner, contact_list.id, contact_list.revision)
    await town.playground.move(timedelta(days=396))
    assert town.bot.store.lists.all(town.workspace) == []
    assert "Ne plus recevoir" in (await asks(page, "GET"))[1]
    status, body = await asks(page, "POST", b"List-Unsubscribe=One-Click")
    assert status == 200
    assert "@" not in body.replace("@media", "")
    (kept,) = town.bot.store.suppressions.all(town.workspace)
    assert (kept.address, kept.cause) == ("anna@example.com", Cause.UNSUBSCRIBED)
    town.mail.letters.clear()
    await sends(town, letters=1)  # the same file once more
    assert [letter.to for letter in town.mail.letters] == ["bob@example.com"]


async def test_who_unsubscribes_stands_in_the_group_and_no_other_list(grouped: Town) -> None:
    await sends(grouped)
    grouped.mail.account.scopes.discard("asm.groups.suppressions.read")
    await asks(unsubscribe_page(to_anna(grouped)), "POST", b"")
    await grouped.goes_by(minutes=2)
    assert grouped.mail.account.groups[GROUP] == {}
    grouped.mail.account.scopes.add("asm.groups.suppressions.read")
    await grouped.goes_by(hours=2)
    assert set(grouped.mail.account.groups[GROUP]) == {"anna@example.com"}
    assert grouped.mail.account.suppressed["unsubscribes"] == {}
    written = [seen for seen in grouped.mail.requests if seen.method == "POST" and "/asm/" in seen.path]
    await grouped.goes_by(hours=2)
    again = [seen for seen in grouped.mail.requests if seen.method == "POST" and "/asm/" in seen.path]
    assert len(again) == len(written), "once is enough"


async def test_admins_get_the_excluded_as_a_file(town: Town) -> None:
    campaign = await sends(town)
    await asks(unsubscribe_page(to_anna(town)), "POST", b"")
    keep = town.bot.store.suppressions.add
    at = town.bot.wakes.now()
    hostile = Suppression(address="=1+1@example.com", cause=Cause.OBJECTED, at=at, origin="gone")
    assert keep(town.workspace, hostile)
    admin = next(one for one in (town.samir, town.claire, town.bob) if one.profile.is_admin)
    await admin.commands("/contacts", "exclus")
    await town.slack.until(lambda: admin.files and admin.files[-1].name.endswith(".xlsx"))
    sheet = load_workbook(io.BytesIO(admin.files[-1].content)).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    assert len(header) == 4
    told = {row[0]: (row[1], row[3]) for row in rows}
    assert set(told) == {"anna@example.com", "=1+1@example.com"}
    assert campaign.name in str(told["anna@example.com"][1])
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    entry = town.bot.store.log.read(town.workspace)[-1]
    assert (entry.verb, entry.by) == ("exported", admin.profile.id)


async def test_nobody_else_gets_it(town: Town) -> None:
    other = next(one for one in (town.claire, town.bob) if not one.profile.is_admin)
    await other.commands("/contacts", "suppressions")
    words = "s'occupent de Postillon" if other.profile.locale.startswith("fr") else "look after Postillon"
    await other.sees(words)
    assert other.files == []
