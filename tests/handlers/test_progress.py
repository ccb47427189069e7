"""A file that takes long, in Slack: one message that shows the work, then what came of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.playground.slack import Person
from tests.fixtures.files import english_csv, french_excel_csv, pdf
from tests.journeys.harness import Town


@contextmanager
def slow(town: Town, monkeypatch: pytest.MonkeyPatch, method: str, owner: object) -> Iterator[None]:
    """Progress is shown at once, and `method` takes until the block is left."""
    monkeypatch.setattr(town.bot.services.imports.progress, "after", 0.0)
    go_on = threading.Event()
    real = getattr(type(owner), method)

    def waits(*args: Any, **kwargs: Any) -> Any:
        assert go_on.wait(10)
        return real(*args, **kwargs)

    monkeypatch.setattr(type(owner), method, waits)
    try:
        yield
    finally:
        go_on.set()


def only_one_about_it(person: Person, before: int) -> dict[str, Any]:
    (message,) = person.messages[before:]
    return message


async def greeted(person: Person, word: str, answer: str) -> int:
    await person.says(word)
    await person.sees(answer)
    return len(person.messages) + 1  # the file's own message comes next


async def test_the_same_message_becomes_the_preview(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    claire = town.claire
    before = await greeted(claire, "aide", "Ce que je sais faire")
    with slow(town, monkeypatch, "read", town.bot.services.imports.reader):
        await claire.drops(french_excel_csv())
        await claire.sees("Je lis « clients.csv »…")
        shown = only_one_about_it(claire, before)["ts"]
    await claire.sees("clients · 3 contacts")
    claire.doesnt_see("Je lis")
    assert only_one_about_it(claire, before)["ts"] == shown


async def test_a_download_is_told_in_per_cent(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = town.bob
    before = await greeted(bob, "help", "What I can do")
    with slow(town, monkeypatch, "fetch", town.bot.services.imports.files.source):
        await bob.drops(english_csv())
        await bob.sees("I'm downloading “customers.csv”: 0%")
    await bob.sees("customers · 3 contacts")
    only_one_about_it(bob, before)


async def test_the_same_message_becomes_the_refusal(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    claire = town.claire
    before = await greeted(claire, "aide", "Ce que je sais faire")
    with slow(town, monkeypatch, "read", town.bot.services.imports.reader):
        await claire.drops(pdf())
        await claire.sees("Je lis « clients.pdf »…")
    await claire.sees("est un PDF")
    claire.doesnt_see("Je lis")
    only_one_about_it(claire, before)


async def test_a_quick_file_shows_no_progress(town: Town) -> None:
    await town.claire.drops(french_excel_csv())
    await town.claire.sees("Liste gardée")
    words = [str(call.args.get("text")) for call in town.slack.calls if call.method.startswith("chat.")]
    assert words
    assert not [said for said in words if said.startswith(("Je lis", "Je télécharge"))]


async def test_a_name_pings_nobody(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with slow(town, monkeypatch, "read", town.bot.services.imports.reader):
        await town.claire.drops(french_excel_csv(name="<!channel>.csv"))
        await town.claire.sees("Je lis « <!channel>.csv »…")
        assert "<!channel>" not in town.claire.messages[-1]["text"]
    await town.claire.sees("Liste gardée")
