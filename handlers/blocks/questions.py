"""What is asked about a file before anything of it is kept: one message, drawn again at each answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.columns import KEYS, label
from bot.core.inbox import PendingImport
from bot.core.lists import UNDO, Exclude, OptOuts, Sheet
from bot.core.questions import Asked, Question, Remembered
from bot.core.sentences import Sentence
from bot.texts import Say
from handlers.blocks import columns, kit, marks

SHEET, DISCARD = "lists.sheet", "lists.discard"
SAME, AS_READ = "lists.same_columns", "lists.as_read"
MARKED, DOUBTFUL, NOBODY = "lists.exclude_marked", "lists.exclude_doubtful", "lists.exclude_nobody"
INTO, APART = "lists.rows_into", "lists.rows_apart"
EXPORT, NO_EXPORT = "lists.as_answers", "lists.as_list"
DAY = {"fr": "d MMMM", "en": "MMMM d"}
FEW = 5  # sheets that get a button each
SHORT = 40  # characters of a title or value

Shown = tuple[str, list[kit.Block]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """`text` is the question itself, also read in a notification."""

    text: str
    about: Sequence[str] = ()
    choices: Sequence[kit.Block] = ()
    buttons: Sequence[kit.Block] = ()


def told(say: Say, said: Sentence) -> Shown:
    text = say.mrkdwn(said)
    return text, [kit.section(text)]


def question(say: Say, pending: PendingImport) -> Shown:
    assert pending.question is not None
    asking = _asking(say, pending, pending.question)
    day = say.moment(pending.received_at + UNDO, DAY[say.language.value])
    discard = kit.button(say("questions.discard"), DISCARD, _target(pending))
    return asking.text, [
        kit.section("\n".join([asking.text, *asking.about])),
        *asking.choices,
        kit.actions([*asking.buttons, discard]),
        kit.context(say("questions.until", day=day)),
    ]


def _asking(say: Say, pending: PendingImport, asked: Question) -> Asking:
    match asked.kind:
        case Asked.SHEET:
            return _sheets(say, pending, asked.report.sheets)
        case Asked.COLUMNS:
            return _columns(say, pending, asked)
        case Asked.OPT_OUTS:
            assert asked.report.opt_outs is not None
            return _opt_outs(say, pending, asked.report.opt_outs)
        case Asked.ROWS | Asked.DELETED:
            return _rows(say, pending, asked)
        case Asked.ANSWERS:
            return _answers(say, pending, asked)


# --- which sheet --------------------------------------------------------------------------------------


def _sheets(say: Say, pending: PendingImport, sheets: Sequence[Sheet]) -> Asking:
    text = say.mrkdwn("questions.sheet", name=pending.file.name, n=len(sheets))
    if len(sheets) <= FEW:
        return Asking(text=text, choices=[_sheet(say, pending, *one) for one in enumerate(sheets)])
    options = [
        kit.option(
            say("reading.sheet", name=kit.cut(sheet.name, SHORT), n=sheet.rows),
            str(_target(pending, str(place))),
        )
        for place, sheet in enumerate(sheets[: columns.MOST])
    ]
    return Asking(text=text, buttons=[kit.select(SHEET, options, placeholder=say("questions.sheet_choose"))])


def _sheet(say: Say, pending: PendingImport, place: int, sheet: Sheet) -> kit.Block:
    read = kit.button(say("questions.sheet_read"), SHEET, _target(pending, str(place)))
    return kit.section(say.mrkdwn("questions.sheet_rows", name=sheet.name, n=sheet.rows), accessory=read)


# --- which columns ------------------------------------------------------------------------------------


def _columns(say: Say, pending: PendingImport, asked: Question) -> Asking:
    """Missing, meaning the same, chosen before, chosen in vain: each may be true, and brings its cure."""
    report, before = asked.report, asked.remembered
    lines = [_same_columns(say, pending, before)] if before else []
    buttons = [kit.button(say("questions.same"), SAME, _target(pending), style="primary")] if before else []
    if report.error and not before:
        lines.append(say.mrkdwn(Sentence("questions.missing", report.error.values)))
    elif not report.error:
        lines += _ambiguous(say, report.ambiguous.items())
        if report.mapping:
            lines.append(say.mrkdwn("questions.nobody_read", name=pending.file.name, n=report.rows))
        elif report.ambiguous:
            buttons.append(_as_read(say, pending, asked, primary=not before))
    return Asking(
        text=lines[0], about=[*lines[1:], *([_read_before(say, before)] if before else [])],
        buttons=[*buttons, columns.button(say, _target(pending), primary=not buttons)],
    )  # fmt: skip


def _same_columns(say: Say, pending: PendingImport, before: Remembered) -> str:
    day = say.moment(before.at, DAY[say.language.value])
    return say.mrkdwn(
        "questions.remembered", name=pending.file.name, before=kit.cut(before.source_name, 100), day=day
    )


def _read_before(say: Say, before: Remembered) -> str:
    chosen = [(key, before.mapping[key]) for key in KEYS if before.mapping.get(key)]
    return " · ".join(
        say.mrkdwn("lists.preview.column", field=label(key), header=kit.cut(title, SHORT))
        for key, title in chosen
    )


def _ambiguous(say: Say, found: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    return [
        say.mrkdwn("questions.ambiguous", n=len(titles), field=label(name), titles=marks.quoted(say, titles))
        for name, titles in found
    ]


def _as_read(say: Say, pending: PendingImport, asked: Question, *, primary: bool) -> kit.Block:
    firsts = [titles[0] for titles in asked.report.ambiguous.values()]
    words = (
        say("questions.use", title=kit.cut(firsts[0], SHORT))
        if len(firsts) == 1
        else say("questions.use_firsts")
    )
    return kit.button(words, AS_READ, _target(pending), style="primary" if primary else "")


# --- who must not be written to -----------------------------------------------------------------------


def _opt_outs(say: Say, pending: PendingImport, found: OptOuts) -> Asking:
    text, *about = marks.asked(say, pending.file.name, found)
    choices = [_choice(say, pending, found, *choice) for choice in marks.choices(say, found)]
    return Asking(text=text, about=about, buttons=choices)


def _choice(say: Say, pending: PendingImport, found: OptOuts, answer: Exclude, words: str) -> kit.Block:
    match answer:
        case Exclude.MARKED:
            return kit.button(words, MARKED, _target(pending), style="primary")
        case Exclude.DOUBTFUL:
            return kit.button(words, DOUBTFUL, _target(pending))
        case Exclude.NOBODY:
            ask = kit.confirm(
                say("questions.nobody_title"),
                say("questions.nobody_text", n=found.count + found.doubtful),
                words, say("questions.nobody_no"),
            )  # fmt: skip
            return kit.button(words, NOBODY, _target(pending), ask=ask)


# --- whose rows ---------------------------------------------------------------------------------------


def _rows(say: Say, pending: PendingImport, asked: Question) -> Asking:
    """The list is there, or deleted: then it is brought back first."""
    is_there, title = asked.kind is Asked.ROWS, kit.cut(asked.title, SHORT)
    key = "questions.rows" if is_there else "questions.rows_deleted"
    yes = say("questions.rows_into", title=title) if is_there else say("questions.rows_back", title=title)
    into = kit.button(yes, INTO, _target(pending), style="primary")
    apart = kit.button(say("questions.rows_apart"), APART, _target(pending))
    return Asking(text=say.mrkdwn(key, name=pending.file.name, title=asked.title), buttons=[into, apart])


# --- whose answers ------------------------------------------------------------------------------------


def _answers(say: Say, pending: PendingImport, asked: Question) -> Asking:
    export = kit.button(say("answered.is_export"), EXPORT, _target(pending), style="primary")
    as_list = kit.button(say("answered.is_list"), NO_EXPORT, _target(pending))
    text = say.mrkdwn("answered.perhaps", name=pending.file.name, title=asked.title, n=asked.rows)
    return Asking(text=text, buttons=[export, as_list])


def _target(pending: PendingImport, argument: str = "") -> kit.Target:
    return kit.Target(id=pending.file.id, revision=pending.revision, argument=argument)
