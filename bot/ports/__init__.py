"""What the outside world must provide: `stores` and `members`, `mail`, `slack`, and `files` (with the clock).

Every port method takes the workspace first and is ONE atomic step, durable when it returns (a store) or
finished when it returns (everything else). All are synchronous and may be called from any thread. Records
go in and come out as copies. Missing things raise `Missing`; a lost compare-and-set raises
`bot.core.sentences.Stale`; a store that cannot write raises `Unwritable`, one
whose file is damaged `Unreadable`.
"""

from bot.core.failures import Missing, Unreachable, Unreadable, Unwritable
from bot.core.inbox import (
    Absence,
    Dropped,
    MessageRef,
    OutgoingFile,
    Owed,
    PendingImport,
    RemoteFile,
)
from bot.core.log import LogEntry
from bot.core.outcomes import NotTaken, Outcome, Refused, Request, SomeRefused, Taken, Unknown
from bot.core.policy import Policy
from bot.ports.files import Clock, Comparer, Exporter, Reader
from bot.ports.mail import Letters, Mailer, MailEvents, MailHooks, MailLists, MailLog
from bot.ports.members import Inbox, Mappings, Messages, Outbox, People, Pleas, Templates
from bot.ports.slack import FileSource, Messenger
from bot.ports.stores import (
    Campaigns,
    Erasing,
    Ledgers,
    Lists,
    Log,
    Spaces,
    Store,
    Suppressions,
)

# the ports, and the records they speak of
__all__ = [
    "Absence", "Campaigns", "Clock", "Comparer", "Dropped", "Erasing", "Exporter", "FileSource", "Inbox",
    "Ledgers", "Letters", "Lists", "Log", "LogEntry", "MailEvents", "MailHooks", "MailLists", "MailLog",
    "Mailer", "Mappings", "MessageRef", "Messages", "Messenger", "Missing", "NotTaken", "Outbox", "Outcome",
    "OutgoingFile", "Owed", "PendingImport", "People", "Pleas", "Policy", "Reader", "Refused", "RemoteFile",
    "Request", "SomeRefused", "Spaces", "Store", "Suppressions", "Taken", "Templates", "Unknown",
    "Unreachable", "Unreadable", "Unwritable",
]  # fmt: skip
