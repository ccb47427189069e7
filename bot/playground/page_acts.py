"""What the browser asks: one act of the person at a time, files, and moves of the clock.

An act is JSON: `person`, `act`, and what that act needs; `surface` is {"kind": "message", "ts"},
{"kind": "view", "id"} or {"kind": "home"}. The answer is `{"ok": true}`, or `ok` false with `why`:
`trouble` (the bot did not answer; `detail` is Slack's sentence for it), `stale` (that element is gone) or
`noWayOut` (a letter without one-click unsubscribe).
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.playground.page_letters import befalls
from bot.playground.page_live import Live
from bot.playground.page_stage import Stage
from bot.playground.slack import Person
from bot.playground.slack.records import Refusal

Json = dict[str, Any]
Act = Callable[[Person, Json], Awaitable[Json | None]]
log = logging.getLogger(__name__)


def routes(stage: Stage, live: Live) -> list[web.RouteDef]:
    async def acts(request: web.Request) -> web.Response:
        asked = await request.json()
        person = stage.seat(asked["person"])
        return web.json_response(await _tried(person, lambda: _act(stage, person, asked)))

    async def drop(request: web.Request) -> web.Response:
        form = await request.post()
        files = [
            (part.filename, part.file.read())
            for part in form.getall("file", [])
            if isinstance(part, FileField)
        ]
        person = stage.seat(str(form["person"]))
        fields = {name: str(value) for name, value in form.items() if name != "file"}
        return web.json_response(await _tried(person, lambda: _drop(person, files, fields)))

    async def clock(request: web.Request) -> web.Response:
        asked = await request.json()
        now = await _moved(stage, asked)
        live.changed()
        return web.json_response({"ok": True, "now": now})

    return [web.post("/api/acts", acts), web.post("/api/drop", drop), web.post("/api/clock", clock)]


async def _tried(person: Person, work: Callable[[], Awaitable[Json | None]]) -> Json:
    person.trouble = None
    try:
        told = await work()
    except (AssertionError, Refusal) as gone:
        # the page shows a moment ago: a double click, a dialog closed elsewhere
        log.info("the page asked for what is no longer there: %s", type(gone).__name__)
        return {"ok": False, "why": "stale"}
    trouble = _trouble(person)
    return {"ok": False, "why": "trouble", "detail": trouble} if trouble else {"ok": True, **(told or {})}


def _trouble(person: Person) -> str | None:
    return person.trouble


async def _act(stage: Stage, person: Person, asked: Json) -> Json | None:
    if asked["act"] == "sample":
        sample = stage.sample(person, asked["name"])
        await person.drops((sample.name, sample.content))
        return None
    if asked["act"] == "letter":
        return await befalls(stage, asked["letter"], asked["what"])
    known = ACTS.get(asked["act"])
    if known is None:
        raise web.HTTPBadRequest(text="unknown act")
    return await known(person, asked)


async def _touch(person: Person, asked: Json) -> None:
    await person.act_on(asked["surface"], asked["action"])


async def _fill(person: Person, asked: Json) -> None:
    await person.fill(asked["view"], asked["block_id"], asked["action_id"], asked["value"])


async def _submit(person: Person, asked: Json) -> None:
    await person.submits(asked["view"])


async def _close(person: Person, asked: Json) -> None:
    await person.closes(asked["view"])


async def _suggest(person: Person, asked: Json) -> Json:
    return {"options": await person.suggests(asked["block_id"], asked["query"])}


async def _say(person: Person, asked: Json) -> None:
    await person.says(asked["text"])


async def _command(person: Person, asked: Json) -> None:
    await person.commands(asked["command"], asked["text"])


async def _shortcut(person: Person, asked: Json) -> None:
    await person.shortcut(asked["callback_id"], asked["ts"])


async def _open(person: Person, asked: Json) -> None:
    await (person.opens_home() if asked["tab"] == "home" else person.opens_messages())


async def _speak(person: Person, asked: Json) -> None:
    await person.speaks(asked["locale"])


ACTS: dict[str, Act] = {
    "act_on": _touch,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
    "suggest": _suggest,
    "say": _say,
    "command": _command,
    "shortcut": _shortcut,
    "open": _open,
    "speak": _speak,
}


async def _drop(person: Person, files: list[tuple[str, bytes]], fields: dict[str, str]) -> Json | None:
    """Into the conversation, or into the `file_input` of a dialog, which says what it kept."""
    if "view" not in fields:
        await person.drops(*files, comment=fields.get("comment", ""))
        return None
    given = [{"name": name, "bytes": content} for name, content in files]
    await person.fill(fields["view"], fields["block_id"], fields["action_id"], given)
    return {"kept": _kept(person, fields)}


def _kept(person: Person, fields: dict[str, str]) -> list[str]:
    for view in person.dialogs:
        if view["id"] == fields["view"]:
            state = view["state"]["values"][fields["block_id"]][fields["action_id"]]
            return [file["name"] for file in state["files"]]
    return []


async def _moved(stage: Stage, asked: Json) -> str | None:
    if asked.get("next"):
        reached = await stage.controls.to_next_departure()
        return reached.isoformat() if reached else None
    await stage.controls.move(timedelta(seconds=int(asked["seconds"])))
    return stage.controls.now().isoformat()
