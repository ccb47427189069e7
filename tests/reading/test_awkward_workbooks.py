"""Workbooks of other programs and other hands: each case says what is odd, and what must come out."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.core.lists import Level
from tests.fixtures import files
from tests.fixtures.reading import read
from tests.fixtures.workbooks import MAIN, STRICT, book, inline, links, sheet_xml

HEAD = ("Email", "Prénom", "Nom", "Note")
ZOE = ("zoe@exemple.fr", "Zoé", "Lefèvre", "x")
AL = ("al@exemple.fr", "Al", "Bo", "y")
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def rows(*more: Sequence[str], prefix: str = "") -> str:
    every = (HEAD, ZOE, *more)
    return "".join(inline(number, values, prefix) for number, values in enumerate(every, start=1))


PLAIN = sheet_xml(rows())
CHART = f'<chartsheet xmlns="{MAIN}"/>'.encode()


def drawn(draw: Callable[[Worksheet], None], *people: Sequence[object]) -> bytes:
    """A workbook of openpyxl, changed by hand before it is saved."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (HEAD, *(people or (ZOE,))):
        sheet.append(list(row))
    draw(sheet)
    return files.saved(workbook)


def merged_title(sheet: Worksheet) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Salon de Lyon 2026"
    sheet.merge_cells("A1:D1")


def merged_groups(sheet: Worksheet) -> None:
    """ "Personne" stands over three titles; "Société" over two rows."""
    sheet.insert_rows(1)
    sheet["A1"], sheet["D1"], sheet["D2"] = "Personne", "Société", None
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("D1:D2")


def hidden_row_and_column(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True


def filtered(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:D2"
    sheet.freeze_panes = "A2"


def typed(value: object) -> bytes:
    def put(sheet: Worksheet) -> None:
        sheet["D2"].value = value  # type: ignore[assignment]

    return drawn(put)


def with_xml(after: str, *more: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    return book({"A": sheet_xml(rows() + "".join(more), after=after)}, parts=parts)


EMPTY_ROWS = "".join(
    f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(3, 200_000)
)
FORMULA = (
    '<row r="3"><c r="A3" t="str"><f>B3&amp;"@b.fr"</f><v>bo@b.fr</v></c>'
    '<c r="B3" t="str"><v>bo</v></c></row>'
)
UNCALCULATED = '<row r="3"><c r="A3"><f>B3&amp;"@b.fr"</f></c><c r="B3" t="str"><v>bo</v></c></row>'
ERRORS = '<row r="3"><c r="A3" t="e"><f>NA()</f><v>#N/A</v></c></row>'
NAME_ERROR = inline(3, AL).replace(
    '<c r="B3" t="inlineStr"><is><t>Al</t></is></c>', '<c r="B3" t="e"><v>#REF!</v></c>'
)
LINK = '<hyperlinks><hyperlink ref="A3" r:id="rId1"/></hyperlinks>'
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
RICH = '<row r="3"><c r="A3" t="inlineStr"><is><r><t>al@</t></r><r><t>exemple.fr</t></r></is></c></row>'


@dataclass(frozen=True, kw_only=True)
class Odd:
    what: str
    content: bytes
    names: tuple[str, ...] = ("Zoé Lefèvre",)
    rejected: tuple[tuple[int, str], ...] = ()
    causes: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] | None = None  # the other column, as shown
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    name: str = "contacts.xlsx"


BOTH = ("Zoé Lefèvre", "Al Bo")
ODD = [
    Odd(what="words inside the cells", content=book({"A": PLAIN})),
    Odd(what="strict OOXML", content=book({"A": sheet_xml(rows(), main=STRICT)}, main=STRICT)),
    Odd(what="prefixed names", content=book({"A": sheet_xml(rows(prefix="x:"), prefix="x:")}, prefix="x:")),
    Odd(what="a chart sheet first", content=book({"G": CHART, "A": PLAIN}, charts=["G"]), sheet="A"),
    Odd(
        what="a hidden sheet first", content=book({"H": PLAIN, "A": PLAIN}, states={"H": "hidden"}), sheet="A"
    ),
    Odd(
        what="a very hidden one",
        content=book({"H": PLAIN, "A": PLAIN}, states={"H": "veryHidden"}),
        sheet="A",
    ),
    Odd(what="nothing but hidden sheets", content=book({"H": PLAIN}, states={"H": "hidden"}), sheet="H"),
    Odd(
        what="macros, read as data",
        name="c.xlsm",
        content=book({"A": PLAIN}, content_type=MACROS, parts={"xl/vbaProject.bin": b"\0"}),
    ),
    Odd(what="a workbook called .csv", name="contacts.csv", content=book({"A": PLAIN})),
    Odd(what="a workbook without an ending", name="contacts", content=book({"A": PLAIN})),
    Odd(
        what="two sheets with contacts",
        content=book({"Lyon": PLAIN, "Nice": sheet_xml(rows(AL))}),
        sheet="Lyon",
        sheets=("Lyon 1", "Nice 2"),
    ),
    Odd(what="an empty sheet first", content=book({"Vide": sheet_xml(""), "A": PLAIN}), sheet="A"),
    Odd(
        what="a sheet of titles only, then people",
        content=book({"Modèle": sheet_xml(inline(1, HEAD)), "A": PLAIN}),
        sheet="A",
    ),
    Odd(
        what="a sheet of notes first",
        content=book({"Lisez-moi": sheet_xml(inline(1, ("Bonjour",))), "A": PLAIN}),
        sheet="A",
    ),
    Odd(what="cells without their places", content=book({"A": sheet_xml(rows().replace(' r="', ' q="'))})),
    Odd(what="a dimension that lies", content=book({"A": sheet_xml(rows(), before='<dimension ref="A1"/>')})),
    Odd(
        what="a dimension of the whole sheet",
        content=book({"A": sheet_xml(rows(), before='<dimension ref="A1:XFD1048576"/>')}),
    ),
    Odd(what="200,000 formatted empty rows", content=book({"A": sheet_xml(rows() + EMPTY_ROWS)})),
    Odd(
        what="a formula with its value",
        content=with_xml("", FORMULA),
        names=("Zoé Lefèvre", "bo"),
        causes={"no_last_name": 1},
    ),
    Odd(what="a formula never calculated", content=with_xml("", UNCALCULATED), rejected=((3, "no_address"),)),
    Odd(what="an error instead of an address", content=with_xml("", ERRORS), rejected=((3, "error_cell"),)),
    Odd(
        what="an error instead of a name",
        content=with_xml("", NAME_ERROR),
        names=("Zoé Lefèvre", "#REF! Bo"),
        causes={"error_cell": 1},
    ),
    Odd(
        what="an address behind a name",
        content=with_xml(
            LINK,
            inline(3, ("Al Bo", "Al", "Bo")),
            parts={RELS: links({"rId1": "mailto:al%40exemple.fr?subject=x"})},
        ),
        names=BOTH,
        causes={"link": 1},
    ),
    Odd(
        what="a link that is the address",
        content=with_xml(LINK, inline(3, AL), parts={RELS: links({"rId1": "mailto:al@exemple.fr"})}),
        names=BOTH,
    ),
    Odd(
        what="a link to a page",
        content=with_xml(
            LINK, inline(3, ("Al Bo", "Al", "Bo")), parts={RELS: links({"rId1": "https://exemple.fr"})}
        ),
        rejected=((3, "incomplete_address"),),
    ),
    Odd(
        what="an address in two fonts",
        content=with_xml("", RICH),
        names=("Zoé Lefèvre", ""),
        causes={"no_name": 1},
    ),
    Odd(what="a title merged over the table", content=drawn(merged_title)),
    Odd(what="titles over titles, merged both ways", content=drawn(merged_groups)),
    Odd(what="a hidden row and a hidden column", content=drawn(hidden_row_and_column)),
    Odd(what="a filter and frozen panes", content=drawn(filtered)),
    Odd(what="a whole number", content=typed(42.0), notes=("42",)),
    Odd(what="a postcode kept as text", content=typed("01000"), notes=("01000",)),
    Odd(what="a long number", content=typed(33123456789), notes=("33123456789",)),
    Odd(what="a date", content=typed(dt.date(2026, 11, 23)), notes=("2026-11-23",)),
    Odd(what="a time", content=typed(dt.time(9, 30)), notes=("09:30:00",)),
    Odd(what="a true", content=typed(True), notes=("TRUE",)),
    Odd(what="line breaks in a cell", content=typed("a\r\nb"), notes=("a b",)),
    Odd(
        what="a carriage return as Excel writes it",
        content=book({"A": sheet_xml(rows(("al@exemple.fr", "Al", "Bo_x000D_", "y")))}),
        names=BOTH,
    ),
    Odd(
        what="text encoded twice",
        content=book({"A": sheet_xml(rows(("al@exemple.fr", "ZoÃ©", "Bo")))}),
        names=("Zoé Lefèvre", "Zoé Bo"),
        causes={"double_encoded": 1},
    ),
    Odd(
        what="no-break spaces around an address",
        content=book({"A": sheet_xml(rows(("\u00a0al@exemple.fr\u00a0", "Al", "Bo")))}),
        names=BOTH,
    ),
    Odd(
        what="an emoji beyond the first plane",
        content=book({"A": sheet_xml(rows(("al@exemple.fr", "Al", "Bo 🚀")))}),
        names=("Zoé Lefèvre", "Al Bo 🚀"),
    ),
    Odd(
        what="a value beside the table",
        content=book({"A": sheet_xml(rows((*AL, "", "à rappeler")))}),
        names=BOTH,
    ),
    Odd(
        what="a value far below, beside the table",
        content=book({"A": sheet_xml(rows(*[AL] * 25, (*AL, "", "à rappeler")))}),
        names=BOTH,
        causes={"beyond": 1},
    ),
    Odd(what="a sheet name with signs", content=book({"A & <B>": PLAIN}), sheet="A & <B>"),
    Odd(
        what="an attached picture",
        content=book({"A": PLAIN}, parts={"xl/media/image1.png": b"\x89PNG" * 1000}),
    ),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.what)
def test_what_is_odd_is_read_and_said(odd: Odd) -> None:
    reading = read(odd.content, odd.name)
    report = reading.report
    assert report.error is None
    assert tuple(reading.names) == odd.names
    assert tuple(reading.rejected) == odd.rejected
    assert reading.causes(Level.REPAIRED) | reading.causes(Level.WARNING) == dict(odd.causes)
    assert tuple(f"{sheet.name} {sheet.rows}" for sheet in report.sheets) == odd.sheets
    assert odd.sheet in ("", report.sheet)
    if odd.notes is not None:
        assert tuple(contact.extras[-1] for contact in reading.contacts) == odd.notes


def test_there_are_many_of_them() -> None:
    assert len({odd.what for odd in ODD}) == len(ODD)


def test_a_title_merged_over_two_rows_names_its_column() -> None:
    reading = read(drawn(merged_groups), "c.xlsx")
    assert reading.report.columns["company"] == "Société"
    assert reading.contacts[0].company == "x"


def test_the_person_chooses_among_sheets() -> None:
    content = book({"Lyon": PLAIN, "Nice": sheet_xml(rows(AL))})
    chosen = read(content, "c.xlsx", sheet="Nice")
    assert (chosen.report.sheet, chosen.names) == ("Nice", list(BOTH))
    assert [sheet.name for sheet in chosen.report.sheets] == ["Lyon", "Nice"]
    gone = read(content, "c.xlsx", sheet="Paris")
    assert gone.report.sheet == "Lyon"
