"""Whom a campaign writes to: its lists, and who of them.

People are picked by the keyed hash of their canonical address: no address stands in a campaign's record.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.ids import ListId

PICKED = 20  # people chosen one by one; more than that is a filter, or a file of their own
LISTS = 20  # lists of one campaign


class Kind(StrEnum):
    ALL = "all"
    FILTER = "filter"  # who matches every condition
    EXCEPT = "except"  # everybody but who matches a condition, or is picked
    PICK = "pick"
    PILOT = "pilot"  # so many at random; the rest later


class Cause(StrEnum):
    """Why somebody of the lists gets no letter. All but RECENT are always left out."""

    DUPLICATE = "duplicate"  # in several of the lists, or twice under spellings of one address
    SUPPRESSED = "suppressed"
    INVITED = "invited"  # by this campaign, or one that it goes on from
    RECENT = "recent"  # another campaign wrote to them within FREQUENCY_DAYS
    PLANNED = "planned"  # another campaign, scheduled before, will have by then


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """`column`: a `Field` value, or the title of another column of the lists. Any of the `values` will do,
    whatever their capitals, accents and spaces."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """`others`: lists beside the campaign's own. `only`: a list that narrows the choice to who is in it."""

    kind: Kind = Kind.ALL
    others: tuple[ListId, ...] = ()
    only: ListId | None = None
    where: tuple[Condition, ...] = ()
    people: tuple[str, ...] = ()  # keyed hashes, in hexadecimal
    pilot: int = 0
    seed: str = ""  # of the pilot's drawing: the same people as long as nothing else changes
    keeps_recent: bool = False  # those written to lately get this letter all the same
