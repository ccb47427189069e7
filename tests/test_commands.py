"""The command line, as a person types it."""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import bot.__main__ as command_line
from bot import logs
from bot.core.facts import Claimed, Uncertain
from bot.core.findings import Finding
from bot.core.people import Language
from bot.core.sentences import Refusal, sentence
from bot.ports import Unwritable
from bot.settings import Settings
from bot.texts import Say
from storage import open_store
from tests.services.test_status import NOON, NOVA, draft, invited, keep_list, reminded, schedule
from tests.test_settings import NAMES, SOUND

ROOT = Path(__file__).parent.parent
CONTACTS = "Email;Prénom;Nom\nelodie@exemple.fr;Élodie;Durand\nbad;Jean;Petit\nELODIE@exemple.fr;É;D\n"

Types = Callable[..., Result]


@pytest.fixture
def types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody in an empty folder, with nothing in the environment but what is given."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES | {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, **environ: str) -> Result:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        say = Say(Language.of_locale(environ.get("DEFAULT_LANGUAGE"), Language.ENGLISH))
        return CliRunner().invoke(command_line.commands(say), arguments)

    return run


class FakeRoom(ModuleType):
    """`bot.app` and `bot.playground.run`, which these commands only start."""

    def __init__(self, found: list[Finding] | None = None, fails: Exception | None = None) -> None:
        super().__init__("fake")
        self.found, self.fails = found or [], fails
        self.called: list[Any] = []

    async def serve(self, settings: Settings) -> None:
        self._note(settings)

    def check(self, settings: Settings) -> list[Finding]:
        self._note(settings)
        return self.found

    def run_playground(self, port: int, data: Path | None, *, open_browser: bool) -> None:
        self._note((port, data, open_browser))

    def _note(self, given: object) -> None:
        if self.fails:
            raise self.fails
        self.called.append(given)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRoom]:
    def furnish(**about: Any) -> FakeRoom:
        fake = FakeRoom(**about)
        import bot

        monkeypatch.setitem(sys.modules, "bot.app", fake)
        monkeypatch.setattr(bot, "app", fake, raising=False)
        monkeypatch.setitem(sys.modules, "bot.playground.run", fake)
        monkeypatch.setattr(logs, "configure", lambda *_: None)  # pytest's own handlers stay
        return fake

    return furnish


def alone(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as installed."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environ}, check=False,
    )  # fmt: skip


# --- help ---------------------------------------------------------------------------------------------


def test_help_names_every_command_without_loading_the_bot(tmp_path: Path) -> None:
    heavy = "slack_bolt slack_sdk sendgrid tinydb apscheduler aiohttp pydantic openpyxl python_calamine"
    script = f"""
import sys
sys.argv = ["postillon", "--help"]
from bot.__main__ import main
try:
    main()
finally:
    print("loaded:", [name for name in {heavy!r}.split() if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    for command in ("playground", "serve", "check", "status", "inspect"):
        assert command in done.stdout
    assert "loaded: []" in done.stdout


def test_help_speaks_the_default_language(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEFAULT_LANGUAGE=fr\n", "utf-8")
    assert "Lancer le bot" in alone("--help", cwd=tmp_path).stdout
    assert "Run the bot" in alone("--help", cwd=tmp_path, DEFAULT_LANGUAGE="en").stdout


@pytest.mark.parametrize("command", ["playground", "serve", "check", "status", "inspect"])
def test_each_command_explains_itself(types: Types, command: str) -> None:
    assert types(command, "--help").exit_code == 0


def test_an_unknown_command_is_misuse(types: Types) -> None:
    assert types("fly").exit_code == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_windows_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 1
    assert Say(Language(language))("commands.windows") in capsys.readouterr().err


# --- serve --------------------------------------------------------------------------------------------


def test_serve_without_settings_says_every_line_and_exits_2(tmp_path: Path) -> None:
    done = alone("serve", cwd=tmp_path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split()[0] for line in lines] == [
        "SLACK_BOT_TOKEN", "SENDGRID_API_KEY", "MAIL_FROM", "MAIL_POSTAL_ADDRESS", "SLACK_APP_TOKEN",
    ]  # fmt: skip
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_serve_starts_the_bot_with_its_settings(types: Types, room: Callable[..., FakeRoom]) -> None:
    fake = room()
    done = types("serve", **SOUND, PORT="0")
    assert done.exit_code == 0, done.output
    (settings,) = fake.called
    assert settings.port == 0


def test_the_first_start_says_what_to_back_up(
    types: Types, room: Callable[..., FakeRoom], tmp_path: Path
) -> None:
    room()
    first = types("serve", **SOUND)
    assert str(tmp_path / "data") in first.stderr
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    store.beat(NOON)
    store.close()
    assert types("serve").stderr == ""


def test_with_a_secret_of_its_own_nothing_is_to_be_said(types: Types, room: Callable[..., FakeRoom]) -> None:
    room()
    assert types("serve", **SOUND, POSTILLON_SECRET="s" * 32).stderr == ""


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (OSError(98, "Address already in use"), "127.0.0.1:3000"),
        (Refusal("commands.serve.slack", error="invalid_auth"), "invalid_auth"),
        (Unwritable(28, "No space left on device", "data"), "No space left on device"),
    ],
)
def test_a_start_that_fails_is_a_sentence(
    types: Types, room: Callable[..., FakeRoom], fails: Exception, said: str
) -> None:
    room(fails=fails)
    done = types("serve", **SOUND, POSTILLON_SECRET="s" * 32)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_an_accident_keeps_its_trace(types: Types, room: Callable[..., FakeRoom]) -> None:
    room(fails=ZeroDivisionError("a defect"))
    done = types("serve", **SOUND, POSTILLON_SECRET="s" * 32)
    assert isinstance(done.exception, ZeroDivisionError)


# --- playground ---------------------------------------------------------------------------------------


def test_the_playground_with_its_defaults_and_without(
    types: Types, room: Callable[..., FakeRoom], tmp_path: Path
) -> None:
    fake = room()
    assert types("playground").exit_code == 0
    assert types("playground", "--port", "0", "--data", str(tmp_path / "d"), "--no-open").exit_code == 0
    assert fake.called == [(8765, None, True), (0, tmp_path / "d", False)]


def test_a_taken_port_is_a_sentence(types: Types, room: Callable[..., FakeRoom]) -> None:
    room(fails=OSError(98, "Address already in use"))
    done = types("playground")
    assert done.exit_code == 1
    assert "127.0.0.1:8765" in done.stderr


def test_the_playground_needs_no_settings(types: Types, room: Callable[..., FakeRoom]) -> None:
    fake = room()
    assert types("playground", PORT="broken", SENDGRID_API_KEY="xoxb-broken").exit_code == 0
    assert len(fake.called) == 1


# --- check --------------------------------------------------------------------------------------------


def test_check_says_bad_settings_and_exits_1(types: Types) -> None:
    swapped = {"SLACK_BOT_TOKEN": SOUND["SLACK_APP_TOKEN"], "SLACK_APP_TOKEN": SOUND["SLACK_BOT_TOKEN"]}
    done = types("check", **{**SOUND, **swapped})
    assert done.exit_code == 1
    assert done.stderr.count("swapped") == 2


def test_check_says_each_problem_with_its_cure(types: Types, room: Callable[..., FakeRoom]) -> None:
    grave = Finding(
        what=sentence("checks.slack.token", error="invalid_auth"), cure=sentence("checks.slack.token.cure")
    )
    room(found=[grave])
    done = types("check", **SOUND)
    assert done.exit_code == 1
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)." in done.stdout
    assert "reinstall the app if needed" in done.stdout


def test_what_is_only_worth_knowing_is_no_failure(types: Types, room: Callable[..., FakeRoom]) -> None:
    known = Finding(what=sentence("checks.url.absent"), cure=sentence("checks.url.absent.cure"), grave=False)
    room(found=[known])
    done = types("check", **SOUND, DEFAULT_LANGUAGE="fr")
    assert done.exit_code == 0
    assert "PUBLIC_URL est absent" in done.stdout
    assert "Rien n'empêche Postillon de travailler" in done.stdout


# --- status -------------------------------------------------------------------------------------------


def test_status_before_anything(types: Types, tmp_path: Path) -> None:
    done = types("status", "--json")
    assert done.exit_code == 0
    assert done.stdout == '{"campaigns": [], "lists": []}\n'
    assert list(tmp_path.iterdir()) == []
    assert "No list and no campaign yet." in types("status").stdout


def test_status_beside_a_running_bot(types: Types, tmp_path: Path) -> None:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    keep_list(store, NOVA, "Clients [2026]")
    schedule(store, draft(store, NOVA, "Satisfaction"), 391)
    done = types("status", "--json")
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    told = json.loads(done.stdout)
    (campaign,), (kept,) = told["campaigns"], told["lists"]
    wanted = {
        "id", "name", "state", "people", "pending", "accepted", "uncertain", "rejected", "delivered",
        "bounced", "answered",
    }  # fmt: skip
    assert wanted <= campaign.keys()
    assert (campaign["state"], campaign["people"], campaign["pending"]) == ("scheduled", 391, 391)
    assert (kept["title"], kept["contacts"]) == ("Clients [2026]", 3)
    shown = types("status", DEFAULT_LANGUAGE="fr").stdout
    assert "programmée" in shown
    assert "Clients [2026]" in shown
    store.close()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("one, reminder 1: People 3, Pending 2, Uncertain 1", "one: 1 person whose", "no. 3 in")),
        (
            "fr",
            ("one, invitation\u00a0: Personnes 5,", "relance 1", "1 personne dont la lettre", "nº 3 dans"),
        ),
    ],
)
def test_status_says_whose_letters_are_in_doubt(
    types: Types, tmp_path: Path, language: str, words: Sequence[str]
) -> None:
    with contextlib.closing(open_store(f"tinydb:{tmp_path / 'data'}")) as store:
        doubt = Claimed(wave=1, batch=1, at=NOON), Uncertain(wave=1, batch=1, at=NOON, why="timeout")
        reminded(store, invited(store), *doubt)
        shown = types("status", DEFAULT_LANGUAGE=language).stdout
    for word in words:
        assert word in shown


def test_status_of_a_folder_that_is_not_ours(types: Types, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "postillon.json").write_text("{}")
    done = types("status")
    assert done.exit_code == 1
    assert "postillon.json" in done.stderr
    assert "Traceback" not in done.output


# --- inspect ------------------------------------------------------------------------------------------


def test_inspect_prints_one_line_of_json(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(CONTACTS, "cp1252")
    done = alone("inspect", "contacts.csv", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    found = json.loads(done.stdout)
    assert (found["rows"], found["accepted"], found["rejected"], found["duplicates"]) == (3, 1, 1, 1)
    assert found["error"] is None
    assert found["delimiter"] == ";"
    (contact,) = found["contacts"]
    assert contact == {
        "email": "elodie@exemple.fr", "first_name": "Élodie", "last_name": "Durand", "company": "",
        "location": "", "job_title": "",
    }  # fmt: skip
    (error,) = found["errors"]
    assert error.startswith("row 3: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contacts.csv"]


def test_inspect_speaks_the_default_language(types: Types, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(CONTACTS, "utf-8")
    shown = types("inspect", "contacts.csv", DEFAULT_LANGUAGE="fr").stdout
    assert "ligne 3" in shown
    assert "Élodie" in shown


def test_a_file_it_can_judge_is_no_failure(types: Types, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7\n...")
    done = types("inspect", "plan.pdf", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert "PDF" in found["error"]
    assert (found["accepted"], found["contacts"]) == (0, [])
    assert "PDF" in types("inspect", "plan.pdf").stdout


def test_a_file_over_the_limit_is_judged_without_being_read(types: Types, tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"x" * (1024 * 1024 + 1))
    found = json.loads(types("inspect", "big.csv", "--json", MAX_FILE_MB="1").stdout)
    assert "over 1 MB" in found["error"]
    assert found["rows"] == 0


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_what_cannot_be_opened_gets_a_sentence(types: Types, name: str) -> None:
    done = types("inspect", name)
    assert done.exit_code == 1
    assert "Cannot open" in done.stderr
    assert "Traceback" not in done.output


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "contacts.csv")
    done = alone("inspect", "contacts.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("“contacts.csv” is no ordinary file (a pipe, a device…). Save the contacts")


# --- logs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [logs.TextLines(), logs.JsonLines()])
def test_an_event_is_a_line_with_its_moment(form: Any) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(form)
    logger = logging.Logger("postillon")
    logger.addHandler(handler)
    logger.warning("campaign=%s batch=%d", "cmp_a", 3)
    line = written.getvalue()
    assert line.count("\n") == 1
    assert "campaign=cmp_a batch=3" in line
    if isinstance(form, logs.JsonLines):
        event = json.loads(line)
        assert (event["level"], event["logger"]) == ("warning", "postillon")
        assert event["at"].endswith("+00:00")
