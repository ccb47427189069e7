"""What may stand between double braces, and what values are on their way into a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core import campaigns, fields
from bot.core.contacts import Contact
from bot.core.fields import (
    address,
    column_name,
    known,
    nearest,
    one_line,
    placeholders,
    readable,
    typed,
    unknown,
)
from bot.core.sentences import Refusal

COLUMNS = (
    "Segment",
    "Date de visite",
    "Prénom",
    "N° client",
    "a|b {c}",
    "Segment ",
    "Οδός",
    "%",
    "date-de-visite",
)

TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("prenom", "first_name"), ("Prénom", "first_name"), ("PRE\u0301NOM", "first_name"),
        ("first name", "first_name"), ("First-Name", "first_name"), ("first\\_name", "first_name"),
        ("lien", "link"), ("Link", "link"), ("job title", "job_title"),
        ("Segment", column_name(0)), (" sEGMENT", column_name(0)), ("segment ", column_name(0)),
        ("date de visite", column_name(1)), ("Date\u00a0de\u00a0visite", column_name(1)),
        ("date-de-visite", column_name(8)), ("date_de_visite", column_name(1)),
        ("n° client", column_name(3)), ("a b c", column_name(4)), (typed("a|b {c}"), column_name(4)),
        ("οδος", column_name(6)), ("ΟΔΌΣ", column_name(6)), ("%", column_name(7)),
        ("", None), (" ", None), ("-", None), ("#prenom", None), ("/prenom", None), ("surnom", None),
        ("李", None),
    ],
)  # fmt: skip
def test_a_field_is_known_however_it_is_typed(written: str, name: str | None) -> None:
    assert known(written, COLUMNS) == name


def test_our_own_names_come_first() -> None:
    assert known("Prénom", ("Prénom",)) == "first_name"
    assert known("segment") is None


@given(some.text(alphabet="abAB éÉ-_.'’#°%|{}()\n\u00a0", min_size=1, max_size=12))
def test_a_title_can_be_typed_as_a_field(title: str) -> None:
    """Whatever a file calls its column, what we insert for it means that column."""
    shown = typed(title)
    if not shown or fields.Vocabulary().name(shown):
        return
    found = placeholders(f"{{{{{shown}}}}}", (title,))
    assert [one.name for one in found] in ([column_name(0)], []), title
    if any(sign.isalnum() for sign in title):
        assert found


@pytest.mark.parametrize(
    ("written", "meant"),
    [("prenon", "prenom"), ("firstname", "first_name"), ("segmant", "Segment"),
     ("date visite", "Date de visite"), ("société", ""), ("xyz", "")],
)  # fmt: skip
def test_the_nearest_name_is_offered(written: str, meant: str) -> None:
    assert nearest(written, COLUMNS) == meant


@pytest.mark.parametrize(
    ("columns", "text", "key", "said"),
    [
        ((), "{{prenon}}", "campaigns.field.nearest", {"name": "prenon", "nearest": "{{prenom}}"}),
        (("Segment",), "{{segmen}}", "campaigns.field.nearest", {"name": "segmen", "nearest": "{{Segment}}"}),
        ((), "{{xyz}}", "campaigns.field.unknown", {"name": "xyz"}),
        (("A", "B"), "{{xyz}}", "campaigns.field.unknown_too", {"name": "xyz", "columns": "A, B"}),
    ],
)
def test_an_unknown_field_is_refused_with_what_was_meant(
    columns: tuple[str, ...], text: str, key: str, said: dict[str, str]
) -> None:
    for where, check in (
        ("subject", campaigns.check_subject),
        ("preheader", campaigns.check_preheader),
        ("body", campaigns.check_body),
    ):
        with pytest.raises(Refusal) as refused:
            check(f"Bonjour {text}", columns)
        assert (refused.value.field, refused.value.sentence.key) == (where, key)
        assert refused.value.sentence.values == said


def test_the_longest_sentence_about_an_unknown_field_stays_short() -> None:
    with pytest.raises(Refusal) as refused:
        campaigns.check_body("{{" + "z" * 500 + "}}", tuple(f"{n}" + "é" * 200 for n in range(300)))
    assert sum(len(str(value)) for value in refused.value.sentence.values.values()) < 500


def test_fields_are_found_in_their_order_with_their_defaults() -> None:
    text = "{{prenom | vous}} {{ Segment|}} {{inconnu}} {{lien}}"
    assert [(one.name, one.default, one.written) for one in placeholders(text, COLUMNS)] == [
        ("first_name", "vous", "{{prenom | vous}}"),
        (column_name(0), "", "{{ Segment|}}"),
        ("link", "", "{{lien}}"),
    ]
    assert unknown(text, COLUMNS) == ["inconnu"]


def test_three_hundred_columns_and_thousands_of_fields_take_no_time() -> None:
    """Each title is looked at once, not once a field."""
    columns = tuple(f"Colonne numéro {number}" for number in range(300))
    text = "{{colonne numero 299}}" * 5_000
    assert {one.name for one in placeholders(text, columns)} == {column_name(299)}


def test_a_value_is_read_where_it_stands() -> None:
    person = Contact(row=2, email="z@example.com", company="Nova", extras=("VIP",))
    assert [fields.reader(name)(person) for name in ("company", column_name(0), column_name(1))] == [
        "Nova", "VIP", "",
    ]  # fmt: skip


@given(some.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert line == line.strip()
    assert line.encode().decode() == line, "nothing that cannot be written"
    assert len(line.splitlines()) <= 1
    assert not set(line) & {*"\x00\r\n\t\u2028\u2029\ufeff", *TURNS}
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Votre avis\u00a0?", "Votre avis\u00a0?"),
        ("«\u202fNova\u202f»", "«\u202fNova\u202f»"),
        ("a \u00a0 b", "a b"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\u200fb", "a\u200fb"),
    ],
)
def test_what_is_there_on_purpose_stays(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_body_keeps_its_lines_and_loses_what_nobody_can_see() -> None:
    assert readable("a\r\nb\rc\n\n- d\x00\ud800\n") == "a\nb\nc\n\n- d"


@given(some.text() | some.text(alphabet="htps:/@.#?&%[]<>\"' aé0").map(lambda text: f"https://{text}"))
def test_an_address_opens_a_page_or_a_mail_or_is_none(text: str) -> None:
    made = address(one_line(text))
    assert made == "" or made.lower().startswith(("https://", "http://", "mailto:"))
    assert not set(made) & set(' <>"\\^`{|}\n')
