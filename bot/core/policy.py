"""What the settings say, as the services need it."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.letters import Sender
from bot.core.people import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What the settings say, as the services need it."""

    mail_from: Sender
    reply_to: Sender | None
    postal_address: str
    unsubscribe_to: str
    public_url: str  # without a final slash; "" when there is none
    default_language: Language
    senders: Collection[str]
    admins: Collection[str]
    max_file_bytes: int
    undo_seconds: int
    secret: bytes
    frequency_days: int = 0  # nobody hears from two campaigns within so many days; 0: they may
    webhook_key: str = ""  # public, of the mail service's event webhook; without it no event is believed
    support_channel: str = ""  # the id of a channel that hears what operators must repair
    approval_above: int | None = None  # letters beyond which somebody else must agree; None: nobody is asked
    answers_secret: bytes = b""  # known to the tools that tell answers; empty: none is believed
    approval_channel: str = ""  # the id of the channel where they are asked; empty: admins are
    retention_days: int = 0  # how long a list is kept; 0: until somebody deletes it

    @property
    def is_told(self) -> bool:
        """Can the mail service tell us by itself what becomes of letters?"""
        return bool(self.public_url and self.webhook_key)

    @property
    def answers_address(self) -> str:
        """Where questionnaires' tools tell answers; empty where they cannot."""
        return f"{self.public_url}/answers" if self.public_url and self.answers_secret else ""
