"""A backup is a copy of the folder, made beside the running bot. Put back, it sends nothing by itself: it
asks, and the question names the risk. And a bot with one broken file goes on with everything else."""

import shutil
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.campaigns import Campaign, State
from bot.playground.slack import Person
from storage import open_store
from storage.repair import Repair, troubles
from storage.tiny import marks
from tests.fixtures.files import File, english_xlsx, french_excel_csv, many
from tests.journeys.harness import Town, open_town, unsubscribe_page

LINK = "https://forms.example/s/1"


def campaign(town: Town) -> Campaign:
    (known,) = town.bot.store.campaigns.all(town.workspace)
    return known


@asynccontextmanager
async def put_back(copy: Path, **later: float) -> AsyncIterator[Town]:
    """The copy, some time after it was made."""
    store = open_store(f"tinydb:{copy}")
    store.set_clock_offset(store.clock_offset() + timedelta(**later))
    store.close()
    async with open_town(copy) as town:
        yield town


async def schedules(town: Town, person: Person, file: File) -> None:
    await person.drops(file)
    await person.sees("Liste gardée" if person is town.claire else "List kept")
    await town.composes(person, LINK)
    await person.submits()


async def stands_half_way(town: Town, person: Person) -> None:
    """The service asks for time after the first letters."""
    await schedules(town, person, many(9_000))
    town.mail.answer_next(429, headers={"Retry-After": "30"})
    await town.reaches_departure()


async def test_a_campaign_scheduled_in_the_copy_does_not_leave_a_second_time(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        claire = town.claire
        await schedules(town, claire, french_excel_csv())
        await claire.sees("rogrammée")
        shutil.copytree(data, copy)
        await town.reaches_departure()
        await town.letters(3)
    async with put_back(copy, days=14) as town:
        claire = town.claire
        await claire.sees("Rien ne part avant votre réponse.")
        await claire.sees("restaurées d'une sauvegarde")
        await town.goes_by(hours=1)
        assert campaign(town).state is State.HELD
        assert town.mail.letters == []
        assert troubles(f"tinydb:{copy}") == []


async def test_one_found_sending_asks_and_then_writes_only_to_those_the_copy_does_not_know(
    tmp_path: Path,
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        bob = town.bob
        await stands_half_way(town, bob)
        before = {letter.to for letter in town.mail.letters}
        assert campaign(town).state is State.SENDING
        shutil.copytree(data, copy)
        await town.goes_by(minutes=1)
        await bob.sees("9,000 letters accepted")
    async with put_back(copy, days=1) as town:
        bob = town.bob
        await bob.sees("would leave a second time")
        await town.goes_by(hours=1)
        assert campaign(town).state is State.HELD
        assert town.mail.letters == []
        await bob.clicks("campaigns.send_now")
        await town.mail.until(lambda: len(town.mail.letters) == 9_000 - len(before), timeout=20)
        await bob.sees("9,000 letters accepted")
        assert before.isdisjoint({letter.to for letter in town.mail.letters})


async def test_a_copy_put_back_within_minutes_asks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too soon to look like an absence: only the files themselves tell that somebody put them there."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        bob = town.bob
        await stands_half_way(town, bob)
        shutil.copytree(data, copy)
    monkeypatch.setattr(marks, "MOVED", -1.0)  # the test does not wait for a minute to pass
    async with put_back(copy, minutes=2) as town:
        await town.bob.sees("My data were put back from a copy")
        await town.goes_by(hours=1)
        assert campaign(town).state is State.HELD
        assert town.mail.letters == []


async def leaves_now(town: Town, person: Person) -> None:
    await person.clicks("campaigns.edit")
    await town.dialog(person, "campaigns.check")
    await person.clicks("campaigns.edit", nth=1)
    await town.dialog(person, "campaigns.when")
    await person.selects("when", "now")
    await person.submits()
    await town.dialog(person, "campaigns.check")
    await person.submits()
    await town.reaches_departure()
    await town.letters(3)


@pytest.mark.parametrize("meanwhile", ["sent", "cancelled"])
async def test_one_that_the_copy_has_yet_to_send_was_sent_or_cancelled_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """Its moment is still to come: at that moment nobody would be there to ask."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        claire = town.claire
        await schedules(town, claire, french_excel_csv())
        await claire.sees("rogrammée")
        shutil.copytree(data, copy)
        if meanwhile == "sent":
            await leaves_now(town, claire)
        else:
            await claire.clicks("campaigns.cancel")
            await claire.sees("nnulée")
    monkeypatch.setattr(marks, "MOVED", -1.0)
    async with put_back(copy, hours=1) as town:
        await town.claire.sees("remises depuis une copie")
        assert campaign(town).state is State.HELD
        await town.goes_by(days=5)
        assert campaign(town).state is State.HELD
        assert town.mail.letters == []


async def test_one_paused_in_the_copy_names_the_risk_before_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        bob = town.bob
        await stands_half_way(town, bob)
        await bob.clicks("campaigns.pause")
        await bob.sees("paused")
        await town.bot.edge.drain()
        shutil.copytree(data, copy)
        await bob.clicks("campaigns.resume")
        await town.goes_by(minutes=2)
        await bob.sees("9,000 letters accepted")
    monkeypatch.setattr(marks, "MOVED", -1.0)
    async with put_back(copy, minutes=2) as town:
        await town.bob.sees("Sending now could write twice to the same people")
        assert campaign(town).state is State.HELD
        await town.goes_by(hours=1)
        assert town.mail.letters == []


async def test_who_unsubscribes_is_heard_whatever_became_of_the_ledger(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with open_town(data) as town:
        claire = town.claire
        await schedules(town, claire, french_excel_csv())
        await town.reaches_departure()
        letter, *_ = await town.letters(3)
        await claire.sees("3 lettres acceptées")
        (ledger,) = data.glob("campaigns/*.ledger")
        ledger.unlink()
        page = unsubscribe_page(letter)
        await town.opens(urllib.request.Request(page, data=b"List-Unsubscribe=One-Click"))
        known = town.bot.store.suppressions.all(town.workspace)
        assert [one.address for one in known] == [letter.to]
        assert not ledger.exists()


async def test_people_lost_half_way_hold_the_rest(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with open_town(data) as town:
        bob = town.bob
        await schedules(town, bob, many(3_000))
        await bob.sees("cheduled")
        (people,) = data.glob("campaigns/*.audience")
        written = people.read_bytes().splitlines(keepends=True)
        written[2_500] = b"#" + written[2_500][1:]
        people.write_bytes(b"".join(written))
        await town.reaches_departure()
        await bob.sees("Part of my data does not read any more")
        held = campaign(town)
        assert held.state is State.HELD
        progress = town.bot.services.campaigns.progress(held)
        assert progress.accepted in (1_000, 2_000), "it may be met before the second is claimed"
        assert (progress.accepted + progress.pending, progress.uncertain) == (3_000, 0)
        assert len(town.mail.letters) == progress.accepted


async def test_one_sent_already_stays_sent(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with open_town(data) as town:
        claire = town.claire
        await schedules(town, claire, french_excel_csv())
        await town.reaches_departure()
        await town.letters(3)
        await claire.sees("3 lettres acceptées")
        shutil.copytree(data, copy)
    async with put_back(copy, days=1) as town:
        await town.goes_by(hours=1)
        assert campaign(town).state is State.SENT
        assert town.mail.letters == []


async def test_a_vanished_ledger_holds_its_campaign_and_no_other(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with open_town(data) as town:
        bob = town.bob
        await stands_half_way(town, bob)
        assert campaign(town).state is State.SENDING
    (ledger,) = data.glob("campaigns/*.ledger")
    ledger.unlink()
    async with open_town(data) as town:
        bob, claire = town.bob, town.claire
        await bob.sees("Part of my data does not read any more")
        assert campaign(town).state is State.HELD
        await bob.opens_home()
        await bob.sees("9,000")
        await schedules(town, claire, french_excel_csv())
        await town.reaches_departure()
        await town.letters(3)
    repair = Repair(f"tinydb:{data}")
    said = [done.key for done in repair.mend(town.bot.wakes.now())]
    repair.close()
    assert said == ["storage.repair.ledger.done"]
    async with open_town(data) as town:
        await town.bob.sees("9,000 letters may have left")
        assert town.mail.letters == []


async def test_lost_people_are_said_by_the_bot_when_they_were_due(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with open_town(data) as town:
        bob = town.bob
        await schedules(town, bob, english_xlsx())
        await bob.sees("cheduled")
        (people,) = data.glob("campaigns/*.audience")
        whole = people.read_bytes()
        people.unlink()
        await town.reaches_departure()
        await bob.sees("Part of my data does not read any more")
        assert campaign(town).state is State.HELD
        assert town.mail.letters == []
        people.write_bytes(whole)  # somebody had a backup
        await bob.clicks("campaigns.send_now")
        await town.mail.until(lambda: len(town.mail.letters) > 0)
        await bob.sees("accepted")
