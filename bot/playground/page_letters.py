"""The mailbox beside the conversation: every letter that arrived, whoever it is for, and what befalls it."""

import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.playground.page_stage import Stage
from bot.playground.sendgrid import Happening, Letter, NoWayOut

Json = dict[str, Any]
SHOWN = 200
SNIPPET = 110
TOLD = frozenset({"delivered", "bounce", "spamreport"})  # what a visitor may make happen
# no script, nothing loaded, a page of nobody's; its links open in pages that are free of all that
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; form-action 'none'; frame-ancestors 'self'"
)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_WEB_LINK = re.compile(r"<(https?://[^>]+)>")


def routes(stage: Stage) -> list[web.RouteDef]:
    async def letter(request: web.Request) -> web.Response:
        found = _found(stage, request)
        return web.json_response(_whole(found) | {"story": _story(stage, found)})

    async def html(request: web.Request) -> web.Response:
        text = _opening_outside(_found(stage, request).html)
        headers = {"Content-Security-Policy": LETTER_POLICY}
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)

    return [web.get("/api/letter/{id}", letter), web.get("/api/letter/{id}/html", html)]


def arrived(stage: Stage) -> list[Letter]:
    """Newest first; a letter with a moment of its own arrives at that moment."""
    now = stage.controls.now()
    letters = [letter for letter in stage.mail.letters if letter.at <= now]
    return sorted(letters, key=lambda letter: letter.at)[::-1]


async def befalls(stage: Stage, letter_id: str, what: str) -> Json:
    """An act's answer. `what`: one of TOLD, "scan" or "leave"."""
    letter = stage.mail.letter(letter_id)
    if letter is None:
        return {"ok": False, "why": "stale"}
    if what in TOLD:
        stage.mail.tell(letter, what)
    elif what == "scan":
        await stage.mail.scan(letter)
    elif what == "leave":
        try:
            await stage.mail.leave(letter)
        except NoWayOut:
            return {"ok": False, "why": "noWayOut"}
    else:
        raise web.HTTPBadRequest(text="nothing of that kind happens to a letter")
    return {"ok": True}


def summaries(stage: Stage, letters: Sequence[Letter]) -> list[Json]:
    return [
        {
            "id": letter.id,
            "to": letter.to,
            "to_name": letter.to_name,
            "subject": letter.subject,
            "at": letter.at.timestamp(),
            "snippet": " ".join(letter.text.split())[:SNIPPET],
            "story": _story(stage, letter),
        }
        for letter in letters[:SHOWN]
    ]


def _whole(letter: Letter) -> Json:
    return {
        "id": letter.id,
        "to": letter.to,
        "to_name": letter.to_name,
        "sender": letter.sender,
        "sender_name": letter.sender_name,
        "reply_to": letter.reply_to,
        "subject": letter.subject,
        "at": letter.at.timestamp(),
        "text": letter.text,
        "unsubscribe": _unsubscribe(letter),
    }


def _story(stage: Stage, letter: Letter) -> list[Json]:
    return [_told(happened) for happened in stage.mail.story(letter)]


def _told(happened: Happening) -> Json:
    counts = {name: happened.fields[name] for name in ("followed", "outside") if name in happened.fields}
    return {"kind": happened.kind, "at": happened.at.timestamp(), **counts}


def _unsubscribe(letter: Letter) -> str | None:
    """Where a mail program's own unsubscribe button would lead (RFC 2369)."""
    named = {name.lower(): value for name, value in letter.headers.items()}
    found = _WEB_LINK.search(named.get("list-unsubscribe", ""))
    return found[1] if found else None


def _found(stage: Stage, request: web.Request) -> Letter:
    letter = stage.mail.letter(request.match_info["id"])
    if letter is None:
        raise web.HTTPNotFound
    return letter


def _opening_outside(html: str) -> str:
    """Links of a letter open beside the page, never inside the frame."""
    base = '<base target="_blank">'
    head = _HEAD.search(html)
    return f"{html[: head.end()]}{base}{html[head.end() :]}" if head else f"{base}{html}"
