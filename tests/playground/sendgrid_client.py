"""A raw client of the stand-in mail service, and the smallest letter it takes."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.playground.sendgrid import SendGridStandIn

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Body = dict[str, Any]


@pytest.fixture
async def mail() -> AsyncIterator[SendGridStandIn]:
    stand_in = SendGridStandIn(now=lambda: NOW, groups=(7,))
    await stand_in.start()
    yield stand_in
    await stand_in.close()


def person(number: int = 0) -> Body:
    return {"to": [{"email": f"person{number}@client.example", "name": "Zoé"}]}


def letter(*people: Body) -> Body:
    return {
        "from": {"email": "enquetes@studio-nova.example", "name": "Studio Nova"},
        "subject": "Votre avis",
        "content": [{"type": "text/plain", "value": "Bonjour"}, {"type": "text/html", "value": "<p>Bonjour"}],
        "personalizations": list(people) or [person()],
    }


async def post(
    mail: SendGridStandIn, body: object, *, key: str | None = None, path: str = "/v3/mail/send"
) -> tuple[int, Any, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key or mail.api_key}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            mail.url + path, data=io.BytesIO(data), headers=headers, allow_redirects=False
        ) as answer,
    ):
        raw = await answer.text()
        return answer.status, json.loads(raw) if raw.startswith(("{", "[")) else raw, answer.headers


async def get(mail: SendGridStandIn, path: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {mail.api_key}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(mail.url + path, headers=headers) as answer,
    ):
        return answer.status, await answer.json()
