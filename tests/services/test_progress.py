"""Progress of a file that takes long: shown in time, counted once, silent for good when it is over."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Language, Member
from bot.core.sentences import Sentence
from bot.ports import PendingImport, RemoteFile, Unreachable
from bot.services.progress import LineFeeds, Progress
from bot.texts import Say

ANNA = Member(workspace=WorkspaceId("T1"), id=MemberId("U1"))
FILE = RemoteFile(id="F1", name="clients.xlsx", size=1000)
PENDING = PendingImport(
    workspace=ANNA.workspace, member=ANNA.id, channel="D1", file=FILE,
    received_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
)  # fmt: skip
AT_ONCE = {"after": 0.0, "every": 0.001, "between": 0.0}
NEVER = 3600.0


@dataclass
class Wall:
    """Where progress is shown. `before` runs first, in the thread that shows it."""

    shown: list[Sentence] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def show_import(
        self, member: Member, pending: PendingImport, said: Sentence | None = None, *, plea: str = ""
    ) -> None:
        assert (member, pending) == (ANNA, PENDING)
        assert said is not None
        self.before()
        with self._changed:
            self.shown.append(said)
            self._changed.notify_all()

    def sees(self, key: str, **values: object) -> None:
        with self._changed:
            found = self._changed.wait_for(lambda: Sentence(key, values) in self.shown, 5)  # type: ignore[arg-type]
        assert found, self.shown


def on(wall: Wall, **delays: float) -> Progress:
    return Progress(messenger=cast("Any", wall), **(AT_ONCE | delays))


def nobody_follows() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name == "progress"]


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "raw", tmp_path / "staging"


def test_a_quick_file_shows_nothing_and_leaves_no_thread(paths: tuple[Path, Path]) -> None:
    wall = Wall()
    with Progress(messenger=cast("Any", wall)).shown(ANNA, PENDING, *paths) as watched:
        paths[0].write_bytes(b"x" * 500)
        watched.arrived(FILE)
    assert wall.shown == []
    assert nobody_follows()


def test_first_its_bytes_then_its_rows(paths: tuple[Path, Path]) -> None:
    wall, (raw, staging) = Wall(), paths
    with on(wall).shown(ANNA, PENDING, raw, staging) as watched:
        wall.sees("progress.downloading", name="clients.xlsx", percent=0)
        raw.write_bytes(b"x" * 405)
        wall.sees("progress.downloading", name="clients.xlsx", percent=40)
        watched.arrived(FILE)
        wall.sees("progress.opening", name="clients.xlsx")
        staging.write_bytes(b"header\n")
        with staging.open("ab") as growing:
            growing.write(b"one\ntwo\nthr")
        wall.sees("progress.reading", name="clients.xlsx", n=2)
        with staging.open("ab") as growing:
            growing.write(b"ee\n")
        wall.sees("progress.reading", name="clients.xlsx", n=3)
    assert nobody_follows()
    assert len(wall.shown) == len({str(said) for said in wall.shown}), "the same words are not shown again"


def test_more_bytes_than_announced_are_a_hundred_per_cent(paths: tuple[Path, Path]) -> None:
    wall = Wall()
    paths[0].write_bytes(b"x" * 2000)
    with on(wall).shown(ANNA, PENDING, *paths):
        wall.sees("progress.downloading", name="clients.xlsx", percent=100)


def test_a_file_of_which_only_the_id_is_known(paths: tuple[Path, Path]) -> None:
    wall = Wall()
    stub = PendingImport(
        workspace=ANNA.workspace, member=ANNA.id, channel="D1", file=RemoteFile(id="F1"),
        received_at=PENDING.received_at,
    )  # fmt: skip
    shown: list[Sentence] = []
    arrived = threading.Event()

    def show(member: Member, pending: PendingImport, said: Sentence) -> None:
        shown.append(said)
        arrived.set()

    wall.show_import = show  # type: ignore[method-assign, assignment]
    with on(wall).shown(ANNA, stub, *paths):
        assert arrived.wait(5)
    assert shown == [Sentence("progress.arriving")]


def test_the_next_edit_waits_its_time(paths: tuple[Path, Path]) -> None:
    """And leaving does not wait for it."""
    wall = Wall()
    with on(wall, every=NEVER).shown(ANNA, PENDING, *paths) as watched:
        wall.sees("progress.downloading", name="clients.xlsx", percent=0)
        watched.arrived(FILE)
    assert len(wall.shown) == 1
    assert nobody_follows()


def test_two_files_share_what_slack_allows(paths: tuple[Path, Path]) -> None:
    wall = Wall()
    progress = on(wall, between=NEVER)
    with progress.shown(ANNA, PENDING, *paths):
        wall.sees("progress.downloading", name="clients.xlsx", percent=0)
        looked = threading.Event()
        is_free = progress._is_free

        def look() -> bool:
            free = is_free()
            looked.set()
            return free

        progress._is_free = look  # type: ignore[method-assign]
        with progress.shown(ANNA, PENDING, *paths):
            assert looked.wait(5)
    assert len(wall.shown) == 1


def test_what_is_on_its_way_arrives_before_anything_else_is_said(paths: tuple[Path, Path]) -> None:
    """Whoever leaves waits for it: the preview comes after the last progress, never before."""
    under_way, released, over = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        under_way.set()
        assert released.wait(5)

    wall = Wall(before=slow)

    def imports() -> None:
        with on(wall).shown(ANNA, PENDING, *paths):
            assert under_way.wait(5)
        wall.shown.append(Sentence("preview"))
        over.set()

    work = threading.Thread(target=imports)
    work.start()
    assert under_way.wait(5)
    assert not over.is_set()
    assert wall.shown == []
    released.set()
    work.join(5)
    assert [said.key for said in wall.shown] == ["progress.downloading", "preview"]


def test_slacks_refusals_do_not_stop_it(paths: tuple[Path, Path], caplog: pytest.LogCaptureFixture) -> None:
    refusals = iter([Unreachable("ratelimited"), Unreachable("away")])

    def refuse() -> None:
        if refusal := next(refusals, None):
            raise refusal

    wall = Wall(before=refuse)
    with caplog.at_level(logging.WARNING), on(wall).shown(ANNA, PENDING, *paths):
        wall.sees("progress.downloading", name="clients.xlsx", percent=0)
    assert "file=F1: ratelimited" in caplog.text
    assert "file=F1: away" in caplog.text


def test_a_defect_ends_the_telling_alone(paths: tuple[Path, Path], caplog: pytest.LogCaptureFixture) -> None:
    broken = threading.Event()

    def breaks() -> None:
        broken.set()
        raise RuntimeError("a defect")

    with on(Wall(before=breaks)).shown(ANNA, PENDING, *paths):
        assert broken.wait(5)
    assert "a defect" in caplog.text
    assert nobody_follows()


def test_a_refusal_goes_through(paths: tuple[Path, Path]) -> None:
    wall = Wall()
    with pytest.raises(Unreachable), on(wall).shown(ANNA, PENDING, *paths):
        raise Unreachable("away")
    assert nobody_follows()


# --- line feeds ---------------------------------------------------------------------------------------


def test_each_byte_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    lines = LineFeeds(path=path)
    assert lines.count() == 0
    path.write_bytes(b"a\nb\nc")
    assert lines.count() == 2
    path.write_bytes(b"\n\n\n\n\n" + b"d\n")  # what was read before is not looked at again
    assert lines.count() == 3
    path.unlink()
    assert lines.count() == 3


def test_a_file_begun_anew_is_counted_anew(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    lines = LineFeeds(path=path)
    path.write_bytes(b"a\nb\nc\n")
    assert lines.count() == 3
    path.write_bytes(b"a\n")
    assert lines.count() == 1


# --- the words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "values", "french", "english"),
    [
        ("arriving", {}, "Je télécharge votre fichier…", "I'm downloading your file…"),
        ("downloading", {"name": "a.csv", "percent": 40}, "Je télécharge « a.csv » : 40 %",
         "I'm downloading “a.csv”: 40%"),
        ("opening", {"name": "a.csv"}, "Je lis « a.csv »…", "I'm reading “a.csv”…"),
        ("reading", {"name": "a.csv", "n": 12_400}, "Je lis « a.csv » : 12 400 lignes",
         "I'm reading “a.csv”: 12,400 rows"),
        ("reading", {"name": "a.csv", "n": 1}, "Je lis « a.csv » : 1 ligne", "I'm reading “a.csv”: 1 row"),
    ],
)  # fmt: skip
def test_in_both_languages(key: str, values: dict[str, Any], french: str, english: str) -> None:
    said = Sentence(f"progress.{key}", values)
    spaced = str.maketrans({"\u00a0": " ", "\u202f": " "})
    assert Say(Language.FRENCH)(said).translate(spaced) == french
    assert Say(Language.ENGLISH)(said) == english
