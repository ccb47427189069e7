"""The quick ways give what the careful ways give: blocks against lines, batches against rows."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.lists import Report
from bot.reading import collecting, text_files
from bot.reading.doubled import mended
from bot.reading.full_names import split
from bot.reading.limits import Limits
from bot.reading.records import Records
from bot.reading.values import all_tidy, clean, tidy
from tests.fixtures import files
from tests.fixtures.reading import read

AWKWARD = st.text(st.sampled_from("aé;\"\r\n '#Ã©√"), max_size=5)
CELLS = st.lists(st.tuples(AWKWARD, AWKWARD), max_size=12)
ADDRESS = st.sampled_from(
    [
        "a@b.fr",
        "b@b.fr",
        "c@d.fr",
        "info@d.fr",
        "x@gmial.com",
        "É@b.fr",
        "a@é.fr",
        "A@B.fr",
        "no",
        "",
        " e@f.fr ",
    ]
)
NAME = st.sampled_from(["Zoé", "O'Neil", "'=x", "#N/A", " Al", "", "ZoÃ©", "x" * 20_000, "a\nb"])
PATCHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@settings(deadline=None)
@given(rows=CELLS, quoted=st.booleans(), size=st.integers(1, 40))
def test_records_are_what_csv_reads(rows: list[tuple[str, str]], quoted: bool, size: int) -> None:
    """Blocks end at line ends, but nowhere near the ends of records."""
    text = io.StringIO(newline="")
    how = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=";", lineterminator="\n", quoting=how).writerows(rows)
    whole = text.getvalue().replace("\r", " ")
    lines = whole.splitlines(keepends=True) if whole.isascii() else [f"{x}\n" for x in whole.split("\n")[:-1]]
    blocks = ["".join(lines[start : start + size]) for start in range(0, len(lines), size)]
    expected = [row or [""] for row in csv.reader(io.StringIO(whole, newline=""), delimiter=";")]
    broken: set[int] = set()
    found = [cells or [""] for _, cells in Records(iter(blocks), ";", broken).walk()]
    assert found == expected
    assert broken == set()


@PATCHING
@given(rows=CELLS, end=st.sampled_from(["\r\n", "\n", "\r", "\r\r\n"]), size=st.integers(1, 50))
def test_the_size_of_a_block_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str]], end: str, size: int
) -> None:
    people = [(f"u{number}@b.fr", *row) for number, row in enumerate(rows)]
    content = files.csv_bytes([("Email", "Prénom", "Nom"), *people], end=end)
    monkeypatch.setattr(text_files, "_BLOCK", 1 << 18)
    whole = read(content)
    monkeypatch.setattr(text_files, "_BLOCK", max(size, 30))
    assert _sight(read(content).report) == _sight(whole.report)
    assert read(content).records == whole.records


def _sight(report: Report) -> tuple[object, ...]:
    return report.rows, report.accepted, report.problems, report.error


@PATCHING
@given(people=st.lists(st.tuples(ADDRESS, NAME, NAME), max_size=40), shift=st.booleans())
def test_the_size_of_a_batch_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, people: list[tuple[str, str, str]], shift: bool
) -> None:
    rows = [
        (address, f"N{number}" if shift else first, last)
        for number, (address, first, last) in enumerate(people)
    ]
    content = files.csv_bytes([("Email", "Prénom", "Nom"), ("first@b.fr", "A", "B"), *rows])
    monkeypatch.setattr(collecting, "BATCH", 1)
    careful = read(content)
    monkeypatch.setattr(collecting, "BATCH", 8)
    monkeypatch.setattr(collecting, "SMALL", 3)
    quick = read(content)
    assert quick.records == careful.records
    assert quick.report == careful.report


def test_a_clean_file_goes_the_short_way_and_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = files.many(3_000)
    quick = read(content, name)
    monkeypatch.setattr(collecting.Collector, "_take_clean", lambda *_: False)
    assert read(content, name).records == quick.records
    assert quick.report.accepted == 3_000


def test_the_limit_of_rows_holds_on_the_short_way() -> None:
    assert read(files.many(2_000)[1], limits=Limits(max_rows=2_000)).report.accepted == 2_000
    assert read(files.many(2_001)[1], limits=Limits(max_rows=2_000)).error == "reading.error.too_many_rows"


@given(rows=st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_called_tidy_is_left_as_it_is(rows: list[list[str]]) -> None:
    if all_tidy(rows, 100):
        assert [tidy(row) for row in rows] == rows


@given(text=st.text(st.sampled_from("aéèçœÀ’«Å Ãâ€™√Â"), max_size=8))
def test_mending_ends_and_loses_nothing_that_is_plain(text: str) -> None:
    once = mended(text)
    assert mended(once) == once or len(mended(once)) < len(once)
    assert [letter for letter in once if letter.isascii()] == [letter for letter in text if letter.isascii()]


@given(letters=st.text(st.sampled_from("àâäçéèêëîïôöùûüÿœÀÉÈÇŒ’«»…€°ñßøå"), min_size=1, max_size=8))
def test_what_was_encoded_twice_comes_back(letters: str) -> None:
    unknown = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    twice = "".join(
        chr(byte) if byte in unknown else bytes([byte]).decode("cp1252") for byte in letters.encode()
    )
    assert mended(twice) == letters


@given(
    words=st.lists(
        st.sampled_from(["Jean", "de", "La", "TOUR", "d'Arc", "van", "J.", "Martin,", "le", "DUPONT", "Zoé"]),
        max_size=5,
    )
)
def test_a_split_name_keeps_every_word(words: list[str]) -> None:
    whole = " ".join(words)
    first, last = split(whole)
    assert sorted(f"{first} {last}".replace(",", "").split()) == sorted(whole.replace(",", "").split())
    assert clean(first) == first
    assert clean(last) == last
