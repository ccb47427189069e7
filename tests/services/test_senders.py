"""Who may stand in From: asked once in ten minutes, and never in the way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.core.letters import Sender
from bot.core.sentences import Refusal
from bot.ports import NotTaken, Refused
from bot.services.senders import Senders
from tests.services.mailroom import POLICY, Clock

OWN = Sender(address="a@nova.example")
TOLD = ["b@nova.example", "A@nova.example", "@nova.example", "@studio.example"]


class Account:
    def __init__(self, told: Sequence[str] | Refused | NotTaken) -> None:
        self.told, self.asked = told, 0

    def senders(self) -> Sequence[str] | Refused | NotTaken:
        self.asked += 1
        return self.told


def senders(told: Sequence[str] | Refused | NotTaken) -> tuple[Senders, Account, Clock]:
    account, clock = Account(told), Clock()
    return Senders(mailer=cast("Any", account), policy=POLICY, clock=clock), account, clock


def test_before_anybody_asked_there_is_the_settings_own() -> None:
    known, account, _ = senders(TOLD)
    assert known.offered() == ["a@nova.example"]
    assert account.asked == 0


def test_addresses_first_and_nothing_twice() -> None:
    known, _, _ = senders(TOLD)
    known.ask()
    assert known.offered() == ["a@nova.example", "b@nova.example", "@nova.example", "@studio.example"]


def test_the_account_is_asked_once_in_ten_minutes() -> None:
    known, account, clock = senders(TOLD)
    for _ in range(3):
        known.ask()
    assert account.asked == 1
    clock.at += timedelta(minutes=11)
    account.told = ["c@nova.example"]
    known.ask()
    assert known.offered() == ["a@nova.example", "c@nova.example"]


@pytest.mark.parametrize("silent", [Refused(why="key", detail=""), NotTaken(seconds=1, why="busy")])
def test_what_was_known_stays_where_the_account_does_not_tell(silent: Refused | NotTaken) -> None:
    known, account, clock = senders(TOLD)
    known.ask()
    account.told = silent
    clock.at += timedelta(minutes=11)
    known.ask()
    assert "b@nova.example" in known.offered()
    clock.at += timedelta(minutes=2)
    known.ask()
    assert account.asked == 3, "sooner than after an answer"


@pytest.mark.parametrize("address", ["b@nova.example", "anna@studio.example", "ANNA@Studio.example"])
def test_addresses_of_the_account_and_of_its_domains(address: str) -> None:
    known, _, _ = senders(TOLD)
    known.ask()
    assert known.checked(f" {address} ", OWN) == address
    assert known.checked("", OWN) == OWN.address
    assert known.checked("A@nova.example", OWN) == OWN.address


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("anna@elsewhere.example", "foreign"),
        ("anna@sub.studio.example", "foreign"),
        ("@studio.example", "bad"),
        ("anna", "bad"),
        ("zoé@studio.example", "bad"),
        ("Anna <anna@studio.example>", "bad"),
    ],
)
def test_an_address_the_account_does_not_offer(address: str, why: str) -> None:
    known, _, _ = senders(TOLD)
    known.ask()
    with pytest.raises(Refusal, match=f"questionnaires.sender.{why}") as refused:
        known.checked(address, OWN)
    assert refused.value.field == "sender_address"


def test_without_domains_there_is_only_the_list() -> None:
    known, _, _ = senders(["b@nova.example"])
    known.ask()
    with pytest.raises(Refusal, match=r"questionnaires\.sender\.unknown"):
        known.checked("c@nova.example", OWN)


def test_an_account_that_told_nothing_refuses_nobody() -> None:
    known, _, _ = senders(Refused(why="key", detail=""))
    known.ask()
    assert known.checked("c@nova.example", OWN) == "c@nova.example", "the schedule finds out"
