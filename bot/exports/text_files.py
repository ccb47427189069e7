"""CSV as Excel of that language opens it with a double click: UTF-8 with a mark, `;` in French, `,` else."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.core.formulas import guarded
from bot.core.people import Language

DELIMITERS = {Language.FRENCH: ";", Language.ENGLISH: ","}


def text_file(rows: Iterable[Sequence[str]], language: Language, delimiter: str = "") -> bytes:
    """A value that a spreadsheet would run stands behind an apostrophe, which our reader takes away.
    `delimiter`: of the file it goes back to, where that is not the language's."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter or DELIMITERS[language])
    writer.writerows([guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")
