"""Who is to blame for a refusal that names nobody: found by trials, in few questions, or not guessed at."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.outcomes import NotTaken, Outcome, Refused, SomeRefused, Taken, Unknown
from bot.services.culprits import QUESTIONS, Found, Search

FINE = Taken(message_id="")
DELIVERED = Taken(message_id="m")
REFUSED = Refused(why="letter", detail="Bad Request")
ALL = range(1_000)

Trial = Callable[[Sequence[int]], Outcome]


class Judge:
    """Refuses whatever holds one of these people, and counts how often it is asked."""

    def __init__(self, *culprits: int) -> None:
        self.culprits = frozenset(culprits)
        self.asked = 0

    def __call__(self, people: Sequence[int]) -> Outcome:
        assert people, "an empty request is no question"
        self.asked += 1
        return REFUSED if self.culprits & set(people) else FINE


def search(trial: Trial, *, plain: Outcome = FINE, people: Sequence[int] = ALL) -> Found:
    return Search(trial=trial, plain=lambda: plain).among(people, REFUSED)


@pytest.mark.parametrize("culprit", [0, 1, 499, 500, 777, 999])
def test_one_among_a_thousand(culprit: int) -> None:
    judge = Judge(culprit)
    assert search(judge) == Found(people={culprit: "Bad Request"}, is_all=True)
    assert judge.asked <= 21


def test_several_among_a_thousand() -> None:
    judge = Judge(3, 500, 998)
    assert search(judge) == Found(people=dict.fromkeys((3, 500, 998), "Bad Request"), is_all=True)
    assert judge.asked <= QUESTIONS


@given(some.sets(some.integers(0, 49), min_size=1, max_size=4))
def test_whoever_they_are(culprits: set[int]) -> None:
    found = search(Judge(*culprits), people=range(50))
    assert (set(found.people), found.is_all) == (culprits, True)


def test_a_letter_refused_to_somebody_with_nothing_odd_is_nobody_s_fault() -> None:
    judge = Judge(*ALL)
    assert search(judge, plain=REFUSED) == Found(people={})
    assert judge.asked == 0


def test_alone_in_the_request_one_is_to_blame_once_the_letter_is_not() -> None:
    assert search(Judge(), people=[7]) == Found(people={7: "Bad Request"}, is_all=True)


def test_people_refused_only_together_are_not_blamed() -> None:
    def together(people: Sequence[int]) -> Outcome:
        return REFUSED if {3, 900} <= set(people) else FINE

    assert search(together) == Found(people={}, is_all=False, ended=None)


def test_a_trial_that_names_somebody_is_believed_and_the_rest_is_asked_again() -> None:
    def naming(people: Sequence[int]) -> Outcome:
        if 10 in people:
            return SomeRefused(positions={people.index(10): "no address"})
        return REFUSED if 11 in people else FINE

    assert search(naming) == Found(people={10: "no address", 11: "Bad Request"}, is_all=True)


def test_too_many_to_ask_for_are_not_all_found() -> None:
    judge = Judge(*range(0, 1_000, 3))
    found = search(judge)
    assert judge.asked == QUESTIONS
    assert not found.is_all
    assert set(found.people) < judge.culprits


@pytest.mark.parametrize(
    "outcome",
    [NotTaken(seconds=9, why="busy"), Refused(why="key", detail=""), Unknown(why="server"), DELIVERED],
    ids=["busy", "key", "lost", "delivered"],
)  # fmt: skip
@pytest.mark.parametrize("when", [1, 5])
def test_any_other_answer_ends_the_search(outcome: Outcome, when: int) -> None:
    judge = Judge(0, 999)

    def interrupted(people: Sequence[int]) -> Outcome:
        return outcome if judge.asked == when else judge(people)

    found = search(interrupted)
    assert found.ended == outcome
    assert not found.is_all
    assert search(judge, plain=outcome).ended == outcome
