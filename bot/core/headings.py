"""What the raw rows of a file stand under; and the rows of two files under the columns of both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.columns import FULL_NAME
from bot.core.contacts import Field
from bot.core.lists import Column, Report
from bot.core.rejects import Layout, Line

_NAMES = (Field.FIRST_NAME.value, Field.LAST_NAME.value)
Split = Callable[[str], tuple[str, str]]  # a full name -> first and last


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """`named`: our field -> its title; both names have the title of a full name that is split."""

    titles: tuple[str, ...] = ()
    named: Mapping[str, str]
    extras: tuple[str, ...] = ()
    full_name: str = ""

    @classmethod
    def of(cls, report: Report) -> "Heading":
        titles = tuple(column.title for column in report.headers)
        return cls(
            titles=titles, named=dict(report.columns), extras=report.extras, full_name=report.full_name
        )

    @property
    def report(self) -> Report:
        headers = tuple(Column(title=title) for title in self.titles)
        return Report(columns=self.named, extras=self.extras, headers=headers, full_name=self.full_name)

    @property
    def layout(self) -> Layout:
        return Layout.of(self.report)

    @property
    def mapping(self) -> dict[str, str]:
        """Every field with its title, as `ports.Reader.read` takes it: nothing is left to guess."""
        whole = _NAMES if self.full_name else ()
        told = {field.value: self.named.get(field.value, "") for field in Field if field.value not in whole}
        return {**told, **dict.fromkeys(whole, ""), FULL_NAME: self.full_name}


class Together:
    """The columns of a new file, then those that the list alone has. A field of both goes by the list's
    title, unless the new file has another column of that title. Where only one of them has first and last
    name in one column, they are two here."""

    def __init__(self, old: Heading, new: Heading, extras: Sequence[str]) -> None:
        self._old, self._new = old, new
        self._differ = bool(old.full_name) != bool(new.full_name)
        self._under = {id(old): {title: title for title in old.titles},
                       id(new): {title: title for title in new.titles}}  # fmt: skip
        self._pair()
        was, now = self._under[id(old)], self._under[id(new)]
        titles = list(dict.fromkeys([*now.values(), *was.values()]))
        named = {**_told(old, was), **_told(new, now)}
        if self._differ:
            apart = _told(new, now) if old.full_name else _told(old, was)
            named |= {name: apart[name] for name in _NAMES if name in apart}
        self.heading = Heading(
            titles=tuple(titles), named=named, extras=tuple(extras),
            full_name=was.get(old.full_name, old.full_name) if old.full_name and new.full_name else "",
        )  # fmt: skip

    def _pair(self) -> None:
        was, now = self._under[id(self._old)], self._under[id(self._new)]
        for name, title in self._new.named.items():
            before = self._old.named.get(name, "")
            if before not in was or title not in now or (self._differ and name in _NAMES):
                continue
            if before not in now:
                now[title] = before
            was[before] = now[title]

    def of_old(self, line: Line, split: Split) -> Line:
        """A rejected row or a duplicate of the list; cells it has too many stay beyond the last title."""
        return self._moved(line, self._old, split)

    def of_new(self, line: Line, split: Split) -> Line:
        return self._moved(line, self._new, split)

    def _moved(self, line: Line, heading: Heading, split: Split) -> Line:
        at = 5 if line[0] == "r" else 4
        cells, under = line[at], self._under[id(heading)]
        assert isinstance(cells, list)
        told = dict.fromkeys(self.heading.titles, "")
        told |= {under[title]: str(cell) for title, cell in zip(heading.titles, cells, strict=False)}
        if self._differ and (whole := told.get(heading.full_name)) and heading.full_name:
            for name, part in zip(_NAMES, split(whole), strict=True):
                told[self.heading.named[name]] = part
        moved: Line = [*line]
        moved[at] = [*told.values(), *cells[len(heading.titles) :]]
        if line[0] == "r":
            moved[3] = under.get(str(line[3]), line[3])
        return moved


def _told(heading: Heading, under: Mapping[str, str]) -> dict[str, str]:
    return {name: under.get(title, title) for name, title in heading.named.items()}


def joined(new: Report, known: Report, heading: Heading) -> Report:
    """How both are read: `new` is the new file's report, `known` the list's."""
    samples = {column.title: column.samples for column in (*known.headers, *new.headers)}
    headers = tuple(Column(title=title, samples=samples.get(title, ())) for title in heading.titles)
    return replace(
        new, columns=heading.named, extras=heading.extras, headers=headers, mapping=heading.mapping,
        full_name=heading.full_name, fingerprint="", ambiguous={}, kind="merged",
    )  # fmt: skip
