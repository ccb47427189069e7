"""Counts for Prometheus: what stands in the store is counted when somebody asks, the rest as it happens.

Each bot has a registry of its own. No label names a person, a campaign or a token.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import fields

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from bot import ports
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.ids import WorkspaceId
from bot.services.answer_posts import AnswerPosts
from bot.services.events import Reception

CONTENT_TYPE = CONTENT_TYPE_LATEST
CLICKS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds; a click has one
WRITES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
OUTCOMES = tuple(
    one.name for one in fields(Progress) if one.type in (int, "int") and one.name not in ("per_hour", "taken")
)
LETTERS = ("people", "pending", "submitting", "accepted", "uncertain", "rejected", "skipped")  # of each wave


class Metrics:
    def __init__(self, store: ports.Store, reception: Reception, answers: AnswerPosts | None = None) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            "postillon_http_requests", "Requests answered, by route and status", ["route", "status"],
            registry=self._registry,
        )  # fmt: skip
        self._clicks = Histogram(
            "postillon_click_seconds", "What a click asks of a service, until it is done", buckets=CLICKS,
            registry=self._registry,
        )  # fmt: skip
        self._writes = Histogram(
            "postillon_storage_write_seconds", "A small file written and synced, every 30 s", buckets=WRITES,
            registry=self._registry,
        )  # fmt: skip
        self._registry.register(Standing(store, reception, answers))

    def answered(self, route: str, status: int) -> None:
        self._requests.labels(route, str(status)).inc()

    def clicked(self, seconds: float) -> None:
        self._clicks.observe(seconds)

    def written(self, seconds: float) -> None:
        self._writes.observe(seconds)

    def page(self) -> bytes:
        """In Prometheus' text format. Reads the store: not for the event loop."""
        return generate_latest(self._registry)


class Standing(Collector):
    """What is so at this moment."""

    def __init__(self, store: ports.Store, reception: Reception, answers: AnswerPosts | None) -> None:
        self._store, self._reception, self._answers = store, reception, answers

    def describe(self) -> Iterable[Metric]:
        """Nothing: asked at the registration, and the names are our own."""
        return ()

    def collect(self) -> Iterator[Metric]:
        campaigns = [
            one for place in self._store.campaigns.workspaces() for one in self._store.campaigns.all(place)
        ]
        yield self._states(campaigns)
        yield from self._letters(campaigns)
        yield from self._events()
        yield from self._kept({*self._store.campaigns.workspaces(), *self._store.lists.workspaces()})

    def _states(self, campaigns: list[Campaign]) -> Metric:
        counts = Tally(campaign.state for campaign in campaigns)
        family = GaugeMetricFamily("postillon_campaigns", "Campaigns, by state", labels=["state"])
        for state in State:
            family.add_metric([state.value], counts[state])
        return family

    def _letters(self, campaigns: list[Campaign]) -> Iterator[Metric]:
        """`people` are all those of the waves; an outcome told by events is one of a person."""
        totals: Tally[str] = Tally()
        batches = damaged = 0
        for campaign in campaigns:
            if campaign.departed_at is None:
                continue
            try:
                progress, flying = self._store.ledgers.read(
                    campaign.workspace, campaign.id, lambda fold: (fold.progress(), len(fold.submitting()))
                )
            except ports.Unreadable:
                damaged += 1
                continue
            batches += flying
            totals.update({name: getattr(progress, name) for name in OUTCOMES})
            for wave in progress.later:
                totals.update({name: getattr(wave, name) for name in LETTERS})
        family = GaugeMetricFamily("postillon_letters", "Letters, by outcome", labels=["outcome"])
        for name in OUTCOMES:
            family.add_metric([name], totals[name])
        yield family
        yield GaugeMetricFamily("postillon_batches_in_flight", "Requests without an answer yet", batches)
        yield GaugeMetricFamily("postillon_ledgers_damaged", "Campaigns whose ledger does not read", damaged)

    def _events(self) -> Iterator[Metric]:
        taken, refused = self._reception.taken, self._reception.refused
        yield CounterMetricFamily("postillon_events_received", "Events kept", taken)
        yield CounterMetricFamily("postillon_event_posts_refused", "Posts of events nobody believes", refused)
        if self._answers:
            taken, refused = self._answers.taken, self._answers.refused
            yield CounterMetricFamily("postillon_answers_received", "Answers kept", taken)
            yield CounterMetricFamily(
                "postillon_answer_posts_refused", "Posts of answers nobody believes", refused
            )

    def _kept(self, workspaces: Iterable[WorkspaceId]) -> Iterator[Metric]:
        store = self._store
        places = sorted(workspaces)
        lists = sum(one.is_there for place in places for one in store.lists.all(place))
        suppressed = sum(len(store.suppressions.all(place)) for place in places)
        yield GaugeMetricFamily("postillon_lists", "Contact lists kept", lists)
        yield GaugeMetricFamily("postillon_imports_waiting", "Files not read yet", len(store.inbox.pending()))
        yield GaugeMetricFamily("postillon_suppressions", "Addresses not to be written to", suppressed)
        yield GaugeMetricFamily(
            "postillon_messages_owed", "Words Slack has not taken yet", len(store.outbox.owed())
        )
