"""Who of the lists a choice reaches: small lists, every kind, and what is left out first."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import choosing
from bot.core.addresses import in_hex
from bot.core.choosing import Barred, Chosen, Reach
from bot.core.contacts import Contact
from bot.core.haystacks import Haystack
from bot.core.rolls import LONGEST, PLAIN, Roll, token
from bot.core.selection import Cause, Condition, Kind, Selection
from bot.core.text import folded

EXTRAS = ("Segment", "Code")


def number(email: str) -> int:
    return int.from_bytes(email.lower().encode()[:8].ljust(8), "big")


def a_roll(*people: Contact, extras: Sequence[str] = EXTRAS) -> Roll:
    return Roll(lambda: iter([["r", 9, "x"], *(one.to_line() for one in people)]), extras, number)


def person(name: str, **values: Any) -> Contact:
    return Contact(row=2, email=f"{name}@ex.fr", first_name=name.capitalize(), **values)


ANNA = person("anna", company="Nova", location="Lyon", extras=("VIP", "1"))
BORIS = person("boris", company="NÓVA ", location="Paris", extras=("", "2"))
CHLOE = person("chloe", company="Acme", location="lyon", extras=("vip", "3"))
DORA = person("dora", extras=("", "4"))
ROLL = a_roll(ANNA, BORIS, CHLOE, DORA)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Whom the rows that are marked mean."""

    chosen: Chosen
    people: set[int]
    written: set[int]

    @property
    def reach(self) -> Reach:
        return self.chosen.reach


def found(chosen: Chosen, rolls: Sequence[Roll]) -> Found:
    people, written = list[int](), list[int]()
    for roll, marks in zip(rolls, chosen.marks, strict=True):
        people += [roll.hashes[row] for row in choosing.meant(marks)]
        written += [roll.hashes[row] for row, mark in enumerate(marks) if mark == choosing.WRITTEN]
    assert len(set(people)) == len(people), "each person by one row"
    assert len(written) == chosen.reach.count
    return Found(chosen=chosen, people=set(people), written=set(written))


def names(found: Found) -> set[str]:
    known = {number(one.email): one.first_name for one in (ANNA, BORIS, CHLOE, DORA)}
    return {known[one] for one in found.written}


def choose(selection: Selection, *rolls: Roll, only: Roll | None = None, **barred: Any) -> Found:
    rolls = rolls or (ROLL,)
    return found(choosing.choose(selection, rolls, only, Barred(**barred)), rolls)


def where(**asked: Any) -> tuple[Condition, ...]:
    return tuple(Condition(column=name, values=values) for name, values in asked.items())


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {"Anna", "Boris", "Chloe", "Dora"}),
        (Selection(kind=Kind.FILTER, where=where(company=("nova",))), {"Anna", "Boris"}),
        (Selection(kind=Kind.FILTER, where=where(company=("nova", "acme"), location=("Lyon",))),
         {"Anna", "Chloe"}),
        (Selection(kind=Kind.FILTER, where=where(company=("Nobody",))), set()),
        (Selection(kind=Kind.FILTER, where=where(company=("",))), {"Dora"}),
        (Selection(kind=Kind.FILTER, where=where(Segment=("VIP",))), {"Anna", "Chloe"}),
        (Selection(kind=Kind.FILTER, where=where(Elsewhere=("",), company=("acme",))), {"Chloe"}),
        (Selection(kind=Kind.FILTER, where=where(Elsewhere=("x",))), set()),
        (Selection(kind=Kind.FILTER), set()),
        (Selection(kind=Kind.FILTER, where=where(company=(), location=("Paris",))), {"Boris"}),
        (Selection(kind=Kind.EXCEPT, where=where(company=("nova",)), people=(in_hex(number(DORA.email)),)),
         {"Chloe"}),
        (Selection(kind=Kind.EXCEPT, where=where(company=("nova",), location=("Lyon",))), {"Dora"}),
        (Selection(kind=Kind.PICK, people=(in_hex(number(BORIS.email)), in_hex(7))), {"Boris"}),
        (Selection(kind=Kind.PILOT, pilot=9), {"Anna", "Boris", "Chloe", "Dora"}),
        (Selection(kind=Kind.ALL, where=where(company=("nova",))), {"Anna", "Boris", "Chloe", "Dora"}),
    ],
)  # fmt: skip
def test_each_kind_means_whom_it_says(selection: Selection, expected: set[str]) -> None:
    assert names(choose(selection)) == expected


def test_everybody_is_left_out_once_and_for_the_first_cause() -> None:
    others = a_roll(ANNA, person("eve"))
    anna, boris, chloe, eve = (number(f"{name}@ex.fr") for name in ("anna", "boris", "chloe", "eve"))
    reach = choose(
        Selection(), ROLL, others, suppressed={anna}, invited={anna, boris}, recent={boris, chloe, eve}
    ).reach
    assert (reach.total, reach.chosen, reach.count, reach.recent) == (6, 6, 1, 2)
    assert reach.left_out == {
        Cause.DUPLICATE: 1, Cause.SUPPRESSED: 1, Cause.INVITED: 1, Cause.RECENT: 2,
    }  # fmt: skip
    kept = choose(Selection(keeps_recent=True), ROLL, others, recent={boris, chloe}).reach
    assert (kept.count, kept.recent) == (5, 2)
    assert Cause.RECENT not in kept.left_out


def test_only_who_is_in_that_file_too() -> None:
    chosen = choose(Selection(), only=a_roll(CHLOE, person("eve"), DORA))
    assert names(chosen) == {"Chloe", "Dora"}
    assert chosen.reach.total == 4


def test_except_means_the_person_whatever_the_row() -> None:
    """Anna is of Nova in one list, of nothing in the other."""
    chosen = choose(Selection(kind=Kind.EXCEPT, where=where(company=("Nova",))), a_roll(person("anna")), ROLL)
    assert names(chosen) == {"Chloe", "Dora"}


def test_a_pilot_is_drawn_of_those_who_may_get_it_and_stays_the_same() -> None:
    many = a_roll(*(person(f"p{n}") for n in range(500)))
    pilot = Selection(kind=Kind.PILOT, pilot=50, seed="abc")
    first = choose(pilot, many)
    assert first.reach.count == 50
    assert first.reach.eligible == 500
    assert first.people == first.written == choose(pilot, many).written
    assert choose(Selection(kind=Kind.PILOT, pilot=50, seed="xyz"), many).written != first.written
    gone = set(list(first.written)[:5])
    later = choose(pilot, many, suppressed=gone)
    assert later.reach.count == 50
    assert first.written - gone < later.written, "the others are still drawn"
    larger = choose(Selection(kind=Kind.PILOT, pilot=80, seed="abc"), many)
    assert first.written < larger.written


def test_those_who_are_counted_out_at_departure_are_still_meant() -> None:
    anna, boris = number(ANNA.email), number(BORIS.email)
    chosen = choose(Selection(), suppressed={anna}, recent={boris}, invited={number(DORA.email)})
    assert {anna, boris} <= chosen.people
    assert number(DORA.email) not in chosen.people, "nobody is invited twice, whatever happens until then"


def test_blanks_are_counted_among_those_who_get_the_letter() -> None:
    chosen = choose(Selection(), suppressed={number(DORA.email)})
    asked = ("company", "Segment", "last_name", "Elsewhere")
    assert choosing.blanks(chosen.chosen, [ROLL], asked) == {
        "company": 0, "Segment": 1, "last_name": 3, "Elsewhere": 3,
    }  # fmt: skip


def test_those_whom_a_planned_campaign_will_have_written_to_are_counted_apart() -> None:
    anna, boris, chloe, dora = (number(one.email) for one in (ANNA, BORIS, CHLOE, DORA))
    planned = [("Autumn", {anna, boris, 7}), ("Winter", {boris, chloe}), ("Nobody's", {7}), ("", {dora})]
    reach = choose(Selection(), suppressed={dora}, recent={anna}, planned=planned).reach
    assert reach.left_out == {Cause.SUPPRESSED: 1, Cause.RECENT: 1, Cause.PLANNED: 2}
    assert (reach.count, reach.recent, reach.planned) == (0, 1, 2)
    assert reach.planned_by == ("Autumn", "Winter"), "those that leave anybody out"
    kept = choose(Selection(keeps_recent=True), suppressed={dora}, recent={anna}, planned=planned).reach
    assert (kept.count, kept.recent, kept.planned) == (3, 1, 2)
    assert kept.left_out == {Cause.SUPPRESSED: 1}


SOMEBODY = st.integers(0, 7).map(lambda n: n * 0x2345_6789_ABCD_EF01)
SETS = st.frozensets(SOMEBODY)


@given(st.lists(st.lists(SOMEBODY, max_size=8), max_size=3), SETS, SETS, SETS, SETS)
def test_whatever_the_lists_the_sums_are_right(
    lists: list[list[int]], suppressed: Set[int], invited: Set[int], recent: Set[int], planned: Set[int]
) -> None:
    """Beside plain sets of everybody."""
    rolls = [_numbered(some) for some in lists]
    barred = Barred(suppressed=suppressed, invited=invited, recent=recent, planned=[("X", planned)])
    chosen = found(choosing.choose(Selection(), rolls, None, barred), rolls)
    every = {one for some in lists for one in some}
    rest = every - suppressed - invited
    assert chosen.people == every - invited
    assert chosen.written == rest - recent - planned
    assert chosen.reach.left_out == {
        cause: n
        for cause, n in {
            Cause.DUPLICATE: sum(map(len, lists)) - len(every),
            Cause.SUPPRESSED: len(every & suppressed),
            Cause.INVITED: len((every - suppressed) & invited),
            Cause.RECENT: len(rest & recent),
            Cause.PLANNED: len((rest - recent) & planned),
        }.items()
        if n
    }


def _numbered(people: Sequence[int]) -> Roll:
    lines = [Contact(row=2, email=f"{one}@ex.fr").to_line() for one in people]
    return Roll(lambda: iter(lines), (), lambda email: int(email.partition("@")[0]))


def test_what_stands_in_a_column_is_read_and_not_kept() -> None:
    assert list(ROLL.values(("company", "Segment", "Elsewhere"))) == [
        ("Nova", "VIP", ""), ("NÓVA ", "", ""), ("Acme", "vip", ""), ("", "", ""),
    ]  # fmt: skip
    blank = a_roll(person("anna", company="  "), person("boris", company="É"))
    assert blank.blanks(("company", "first_name")) == [b"\x01\x00", b"\x00\x00"]
    assert list(a_roll(ANNA, BORIS).values(())) == [(), ()]


def test_values_are_one_whatever_their_capitals_accents_and_spaces() -> None:
    column = ROLL.column("company")
    assert column is not None
    assert column.find("", 10) == [("Nova", 2), ("Acme", 1)]
    assert column.find("NÒVA", 10) == [("Nova", 2)]
    assert column.blanks == 1


def test_long_values_are_offered_and_texts_are_not() -> None:
    long, text = "v" * (PLAIN + 1), "t" * (LONGEST + 1)
    column = a_roll(person("a", company=long), person("b", company=text)).column("company")
    assert column is not None
    assert [value for value, _ in column.find("", 10)] == [long]
    assert len(token(long)) < 150
    assert column.hidden == {token(long): long}
    assert token("Nova") == "=Nova"


def test_what_begins_with_the_query_comes_first() -> None:
    values = ["saint nova", "novatech", "the nova group", "xnova", "nova"]
    stack = Haystack(values)
    assert [values[place] for place in stack.find("nova", 10)] == [
        "novatech", "nova", "saint nova", "the nova group", "xnova",
    ]  # fmt: skip
    assert [values[place] for place in stack.find("nova", 2)] == ["novatech", "nova"]
    assert [values[place] for place in stack.find("group the", 9)] == ["the nova group"]
    assert stack.find("zz", 9) == []
    assert Haystack([]).find("a", 3) == []
    assert Haystack([]).find("", 3) == []


@given(st.lists(st.text(max_size=6), max_size=12), st.text(min_size=1, max_size=4), st.integers(1, 20))
def test_a_search_finds_exactly_what_holds_the_query(texts: list[str], query: str, limit: int) -> None:
    known = [folded(text) for text in texts]
    wanted = folded(query)
    words = wanted.split()
    holding = {place for place, text in enumerate(known) if all(word in text for word in words)}
    places = Haystack(known).find(query, limit)
    assert len(places) == len(set(places)) == min(limit, len(holding))
    assert set(places) <= holding
