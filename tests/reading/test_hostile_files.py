"""Files made to hurt: each is answered in less than ten seconds, by a sentence or a list."""

import io
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.core.lists import Report
from bot.core.people import Language
from bot.reading import ChildReader
from bot.texts import Say
from tests.fixtures import files
from tests.fixtures.workbooks import MAIN, book, inline, sheet_xml

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS holds on Linux alone")
PATIENCE = 10.0  # seconds
HEAD = ("Email", "Prénom", "Nom")
ZOE = ("zoe@exemple.fr", "Zoé", "Lefèvre")
ROWS = inline(1, HEAD) + inline(2, ZOE)


@contextmanager
def in_time() -> Iterator[None]:
    """By the processor, children included: how busy the machine is says nothing about the file."""
    start = _processor()
    yield
    assert _processor() - start < PATIENCE


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def answered(path: Path, name: str = "contacts.xlsx") -> Report:
    with in_time():
        report = ChildReader().read(path, name, path.with_suffix(".staging"))
    if report.error:
        for language in Language:
            assert name in Say(language)(report.error)
        assert not path.with_suffix(".staging").exists()
    return report


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def with_part(folder: Path, part: str, pieces: Iterator[bytes], base: bytes) -> Path:
    """A workbook with one part that is written piece by piece: it never stands in memory."""
    path = folder / "file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name, files.part(base, name))
        for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
            with archive.open(name, "w") as member:
                for piece in pieces if name == part else [files.part(base, name)]:
                    member.write(piece)
    return path


SHARED = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'.encode()


def base(rows: str = ROWS) -> bytes:
    return book({"A": sheet_xml(rows)}, parts={"xl/sharedStrings.xml": SHARED})


def test_a_zip_bomb(tmp_path: Path) -> None:
    def zeros() -> Iterator[bytes]:
        yield sheet_xml(ROWS)[:-12]
        for _ in range(1_200):
            yield b" " * (1 << 20)

    report = answered(with_part(tmp_path, "xl/worksheets/sheet1.xml", zeros(), base()))
    assert report.error is not None
    assert report.error.key == "reading.error.too_heavy"


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    """The directory tells a megabyte; a gigabyte unfolds."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1_000)) + packer.flush()
    content = io.BytesIO(base())
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(content) as old:
        others = {part: old.read(part) for part in old.namelist() if part != name}
    lying = io.BytesIO()
    with zipfile.ZipFile(lying, "w") as archive:  # stored, and then called deflated
        for part, inside in {**others, name: packed}.items():
            archive.writestr(part, inside, zipfile.ZIP_STORED if part == name else zipfile.ZIP_DEFLATED)
    told = bytearray(lying.getvalue())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = _entry(told, mark, name.encode())
        assert told[start + at] == 0
        told[start + at] = 8
    report = answered(written(tmp_path, bytes(told)))
    assert report.error is not None
    assert report.error.key == "reading.error.damaged"


def _entry(content: bytearray, mark: bytes, name: bytes) -> int:
    """Where the archive speaks of this member: before its bytes, or in the directory at the end."""
    start = content.index(name) - 30 if mark == b"PK\x03\x04" else content.rindex(name) - 46
    assert content[start : start + 4] == mark
    return start


def test_a_deflate_bomb_below_the_ratio_that_is_refused_at_once(tmp_path: Path) -> None:
    def cells() -> Iterator[bytes]:
        yield sheet_xml(ROWS).partition(b"</sheetData>")[0]
        chance = bytes(range(65, 91)) * 40
        for row in range(3, 60_003):
            yield b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%d%s</t></is></c></row>' % (
                row,
                row,
                row,
                chance,
            )
        yield b"</sheetData></worksheet>"

    answered(with_part(tmp_path, "xl/worksheets/sheet1.xml", cells(), base()))


def test_xml_entities_that_unfold(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 12)
    )
    xml = sheet_xml(inline(1, HEAD) + inline(2, ("zoe@exemple.fr", "&a11;", "Roy"))).decode()
    xml = xml.replace("&amp;a11;", "&a11;").replace("?><worksheet", f"?>{laughs}]><worksheet")
    report = answered(written(tmp_path, book({"A": xml.encode()})))
    assert all("haha" not in contact.first_name for contact in report.sample)


def test_xml_entities_that_reach_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    xml = sheet_xml(inline(1, HEAD) + inline(2, ("zoe@exemple.fr", "&out;", "Roy"))).decode()
    outer = f'?><!DOCTYPE x [<!ENTITY out SYSTEM "{secret.as_uri()}">]><worksheet'
    xml = xml.replace("&amp;out;", "&out;").replace("?><worksheet", outer)
    report = answered(written(tmp_path, book({"A": xml.encode()})))
    assert all("hidden" not in contact.first_name for contact in report.sample)


def test_a_cell_at_the_far_end_of_the_sheet(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    report = answered(written(tmp_path, book({"A": sheet_xml(ROWS + far)})))
    assert report.error is None
    assert report.accepted == 1


def test_shared_strings_without_end(tmp_path: Path) -> None:
    def strings() -> Iterator[bytes]:
        yield f'<sst xmlns="{MAIN}">'.encode()
        for _ in range(900):
            yield b"<si><t/></si>" * 80_000
        yield b"</sst>"

    report = answered(with_part(tmp_path, "xl/sharedStrings.xml", strings(), base()))
    assert report.error is not None


def test_shared_strings_that_announce_too_much(tmp_path: Path) -> None:
    announced = f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>'
    parts = {"xl/sharedStrings.xml": announced.encode()}
    report = answered(written(tmp_path, book({"A": sheet_xml(ROWS)}, parts=parts)))
    assert report.error or report.accepted == 1


def test_a_million_columns(tmp_path: Path) -> None:
    content = (b"Email;Pr\xc3\xa9nom;Nom" + b";x" * 1_000_000 + b"\r\n") + b"a@b.fr;A;B\r\n"
    report = answered(written(tmp_path, content), "contacts.csv")
    assert report.error is not None
    assert report.error.key == "reading.error.too_many_columns"


def test_twenty_rows_of_a_million_columns_without_a_title(tmp_path: Path) -> None:
    content = (b"x;" * 1_000_000 + b"\n") * 20
    assert answered(written(tmp_path, content), "contacts.csv").error is not None


def test_a_line_of_a_hundred_megabytes(tmp_path: Path) -> None:
    content = b"Email;Pr\xc3\xa9nom;Nom\r\na@b.fr;A;" + b"x" * (100 << 20)
    report = answered(written(tmp_path, content), "contacts.csv")
    assert report.error is not None
    assert report.error.key == "reading.error.long_line"


def test_a_million_quotes_that_never_close(tmp_path: Path) -> None:
    content = b"Email;Pr\xc3\xa9nom;Nom\r\n" + b'a@b.fr;"A;B\r\n' * 20_000
    report = answered(written(tmp_path, content), "contacts.csv")
    assert report.rows == report.rejected + report.accepted + report.duplicates


OPENING = b'a";"c'
"""Opens a quote where none is open, and closes one and opens another where one is."""


@pytest.mark.parametrize(("size", "count"), [(1_000, 100_000), (10, 200_000)])
def test_quotes_that_close_and_open_on_every_line(tmp_path: Path, size: int, count: int) -> None:
    """Each line might begin a record of a thousand lines."""
    content = b"Email;Pr\xc3\xa9nom;Nom\r\n" + (OPENING + b"x" * size + b"\r\n") * count
    report = answered(written(tmp_path, content), "contacts.csv")
    assert report.rejected == count
    assert {problem.cause for problem in report.problems} == {"open_quote"}


def test_open_quotes_nine_hundred_lines_apart(tmp_path: Path) -> None:
    lines = b'a@b.fr;"B\r\n' + b"c@b.fr;C;D\r\n" * 900
    content = b"Email;Pr\xc3\xa9nom;Nom\r\n" + lines * 300
    report = answered(written(tmp_path, content), "contacts.csv")
    assert (report.rejected, report.rows) == (300, 300 * 901)


def test_a_file_of_separators(tmp_path: Path) -> None:
    content = b"Email;Pr\xc3\xa9nom;Nom\r\n" + b";" * 3_000_000 + b"\r\na@b.fr;A;B\r\n"
    report = answered(written(tmp_path, content), "contacts.csv")
    assert report.accepted == 1
