"""How a file was read, as one sentence: "CSV à point-virgule, Windows"."""

from bot.core.lists import Report
from bot.core.sentences import Sentence, sentence

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


def read_as(report: Report) -> Sentence:
    """Of a report without error."""
    if report.kind != "csv":
        return sentence("reading.kind.xlsx", sheet=report.sheet)
    return sentence(
        "reading.kind.csv",
        delimiter=Sentence(f"reading.delimiter.{DELIMITERS.get(report.delimiter, 'none')}"),
        encoding=Sentence(f"reading.encoding.{report.encoding}"),
    )
