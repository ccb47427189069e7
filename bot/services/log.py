"""Who did what, when: the workspace's log, which never holds an address; and how it is read.

note     a person did something
noted    a person looked at something: a full disk keeps nobody from that
remark   the bot did it by itself: a full disk keeps no letter from leaving
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import ports
from bot.core.discretion import masked
from bot.core.ids import WorkspaceId
from bot.core.log import BOT, LOG, LogEntry, Thing, Told
from bot.core.people import Member, called, is_admin
from bot.core.sentences import Refusal, sentence

log = logging.getLogger("postillon")

PAGE = 30


def note(
    store: ports.Store, at: datetime, member: Member, verb: str, subject: str, **about: str | int
) -> None:
    entry = ports.LogEntry(at=at, by=member.id, verb=verb, subject=subject, about=about)
    store.log.write(member.workspace, entry)


def noted(
    store: ports.Store, at: datetime, member: Member, verb: str, subject: str, **about: str | int
) -> None:
    _written_or_said(store, at, member.workspace, member.id, verb, subject, about)


def remark(
    store: ports.Store, at: datetime, workspace: WorkspaceId, verb: str, subject: str, **about: str | int
) -> None:
    _written_or_said(store, at, workspace, BOT, verb, subject, about)


def _written_or_said(
    store: ports.Store, at: datetime, workspace: WorkspaceId, by: str, verb: str, subject: str,
    about: Mapping[str, str | int],
) -> None:  # fmt: skip
    try:
        store.log.write(workspace, LogEntry(at=at, by=by, verb=verb, subject=subject, about=about))
    except (ports.Unwritable, ports.Unreadable) as error:
        log.warning("not in the log verb=%s subject=%s: %s", verb, subject, type(error).__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """`page` counts from 0, the newest entries first; `found` is how many there are in all."""

    told: tuple[Told, ...]
    page: int
    pages: int
    found: int


@dataclass(frozen=True, kw_only=True)
class Journal:
    """For who looks after the bot."""

    store: ports.Store
    exporter: ports.Exporter
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy

    def page(self, admin: Member, page: int = 0) -> Page:
        entries = self._entries(admin)
        pages = max(1, -(-len(entries) // PAGE))
        page = min(max(page, 0), pages - 1)
        shown = entries[page * PAGE : (page + 1) * PAGE]
        told = tuple(self._told(admin.workspace, shown))
        return Page(told=told, page=page, pages=pages, found=len(entries))

    def download(self, admin: Member, kind: str) -> None:
        """All of it, into their DM. `kind`: xlsx | csv."""
        entries = self._entries(admin)
        if not entries or kind not in ("xlsx", "csv"):
            raise Refusal("log.empty")
        told = self._told(admin.workspace, entries)
        file = self.exporter.journal(told, kind, admin.language, admin.zone)
        self.messenger.send_file(admin, file, sentence("log.file", n=len(entries)))
        note(self.store, self.clock.now(), admin, "exported", LOG, entries=len(entries))

    def _entries(self, admin: Member) -> list[LogEntry]:
        """Newest first."""
        if not is_admin(admin, tuple(self.policy.admins)):
            raise Refusal("log.admins")
        return self.store.log.read(admin.workspace)[::-1]

    def _told(self, workspace: WorkspaceId, entries: Iterable[LogEntry]) -> Iterator[Told]:
        people = {str(one.id): called(one) for one in self.store.people.all(workspace)}
        names = self._names(workspace)
        for one in entries:
            yield Told(
                at=one.at, who=masked(people.get(one.by, one.by)), verb=one.verb, id=one.subject,
                thing=Thing.of(one.subject), name=masked(names.get(one.subject, "")),
                counts={name: value for name, value in one.about.items() if isinstance(value, int)},
                words={
                    name: masked(people.get(value, value))
                    for name, value in one.about.items()
                    if isinstance(value, str)
                },
            )  # fmt: skip

    def _names(self, workspace: WorkspaceId) -> dict[str, str]:
        """As things are called now. Of campaigns no word but their name."""
        found: dict[str, str] = {one.id: one.title for one in self.store.lists.all(workspace)}
        found |= {one.id: one.name for one in self.store.campaigns.all(workspace)}
        return found | {one.id: one.title for one in self.store.templates.all(workspace)}
