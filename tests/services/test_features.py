"""`check`, feature by feature: what does not work in this installation, and how it would."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.core.letters import Sender
from bot.core.mail_lists import MailList, Page
from bot.core.people import Language
from bot.ports import NotTaken, Policy, Refused
from bot.services.features import Features
from bot.texts import Say
from tests.services.test_checks import POLICY

READY = replace(POLICY, webhook_key="MFkw")
FORBIDDEN = Refused(why="key", detail="HTTP 403 access forbidden")


@dataclass
class Account:
    """The mail service's, as far as the key may read it."""

    known: Sequence[str] | Refused | NotTaken = ("@studio-nova.example",)
    left: int | None = 40_000
    has_group: bool = False
    closed: set[str] = field(default_factory=set)

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


def found(
    account: Account | None = None, policy: Policy = READY, retention: int | None = 365
) -> list[tuple[str, bool]]:
    there = cast("Any", account or Account())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    features = Features(
        policy=policy, mailer=there, lists=there, log=there, retention_days=retention, now=now
    )
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
    assert found(policy=POLICY) == [("webhook.absent", False)]
    assert found(retention=None) == [("retention.absent", False)]
    gmail = replace(READY, mail_from=Sender(address="studio.nova@gmail.com"))
    assert found(Account(known=["studio.nova@gmail.com"]), gmail) == [("sender.webmail", False)]


def test_statistics_matter_only_where_events_do_not_come() -> None:
    account = Account(closed={"stats"})
    assert found(account) == []
    assert found(account, POLICY) == [("webhook.absent", False), ("stats.unreadable", False)]
    assert found(account, replace(READY, public_url="")) == [("stats.unreadable", False)]


@pytest.mark.parametrize(
    "known", [NotTaken(seconds=30, why="unreachable"), Refused(why="key", detail="HTTP 401")]
)
def test_what_nobody_answers_is_not_said_twice(known: Any) -> None:
    assert found(Account(known=known, left=0, closed={"log", "bounces"})) == []


def test_a_key_that_may_only_send_is_told_what_it_misses() -> None:
    account = Account(known=FORBIDDEN, left=None, closed={"log", "bounces", "blocks", "stats"})
    assert [name for name, _ in found(account)] == ["lists.unreadable", "log.unreadable"]
