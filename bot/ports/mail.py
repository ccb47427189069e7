"""What carries letters, and what composes them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.contacts import Contact
from bot.core.events import Told
from bot.core.hooks import Hook
from bot.core.letters import Addressed, Composed, Letter
from bot.core.mail_lists import MailList, Page
from bot.core.outcomes import NotTaken, Outcome, Refused, Request
from bot.core.people import Language
from bot.core.templates import Words


class Mailer(Protocol):
    def build(
        self, letter: Letter, composed: Composed, people: Iterable[Addressed], *, campaign: str, wave: int,
        trial: bool = False,
    ) -> Request:  # fmt: skip
        """At most BATCH people, each taken when it is written. `campaign` is an opaque id, for custom_args
        and categories. `trial`: to be judged like any other, and delivered to nobody."""

    def post(self, request: Request) -> Outcome:
        """Never raises for what the network or SendGrid does."""

    def senders(self) -> Sequence[str] | Refused | NotTaken:
        """Addresses and `@domains` that may stand in From."""

    def standing(self, sender: str) -> Refused | NotTaken | None:
        """What would keep letters of this address from leaving (key, sender, redirect), as far as the account
        tells without any being sent; None where nothing is known against them. Answers within seconds."""

    def credits(self) -> int | None:
        """How many letters the account may still send; None where it does not tell."""


class MailLog(Protocol):
    def holds(self, email: str, *, campaign: str, since: datetime) -> bool | Refused | NotTaken:
        """Does the mail service's own log know a letter of this campaign to this person, not older than
        `since`? False proves nothing: the log is late, and forgets. Refused: it is not for this key."""


class MailLists(Protocol):
    """What the mail service keeps by itself, asked for. Never raises for what it or the network does."""

    @property
    def has_group(self) -> bool:
        """Did the settings name an unsubscribe group?"""

    def page(self, name: MailList, *, since: int, until: int, offset: int) -> Page | Refused | NotTaken:
        """Rows made between these UNIX seconds, from that place on, in any order. Of GROUP all."""

    def delivered(self, campaign: str, since: date) -> int | Refused | NotTaken:
        """Letters of the campaign that arrived, tests included, as the mail service counts them."""

    def withhold(self, addresses: Sequence[str]) -> Refused | NotTaken | None:
        """Into the group of the settings, and no other list; twice changes nothing."""


class MailHooks(Protocol):
    def hooks(self) -> Sequence[Hook] | Refused | NotTaken:
        """To whom the account posts events. Never raises for what it or the network does; Refused: that is
        not for this key to know."""


class MailEvents(Protocol):
    """What the mail service posts to us by itself."""

    @property
    def is_ready(self) -> bool:
        """Is there a key to know its posts by?"""

    def verified(self, signature: str, timestamp: str, raw: bytes) -> bool:
        """Did the mail service post exactly this? Never raises."""

    def parsed(self, raw: bytes) -> Told:
        """Raises ValueError where it is no list of events at all; an entry that is none is counted."""


class Letters(Protocol):
    def compose(self, letter: Letter) -> Composed:
        """Raises Refusal where the words cannot become a letter."""

    def preview(self, letter: Letter, contact: Contact, link: str) -> tuple[str, str]:
        """Subject and plain words as this person will read them, without footer."""

    def reminder(self, language: Language) -> Words:
        """The one that we ship."""

    def unsure(self, body: str, language: Language) -> str:
        """The words of a reminder to people of whom nobody knows whether they have answered."""
