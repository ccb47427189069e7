"""XLSX and XLSM: calamine first (fast), openpyxl as second opinion where calamine fails."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.reading.tables import Row, Table
from bot.reading.values import shown

CALAMINE, OPENPYXL = "calamine", "openpyxl"
Opening = Callable[[Path], Iterator[Table]]


class Unopened(Exception):
    """Neither library could open the workbook, or not at all."""


def sheets(path: Path, engine: str) -> Iterator[Table]:
    """The visible worksheets in order, or the hidden ones where all are; opened as they are asked for.

    Raises Unopened, here or while rows are walked, for whatever the libraries raise.
    """
    opening = _by_calamine if engine == CALAMINE else _by_openpyxl
    with _one_error():
        yield from opening(path)


@contextmanager
def _one_error() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit):
        raise
    except BaseException as problem:  # calamine's PanicException is no Exception
        raise Unopened(type(problem).__name__) from None


def _by_calamine(path: Path) -> Iterator[Table]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_path(path) as workbook:
        data = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet for sheet in data if sheet.visible == SheetVisibleEnum.Visible]
        for sheet in visible or data:
            content = workbook.get_sheet_by_name(sheet.name)
            yield _table(sheet.name, content.iter_rows() if content.start else ())


def _by_openpyxl(path: Path) -> Iterator[Table]:
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    with path.open("rb") as file:  # by its path, openpyxl would judge it by its name
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        data = [sheet for sheet in workbook.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        visible = [sheet for sheet in data if sheet.sheet_state == "visible"]
        for sheet in visible or data:
            sheet.reset_dimensions()  # the size a sheet tells of itself may be a lie
            yield _table(sheet.title, sheet.iter_rows(values_only=True))


def _table(name: str, rows: Iterable[Sequence[object]]) -> Table:
    return Table(rows=_numbered(rows), kind="xlsx", sheet=name)


def _numbered(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    with _one_error():
        for number, row in enumerate(rows, start=1):
            yield number, [cell if type(cell) is str else shown(cell) for cell in row]
