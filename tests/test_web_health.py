"""/healthz and /metrics, over a real loopback server."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.core.people import Language
from bot.metrics import Metrics
from bot.ports import Store
from bot.services.health import Health
from bot.web import SIGNATURE, TIMESTAMP, serve_web, web_application
from bot.web_health import Watch
from storage import open_store
from tests.services.posts import Office, event, office, sent
from tests.test_web import FakeTracking, Visitor, run


class Watched:
    """A bot's web server, and somebody who watches it."""

    def __init__(self, visitor: Visitor, office: Office, health: Health, metrics: Metrics) -> None:
        self.visitor, self.office, self.health, self.metrics = visitor, office, health, metrics
        self.is_connected = True

    async def posts(self, *events: dict[str, object], key: str = "") -> int:
        raw, stamp = orjson.dumps(events), "1800000000"
        headers = {SIGNATURE: key or self.office.key.sign(stamp, raw), TIMESTAMP: stamp}
        status, _, _ = await self.visitor.asks("/sendgrid/events", "POST", data=raw, headers=headers)
        return status

    async def health_told(self) -> tuple[int, bool, list[str]]:
        status, body, _ = await self.visitor.asks("/healthz")
        told = orjson.loads(body)
        return status, told["ok"], [problem["name"] for problem in told["problems"]]

    async def counts(self) -> dict[str, float]:
        status, body, _ = await self.visitor.asks("/metrics")
        assert status == 200
        return {
            ":".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(body)
            for sample in family.samples
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    yield store
    store.close()


@pytest.fixture
async def bot(store: Store) -> AsyncIterator[Watched]:
    with ThreadPoolExecutor(1) as recorder:
        there = office(store, recorder)
        metrics = Metrics(store, there.reception)
        health = Health(store=store, clock=there.clock.now, writing=metrics.written)
        health.beat(there.clock.now())

        async def is_connected() -> bool:
            return watched.is_connected

        watch = Watch(
            health=health, metrics=metrics, run=run, language=Language.FRENCH, is_connected=is_connected
        )
        app = web_application(
            slack=None, tracking=FakeTracking(), run=run, events=there.reception, watch=watch
        )
        server = await serve_web(app, "127.0.0.1", 0)
        async with ClientSession() as session:
            visitor = Visitor(session, f"http://127.0.0.1:{server.port}")
            watched = Watched(visitor, there, health, metrics)
            yield watched
        await server.close()


async def test_a_bot_that_is_well_says_so(bot: Watched) -> None:
    assert await bot.health_told() == (200, True, [])


async def test_what_a_restart_cannot_repair_is_no_503(bot: Watched) -> None:
    bot.is_connected = False
    assert await bot.posts(event("delivered", 1), key="forged") == 403
    assert await bot.health_told() == (200, False, ["slack.gone", "events.refused"])
    bot.is_connected = True
    assert await bot.posts(event("delivered", 1)) == 200
    assert await bot.health_told() == (200, True, [])


async def test_a_bot_that_does_nothing_any_more_is(bot: Watched) -> None:
    bot.office.clock.goes_by(minutes=5)
    bot.is_connected = False
    status, body, _ = await bot.visitor.asks("/healthz")
    told = orjson.loads(body)
    assert (status, told["ok"]) == (503, False)
    heartbeat, slack = told["problems"]
    assert heartbeat["name"] == "heartbeat"
    assert heartbeat["since"] == "2026-11-23T12:00:00+00:00"
    assert "Redémarrez" in heartbeat["what"]
    assert slack["name"] == "slack.gone"


async def test_everything_is_counted_and_nobody_named(bot: Watched, store: Store) -> None:
    sent(store)
    await bot.posts(event("delivered", 1), event("bounce", 2, type="bounce", status="5.1.1"))
    await bot.posts(event("delivered", 3), key="forged")
    await bot.visitor.asks("/u/lgood")
    await bot.visitor.asks("/u/lunknown")
    await bot.visitor.asks("/anna@example.com")
    bot.metrics.clicked(0.03)
    counts = await bot.counts()
    expected = {
        "postillon_campaigns:sending": 1, "postillon_campaigns:sent": 0, "postillon_letters:accepted": 6,
        "postillon_letters:delivered": 1, "postillon_letters:bounced": 1, "postillon_letters:uncertain": 0,
        "postillon_batches_in_flight": 0, "postillon_events_received_total": 2,
        "postillon_event_posts_refused_total": 1, "postillon_suppressions": 1, "postillon_lists": 0,
        "postillon_http_requests_total:/sendgrid/events:200": 1,
        "postillon_http_requests_total:/sendgrid/events:403": 1,
        "postillon_http_requests_total:/u/{token}:200": 1, "postillon_http_requests_total:/u/{token}:404": 1,
        "postillon_http_requests_total:unknown:404": 1, "postillon_click_seconds_count": 1,
        "postillon_click_seconds_bucket:0.025": 0, "postillon_click_seconds_bucket:0.05": 1,
        "postillon_storage_write_seconds_count": 1,
    }  # fmt: skip
    assert {name: counts.get(name) for name in expected} == expected
    _, body, headers = await bot.visitor.asks("/metrics")
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for secret in ("lgood", "lunknown", "anna", "cmp_a", "T1HERE", "U1ANNA", "example.com"):
        assert secret not in body
