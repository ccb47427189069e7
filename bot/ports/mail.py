"""What carries letters, and what composes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.contacts import Contact
from bot.core.letters import Addressed, Composed, Letter
from bot.core.outcomes import NotTaken, Outcome, Refused, Request


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


class Letters(Protocol):
    def compose(self, letter: Letter) -> Composed:
        """Raises Refusal where the words cannot become a letter."""

    def preview(self, letter: Letter, contact: Contact, link: str) -> tuple[str, str]:
        """Subject and plain words as this person will read them, without footer."""
