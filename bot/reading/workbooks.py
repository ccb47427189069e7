"""XLSX and XLSM: calamine first (fast), openpyxl as second opinion where calamine fails."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.reading.marks import Bomb, Marks, of_workbook
from bot.reading.tables import Row, Table
from bot.reading.values import shown

CALAMINE, OPENPYXL = "calamine", "openpyxl"
Opening = Callable[[Path, dict[str, Marks]], Iterator[Table]]


class Unopened(Exception):
    """Neither library could open the workbook, or not at all."""


def sheets(path: Path, engine: str) -> Iterator[Table]:
    """The visible worksheets in order, or the hidden ones where all are; opened as they are asked for.

    Raises Unopened, here or while rows are walked, for whatever the libraries raise.
    """
    opening: Opening = _by_calamine if engine == CALAMINE else _by_openpyxl
    try:
        marks = of_workbook(path)
    except Bomb:
        raise Unopened("bomb") from None
    with _one_error():
        yield from opening(path, marks)


@contextmanager
def _one_error() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit):
        raise
    except BaseException as problem:  # calamine's PanicException is no Exception
        raise Unopened(type(problem).__name__) from None


def _by_calamine(path: Path, marks: dict[str, Marks]) -> Iterator[Table]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_path(path) as workbook:
        data = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet for sheet in data if sheet.visible == SheetVisibleEnum.Visible]
        for sheet in visible or data:
            content = workbook.get_sheet_by_name(sheet.name)
            yield _table(sheet.name, content.iter_rows() if content.start else (), marks)


def _by_openpyxl(path: Path, marks: dict[str, Marks]) -> Iterator[Table]:
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    with path.open("rb") as file:  # by its path, openpyxl would judge it by its name
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        data = [sheet for sheet in workbook.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        visible = [sheet for sheet in data if sheet.sheet_state == "visible"]
        for sheet in visible or data:
            sheet.reset_dimensions()  # the size a sheet tells of itself may be a lie
            yield _table(sheet.title, sheet.iter_rows(values_only=True), marks)


def _table(name: str, rows: Iterable[Sequence[object]], marks: dict[str, Marks]) -> Table:
    mark = marks.get(name, Marks())
    numbered = _with_errors(_numbered(rows), mark.errors) if mark.errors else _numbered(rows)
    return Table(rows=numbered, kind="xlsx", sheet=name, links=mark.links)


def _numbered(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    with _one_error():
        for number, row in enumerate(rows, start=1):
            yield number, [cell if type(cell) is str else shown(cell) for cell in row]


def _with_errors(rows: Iterable[Row], errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    """calamine shows an error as a blank; the person is told which one stands there."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), error in errors.items():
        by_row.setdefault(row, []).append((column, error))
    for number, cells in rows:
        for column, error in by_row.get(number, ()):
            if column < len(cells):
                cells[column] = error
        yield number, cells
