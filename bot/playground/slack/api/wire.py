"""The HTTP side of the Web API: tokens, arguments, answers, and troubles made on purpose."""

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler

from bot.playground.slack.api.chat import rewrite, said, whisper
from bot.playground.slack.api.table import METHODS, Method
from bot.playground.slack.links import Links
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"
_JSON_FIELDS = ("blocks", "view", "files", "attachments", "metadata")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What the next call of a method meets, through no fault of the bot."""

    error: str
    retry_after: int | None = None


@dataclass(kw_only=True)
class Wire:
    ws: Workspace
    links: Links | None
    away: bool = False
    troubles: dict[str, deque[Trouble]] = field(default_factory=lambda: defaultdict(deque))
    unknown_blocks: set[str] = field(default_factory=set)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=200 * 1024 * 1024, middlewares=[self._absent])
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/upload/{ticket}", self._upload)
        # a name may hold braces, which a plain part of a route does not take
        app.router.add_get("/files/{id}/download/{name:[^/]+}", self._download)
        app.router.add_get("/files/{id}/{name:[^/]+}", self._download)
        app.router.add_post("/response/{key}", self._respond)
        if self.links is not None:
            app.router.add_get("/link", self.links.accept)
        return app

    @web.middleware
    async def _absent(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """While Slack is away every connection breaks off."""
        if self.away:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable
        return await handler(request)

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        args = await arguments(request)
        token = _token(request, args)
        self.ws.called(name, args)
        if trouble := self._next_trouble(name) or self._unknown(args):
            self.ws.tap("slack", name, args, trouble.error, trouble.error)
            self.ws.changed()
            return _troubled(trouble)
        try:
            answer = {"ok": True, **self._run(name, args, token)}
        except Refusal as refusal:
            self.ws.tap("slack", name, args, _refused(refusal), refusal.error)
            self.ws.refuse(name, refusal)
            return web.json_response(_refused(refusal))
        self.ws.tap("slack", name, args, answer, "")
        self.ws.changed()
        return web.json_response(answer, headers=self._scopes())

    def _next_trouble(self, name: str) -> Trouble | None:
        waiting = self.troubles[name]
        return waiting.popleft() if waiting else None

    def _unknown(self, args: Json) -> Trouble | None:
        """A workspace that has not learned a kind of block yet."""
        blocks = args.get("blocks")
        every = blocks if isinstance(blocks, list) else []
        kinds = {block.get("type") for block in every if isinstance(block, dict)}
        return Trouble(error="invalid_blocks") if kinds & self.unknown_blocks else None

    def _scopes(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(self.ws.identity.scopes)}

    def _run(self, name: str, args: Json, token: str) -> Json:
        if name == "apps.connections.open":
            return self._open_connection(token)
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", name)
        self._allow(method, token)
        missing = [need for need in method.needs if args.get(need) in (None, "")]
        if missing:
            raise Refusal("invalid_arguments", *(f"missing required field: {need}" for need in missing))
        return method.run(self.ws, args)

    def _allow(self, method: Method, token: str) -> None:
        _authorize(token, self.ws.identity.bot_token, other=self.ws.identity.app_token)
        if method.scope is not None and method.scope not in self.ws.identity.scopes:
            raise Refusal("missing_scope", f"needed: {method.scope}")

    def _open_connection(self, token: str) -> Json:
        _authorize(token, self.ws.identity.app_token, other=self.ws.identity.bot_token)
        if self.links is None:
            raise Refusal("socket_mode_disabled", "this workspace posts to a URL")
        return {"url": self.links.ticket()}

    async def _upload(self, request: web.Request) -> web.Response:
        content = await _uploaded(request)
        self.ws.called("upload", {"ticket": request.match_info["ticket"], "size": len(content)})
        try:
            self.ws.files.receive(request.match_info["ticket"], content)
        except Refusal as refusal:
            self.ws.refuse("upload", refusal)
            return web.Response(status=400, text=refusal.error)
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.Response:
        """The bytes for the bot's token; for anybody else the login page, with HTTP 200 as Slack does."""
        try:
            file = self.ws.files.get(request.match_info["id"])
            _authorize(_token(request, {}), self.ws.identity.bot_token, other="")
        except Refusal as refusal:
            self.ws.refuse("download", refusal)
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if not file.readable:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        self.ws.called("download", {"file": file.id})
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _respond(self, request: web.Request) -> web.Response:
        args = await arguments(request)
        self.ws.called("response_url", args)
        try:
            self._answer(request.match_info["key"], args)
        except Refusal as refusal:
            self.ws.refuse("response_url", refusal)
            return web.json_response(_refused(refusal), status=404)
        return web.Response(text="ok")

    def _answer(self, key: str, args: Json) -> None:
        ws = self.ws
        url = ws.responses.use(key, ws.now())
        conversation = ws.conversations.get(url.channel_id)
        shown = {message["ts"]: message for message in conversation.seen_by(url.user_id)}
        original = shown.get(url.ts or "")
        if original is not None and args.get("delete_original"):
            conversation.forget(original)
        elif original is not None and args.get("replace_original"):
            rewrite(ws, original, args, method="response_url")
        elif args.get("response_type") == "in_channel":
            conversation.messages.append(said(ws, "response_url", args))
        else:
            whisper(ws, conversation, url.user_id, args, method="response_url")
        ws.changed_in(conversation)


async def arguments(request: web.Request) -> Json:
    """Query, form and JSON alike; fields that hold JSON in a form are read."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        # the synchronous client announces JSON and sends nothing where a method takes no argument
        body = json.loads(await request.text() or "{}")
        args.update(body if isinstance(body, dict) else {})
    elif request.can_read_body:
        args.update(await request.post())
    for name in _JSON_FIELDS:
        if isinstance(args.get(name), str):
            args[name] = _decoded(args[name])
    return args


def _decoded(value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        return value


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    content = b""
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            content += await part.read()
    return content


def _token(request: web.Request, args: Json) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    given = args.pop("token", "")
    return token if kind == "Bearer" else str(given)


def _authorize(token: str, expected: str, *, other: str) -> None:
    if not token:
        raise Refusal("not_authed")
    if other and token == other:
        raise Refusal("not_allowed_token_type")
    if token != expected:
        raise Refusal("invalid_auth")


def _refused(refusal: Refusal) -> Json:
    body: Json = {"ok": False, "error": refusal.error}
    if refusal.details:
        body["errors"] = list(refusal.details)
        body["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in refusal.details]}
    return body


def _troubled(trouble: Trouble) -> web.Response:
    body = {"ok": False, "error": trouble.error}
    if trouble.retry_after is None:
        return web.json_response(body)
    return web.json_response(body, status=429, headers={"Retry-After": str(trouble.retry_after)})
