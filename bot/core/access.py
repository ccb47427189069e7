"""Everything that is kept of one person, for who answers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.exclusions import Excluded
from bot.core.facts import Happened


class Stands(StrEnum):
    """How a row of a list is about them."""

    CONTACT = "contact"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    MARKED = "marked"  # the file says that they are not to be written to


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A row of a list. `values`: a column's title, or "" where it is not known, and what stands there."""

    title: str
    owner: str
    row: int
    stands: Stands
    values: tuple[tuple[str, str], ...]
    is_deleted: bool = False  # the list can still be brought back


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """A campaign they are a recipient of. `letters`: the number of the mailing, from 0, and when it left."""

    name: str
    owner: str
    letters: tuple[tuple[int, datetime], ...] = ()
    delivered_at: datetime | None = None
    answered_at: datetime | None = None
    happened: tuple[Happened, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`is_partial`: asked by a member, who sees no list but those they manage, no campaign but their own."""

    address: str
    at: datetime
    excluded: Excluded | None
    is_erased: bool
    held: tuple[Held, ...]
    reached: tuple[Reached, ...]
    is_partial: bool

    @property
    def is_nobody(self) -> bool:
        return not (self.held or self.reached or self.excluded)
