"""The command line: `postillon`, or `python -m bot`.

Exit codes: 0 done; 1 something is wrong, in a sentence; 2 the settings or the command are.
Everything heavy is imported inside its command, so that `--help` answers at once.
"""

import asyncio
import contextlib
import errno
import io
import json
import logging
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from dotenv import dotenv_values

from bot.core.people import Language
from bot.core.sentences import Refusal, sentence
from bot.texts import Say

if TYPE_CHECKING:
    from bot.core.lists import Report
    from bot.settings import Settings

LISTENING = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES}
WRONG, MISUSED = 1, 2
MEGABYTE = 1024 * 1024


def main() -> None:
    if sys.platform == "win32":
        # no fork limits and no file locks there: a promise would be broken
        for language in Language:
            typer.echo(Say(language)("commands.windows"), err=True)
        raise SystemExit(WRONG)
    commands(Say(_language()))()


def commands(say: Say) -> typer.Typer:
    """The commands, explained in the reader's language."""
    app = typer.Typer(
        name="postillon", help=say("commands.help"), no_args_is_help=True, add_completion=False,
        pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    for add in (_add_playground, _add_serve, _add_check, _add_status, _add_inspect):
        add(app, say)
    return app


def _add_playground(app: typer.Typer, say: Say) -> None:
    @app.command(help=say("commands.playground.help"))
    def playground(
        port: Annotated[int, typer.Option(min=0, max=65_535, help=say("commands.playground.port"))] = 8765,
        data: Annotated[
            Path | None, typer.Option(metavar="DIR", file_okay=False, help=say("commands.playground.data"))
        ] = None,
        no_open: Annotated[bool, typer.Option("--no-open", help=say("commands.playground.no_open"))] = False,  # noqa: FBT002 - typer's way
    ) -> None:
        from bot import logs
        from bot.playground.run import run_playground

        logs.configure("text", logging.WARNING)
        with _sentences(say, address=f"127.0.0.1:{port}"):
            run_playground(port, data, open_browser=not no_open)


def _add_serve(app: typer.Typer, say: Say) -> None:
    @app.command(help=say("commands.serve.help"))
    def serve() -> None:
        with _sentences(say):
            settings = _settings()
            from bot import app as bot_app
            from bot import logs

            logs.configure(settings.log_format)
            _tell_of_the_secret(say, settings)
            with _sentences(say, address=f"{settings.host}:{settings.port}"):
                asyncio.run(bot_app.serve(settings))


def _add_check(app: typer.Typer, say: Say) -> None:
    @app.command(help=say("commands.check.help"))
    def check(
        repair: Annotated[bool, typer.Option("--repair", help=say("checks.repair.help"))] = False,  # noqa: FBT002 - typer's way
    ) -> None:
        with _sentences(say, bad_settings=WRONG):
            if repair:
                _repair(say)
            settings = _settings()
            from bot import app as bot_app

            found = bot_app.check(settings)
        from bot.printing import show_findings

        show_findings(say, found)
        if any(finding.grave for finding in found):
            raise typer.Exit(WRONG)


def _repair(say: Say) -> None:
    """Of the storage alone, so that neither Slack nor a key is needed; what is left is said by the check."""
    from bot.printing import show_done, show_plan
    from bot.settings import load_basics
    from storage.repair import Repair

    with contextlib.closing(Repair(load_basics().storage_url)) as mending:
        show_plan(say, mending.plan)
        for done in mending.mend(datetime.now(UTC)):
            show_done(say, done)


def _add_status(app: typer.Typer, say: Say) -> None:
    @app.command(help=say("commands.status.help"))
    def status(
        as_json: Annotated[bool, typer.Option("--json", help=say("commands.json"))] = False,  # noqa: FBT002 - typer's way
    ) -> None:
        with _sentences(say):
            from bot.services.status import status as counted
            from bot.settings import load_basics
            from storage import read_only

            with contextlib.closing(read_only(load_basics().storage_url)) as store:
                counts = counted(store)
        if as_json:
            typer.echo(json.dumps(counts, ensure_ascii=False))
            return
        from bot.printing import show_status

        show_status(say, counts)


def _add_inspect(app: typer.Typer, say: Say) -> None:
    @app.command(help=say("commands.inspect.help"))
    def inspect(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=say("commands.inspect.file"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("commands.json"))] = False,  # noqa: FBT002 - typer's way
    ) -> None:
        with _sentences(say):
            found = _inspection(say, file)
        if as_json:
            typer.echo(json.dumps(found, ensure_ascii=False))
            return
        from bot.printing import show_inspection

        show_inspection(say, file.name, found)


def _inspection(say: Say, file: Path) -> dict[str, object]:
    from bot.core import lines
    from bot.exports import inspection
    from bot.settings import load_basics

    report, staging = _read(file, load_basics().max_file_bytes)
    with staging:
        return inspection(report, [] if report.error else lines.read(staging), say)


def _read(file: Path, limit: int) -> "tuple[Report, BinaryIO]":
    """What was read, and the open line file, which is gone once closed."""
    from bot.core.lists import Report
    from bot.reading import ChildReader, Limits

    # a name that is no text must not break the sentence that holds it
    name = os.fsencode(file.name).decode("utf-8", "replace")
    try:
        if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
            raise Refusal("commands.inspect.special", file=name)  # a pipe would be waited for for ever
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
    except OSError as error:
        raise Refusal("commands.inspect.unreadable", file=name, reason=error.strerror or "?") from None
    if size > limit:
        large = sentence("commands.inspect.large", file=name, limit=limit // MEGABYTE)
        return Report(error=large), io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="postillon-") as folder:
        staging = Path(folder) / "lines"
        report = ChildReader(Limits()).read(file.absolute(), name, staging)
        return report, staging.open("rb") if staging.exists() else io.BytesIO()


def _settings() -> "Settings":
    from bot.settings import load

    return load()


def _tell_of_the_secret(say: Say, settings: "Settings") -> None:
    """Once: the letters of years to come depend on it."""
    from storage import folder_of, read_only

    if settings.given_secret():
        return
    with contextlib.closing(read_only(settings.storage_url)) as store:
        if store.last_beat() is None:
            typer.echo(say("commands.serve.secret", folder=str(folder_of(settings.storage_url))), err=True)


@contextlib.contextmanager
def _sentences(say: Say, *, bad_settings: int = MISUSED, address: str = "") -> Iterator[None]:
    """Whatever can go wrong at a start, as lines on stderr and an exit code; the rest stays a trace."""
    from bot.ports import Unwritable
    from bot.settings import BadSettings
    from storage import Unusable

    try:
        yield
    except BadSettings as bad:
        raise _ended(bad_settings, *bad.lines) from None
    except (Unusable, Refusal) as refused:
        raise _ended(WRONG, say(refused.sentence)) from None
    except Unwritable as error:
        where, why = str(error.filename or ""), error.strerror or str(error)
        raise _ended(WRONG, say("storage.unwritable.start", file=where, reason=why)) from None
    except OSError as error:
        if not address or error.errno not in LISTENING:
            raise
        raise _ended(WRONG, say("commands.listen", address=address, reason=error.strerror or "?")) from None


def _ended(code: int, *said: str) -> typer.Exit:
    for line in said:
        typer.echo(line, err=True)
    return typer.Exit(code)


def _language() -> Language:
    """For the words of the commands; what is wrong with the settings is said when they are loaded."""
    named = os.environ.get("DEFAULT_LANGUAGE")
    if not named:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            named = dotenv_values(".env", encoding="utf-8-sig").get("DEFAULT_LANGUAGE")
    return Language.of_locale(named, Language.ENGLISH)


if __name__ == "__main__":
    main()
