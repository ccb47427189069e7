"""When an approval is needed, when it is asked once more, and what the approvers see of the addresses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.approvals import (
    DOMAINS,
    Approval,
    Verdict,
    asked_anew,
    covers,
    deadline,
    domains,
    is_given,
    is_needed,
    nudge_at,
    wake_at,
)
from bot.core.campaigns import MOVES, State

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def asked(**changes: object) -> Approval:
    values: dict[str, object] = {"verdict": Verdict.ASKED, "at": NOON, "revision": 5, "people": 391}
    return Approval(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("people", "above", "to_myself", "needed"),
    [(391, 390, False, True), (390, 390, False, False), (1, 0, False, True), (9_999, None, False, False),
     (391, 0, True, False)],
)  # fmt: skip
def test_needed_above_the_number(people: int, above: int | None, to_myself: bool, needed: bool) -> None:
    assert is_needed(people, above, to_myself=to_myself) is needed


def test_asked_once_more_an_hour_before_where_there_is_time() -> None:
    tomorrow = NOON + timedelta(days=1)
    assert nudge_at(asked(), tomorrow) == tomorrow - timedelta(hours=1)
    assert wake_at(asked(), tomorrow) == tomorrow - timedelta(hours=1)
    assert nudge_at(asked(nudged_at=NOON), tomorrow) is None
    assert wake_at(asked(nudged_at=NOON), tomorrow) == tomorrow
    assert nudge_at(asked(), NOON + timedelta(hours=2)) is None, "no time to ask twice"


def test_what_leaves_at_once_waits_for_a_day() -> None:
    assert deadline(asked(), None) == NOON + timedelta(days=1)
    assert nudge_at(asked(), None) == NOON + timedelta(hours=1)


def test_only_a_given_one_lets_anything_leave() -> None:
    assert [one for one in Verdict if is_given(asked(verdict=one))] == [Verdict.APPROVED]
    assert not is_given(None)


def test_from_awaiting_nothing_is_sent_without_being_scheduled() -> None:
    assert State.SENDING not in MOVES[State.AWAITING]
    assert {state for state in State if State.AWAITING in MOVES[state]} == {
        State.DRAFT, State.SCHEDULED, State.HELD,
    }  # fmt: skip


words = some.text("abcdefgh", min_size=1, max_size=5)


@given(some.lists(some.tuples(words, some.sampled_from("ABCDEFGHI")), max_size=60))
def test_domains_are_counted_and_nothing_else_of_an_address_is_left(people: list[tuple[str, str]]) -> None:
    found = domains(f"{local}@{domain}.example" for local, domain in people)
    assert sum(count for _, count in found) == len(people)
    named = [(domain, count) for domain, count in found if domain]
    assert len(named) <= DOMAINS
    assert all("@" not in domain for domain, _ in found)
    assert [count for _, count in named] == sorted((count for _, count in named), reverse=True)
    assert ("" in dict(found)) == (len({domain for _, domain in people}) > DOMAINS)


def test_an_approval_covers_no_more_people_than_it_was_given_for() -> None:
    given = asked(verdict=Verdict.APPROVED)
    assert (covers(given, 391), covers(given, 392), covers(asked(), 1), covers(None, 1)) == (
        True, False, False, False,
    )  # fmt: skip


def test_asked_anew_for_more_people_those_left_out_are_fewer() -> None:
    left_out = (("duplicate", 2), ("planned", 3), ("recent", 4))
    given = asked(verdict=Verdict.APPROVED, left_out=left_out, revision=5)
    again = asked_anew(given, at=NOON, revision=9, people=391 + 5)
    assert (again.verdict, again.people, again.given_for, again.replaces) == (Verdict.ASKED, 396, 391, 5)
    assert again.left_out == (("duplicate", 2), ("recent", 2))
    once_more = asked_anew(again, at=NOON, revision=12, people=396)
    assert (once_more.given_for, once_more.left_out) == (391, again.left_out), "the same question"
