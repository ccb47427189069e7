"""Who may speak to the page: a browser on this machine, from the page itself.

A name that resolves to 127.0.0.1 (DNS rebinding) is refused by its Host, a form on another site by its
Origin. The content policy lets nothing be loaded from outside.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        raise web.HTTPForbidden(text="loopback only")
    if not _from_the_page(request):
        raise web.HTTPForbidden(text="same origin only")
    answer = await handler(request)
    if not answer.prepared:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
    return answer


def _from_the_page(request: web.Request) -> bool:
    """Reading needs no Origin, but a WebSocket sends one; acting always needs one."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.method in ("GET", "HEAD")
    return urlsplit(origin).netloc == request.host
