"""What writes a campaign's report."""

from collections.abc import Iterable
from typing import Protocol

from bot.core.inbox import OutgoingFile
from bot.core.people import Language
from bot.core.reports import Person, Report


class Reporter(Protocol):
    def report(
        self, report: Report, people: Iterable[Person], kind: str, language: Language, zone: str
    ) -> OutgoingFile:
        """A campaign's numbers, and its people in their order; `kind`: xlsx | csv, which holds the people
        alone. Safe against formulas. `zone`: of the dates. However many there are, little memory."""
