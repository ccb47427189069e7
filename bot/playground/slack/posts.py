"""HTTP mode: payloads POSTed to the bot's request URL, signed the way Slack signs them."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.delivery import PATIENCE, Answer, Envelope
from bot.playground.slack.records import Json


class Posts:
    def __init__(self, url: str, *, signing_secret: str, patience: float = PATIENCE) -> None:
        self._url = url
        self._secret = signing_secret.encode()
        self._timeout = aiohttp.ClientTimeout(total=patience)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: Envelope, payload: Json, *, retry: int, reason: str) -> Answer:
        body, content_type = _body(kind, payload)
        headers = self.signed(body) | {"Content-Type": content_type}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(self._url, data=body, headers=headers) as response:
                return await _answer(response)
        except TimeoutError:
            return Answer(ok=False, reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(ok=False, reason="connection_failed")

    def signed(self, body: bytes) -> dict[str, str]:
        """The v0 signature over the real moment: the bot compares it with its own watch."""
        moment = str(int(time.time()))
        digest = hmac.new(self._secret, b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _body(kind: Envelope, payload: Json) -> tuple[bytes, str]:
    match kind:
        case "events_api":
            return json.dumps(payload).encode(), "application/json"
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"
        case "slash_commands":
            return urlencode(payload).encode(), "application/x-www-form-urlencoded"


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    text = await response.text()
    if response.status != 200:
        return Answer(ok=False, reason="http_error")
    if not text:
        return Answer(ok=True)
    if response.content_type != "application/json":
        return Answer(ok=True, body={"text": text})
    body = json.loads(text)
    return Answer(ok=True, body=body if isinstance(body, dict) else {})
