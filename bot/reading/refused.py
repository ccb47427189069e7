"""People the file itself marks as not to be written to, while they are counted."""

from bot.core.lists import OptOuts
from bot.reading.opt_outs import refuses
from bot.reading.problems import SHORT
from bot.reading.staging import Staging

SHOWN = 10  # values nobody understands


class Refused:
    def __init__(self, titles: tuple[str, ...], places: tuple[int, ...], staging: Staging) -> None:
        self._places, self._staging = places, staging
        self._columns = tuple(titles[place] for place in places)
        self._marked: set[str] = set()
        self._doubtful: set[str] = set()
        self._unknown: dict[str, None] = {}

    def look(self, row: int, address: str, values: list[str]) -> None:
        """One `o` line for a person who said no, else one `u` line where a value says neither yes nor no."""
        doubt = ""
        for place in self._places:
            said = refuses(values[place])
            if said:
                self._add("o", self._marked, row, address, values[place])
                return
            if said is None:
                doubt = doubt or values[place]
        if doubt:
            if len(self._unknown) < SHOWN:
                self._unknown[doubt[:SHORT]] = None
            self._add("u", self._doubtful, row, address, doubt)

    def summary(self) -> OptOuts | None:
        if not self._places:
            return None
        return OptOuts(
            count=len(self._marked),
            columns=self._columns,
            doubtful=len(self._doubtful - self._marked),
            unknown=tuple(self._unknown),
        )

    def _add(self, kind: str, people: set[str], row: int, address: str, value: str) -> None:
        if address.lower() not in people:
            people.add(address.lower())
            self._staging.add([kind, row, address, value[:SHORT]])
