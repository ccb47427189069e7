"""Whatever the bytes: no exception, an equation that adds up, nothing unseen in what is accepted."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures import files
from tests.fixtures.reading import Reading, read

TITLES = ["Email", "Prénom", "Nom", "Note", "", "no such title"]
HEAD = "Email;Prénom;Nom;Note\n"
CELL = st.text(
    st.sampled_from("aé@.;\"'\n\r\t\0 =+-\ufffd\u200b\u202e\u0301,|ABC\u2028\U0001f600"), max_size=6
)
ROW = st.tuples(st.one_of(CELL, st.just("a@b.fr"), st.builds("{}@b.fr".format, CELL)), CELL, CELL, CELL)


def sound(reading: Reading) -> bool:
    report = reading.report
    assert report.rows == report.accepted + report.rejected + report.duplicates
    assert report.rows == len(reading.records)
    for contact in reading.contacts:
        for value in (contact.email, contact.first_name, contact.last_name, *contact.extras):
            assert not set(value) & set("\0\r\n\t\ufffd\u2028\u202e\u200b")
            assert value == value.strip()
            assert unicodedata.is_normalized("NFC", value)
    return True


@settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_random_bytes(content: bytes) -> None:
    assert sound(read(content))


@settings(deadline=None)
@given(
    start=st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"%PDF", b"\xd0\xcf\x11\xe0", HEAD.encode()]),
    rest=st.binary(),
)
def test_random_bytes_after_a_known_start(start: bytes, rest: bytes) -> None:
    assert sound(read(start + rest))


@settings(deadline=None)
@given(rows=st.lists(ROW, max_size=6))
def test_awkward_cells_written_as_csv(rows: list[tuple[str, ...]]) -> None:
    assert sound(read(files.csv_bytes([("Email", "Prénom", "Nom", "Note"), *rows])))


@settings(deadline=None)
@given(text=st.text(st.sampled_from("a@b.fr;;\"\n\r'é"), max_size=60))
def test_awkward_text_below_a_header(text: str) -> None:
    assert sound(read((HEAD + text).encode()))


TITLED = st.sampled_from(["Email", "Nom", "Prénom", "Mail", "a@b.fr", "Name", "", "x", "Ville", '"', "é"])


@settings(deadline=None)
@given(rows=st.lists(st.lists(TITLED, max_size=5), max_size=8))
def test_titles_anywhere_below_a_header(rows: list[list[str]]) -> None:
    assert sound(read(files.csv_bytes([("Email", "Prénom", "Nom"), *map(tuple, rows)])))


@settings(max_examples=25, deadline=None)
@given(at=st.integers(0, 4_000), byte=st.integers(0, 255))
def test_a_workbook_with_a_wrong_byte(at: int, byte: int) -> None:
    content = bytearray(files.english_xlsx()[1])
    content[at % len(content)] = byte
    assert sound(read(bytes(content), "customers.xlsx"))


@settings(deadline=None)
@given(
    mapping=st.dictionaries(
        st.sampled_from(["email", "first_name", "full_name", "x"]), st.sampled_from(TITLES)
    )
)
def test_any_choice_of_columns(mapping: dict[str, str]) -> None:
    content = (HEAD + "a@b.fr;Zoé;Lefèvre;yes\nb@b.fr;;Roy;\n").encode()
    assert sound(read(content, mapping=mapping))


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.tuples(CELL, CELL, st.sampled_from(["", "yes", "no", "?"])), max_size=5))
def test_every_person_is_marked_at_most_once(values: list[tuple[str, str, str]]) -> None:
    people = [(f"u{number % 3}@b.fr", *row) for number, row in enumerate(values)]
    reading = read(files.csv_bytes([("Email", "Prénom", "Nom", "Désabonné"), *people]))
    marked = [str(record[2]) for record in reading.records if record[0] == "o"]
    assert len(set(marked)) == len(marked)
    if reading.report.opt_outs:
        assert reading.report.opt_outs.count == len(marked)
        assert set(marked) <= {f"u{number}@b.fr" for number in range(3)}
