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
    support_channel: str = ""  # the id of a channel that hears what operators must repair
