"""What a new file holds otherwise than a list."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One value that a new file holds otherwise: whose (`name`), which (`field` of ours, or a header)."""

    name: str
    field: str
    before: str
    after: str
    extra: bool = False  # `field` is a header of the file


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A new file beside a list, in people; `examples` are the first values that changed.

    `more` and `fewer` are the titles of columns that only one of them has; `to_fix` rows to fix are in the
    new file alone, `settled` in the list alone.
    """

    added: int = 0
    changed: int = 0
    gone: int = 0
    examples: tuple[Change, ...] = ()
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    to_fix: int = 0
    settled: int = 0

    @property
    def is_none(self) -> bool:
        people, rows = self.added + self.changed + self.gone, self.to_fix + self.settled
        return not (people or rows or self.more or self.fewer)
