"""The bot was down while people dropped files: they are read when it is back, once, and it says so."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.slack import Person, SlackStandIn
from storage import open_store
from tests.conftest import Check
from tests.fixtures.files import english_csv, english_xlsx, french_excel_csv, pdf
from tests.journeys.harness import Town
from tests.journeys.process import Service, now, open_service


@pytest.fixture
async def service(tmp_path: Path, block_check: Check | None) -> AsyncIterator[Service]:
    async with open_service(tmp_path / "data", block_check) as opened:
        yield opened
    assert opened.slack.refusals == []


def last_alive(data: Path, ago: timedelta) -> None:
    store = open_store(f"tinydb:{data}")
    store.beat(now() - ago)
    store.close()


def histories(slack: SlackStandIn) -> list[str]:
    return [str(call.args["channel"]) for call in slack.calls if call.method == "conversations.history"]


def lists(data: Path) -> list[str]:
    store = open_store(f"tinydb:{data}")
    titles = [f"{one.owner} {one.title}" for one in store.lists.all("T0DEMO")]  # type: ignore[arg-type]
    store.close()
    return sorted(titles)


async def meets(service: Service) -> Person:
    """Bob has never imported anything: one word is all the bot knows him by."""
    await service.start()
    await service.claire.drops(french_excel_csv(name="avant.csv"))
    await service.claire.sees("Liste gardée")
    bob = service.slack.person("U0BOB")
    await bob.says("help")
    await bob.sees("What I can do")
    return bob


def place_of(person: Person, words: str) -> int:
    return next(n for n, message in enumerate(person.messages) if words in str(message))


async def test_files_dropped_while_it_was_down_are_read_once(service: Service) -> None:
    bob, claire = await meets(service), service.claire
    await service.kill()
    await claire.drops(french_excel_csv([("luc@exemple.fr", "Luc", "Petit", "", "", "")]))
    await bob.drops(english_csv())
    await bob.drops(english_xlsx([("sue@example.com", "Sue", "Ray", "", "", "")], name="partners.xlsx"))
    assert {one.reason for one in service.slack.unanswered} == {"no_connection"}
    last_alive(service.data, timedelta(minutes=51))

    await service.start()
    await claire.sees("J'étais à l'arrêt d")
    await claire.sees("Voici votre fichier déposé")
    await claire.sees("clients · 1 contact")
    await bob.sees("Here are the 2 files you dropped meanwhile.")
    await bob.sees("customers · 3 contacts")
    await bob.sees("partners · 1 contact")
    assert place_of(claire, "à l'arrêt") < place_of(claire, "clients · 1 contact")
    assert str(bob.messages).count("I was down") == str(claire.messages).count("J'étais à l'arrêt") == 1

    await service.slack.redeliver_last_event()  # Slack had not given up on bob's last file yet
    await bob.says("lists")
    await bob.sees("Your lists")
    await service.end()
    assert lists(service.data) == [
        "U0BOB customers", "U0BOB partners", "U0CLAIRE avant", "U0CLAIRE clients",
    ]  # fmt: skip
    assert sorted(histories(service.slack)) == ["D0BOB", "D0CLAIRE"]


async def test_a_short_absence_reads_nobodys_conversation(service: Service) -> None:
    bob = await meets(service)
    await service.kill()
    await bob.drops(english_csv())
    last_alive(service.data, timedelta(minutes=4))
    await service.start()
    await bob.says("help")
    await bob.sees("What I can do")
    await service.end()
    assert histories(service.slack) == []
    assert lists(service.data) == ["U0CLAIRE avant"]


async def test_nothing_dropped_nothing_said(service: Service) -> None:
    bob = await meets(service)
    await service.kill()
    await bob.says("hello?")
    last_alive(service.data, timedelta(hours=2))
    await service.start()
    await service.slack.until(lambda: len(histories(service.slack)) == 2)
    await service.end()
    assert "I was down" not in str(bob.messages)
    assert "J'étais à l'arrêt" not in str(service.claire.messages)


async def test_a_file_it_had_answered_before_is_not_answered_again(service: Service) -> None:
    """The heart beats every 30 s: what came after the last beat was heard all the same."""
    bob = await meets(service)
    await bob.drops(pdf(name="brochure.pdf"))
    await bob.sees("is a PDF")
    await service.end()
    await service.slack.until(lambda: service.slack.connections == 0)
    last_alive(service.data, timedelta(minutes=30))
    await service.start()
    await service.slack.until(lambda: len(histories(service.slack)) == 2)
    await service.end()
    assert sum("is a PDF" in one["text"] for one in bob.messages) == 1
    assert "I was down" not in str(bob.messages)
    assert lists(service.data) == ["U0CLAIRE avant"]


# in one process: what Slack does meanwhile is in the test's hands


async def goes_down(town: Town) -> None:
    await town.bot.stop()


async def comes_back(town: Town, hours: float = 2) -> None:
    store = open_store(f"tinydb:{town.playground.data}")
    store.set_clock_offset(store.clock_offset() + timedelta(hours=hours))
    store.close()
    town.slack.unanswered.clear()  # nobody was there: that is what this is about
    await town.playground.start_bot()


async def test_somebody_slack_keeps_from_us_is_asked_about_again(town: Town) -> None:
    claire, bob = town.claire, town.bob
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await bob.says("help")
    await bob.sees("What I can do")
    await goes_down(town)
    await claire.drops(french_excel_csv())
    await bob.drops(english_csv())
    town.slack.break_next("conversations.history", "internal_error")
    town.slack.break_next("conversations.history", "fatal_error")
    await comes_back(town)
    async with asyncio.timeout(10):
        while (
            len(histories(town.slack)) < 4
        ):  # a sweep that finds the first round under way leaves it to that
            await town.goes_by(minutes=1)
    await claire.sees("clients · 3 contacts")
    await bob.sees("customers · 3 contacts")
    for person, words in ((claire, "J'étais à l'arrêt"), (bob, "I was down")):
        assert str(person.messages).count(words) == 1
    asked = len(histories(town.slack))
    await town.goes_by(hours=1)
    assert len(histories(town.slack)) == asked, "once it worked, nobody is asked about again"


async def test_who_only_opened_the_conversation_is_known(town: Town) -> None:
    await town.bob.opens_messages()
    await town.bob.sees("Hi Bob, I'm Postillon")
    await goes_down(town)
    await town.bob.drops(english_csv())
    await comes_back(town)
    await town.bob.sees("Here is the file you dropped")
    await town.bob.sees("customers · 3 contacts")


async def test_slack_tells_of_a_file_while_its_history_is_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever is first: one list, and no second answer."""
    bob = town.bob
    await bob.says("help")
    await bob.sees("What I can do")
    await goes_down(town)
    await bob.drops(english_csv())
    read, go_on = threading.Event(), threading.Event()
    messenger = type(town.bot.messenger)
    real = messenger.dropped

    def slowly(*args: object) -> object:
        found = real(*args)  # type: ignore[arg-type]
        read.set()
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(messenger, "dropped", slowly)
    await comes_back(town)
    assert await asyncio.to_thread(read.wait, 5)
    await town.slack.redeliver_last_event()
    await bob.sees("customers · 3 contacts")
    go_on.set()
    await town.bot.edge.drain()
    assert "I was down" not in str(bob.messages)
    assert [one.title for one in town.bot.store.lists.all(town.workspace)] == ["customers"]
    assert town.bot.store.inbox.pending() == []


async def test_both_ends_are_said_once_beside_what_was_due(town: Town) -> None:
    """Two campaigns due meanwhile and a file dropped: the absence is told in full in one place."""
    claire = town.claire
    for name in ("clients", "partenaires"):
        await claire.drops(
            french_excel_csv([(f"{name}@exemple.fr", "Luc", "Petit", "", "", "")], name=f"{name}.csv")
        )
        await claire.sees(f"{name} · 1 contact")
        await town.composes(claire, "https://forms.example/s/1")
        await claire.submits()
        await town.slack.until(lambda: not claire.dialogs)
    scheduled = town.bot.store.campaigns.all(town.workspace)
    due = max(one.send_at for one in scheduled if one.send_at)
    await goes_down(town)
    await claire.drops(french_excel_csv([("zoe@exemple.fr", "Zoé", "Roy", "", "", "")], name="trois.csv"))
    away = due - town.playground.now() + timedelta(hours=1)
    await comes_back(town, hours=away.total_seconds() / 3600)
    await claire.sees("trois · 1 contact")
    await town.slack.until(lambda: claire.text_of().count("n'est pas partie") >= 2)
    words = claire.text_of()
    said = [one for one in claire.messages if "n'est pas partie" in one["text"]]
    assert len([one for one in said if "J'étais à l'arrêt" in one["text"]]) == 1
    assert len([one for one in said if "pendant le même arrêt" in one["text"]]) == 1
    full = next(one["text"] for one in said if "J'étais à l'arrêt" in one["text"])
    assert re.search(r"J'étais à l'arrêt du \w+ \d+ \w+ à \d+:\d\d au \w+ \d+ \w+ à \d+:\d\d\.", full), full
    assert "Voici votre fichier déposé" in words
    assert not any("Voici votre" in one["text"] and "l'arrêt" in one["text"] for one in claire.messages)
