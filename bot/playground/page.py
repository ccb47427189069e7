"""The playground's web page: a person's Slack, a mailbox and a clock, in a browser on this machine.

It shows what the two stand-ins saw come over the wire and hands them the person's acts; of the bot itself
it knows nothing. `page_application` is the whole of it; the browser's half stands in `page/`.

    GET  /                        the page             GET  /page/{asset}
    GET  /api/state?person=U…     all that is seen     GET  /api/live          a word at each change
    POST /api/acts                one act              POST /api/drop          files, dropped or in a dialog
    POST /api/clock               a move of the clock  GET  /api/sample/{name}, /api/file/{id}
    GET  /api/letter/{id}         one letter           GET  /api/letter/{id}/html
    GET  /api/traffic?q=words&after=N   what went over the wires
"""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground import page_acts, page_letters, page_state
from bot.playground.page_guard import guard
from bot.playground.page_live import Live
from bot.playground.page_stage import Controls, Sample, Shortcut, Stage
from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import SlackStandIn
from bot.playground.traffic import Traffic

__all__ = ["Controls", "Sample", "Shortcut", "page_application"]

ASSETS = Path(__file__).with_name("page")
BODY_LIMIT = 200_000_000  # over the biggest file the bot takes: its own sentence must be the one that is read
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def page_application(
    *, slack: SlackStandIn, mail: SendGridStandIn, controls: Controls, shortcuts: Sequence[Shortcut] = ()
) -> web.Application:
    """`shortcuts` are offered on messages that carry a file."""
    stage = Stage(slack=slack, mail=mail, controls=controls, shortcuts=tuple(shortcuts))
    traffic = Traffic(now=controls.now)
    traffic.listen(slack, mail)
    live = Live(stage)
    application = web.Application(middlewares=[guard], client_max_size=BODY_LIMIT)
    application.router.add_get("/", _index)
    application.router.add_get("/page/{asset}", _asset)
    application.router.add_get("/api/live", live.listen)
    application.add_routes(page_state.routes(stage))
    application.add_routes(page_letters.routes(stage))
    application.add_routes(page_acts.routes(stage, live))
    application.router.add_get("/api/traffic", _traffic(traffic))
    application.cleanup_ctx.append(live.running)
    application.on_shutdown.append(live.close)
    return application


def _traffic(traffic: Traffic) -> Handler:
    async def found(request: web.Request) -> web.Response:
        after = request.query.get("after", "")
        shown = traffic.found(request.query.get("q", ""), int(after) if after.isdecimal() else 0)
        return web.json_response(shown)

    return found


async def _index(_request: web.Request) -> web.Response:
    return _served("index.html")


async def _asset(request: web.Request) -> web.Response:
    return _served(request.match_info["asset"])


def _served(name: str) -> web.Response:
    """Only what stands in the folder, by its plain name: a route parameter holds no slash."""
    path = ASSETS / name
    if path.suffix not in KINDS or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(
        body=path.read_bytes(),
        content_type=KINDS[path.suffix],
        charset="utf-8",
        headers={"Cache-Control": "no-cache"},
    )
