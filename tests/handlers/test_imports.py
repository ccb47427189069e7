"""A file becomes a list: dropped, by the dialog, by the shortcut; once, durably, or with a sentence."""

import asyncio
from datetime import timedelta

import pytest

from bot import ports
from tests.fixtures import files
from tests.fixtures.files import english_xlsx, french_csv_with_mistakes, french_excel_csv
from tests.journeys.harness import Town


async def test_the_preview_of_a_french_file(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_csv_with_mistakes())
    await claire.sees("salon · 2 contacts")
    await claire.sees("4 lignes lues = 2 contacts + 1 à corriger + 1 doublon")
    await claire.sees("• 1 adresse incomplète : ligne 3 « francois@ »")
    await claire.sees("1 doublon : première ligne gardée (ligne 5 = ligne 2)")
    await claire.sees("Liste gardée. Personne n'a été contacté.")


async def test_several_files_dropped_at_once(town: Town) -> None:
    bob = town.bob
    await bob.drops(english_xlsx(), files.many(3), files.pdf())
    await bob.sees("is a PDF")
    assert str([message["text"] for message in bob.messages]).count("3 contacts ready") == 2


async def test_the_same_event_twice_gives_one_list(town: Town) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.slack.redeliver_last_event()
    await claire.says("listes")
    await claire.sees("ajoutée le")
    assert len(town.bot.store.lists.all(town.workspace)) == 1
    previews = [one for one in claire.messages if "lignes lues" in str(one["blocks"])]
    assert len(previews) == 1


async def test_the_same_file_shared_again_is_answered(town: Town) -> None:
    """One list still, and a sentence: an edit of a message further up would look like silence."""
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.bot.edge.drain()
    shared = next(message for message in claire.messages if message.get("files"))
    again = {**shared, "channel": claire.profile.dm, "channel_type": "im"}
    await town.slack.emits({**again, "ts": "1999999999.0001", "event_ts": "1999999999.0001"})
    await claire.sees("Ce fichier est déjà votre liste « clients »")
    await claire.clicks("lists.delete")
    await claire.sees("Récupérer")
    await town.slack.emits({**again, "ts": "1999999999.0002", "event_ts": "1999999999.0002"})
    await claire.sees("Pendant 7 jours")
    assert len(town.bot.store.lists.all(town.workspace)) == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (files.pdf(), "est un PDF"),
        (files.empty(), "est vide"),
        (files.header_only(), "n'a que sa ligne de titres"),
    ],
    ids=["pdf", "empty", "header only"],
)
async def test_what_is_no_contact_file_gets_its_sentence(town: Town, file: files.File, said: str) -> None:
    await town.claire.drops(file)
    await town.claire.sees(said)
    await town.claire.sees("Vos listes n'ont pas changé.")
    await town.bot.edge.drain()
    assert town.bot.store.inbox.pending() == []


async def test_the_dialog_takes_a_file_and_a_title(town: Town) -> None:
    claire = town.claire
    await claire.says("importer")
    await claire.sees("choisissez-le dans une fenêtre")
    await claire.clicks("lists.import")
    await claire.sees("10 Mo au plus dans cette fenêtre")
    await claire.uploads("file", french_excel_csv())
    await claire.types("title", "Clients du Rhône")
    await claire.submits()
    await claire.sees("Clients du Rhône · 3 contacts")
    assert claire.dialog is None


async def test_from_home_the_dialog_says_where_the_result_is(town: Town) -> None:
    claire = town.claire
    await claire.opens_home()
    await town.slack.until(lambda: claire.home is not None)
    await claire.clicks("lists.import", where="home")
    await claire.sees("10 Mo au plus")
    await claire.uploads("file", french_excel_csv())
    await claire.submits()
    await claire.sees("le résultat arrive dans notre conversation")
    await town.slack.until(lambda: "lists.view" in str(claire.home))


async def test_the_shortcut_imports_the_file_of_a_message(town: Town) -> None:
    claire, bob = town.claire, town.bob
    town.slack.add_channel("C0SALES", name="ventes")
    await bob.drops(french_excel_csv(), where="C0SALES")
    message = town.slack.messages_in("C0SALES")[-1]
    await claire.shortcut("lists.shortcut", message, where="C0SALES")
    await claire.sees("Je vous réponds dans notre conversation")
    await claire.sees("clients · 3 contacts")
    assert "3 contacts" not in bob.text_of()

    await claire.shortcut("lists.shortcut", message, where="C0SALES")
    await claire.sees("Ce fichier est déjà votre liste « clients »")
    # the same file by somebody else is their own list
    await bob.shortcut("lists.shortcut", message, where="C0SALES")
    await bob.sees("List kept")
    owners = sorted(one.owner for one in town.bot.store.lists.all(town.workspace))
    assert owners == ["U0BOB", "U0CLAIRE"]


async def test_the_shortcut_out_of_reach_says_drop_it_here(town: Town) -> None:
    claire = town.claire
    town.slack.add_channel("C0PRIVATE", name="direction", has_bot=False)
    await claire.drops(french_excel_csv(), where="C0PRIVATE")
    message = town.slack.messages_in("C0PRIVATE")[-1]
    await claire.shortcut("lists.shortcut", message, where="C0PRIVATE")
    await claire.sees("Je n'ai pas accès à ce fichier là où il est. Déposez-le ici")


async def test_the_shortcut_on_words_says_what_it_wants(town: Town) -> None:
    claire = town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    await claire.shortcut("lists.shortcut", claire.messages[0])
    await claire.sees("Ce message ne contient pas de fichier.")


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ("stub", "Liste gardée"),
        ("scanning", "Liste gardée"),
        ("tombstone", "Ce fichier a été supprimé de Slack"),
    ],
)
async def test_files_in_every_shape(town: Town, looks: str, said: str) -> None:
    await town.claire.drops(french_excel_csv(), looks=looks)  # type: ignore[arg-type]
    await town.claire.sees(said)


async def test_a_file_over_the_limit_is_not_downloaded(town: Town) -> None:
    claire = town.claire
    limit = town.bot.edge.policy.max_file_bytes
    shared = {"id": "F0HUGE", "name": "énorme.csv", "size": limit + 1, "mode": "hosted",
              "url_private_download": f"{town.slack.url}/files/F0HUGE/download/x.csv"}  # fmt: skip
    event = {"type": "message", "subtype": "file_share", "channel": claire.profile.dm, "channel_type": "im",
             "user": claire.profile.id, "ts": "1.1", "text": "", "files": [shared]}  # fmt: skip
    await town.slack.emits(event)
    await claire.sees(f"« énorme.csv » dépasse {limit // (1 << 20)} Mo")
    assert not [call for call in town.slack.calls if call.method == "download"]


async def test_what_cannot_be_written_down_is_not_acknowledged_and_comes_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire = town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    inbox = type(town.bot.store.inbox)
    written = inbox.receive
    attempts: list[str] = []

    def full_at_first(self: object, workspace: str, event_id: str, *rest: object) -> bool:
        attempts.append(event_id)
        if len(attempts) == 1:
            raise ports.Unwritable("disk full")
        return bool(written(self, workspace, event_id, *rest))  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "receive", full_at_first)
    await claire.drops(french_excel_csv())
    assert [one.attempt for one in town.slack.unanswered] == [0], "Slack was told that it is not safe with us"
    town.slack.unanswered.clear()
    await claire.sees("Je n'ai pas pu enregistrer")
    await claire.sees("Liste gardée")
    assert attempts[0] == attempts[1]


async def test_a_file_dropped_while_slack_was_away_is_read_at_the_next_sweep(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire = town.claire
    await claire.says("aide")
    await claire.sees("Ce que je sais faire")
    tried = asyncio.Event()
    loop = asyncio.get_running_loop()

    def away(*args: object, **kwargs: object) -> None:
        loop.call_soon_threadsafe(tried.set)
        raise ports.Unreachable("away")

    messenger = type(town.bot.services.imports.messenger)
    with monkeypatch.context() as broken:
        broken.setattr(messenger, "show_list", away)
        await claire.drops(french_excel_csv())
        async with asyncio.timeout(5):
            await tried.wait()
    await town.playground.move(timedelta(minutes=1))
    await claire.sees("Liste gardée")
    assert town.bot.store.inbox.pending() == []


async def test_a_defect_in_one_file_is_told_with_a_reference(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(type(town.bot.services.imports.reader), "read", broken)
    await town.claire.drops(french_excel_csv())
    await town.claire.sees("donnez la référence")
    await town.bot.edge.drain()
    assert town.bot.store.inbox.pending() == []
