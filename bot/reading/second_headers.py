"""Rows that repeat or explain the titles: survey tools write one or two of them under the header."""

from collections.abc import Sequence

from bot.core.contacts import REQUIRED, Field
from bot.reading.header import TITLE_LENGTH, Header
from bot.reading.names import folded, known

UNDER = 2  # rows right below the header that may explain it
_SURVEYMONKEY = {"respondentid", "collectorid"}


class SecondHeaders:
    def __init__(self, header: Header) -> None:
        self._email = header.columns[Field.EMAIL]
        self._title = header.titles[self._email]
        self._required = [header.columns[name] for name in REQUIRED if name in header.columns]
        self._survey = {folded(title) for title in header.titles} >= _SURVEYMONKEY

    def explains(self, values: Sequence[str]) -> bool:
        """Of the first rows below the header alone."""
        if any(value.startswith('{"ImportId"') for value in values):
            return True
        if self._survey and not any(values[place] for place in self._required):
            return True
        return self.repeats(values)

    def repeats(self, values: Sequence[str]) -> bool:
        """Anywhere: files glued together hold their header twice."""
        written = values[self._email]
        if "@" in written or len(written) > TITLE_LENGTH:
            return False
        name = known(written)
        return written == self._title or (name is not None and name.meaning is Field.EMAIL)
