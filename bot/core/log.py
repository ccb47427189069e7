"""The log of a workspace: who did what, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BOT = ""  # who did what nobody asked for at that moment
SUPPRESSIONS, OPENINGS, LOG = "suppressions", "openings", "log"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """Who did what, when. `by` is a member, or `BOT`; `subject` is an id, or one of the names above;
    `about` holds counts and ids, never an address."""

    at: datetime
    by: str
    verb: str
    subject: str
    about: Mapping[str, str | int]


class Thing(StrEnum):
    """What a `subject` is. Its name is looked up when the log is read: what is gone has none any more."""

    LIST = "list"
    CAMPAIGN = "campaign"
    TEMPLATE = "template"
    SUPPRESSIONS = SUPPRESSIONS
    OPENINGS = OPENINGS
    LOG = LOG
    OTHER = "other"

    @classmethod
    def of(cls, subject: str) -> "Thing":
        kinds = {"lst_": cls.LIST, "cmp_": cls.CAMPAIGN, "tpl_": cls.TEMPLATE}
        places = {one.value: one for one in (cls.SUPPRESSIONS, cls.OPENINGS, cls.LOG)}
        return kinds.get(subject[:4]) or places.get(subject, cls.OTHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An entry as it is read: `who` is what they are called, empty for the bot itself; `name` what the thing
    is called now, empty where it is not kept any more; `id` its own. `counts` and `words` are `about`, with
    members' names for their ids."""

    at: datetime
    who: str
    verb: str
    thing: Thing
    id: str
    name: str
    counts: Mapping[str, int]
    words: Mapping[str, str]

    @property
    def is_of_person(self) -> bool:
        """About somebody who is never named: the verb says all there is."""
        return "person" in self.words
