"""`check` asks the mail service whether events are posted here: with its cure, in both languages."""

import asyncio

import pytest

from bot.app import check
from bot.core.people import Language
from bot.texts import Say
from tests.journeys.harness import Town


async def found(town: Town) -> dict[str, bool]:
    findings = await asyncio.to_thread(check, town.bot.settings)
    for finding in findings:
        assert finding.cure is not None
        assert all(Say(language)(finding.cure) for language in Language)
    named = {finding.what.key.removeprefix("checks."): finding.grave for finding in findings}
    return {key: grave for key, grave in named.items() if key.startswith("webhook")}


async def test_a_webhook_that_stands_is_not_spoken_of(town: Town) -> None:
    assert await found(town) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("off", {"webhook.disabled": True}),
        ("unsigned", {"webhook.unsigned": True}),
        ("bounces", {"webhook.events": True}),
        ("deferred", {"webhook.more_events": False}),
        ("elsewhere", {"webhook.missing": True}),
        ("closed", {"webhook.unreadable": False}),
    ],
)
async def test_what_is_wrong_with_it_is_named(town: Town, change: str, expected: dict[str, bool]) -> None:
    hooks, mail = town.mail.hooks, town.mail
    match change:
        case "off":
            hooks.is_enabled = False
        case "unsigned":
            hooks.is_signed = False
        case "bounces" | "deferred":
            hooks.ticked.discard({"bounces": "bounce"}.get(change, change))
        case "elsewhere":
            mail.webhook_url = "http://127.0.0.1:9/sendgrid/events"
        case "closed":
            mail.account.scopes.discard("user.webhooks.event.settings.read")
    assert await found(town) == expected
