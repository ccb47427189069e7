"""The message that shows a list: what was read and how, what is wrong, what can be done with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.campaigns import Campaign
from bot.core.contacts import Contact, Field
from bot.core.ids import MemberId
from bot.core.lists import UNDO, ContactList, Level, Problem, Report, is_as_read
from bot.core.reading import read_as
from bot.core.sentences import Sentence
from bot.core.text import folded
from bot.texts import Say, escaped
from handlers.blocks import columns, fixes, kit, marks, versions
from handlers.blocks.campaign_buttons import again

EXAMPLES = 3
MENTIONED = 10
SHORT = 40  # characters of a value quoted as an example
DAY = {"fr": "d MMMM", "en": "MMMM d"}


def preview(
    say: Say, contact_list: ContactList, uses: int = 0, last: Campaign | None = None
) -> tuple[str, list[kit.Block]]:
    """`uses`: scheduled campaigns made from this list; `last`: what *same as last time* would repeat. A file
    that waits has its own message."""
    if contact_list.waiting is not None:
        return versions.waiting(say, contact_list, last)
    if contact_list.deleted_at is not None:
        return deleted(say, contact_list, contact_list.deleted_at)
    report = contact_list.report
    blocks = [
        kit.header(say("lists.preview.header", title=contact_list.title, n=contact_list.count)),
        kit.section("\n".join([_equation(say, report), say("lists.preview.kept")])),
        *_table(say, report),
        *_problems(say, report),
        *marks.shown(say, contact_list),
        _buttons(say, contact_list, uses, last),
        *_version(say, contact_list),
        *_shared(say, contact_list),
    ]
    if report.kind in ("csv", "xlsx"):
        blocks.append(kit.context(_read_as(say, report)))
    return _notification(say, contact_list), blocks


def deleted(say: Say, contact_list: ContactList, at: datetime) -> tuple[str, list[kit.Block]]:
    text = say.mrkdwn("lists.deleted.until", title=contact_list.title, day=day(say, at + UNDO))
    bring_back = kit.button(say("lists.undo.button"), "lists.undo", target(contact_list))
    return text, [kit.section(text, accessory=bring_back), kit.context(say("lists.deleted.file"))]


def target(contact_list: ContactList, argument: str = "") -> kit.Target:
    return kit.Target(id=contact_list.id, revision=contact_list.revision, argument=argument)


def day(say: Say, moment: datetime) -> str:
    return say.moment(moment, DAY[say.language.value])


def delete_button(say: Say, contact_list: ContactList, uses: int, argument: str = "") -> kit.Block:
    """Asks first. `argument`: the page of the listing it stands in, where it stands in one."""
    parts = [
        say("words.contacts", n=contact_list.count) + ".",
        say("lists.delete.undo"),
        say("lists.delete.uses", n=uses) if uses else "",
        say("lists.delete.file") if contact_list.source_name else "",
    ]
    ask = kit.confirm(
        say("lists.delete.title", title=contact_list.title),
        " ".join(filter(None, parts)),
        say("lists.delete.button"),
        say("lists.delete.keep"),
    )
    aim = target(contact_list, argument)
    return kit.button(say("lists.delete.button"), "lists.delete", aim, style="danger", ask=ask)


def new_campaign_button(say: Say, contact_list: ContactList, *, primary: bool = False) -> kit.Block:
    style = "primary" if primary else ""
    return kit.button(say("lists.campaign.button"), "campaigns.new", target(contact_list), style=style)


def download_button(say: Say, contact_list: ContactList, kind: str) -> kit.Block:
    """`kind`: xlsx | csv."""
    return kit.button(say(f"lists.download.{kind}"), "lists.download", target(contact_list, kind))


def _shared(say: Say, contact_list: ContactList) -> list[kit.Block]:
    shared = contact_list.shared
    parts = [
        say(f"lists.share.everybody_{shared.everybody.value}") if shared.everybody else "",
        say("lists.share.some_manage", people=_named(say, shared.manage)) if shared.manage else "",
        say("lists.share.some_use", people=_named(say, shared.use)) if shared.use else "",
    ]
    return [kit.context(" · ".join(filter(None, parts)))] if any(parts) else []


def _named(say: Say, people: Sequence[MemberId]) -> str:
    more = "…" if len(people) > MENTIONED else ""
    return say.joined(f"<@{one}>" for one in people[:MENTIONED]) + more


def _version(say: Say, contact_list: ContactList) -> list[kit.Block]:
    back = versions.revert_button(say, contact_list)
    if not back:
        return []
    since = say.moment(contact_list.previous[0].until, DAY[say.language.value])
    was = contact_list.previous[0].report.accepted
    text = say("lists.version.since", day=since, n=contact_list.count, before=was)
    return [kit.section(text, accessory=back[0])]


def _notification(say: Say, contact_list: ContactList) -> str:
    report = contact_list.report
    ready = say.mrkdwn("lists.preview.ready", title=contact_list.title, n=contact_list.count)
    if not report.rejected:
        return ready
    return ", ".join([ready, say("lists.preview.rejected", n=report.rejected)])


def _equation(say: Say, report: Report) -> str:
    parts = [f"*{say('words.contacts', n=report.accepted)}*"]
    if report.kind in ("merged", "edited"):  # no file's rows make this list
        return parts[0]
    if report.rejected:
        parts.append(say("lists.preview.to_fix", n=report.rejected))
    if report.duplicates:
        parts.append(say("lists.preview.duplicates", n=report.duplicates))
    return " = ".join([say("lists.preview.read", n=report.rows), " + ".join(parts)])


def _table(say: Say, report: Report) -> list[kit.Block]:
    """The first contacts: Excel's row, then four columns. The fourth is one that the file has."""
    if not report.sample:
        return []
    spare = (field for field in (Field.COMPANY, Field.LOCATION, Field.JOB_TITLE) if field in report.columns)
    columns = [Field.EMAIL, Field.FIRST_NAME, Field.LAST_NAME, *list(spare)[:1]]
    head = [say("lists.preview.row"), *(_label(say, column) for column in columns)]
    return [kit.table([head, *(_row(contact, columns) for contact in report.sample[:5])])]


def _row(contact: Contact, columns: Iterable[Field]) -> list[str]:
    return [str(contact.row), *(contact.value(column) for column in columns)]


def _label(say: Say, field: Field) -> str:
    return say(f"reading.column.{field.value}")


def _problems(say: Say, report: Report) -> list[kit.Block]:
    sections = []
    for level in Level:
        causes = [problem for problem in report.problems if problem.level is level]
        if not causes:
            continue
        head = say(f"lists.problems.{level.value}", n=sum(problem.count for problem in causes))
        if level is Level.DUPLICATE:  # the one level that has one cause: itself
            text = f"{head} ({_examples(say, causes[0])})"
        else:
            text = "\n".join([head, *(_cause(say, one) for one in causes)])
        sections.append(kit.section(text))
    return sections


def _cause(say: Say, problem: Problem) -> str:
    cause = say(f"reading.cause.{problem.cause}", n=problem.count)
    if not problem.rows:
        return f"• {escaped(cause)}"
    return say.mrkdwn("lists.problems.cause", cause=cause) + _examples(say, problem)


def _examples(say: Say, problem: Problem) -> str:
    """Three of its rows, as the spreadsheet numbers them, and what stands there."""
    named = list(zip(problem.rows, problem.details, strict=False))[:EXAMPLES]
    shown = [_example(say, problem.level, row, detail) for row, detail in named]
    more = "…" if problem.count > len(named) else ""
    return say("lists.problems.rows", n=len(named), rows=say.joined(shown) + more)


def _example(say: Say, level: Level, row: int, detail: str) -> str:
    if level is Level.DUPLICATE:
        return say.mrkdwn("lists.problems.same", row=str(row), first=detail)
    if not detail:
        return str(row)
    return say.mrkdwn("lists.problems.example", row=str(row), value=kit.cut(detail, SHORT))


def _buttons(say: Say, contact_list: ContactList, uses: int, last: Campaign | None) -> kit.Block:
    if not contact_list.count:
        return kit.actions([*fixes.buttons(say, contact_list), delete_button(say, contact_list, uses)])
    return kit.actions(
        [
            new_campaign_button(say, contact_list, primary=True),
            *([again(say, last, contact_list.id)] if last else []),
            kit.button(say("lists.view.button"), "lists.view", target(contact_list)),
            *fixes.buttons(say, contact_list),
            *([columns.button(say, target(contact_list))] if is_as_read(contact_list) else []),
            download_button(say, contact_list, "xlsx"),
            kit.button(say("lists.share.button"), "lists.share", target(contact_list)),
            delete_button(say, contact_list, uses),
        ]
    )


def _read_as(say: Say, report: Report) -> str:
    """How the file was read: the columns whose header says it otherwise than we do are named."""
    parts = [say.mrkdwn("lists.preview.read_as", kind=read_as(report))]
    for field in Field:
        header = report.columns.get(field, "")
        if header and folded(header) != folded(_label(say, field)):
            label = Sentence(f"reading.column.{field.value}")
            parts.append(say.mrkdwn("lists.preview.column", field=label, header=kit.cut(header, SHORT)))
    if report.extras:
        parts.append(say("lists.preview.extras", n=len(report.extras)))
    return " · ".join(parts)
