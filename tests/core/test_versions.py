"""A new file beside a list, whatever stands in both: the numbers add up, and merging loses nobody."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from bot.core.addresses import canonical
from bot.core.contacts import Contact
from bot.core.lists import Report
from bot.core.versions import Columns, addresses, are_mostly_the_same, compare, merge

NAMED = {"email": "E-mail", "first_name": "Prénom", "last_name": "Nom"}
people = st.dictionaries(
    st.sampled_from([f"p{number}@example.com" for number in range(12)]),
    st.tuples(st.sampled_from(["", "Zoé", "Max"]), st.sampled_from(["", "Lyon"]), st.sampled_from(["", "x"])),
)
Said = dict[str, tuple[str, str, str]]


def contacts(said: Said) -> list[Contact]:
    return [
        Contact(row=row, email=email, first_name=first, location=city, extras=(extra,))
        for row, (email, (first, city, extra)) in enumerate(said.items(), start=2)
    ]


def report(said: Said, **columns: str) -> Report:
    return Report(rows=len(said), accepted=len(said), columns={**NAMED, **columns}, extras=("Note",))


def together(old: Said, new: Said) -> tuple[list[Contact], list[Contact], Columns]:
    return contacts(old), contacts(new), Columns.of(report(old, location="Ville"), report(new, location="V"))


def again(some: list[Contact]) -> Iterator[Contact]:
    return iter(some)


@given(people, people)
def test_the_difference_adds_up(old: Said, new: Said) -> None:
    before, after, columns = together(old, new)
    found = compare(lambda: again(before), lambda: again(after), columns)
    assert found.added == len(new.keys() - old.keys())
    assert found.gone == len(old.keys() - new.keys())
    changed = {who for who in old.keys() & new.keys() if old[who] != new[who]}
    assert found.changed == len(changed)
    assert len(found.examples) == min(3, len(changed))
    assert all(one.before != one.after for one in found.examples)


@given(people, people)
def test_merging_loses_nobody_and_no_value(old: Said, new: Said) -> None:
    before, after, columns = together(old, new)
    merged = {one.email: one for one in merge(lambda: again(before), lambda: again(after), columns)}
    assert merged.keys() == old.keys() | new.keys()
    assert len({one.row for one in merged.values()}) == len(merged)
    for who, one in merged.items():
        was, said = old.get(who, ("", "", "")), new.get(who, ("", "", ""))
        assert (one.first_name, one.location, one.extras[0]) == tuple(
            now or then for then, now in zip(was, said, strict=True)
        )


@given(people)
def test_beside_itself_nothing_differs(same: Said) -> None:
    before, after, columns = together(same, same)
    assert compare(lambda: again(before), lambda: again(after), columns).is_none


def test_spellings_of_one_address_are_one_person() -> None:
    old = [Contact(row=2, email="Zoe@Example.com", first_name="Zoé")]
    new = [Contact(row=2, email="zoe@example.COM", first_name="Zoé")]
    columns = Columns.of(Report(columns=NAMED), Report(columns=NAMED))
    assert compare(lambda: again(old), lambda: again(new), columns).is_none
    assert canonical(old[0].email) == canonical(new[0].email)


def test_a_column_that_only_the_new_file_has_is_no_change_and_is_taken_over() -> None:
    old = [Contact(row=2, email="a@example.com", extras=("gold",))]
    new = [Contact(row=2, email="a@example.com", company="Nova", extras=("blue", ""))]
    columns = Columns.of(
        Report(columns=NAMED, extras=("Level",)),
        Report(columns={**NAMED, "company": "Société"}, extras=("Colour", "Level")),
    )
    assert compare(lambda: again(old), lambda: again(new), columns).changed == 1  # its level is blank now
    (merged,) = merge(lambda: again(old), lambda: again(new), columns)
    assert (merged.company, columns.merged, merged.extras) == ("Nova", ("Level", "Colour"), ("gold", "blue"))


def test_mostly_the_same_is_a_share_of_either_side() -> None:
    some = addresses(f"p{n}@example.com" for n in range(10))
    assert are_mostly_the_same(some, addresses(f"p{n}@example.com" for n in range(4, 14)))
    assert not are_mostly_the_same(some, addresses(f"p{n}@example.com" for n in range(5, 15)))
    assert are_mostly_the_same(some, addresses(f"p{n}@example.com" for n in range(3)))
    assert not are_mostly_the_same(some, addresses([]))
