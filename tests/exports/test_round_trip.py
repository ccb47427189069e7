"""What we write reads back to the same contacts, whatever they hold."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.contacts import Contact
from bot.core.people import Language
from bot.exports import Exports
from bot.reading.doubled import suspect
from bot.reading.values import clean
from tests.exports.test_files import COLUMNS, a_list
from tests.fixtures.reading import read

VALUE = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("='+-@\";,|\t _x0041é\u0301\u00a0\U0001f600#/"), max_size=10),
)
# what a reader accepts
KEPT = VALUE.map(clean).filter(lambda value: "\ufffd" not in value and not suspect(value))
LOCAL = st.from_regex(r"[a-zA-Z0-9=+\-'_#]{1,10}", fullmatch=True)


@st.composite
def contacts(draw: st.DrawFn) -> list[Contact]:
    people = []
    for number, local in enumerate(draw(st.lists(LOCAL, min_size=1, max_size=4, unique_by=str.lower))):
        first, last, company, *extras = (draw(KEPT) for _ in range(5))
        people.append(
            Contact(
                row=number + 2, email=f"{local}@exemple.fr", first_name=first, last_name=last,
                company=company, extras=tuple(extras),
            )
        )  # fmt: skip
    return people


@settings(max_examples=60, deadline=None)
@given(people=contacts(), kind=st.sampled_from(["csv", "xlsx"]), language=st.sampled_from(Language))
def test_export_then_read_is_the_identity(people: Sequence[Contact], kind: str, language: Language) -> None:
    original = a_list(columns={**COLUMNS, "company": "Société"}, extras=("Note", "Code"))
    file = Exports().contacts(original, people, kind, language)
    reading = read(file.content, file.name)
    assert reading.report.error is None
    assert reading.contacts == list(people)
    assert reading.report.extras == ("Note", "Code")
