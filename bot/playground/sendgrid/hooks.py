"""The account's event webhook, as its settings page shows it: where to, which events, signed or not."""

from __future__ import annotations

from aiohttp import web

from .answers import given
from .webhook import Webhook

KINDS = (
    "processed", "dropped", "delivered", "deferred", "bounce", "open", "click", "spam_report", "unsubscribe",
    "group_unsubscribe", "group_resubscribe",
)  # fmt: skip
NOT_TICKED = ("open", "click")


class Hooks:
    """What a test changes here, the client reads; what is posted does not change by it."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self.is_enabled = True
        self.is_signed = True
        self.ticked = set(KINDS) - set(NOT_TICKED)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/v3/user/webhooks/event/settings/all", self.all)]

    async def all(self, _: web.Request) -> web.Response:
        rows = [self._row()] if self._webhook.url else []
        return given({"max_allowed": 5, "webhooks": rows})

    def _row(self) -> dict[str, object]:
        row: dict[str, object] = {kind: kind in self.ticked for kind in KINDS}
        return row | {
            "id": "77d4a5da-7015-11ed-a1eb-0242ac120002",
            "friendly_name": "",
            "enabled": self.is_enabled,
            "url": self._webhook.url,
            "public_key": self._webhook.seal.public_key if self.is_signed else "",
            "oauth_client_id": None,
            "oauth_token_url": None,
        }
