"""`check`, feature by feature: what does not work in this installation, and how it would."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.core.hooks import BETTER, GROUP, NEEDED, Hook
from bot.core.letters import Sender
from bot.core.mail_lists import MailList, Page
from bot.core.people import Language
from bot.ports import NotTaken, Policy, Refused
from bot.services.features import Features
from bot.texts import Say
from tests.services.test_checks import POLICY

READY = replace(POLICY, webhook_key="MFkw", retention_days=365)
FORBIDDEN = Refused(why="key", detail="HTTP 403 access forbidden")


URL = f"{POLICY.public_url}/sendgrid/events"
EVERYTHING = frozenset((*NEEDED, *BETTER, GROUP))


def a_hook(**changes: Any) -> Hook:
    values = {"url": URL, "is_enabled": True, "key": READY.webhook_key, "events": EVERYTHING, **changes}
    return Hook(**values)


@dataclass
class Account:
    """The mail service's, as far as the key may read it."""

    known: Sequence[str] | Refused | NotTaken = ("@studio-nova.example",)
    left: int | None = 40_000
    has_group: bool = False
    closed: set[str] = field(default_factory=set)
    posts: Sequence[Hook] | None = None

    def hooks(self) -> Sequence[Hook] | Refused | NotTaken:
        return FORBIDDEN if "hooks" in self.closed else [a_hook()] if self.posts is None else self.posts

    def senders(self) -> Sequence[str] | Refused | NotTaken:
        return self.known

    def credits(self) -> int | None:
        return self.left

    def page(self, name: MailList, *, since: int, until: int, offset: int) -> Page | Refused | NotTaken:
        return FORBIDDEN if name in self.closed else Page(rows=(), size=0, is_last=True)

    def delivered(self, campaign: str, since: date) -> int | Refused | NotTaken:
        return FORBIDDEN if "stats" in self.closed else 0

    def holds(self, email: str, *, campaign: str, since: datetime) -> bool | Refused | NotTaken:
        return FORBIDDEN if "log" in self.closed else False


def found(account: Account | None = None, policy: Policy = READY) -> list[tuple[str, bool]]:
    there = cast("Any", account or Account())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    features = Features(policy=policy, mailer=there, lists=there, log=there, hooks=there, now=now)
    findings = features.findings()
    for finding in findings:
        for say in map(Say, Language):
            assert finding.cure is not None
            assert say(finding.what) != say(finding.cure)
    return [(finding.what.key.removeprefix("checks."), finding.grave) for finding in findings]


def test_nothing_lacks() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "name", "is_grave"),
    [
        ({"known": ("enquetes@studio-nova.example",)}, "sender.single", False),
        ({"left": 0}, "credits.gone", True),
        ({"left": 80}, "credits.few", False),
        ({"closed": {"bounces"}}, "lists.unreadable", False),
        ({"closed": {"unsubscribes"}}, "lists.unreadable", False),
        ({"closed": {"group"}, "has_group": True}, "group.unreadable", False),
        ({"closed": {"log"}}, "log.unreadable", False),
    ],
)
def test_what_the_account_lacks(changes: dict[str, Any], name: str, is_grave: bool) -> None:
    assert found(Account(**changes)) == [(name, is_grave)]


def test_what_the_settings_lack() -> None:
    assert found(policy=replace(READY, webhook_key="")) == [("webhook.absent", False)]
    assert found(policy=replace(READY, retention_days=0)) == [("retention.absent", False)]
    gmail = replace(READY, mail_from=Sender(address="studio.nova@gmail.com"))
    assert found(Account(known=["studio.nova@gmail.com"]), gmail) == [("sender.webmail", False)]


def test_statistics_matter_only_where_events_do_not_come() -> None:
    account = Account(closed={"stats"})
    assert found(account) == []
    deaf = replace(READY, webhook_key="")
    assert found(account, deaf) == [("webhook.absent", False), ("stats.unreadable", False)]
    assert found(account, replace(READY, public_url="")) == [("stats.unreadable", False)]


@pytest.mark.parametrize(
    "known", [NotTaken(seconds=30, why="unreachable"), Refused(why="key", detail="HTTP 401")]
)
def test_what_nobody_answers_is_not_said_twice(known: Any) -> None:
    assert found(Account(known=known, left=0, closed={"log", "bounces"})) == []


def test_a_key_that_may_only_send_is_told_what_it_misses() -> None:
    account = Account(known=FORBIDDEN, left=None, closed={"log", "bounces", "blocks", "stats", "hooks"})
    assert [name for name, _ in found(account)] == [
        "lists.unreadable", "log.unreadable", "webhook.unreadable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([], [("webhook.missing", True)]),
        ([a_hook(url="https://elsewhere.example/sendgrid/events")], [("webhook.missing", True)]),
        ([a_hook(url=URL.replace("/sendgrid", "/Sendgrid"))], [("webhook.missing", True)]),
        ([a_hook(url=URL.replace("https", "HTTPS") + "/")], []),
        ([a_hook(is_enabled=False)], [("webhook.disabled", True)]),
        ([a_hook(is_enabled=False), a_hook()], []),
        ([a_hook(key="")], [("webhook.unsigned", True)]),
        ([a_hook(key=None)], []),
        ([a_hook(key="another")], [("webhook.other_key", True)]),
        ([a_hook(events=EVERYTHING - {"bounce", "delivered"})], [("webhook.events", True)]),
        ([a_hook(events=EVERYTHING - {"deferred", GROUP})], [("webhook.more_events", False)]),
        (
            [a_hook(key="", events=frozenset())],
            [("webhook.unsigned", True), ("webhook.events", True), ("webhook.more_events", False)],
        ),
    ],
)
def test_whether_events_are_posted_to_us(posts: Sequence[Hook], expected: list[tuple[str, bool]]) -> None:
    assert found(Account(posts=posts)) == expected


def test_the_group_s_own_event_is_needed_where_a_group_is_used() -> None:
    lacking = [a_hook(events=EVERYTHING - {GROUP})]
    assert found(Account(posts=lacking, has_group=True)) == [("webhook.events", True)]


def test_nobody_asks_where_events_are_not_expected() -> None:
    assert found(Account(posts=[]), replace(READY, public_url="")) == []
