"""The way to Slack: through the environment's proxy, or straight there where NO_PROXY says so.

slack_sdk finds HTTPS_PROXY by itself and knows no NO_PROXY; with no proxy given it looks again in every
client that it or Bolt makes. So the choice is made once, in the application's client, and handed on to each
of the others after it was made.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient


def goes_straight(url: str) -> bool:
    """Asked of the API's address alone: Slack's other hosts stand under the same domain."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return bool(proxy_bypass(f"{host}:{parts.port}" if parts.port else host))


def slack_app(*, token: str, url: str, signing_secret: str) -> AsyncApp:
    client = AsyncWebClient(
        token=token, base_url=url, retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)]
    )
    if goes_straight(url):
        client.proxy = None

    async def same_way(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Bolt makes a client for each payload, and asks auth.test with the first of them."""
        context.client.proxy = client.proxy
        return await next_()

    return AsyncApp(client=client, signing_secret=signing_secret, before_authorize=same_way)


def socket_mode(app: AsyncApp, app_token: str) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(app, app_token)
    handler.client.proxy = app.client.proxy
    return handler


def probing_client(*, token: str, url: str, seconds: int) -> WebClient:
    """Synchronous, for `check`, which asks beside a running bot."""
    client = WebClient(token=token, base_url=url, timeout=seconds)
    if goes_straight(url):
        client.proxy = None
    return client


async def respond(client: AsyncWebClient, response_url: str, text: str) -> None:
    """Where a command was typed, to that person alone; `client` knows the way."""
    there = AsyncWebhookClient(response_url)
    there.proxy = client.proxy
    await there.send(text=text, response_type="ephemeral")
