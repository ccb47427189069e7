"""Who may stand in From: what the mail service told of its account, remembered for ten minutes.

Nobody waits for it before a dialog opens: what is known is shown, and asked again meanwhile.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import ports
from bot.core import fields
from bot.core.letters import Sender
from bot.core.sentences import Refusal

FRESH = timedelta(minutes=10)
AGAIN = timedelta(minutes=1)  # where nobody answered


@dataclass(kw_only=True)
class Senders:
    mailer: ports.Mailer
    policy: ports.Policy
    clock: ports.Clock
    _told: tuple[str, ...] = ()
    _until: datetime | None = None
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def offered(self) -> Sequence[str]:
        """MAIL_FROM first, then the other addresses, then the `@domains`. From memory alone."""
        own = self.policy.mail_from.address
        others = [one for one in self._told if one.lower() != own.lower()]
        return [own, *sorted(others, key=lambda one: (one.startswith("@"), one))]

    def told(self) -> Sequence[str] | None:
        """What the account tells, MAIL_FROM no more than the others; None where it told nothing."""
        return self._told or None

    def is_fresh(self) -> bool:
        return self._until is not None and self.clock.now() < self._until

    def ask(self) -> None:
        """The account, unless it was asked a moment ago. What was known stays where it does not tell."""
        with self._asking:
            if self.is_fresh():
                return
            match self.mailer.senders():
                case ports.Refused() | ports.NotTaken():
                    self._until = self.clock.now() + AGAIN
                case told:
                    self._told = tuple(dict.fromkeys(told))
                    self._until = self.clock.now() + FRESH

    def checked(self, address: str, known: Sender) -> str:
        """The address chosen or typed; `known` is the campaign's. Raises Refusal for one that the account
        does not offer. Where it told nothing, the schedule finds out."""
        address = fields.one_line(address)
        if not address or address.lower() == known.address.lower():
            return known.address
        self._require_form(address)
        offered = [one.lower() for one in self.offered()]
        at = address.lower().partition("@")[2]
        if self._told and not {address.lower(), f"@{at}"} & set(offered):
            domains = ", ".join(one for one in self.offered() if one.startswith("@"))
            key = "questionnaires.sender.foreign" if domains else "questionnaires.sender.unknown"
            raise Refusal(key, field="sender_address", address=address[:80], domains=domains)
        return address

    def _require_form(self, address: str) -> None:
        """SendGrid takes no other letters than these in From."""
        try:
            is_sound = address.isascii() and Sender.parse(address).address == address
        except ValueError:
            is_sound = False
        if not is_sound:
            raise Refusal("questionnaires.sender.bad", field="sender_address", address=address[:80])
