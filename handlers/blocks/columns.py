"""The dialog that says which column is which: one choice per field, with samples of what stands there."""

import json
from collections.abc import Mapping, Sequence

from bot.core.columns import KEYS, label, proposed
from bot.core.contacts import REQUIRED, Field
from bot.core.inbox import PendingImport
from bot.core.lists import Column, ContactList, Report
from bot.texts import Say
from handlers.blocks import kit

COLUMNS = "lists.columns"
NONE = "none"
MOST = 100  # options of a choice, or of one of its groups
WIDTH = 75  # characters of an option
ROOM = 215_000  # bytes of all choices together: Slack takes a view of 250 kB
FRAME = 66  # bytes of an option around its words


def of_file(say: Say, pending: PendingImport) -> kit.View:
    assert pending.question is not None
    before = pending.question.remembered
    intro = say.mrkdwn("columns.intro_file", name=pending.file.name)
    chosen = proposed(pending.question.report, before.mapping if before else None)
    aim = kit.Target(id=pending.file.id, revision=pending.revision)
    return _dialog(say, intro, aim, pending.question.report, chosen)


def of_list(say: Say, contact_list: ContactList) -> kit.View:
    intro = say.mrkdwn("columns.intro_list", title=contact_list.title)
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision)
    return _dialog(say, intro, aim, contact_list.report, proposed(contact_list.report))


def button(say: Say, aim: kit.Target, *, primary: bool = False) -> kit.Block:
    return kit.button(say("columns.button"), COLUMNS, aim, style="primary" if primary else "")


def is_list(aim: kit.Target) -> bool:
    """A list, or a file of Slack's: the dialog serves both."""
    return aim.id.startswith("lst_")


def mapping(chosen: Mapping[str, str], headers: Sequence[Column]) -> dict[str, str]:
    """From the options' values: places of columns. A place that no file of ours has is none."""
    return {key: _title(chosen.get(key, ""), headers) for key in KEYS}


def _title(place: str, headers: Sequence[Column]) -> str:
    return headers[int(place)].title if place.isdecimal() and int(place) < len(headers) else ""


def _dialog(say: Say, intro: str, aim: kit.Target, report: Report, chosen: Mapping[str, str]) -> kit.View:
    words = _words(report.headers)
    places = {column.title: place for place, column in enumerate(report.headers)}
    inputs = [_input(say, key, words, places.get(chosen.get(key, ""))) for key in KEYS]
    return kit.modal(
        COLUMNS, say("columns.title"), [kit.section(intro), *inputs],
        metadata=str(aim), submit=say("columns.submit"), close=say("lists.rename.cancel"),
    )  # fmt: skip


def _input(say: Say, key: str, words: Sequence[str], place: int | None) -> kit.Block:
    options = [_option(shown, str(number)) for number, shown in enumerate(words)]
    initial = None if place is None else options[place]
    if key != Field.EMAIL:
        none = _option(say("columns.none"), NONE)
        options, initial = [none, *options], initial or none
    element: kit.Block = {"type": "static_select", "action_id": key, **_offered(say, options)}
    if initial:
        element["initial_option"] = initial
    required = key in [field.value for field in REQUIRED]
    hint = "" if required or key in list(Field) else say("columns.full_name_hint")
    return kit.labelled(key, say(label(key)), element, hint=hint, optional=not required)


def _offered(say: Say, options: Sequence[kit.Block]) -> kit.Block:
    """More than a choice takes are offered in groups."""
    if len(options) <= MOST:
        return {"options": list(options)}
    groups = []
    for start in range(0, len(options), MOST):
        part = options[start : start + MOST]
        last = start + len(part)
        groups.append({"label": kit.plain(say("columns.group", first=start + 1, last=last), WIDTH),
                       "options": part})  # fmt: skip
    return {"option_groups": groups}


def _option(words: str, value: str) -> kit.Block:
    """What stands in a file is no emoji, whatever its colons."""
    return {"text": {"type": "plain_text", "text": words}, "value": value}


def _words(headers: Sequence[Column]) -> list[str]:
    room = ROOM // (len(KEYS) * (len(headers) + 1)) - FRAME
    return [_fitted(column, room) for column in headers]


def _fitted(column: Column, room: int) -> str:
    """Cut until its bytes fit: a letter with an accent takes six of them on the wire."""
    width = WIDTH
    while width > 3 and len(json.dumps(_shown(column, width))) > room:
        width -= 3
    return _shown(column, width)


def _shown(column: Column, width: int) -> str:
    """The title and what stands under it; the samples take what the title leaves, at most a third of it."""
    samples = ", ".join(column.samples)
    if not samples or width < 20:
        return _cut(column.title, width)
    title = _cut(column.title, max(width - len(samples) - 3, width * 2 // 3))
    return kit.cut(f"{title} · {samples}", width)


def _cut(title: str, limit: int) -> str:
    """In the middle: long titles of the same survey differ at their end."""
    if len(title) <= limit:
        return title
    tail = (limit - 1) // 3
    return title[: limit - 1 - tail] + "…" + title[len(title) - tail :]
