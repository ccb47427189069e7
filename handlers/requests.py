"""Slack's requests in HTTP mode: unsigned ones are refused before anything is read in them.

Bolt parses a body before it looks at the signature, and stumbles over a timestamp that is no number:
anybody could fill the log with traces.
"""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

log = logging.getLogger("postillon")

SSL_CHECK = b"ssl_check=1"  # Slack tries a command's certificate this way, and wants nothing but a 200
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


def slack_door(app: AsyncApp, signing_secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    verifier = SignatureVerifier(signing_secret)

    async def hand_over(request: web.Request) -> web.Response:
        body = await request.read()
        if SSL_CHECK in body.split(b"&"):
            return web.Response()
        if not _is_signed(verifier, request, body):
            raise web.HTTPUnauthorized
        try:
            heard = await to_bolt_request(request)
        except UNREADABLE as error:  # no JSON, or no object in it
            log.warning("a signed request could not be read (%s) size=%d", type(error).__name__, len(body))
            raise web.HTTPBadRequest from None
        try:
            return await to_aiohttp_response(await app.async_dispatch(heard))
        except UNREADABLE:  # before any listener of ours: a payload without its parts
            log.exception("a signed request could not be matched size=%d", len(body))
            raise web.HTTPBadRequest from None

    return hand_over


def _is_signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp")
    signature = request.headers.get("X-Slack-Signature")
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):  # no number, or one beyond all; not ASCII, not UTF-8
        return False
