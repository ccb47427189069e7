"""Who did what, when: the workspace's log, which never holds an address."""

from datetime import datetime

from bot import ports
from bot.core.people import Member


def note(
    store: ports.Store, at: datetime, member: Member, verb: str, subject: str, **about: str | int
) -> None:
    entry = ports.LogEntry(at=at, by=member.id, verb=verb, subject=subject, about=about)
    store.log.write(member.workspace, entry)
