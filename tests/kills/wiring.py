"""The real services over the real store, the real letters and the real mailer; only Slack is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports, wiring
from bot.clock import Wakes
from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Language, Member
from bot.mail import SendGridMailer
from bot.mail.wire import Timeouts
from bot.services import Services
from bot.settings import Settings
from storage import open_store

HOME, OWNER = WorkspaceId("T1HOME"), MemberId("U1ANNA")
PUBLIC_URL = "https://postillon.example"
PATIENCE = Timeouts(connect=2.0, answer=0.4)  # of a client in a hurry: a time-out is one of the bad answers

Sweep = Callable[[Services, datetime], None]


class Silence:
    """A Messenger that says nothing to anybody."""

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        return owner()

    def dropped(self, member: Member, since: datetime) -> tuple[ports.Dropped, ...]:
        return ()

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def owner() -> Member:
    return Member(workspace=HOME, id=OWNER, name="Anna", locale=Language.FRENCH, zone="Europe/Paris")


def policy(store: ports.Store) -> ports.Policy:
    """Nothing of the environment, and no key that opens anything."""
    settings = Settings.for_playground(
        slack_bot_token="xoxb-nowhere", slack_app_token="xapp-nowhere", sendgrid_api_key="SG.nowhere",
        mail_from="Studio Nova <enquetes@studio-nova.example>",
        mail_postal_address="12 rue des Tanneurs, 69002 Lyon", public_url=PUBLIC_URL, undo_seconds=0,
        frequency_days=0,  # the same people are written to by one campaign after the other
    )  # fmt: skip
    return settings.policy(store.secret("tokens"))


def services_over(
    store: ports.Store, mailer: ports.Mailer, clock: ports.Clock, pools: wiring.Pools
) -> Services:
    """As the composition root wires them. Inside a running event loop."""
    client = AsyncWebClient(token="xoxb-nowhere", base_url="http://127.0.0.1:9/")
    return wiring.wired(store, policy(store), pools, client, mailer, Silence(), clock)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything but Slack, on one folder."""

    store: ports.Store
    services: Services
    wakes: Wakes
    pools: wiring.Pools

    @classmethod
    def on(cls, folder: Path, url: str, sweep: Sweep) -> House:
        """What was in flight is settled first, as at each start. Nothing leaves before `wakes.start()`."""
        store = open_store(f"tinydb:{folder}")
        pools = wiring.Pools.open()
        services: Services
        wakes = Wakes(
            sweep=lambda now: sweep(services, now), next_wake=store.campaigns.next_wake, beat=store.beat
        )
        store.on_wake = wakes.on_wake
        mailer = SendGridMailer(api_key="SG.nowhere", api_url=url, timeouts=PATIENCE, clock=wakes.now)
        services = services_over(store, mailer, wakes, pools)
        services.delivery.recover(store.last_beat(), wakes.now())
        return cls(store=store, services=services, wakes=wakes, pools=pools)
