"""What the commands print for people; `--json` is for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.core.findings import Finding
from bot.core.sentences import Sentence
from bot.services.status import CampaignCounts, Status
from bot.texts import Say

COUNTS = (
    "people", "pending", "accepted", "uncertain", "to_check", "rejected", "delivered", "bounced", "answered",
)  # fmt: skip
ALWAYS = frozenset({"people", "pending", "accepted"})  # the others where one is not zero
CONTACTS = ("email", "first_name", "last_name", "company", "location", "job_title")
SHOWN = 10
RUNS = 20


def show_findings(say: Say, found: Sequence[Finding]) -> None:
    """One line each, whatever the width of the terminal: people search for these words."""
    for finding in found:
        mark, colour = ("✗", typer.colors.RED) if finding.grave else ("•", typer.colors.YELLOW)
        typer.secho(f"{mark} {say(finding.what)}", fg=colour)
        if finding.cure:
            typer.echo(f"  → {say(finding.cure)}")
    if not any(finding.grave for finding in found):
        typer.secho("✓ " + say("commands.check.fine"), fg=typer.colors.GREEN)


class Planned(Protocol):
    """What a repair would do, and about what."""

    @property
    def what(self) -> Sentence: ...
    @property
    def plan(self) -> Sentence | None: ...


def show_plan(say: Say, planned: Sequence[Planned]) -> None:
    if not planned:
        typer.echo(say("checks.repair.nothing"))
        return
    typer.secho(say("checks.repair.plan", n=len(planned)), bold=True)
    for one in planned:
        typer.echo(f"• {say(one.what)}")
        if one.plan:
            typer.echo(f"  → {say(one.plan)}")


def show_done(say: Say, done: Sentence) -> None:
    typer.secho(f"✓ {say(done)}", fg=typer.colors.GREEN)


def show_status(say: Say, status: Status) -> None:
    console = Console()
    if not status["campaigns"] and not status["lists"]:
        console.print(say("commands.status.empty"))
        return
    rows = [cast("Mapping[str, int]", campaign) for campaign in status["campaigns"]]
    shown = [name for name in COUNTS if name in ALWAYS or any(row[name] for row in rows)]
    if all(row["to_check"] == row["uncertain"] for row in rows):  # a letter for each of them
        shown = [name for name in shown if name != "to_check"]
    campaigns = _table(say, say("commands.status.campaigns"), ("name", "state"), shown)
    for campaign, row in zip(status["campaigns"], rows, strict=True):
        state = say(f"commands.state.{campaign['state']}")
        campaigns.add_row(escape(campaign["name"] or "–"), state, *(say.number(row[name]) for name in shown))
    lists = _table(say, say("commands.status.lists"), ("title",), ("contacts",))
    for kept in status["lists"]:
        lists.add_row(escape(kept["title"]), say.number(kept["contacts"]))
    console.print(campaigns)
    for campaign in status["campaigns"]:
        for line in _waves(say, campaign):
            typer.echo(f"• {line}")
        if campaign["to_check"]:
            typer.echo(f"• {_uncertain(say, campaign)}")
    console.print(lists)


def _waves(say: Say, campaign: CampaignCounts) -> Iterator[str]:
    """A line for each mailing, where there was more than the invitation."""
    for wave in campaign["waves"] if len(campaign["waves"]) > 1 else ():
        number, row = wave["wave"], cast("Mapping[str, int]", wave)
        which = (
            say("commands.status.reminder", number=number) if number else say("commands.status.invitation")
        )
        counts = {name: row[name] for name in COUNTS if row.get(name)}
        told = ", ".join(f"{say(f'commands.column.{name}')} {say.number(n)}" for name, n in counts.items())
        yield say("commands.status.wave", name=campaign["name"] or "–", which=which, counts=told)


def _uncertain(say: Say, campaign: CampaignCounts) -> str:
    """Who they are, as their report names them."""
    n, name = len(campaign["uncertain_people"]), campaign["name"] or "–"
    if campaign["damaged"]:
        return say("commands.status.damaged", n=campaign["uncertain"], name=name)
    return say("commands.status.uncertain", n=n, name=name, numbers=_runs(campaign["uncertain_people"]))


def _runs(numbers: Sequence[int]) -> str:
    """1–3, 7: at most a few, of which each may be long."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = [f"{first}–{last}" if first < last else f"{first}" for first, last in runs[:RUNS]]
    return ", ".join([*told, "…"] if len(runs) > RUNS else told)


def show_inspection(say: Say, name: str, found: Mapping[str, object]) -> None:
    if found["error"]:
        typer.secho(f"✗ {found['error']}", fg=typer.colors.RED)
        return
    counts = {key: cast("int", found[key]) for key in ("rows", "accepted", "rejected", "duplicates")}
    typer.secho(say("commands.inspect.equation", name=name, **counts), bold=True)
    for sign, key in (("✗", "errors"), ("•", "warnings")):
        for said in cast("Sequence[str]", found[key]):
            typer.echo(f"{sign} {said}")
    contacts = cast("Sequence[Mapping[str, str]]", found["contacts"])
    if not contacts:
        return
    table = _table(say, "", CONTACTS, ())
    for contact in contacts[:SHOWN]:
        table.add_row(*(escape(contact[field]) for field in CONTACTS))
    Console().print(table)
    if len(contacts) > SHOWN:
        typer.echo(say("commands.inspect.more", n=len(contacts) - SHOWN))


def _table(say: Say, title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for name in words:
        table.add_column(say(f"commands.column.{name}"), overflow="fold")
    for name in numbers:
        table.add_column(say(f"commands.column.{name}"), justify="right")
    return table
