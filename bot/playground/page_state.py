"""All that one person sees now, as one JSON document, and the files they can take away."""

import dataclasses
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.playground.page_letters import arrived, summaries
from bot.playground.page_stage import Stage
from bot.playground.slack import Person

Json = dict[str, Any]


def routes(stage: Stage) -> list[web.RouteDef]:
    async def state(request: web.Request) -> web.Response:
        return web.json_response(seen_by(stage, stage.seat(request.query.get("person", ""))))

    async def sample(request: web.Request) -> web.Response:
        person = stage.seat(request.query.get("person", ""))
        offered = stage.sample(person, request.match_info["name"])
        return _attachment(offered.name, offered.content)

    async def file(request: web.Request) -> web.Response:
        person = stage.seat(request.query.get("person", ""))
        for kept in person.files:
            if kept.id == request.match_info["id"]:
                return _attachment(kept.name, kept.content)
        raise web.HTTPNotFound

    return [
        web.get("/api/state", state),
        web.get("/api/sample/{name}", sample),
        web.get("/api/file/{id}", file),
    ]


def seen_by(stage: Stage, person: Person) -> Json:
    snapshot = person.snapshot()
    letters = arrived(stage)
    return {
        "person": snapshot["person"],
        "people": [{"id": one.id, "name": one.real_name} for one in stage.people()],
        "bot": snapshot["bot"],
        "messages": [_message(message) for message in snapshot["messages"]],
        "dialogs": snapshot["dialogs"],
        "home": snapshot["home"],
        "letters": summaries(stage, letters),
        "letters_total": len(letters),
        "clock": {"now": stage.controls.now().isoformat()},
        "samples": [{"name": one.name, "about": one.about} for one in stage.samples(person)],
        "shortcuts": [dataclasses.asdict(shortcut) for shortcut in stage.shortcuts],
        "refused": [str(refused) for refused in stage.slack.refusals],
    }


def _message(message: Json) -> Json:
    files = [
        {"id": file["id"], "name": file["name"], "size": file["size"]}
        for file in message["files"]
        if "name" in file
    ]
    return {**message, "mine": not message["from"]["is_bot"], "files": files}


def _attachment(name: str, content: bytes) -> web.Response:
    return web.Response(
        body=content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
