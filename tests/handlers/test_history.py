"""What was dropped while nobody listened: read from the history, told in the reader's words."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import ports
from bot.core.inbox import Absence, Dropped
from bot.core.people import Language, Member
from bot.core.sentences import sentence
from bot.ports import RemoteFile
from handlers.blocks.absence import back
from handlers.blocks.voice import voice
from tests.fixtures.files import french_excel_csv, pdf
from tests.handlers.test_messenger import NOW, Desk, desk

__all__ = ["desk"]

EARLIER = NOW - timedelta(hours=1)


def at_home(desk: Desk) -> Member:
    return replace(desk.member, dm=desk.claire.profile.dm)


async def dropped(desk: Desk, since: datetime = EARLIER) -> list[Dropped]:
    found: list[Dropped] = await desk.does(desk.messenger.dropped, at_home(desk), since)
    return found


def names(found: list[Dropped]) -> list[list[str]]:
    return [[file.name for file in one.files] for one in found]


async def test_only_their_own_files_oldest_first(desk: Desk) -> None:
    claire = desk.claire
    await claire.says("bonjour")
    await claire.drops(french_excel_csv(name="un.csv"), french_excel_csv(name="deux.csv"), comment="voilà")
    ours = ports.OutgoingFile(name="nous.csv", content=b"x")
    await desk.does(desk.messenger.send_file, desk.member, ours, sentence("notices.done"))
    await desk.slack.until(lambda: "nous.csv" in str(claire.messages))
    await claire.drops(french_excel_csv(name="trois.csv"))
    somebody_elses = {**desk.slack.messages_in("D0CLAIRE")[-1], "user": "U0SAMIR"}
    desk.slack.messages_in("D0CLAIRE").append(somebody_elses)
    found = await dropped(desk)
    assert names(found) == [["un.csv", "deux.csv"], ["trois.csv"]]
    first = found[0]
    assert (first.channel, first.id) == ("D0CLAIRE", f"D0CLAIRE:{first.ts}")
    assert abs(first.at - NOW) < timedelta(seconds=1)
    assert all(file.url and file.size for file in first.files)


async def test_every_page_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.history.PAGE", 2)
    for n in range(5):
        await desk.claire.drops(french_excel_csv(name=f"{n}.csv"))
    assert names(await dropped(desk)) == [[f"{n}.csv"] for n in range(5)]
    asked = [call.args for call in desk.slack.calls if call.method == "conversations.history"]
    assert len(asked) == 3
    assert all(int(call["limit"]) == 2 for call in asked)


async def test_what_is_older_is_left_alone(desk: Desk) -> None:
    await desk.claire.drops(french_excel_csv())
    assert await dropped(desk, NOW + timedelta(minutes=1)) == []


async def test_what_was_deleted_since_is_left_alone(desk: Desk) -> None:
    await desk.claire.drops(french_excel_csv(), pdf())
    await desk.claire.drops(french_excel_csv(name="autre.csv"))
    first, last = await dropped(desk)
    desk.slack.file(first.files[0].id).deleted = True
    desk.slack.file(last.files[0].id).deleted = True
    assert names(await dropped(desk)) == [["clients.pdf"]]


@pytest.mark.parametrize("error", ["channel_not_found", "missing_scope"])
async def test_what_slack_refuses_for_good_is_not_asked_again(
    desk: Desk, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.slack.break_next("conversations.history", error)
    with caplog.at_level(logging.WARNING):
        assert await dropped(desk) == []
    assert error in caplog.text


async def test_slack_away_or_out_of_order_is_no_empty_history(desk: Desk) -> None:
    desk.slack.break_next("conversations.history", "internal_error")
    with pytest.raises(ports.Unreachable, match="internal_error"):
        await dropped(desk)
    await desk.slack.away()
    with pytest.raises(ports.Unreachable):
        await dropped(desk)
    desk.slack.back()


async def test_too_often_is_asked_again_in_time(desk: Desk) -> None:
    await desk.claire.drops(french_excel_csv())
    desk.slack.throttle("conversations.history", 0)
    assert names(await dropped(desk)) == [["clients.csv"]]


# what is said


def moment(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def a_drop(at: datetime, files: int = 1) -> Dropped:
    remote = tuple(RemoteFile(id=f"F{n}") for n in range(files))
    return Dropped(channel="D1", ts=f"{at.timestamp():.6f}", files=remote)


def told(language: Language, zone: str, absence: Absence, *drops: Dropped) -> str:
    member = Member(workspace="T1", id="U1", locale=language, zone=zone)  # type: ignore[arg-type]
    return plain(back(voice(member), absence, drops))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


SAME_DAY = Absence(since=moment(23, 7, 40), until=moment(23, 8, 31))
OVER_NIGHT = Absence(since=moment(22, 21, 40), until=moment(23, 8, 31))


def test_in_french_in_paris() -> None:
    assert told(Language.FRENCH, "Europe/Paris", SAME_DAY, a_drop(moment(23, 7, 52))) == (
        "J'étais à l'arrêt de 8:40 à 9:31. Voici votre fichier déposé à 8:52."
    )


def test_in_english_in_london() -> None:
    assert told(Language.ENGLISH, "Europe/London", SAME_DAY, a_drop(moment(23, 7, 52))) == (
        "I was down from 7:40 AM to 8:31 AM. Here is the file you dropped at 7:52 AM."
    )


def test_the_day_where_it_is_another() -> None:
    late = a_drop(moment(22, 22, 5))
    assert told(Language.FRENCH, "Europe/Paris", OVER_NIGHT, late) == (
        "J'étais à l'arrêt du dimanche 22 novembre à 22:40 jusqu'à 9:31. "
        "Voici votre fichier déposé le dimanche 22 novembre à 23:05."
    )
    assert told(Language.ENGLISH, "Europe/Paris", OVER_NIGHT, a_drop(moment(23, 7, 52))) == (
        "I was down from Sunday, November 22 at 10:40 PM until 9:31 AM. "
        "Here is the file you dropped at 8:52 AM."
    )


def test_the_same_absence_is_another_day_elsewhere() -> None:
    """At 21:40 UTC it is the 23rd in Tokyo already: for its people it is all of one day."""
    words = told(Language.ENGLISH, "Asia/Tokyo", OVER_NIGHT, a_drop(moment(22, 22, 5)))
    assert words == "I was down from 6:40 AM to 5:31 PM. Here is the file you dropped at 7:05 AM."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.FRENCH, "Voici vos 3 fichiers déposés entre-temps."),
        (Language.ENGLISH, "Here are the 3 files you dropped meanwhile."),
    ],
)
def test_several_files_are_one_sentence(language: Language, words: str) -> None:
    for absence in (SAME_DAY, OVER_NIGHT):
        drops = a_drop(absence.since, files=2), a_drop(moment(23, 8, 0))
        assert told(language, "UTC", absence, *drops).endswith(words)


async def test_it_is_said_in_the_dm(desk: Desk) -> None:
    await desk.does(desk.messenger.show_absence, desk.member, SAME_DAY, [a_drop(moment(23, 7, 52))])
    await desk.claire.sees("J'étais à l'arrêt de 8:40 à 9:31. Voici votre fichier déposé à 8:52.")
