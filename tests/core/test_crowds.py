"""Crowds are sets, in an eighth of the room."""

from array import array
from collections.abc import Set

from hypothesis import given
from hypothesis import strategies as st

from bot.core.crowds import PARTS, Crowd, part_of

PEOPLE = st.sets(
    st.one_of(st.integers(0, (1 << 64) - 1), st.integers(0, 20), st.sampled_from([1 << 58, 1 << 63]))
)


@given(PEOPLE, PEOPLE, PEOPLE)
def test_a_crowd_is_the_set_of_its_people(one: set[int], other: set[int], third: set[int]) -> None:
    ours, theirs, more = Crowd.of([*one, *one]), Crowd.of(other), Crowd.of(third)
    assert (len(ours), list(ours)) == (len(one), sorted(one))
    assert set(ours) == one
    assert set(ours & theirs) == one & other
    assert set(ours & frozenset(other)) == one & other
    assert set(ours - theirs) == one - other
    assert set(Crowd.union([ours, theirs, more, ours])) == one | other | third
    assert all(person in ours for person in one)
    assert not any(person in ours for person in other - one)
    assert bool(ours) == bool(one)


@given(PEOPLE)
def test_everybody_is_in_one_part(people: set[int]) -> None:
    crowd = Crowd.of(people)
    assert [person for part in crowd.parts() for person in part] == sorted(people)
    assert all(part_of(person) == place for place in range(PARTS) for person in crowd.part(place))


@given(st.lists(PEOPLE, max_size=4))
def test_any_number_of_crowds_is_one(crowds: list[Set[int]]) -> None:
    together = Crowd.union(Crowd.of(one) for one in crowds)
    assert set(together) == set().union(*crowds)


def test_many_beside_few() -> None:
    many, few = Crowd(array("Q", range(0, 1 << 20, 7))), Crowd.of([7, 8, 14, 1 << 60])
    assert set(many & few) == set(few & many) == {7, 14}
    assert set(few - many) == {8, 1 << 60}
