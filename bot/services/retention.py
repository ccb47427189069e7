"""Lists whose time is nearly over: somebody is asked a week before, and what nobody heard of is kept.

What was asked is written down first, so that what is asked again after a crash is the same message. To keep a
list changes its own record: a deletion that begins at that moment loses.
"""

import logging
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import lists as list_rules
from bot.core import retention as rules
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.people import Member, called, is_admin, may_use
from bot.core.retention import Notice, Standing
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.lists import Lists
from bot.services.log import note, remark
from bot.services.notices import Notices
from bot.services.people import People
from bot.services.telling import FOR_GOOD

log = logging.getLogger("postillon")

EVERY = timedelta(minutes=10)
MOST = 5  # lists somebody is asked about in a day
DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Retention:
    store: ports.Store
    lists: Lists
    people: People
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    _looked: datetime | None = None
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    # --- by itself ------------------------------------------------------------------------------------

    def sweep(self, now: datetime) -> None:
        if self._looked and timedelta() <= now - self._looked < EVERY:
            return
        if not self._at_it.acquire(blocking=False):
            return
        try:
            self._looked = now
            for workspace in self.store.lists.workspaces():
                self._visit(workspace, now)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: nobody more is asked."""
        self._leaving.set()

    def _visit(self, workspace: WorkspaceId, now: datetime) -> None:
        lists = self.store.lists.all(workspace)
        self._notices.drop(workspace, set(self._notices.all(workspace)) - {one.id for one in lists})
        used = rules.uses(self.store.campaigns.all(workspace))
        for contact_list in reversed(lists):  # the oldest first
            if self._leaving.is_set():
                return
            try:
                self._look(contact_list, self._due(contact_list, used), now)
            except Stale:
                continue  # a person was first; the next sweep looks again
            except ports.Unreachable as away:
                log.warning("retention waits for slack list=%s: %s", contact_list.id, away.error)
            except Exception:  # one list's trouble must not keep the others from their turn
                log.exception("retention list=%s", contact_list.id)

    def _look(self, contact_list: ContactList, due: datetime | None, now: datetime) -> None:
        notice = self._notices.of(contact_list)
        if notice is None:
            is_near = due is not None and due - self._ahead <= now
            if due and is_near and contact_list.is_there and self._has_patience(contact_list, now):
                self._ask(contact_list, Notice(owner=contact_list.owner, at=now, deletes_at=due), now)
        elif not contact_list.is_there:
            self._follow_deleted(contact_list, notice, now)
        elif due is None or due - self._ahead > now or notice.owner != contact_list.owner:
            self._close(contact_list, notice)  # a new owner is asked by the next sweep
        elif not notice.is_heard:
            self._ask(contact_list, notice, now)
        elif now >= notice.deletes_at:
            self._expire(contact_list, notice, now)

    @property
    def _ahead(self) -> timedelta:
        return rules.notice_of(self.policy.retention_days)

    @property
    def _notices(self) -> Notices:
        return Notices(store=self.store)

    def _due(self, contact_list: ContactList, used: rules.Uses) -> datetime | None:
        since = rules.since(contact_list, used)
        days = self.policy.retention_days
        return since + timedelta(days=days) if since and days else None

    def _has_patience(self, contact_list: ContactList, now: datetime) -> bool:
        """A setting that is new makes many lists old at once: nobody gets forty questions in a morning."""
        notices = self._notices.all(contact_list.workspace).values()
        asked = [one for one in notices if one.owner == contact_list.owner and now - one.at < DAY]
        return len(asked) < MOST

    # --- asked ----------------------------------------------------------------------------------------

    def _ask(self, contact_list: ContactList, notice: Notice, now: datetime) -> None:
        """Nobody loses a day of the week because Slack was away. Raises Unreachable."""
        later = max(notice.deletes_at, now + self._ahead)
        asked = self._notices.keep(contact_list, replace(notice, deletes_at=later, places=()))
        if heard := self._hearers(contact_list, asked):
            self._notices.keep(contact_list, replace(asked, places=heard))
        elif channel := self.policy.support_channel:
            owner = called(self._person(contact_list.workspace, contact_list.owner))
            said = sentence("retention.nobody", title=contact_list.title, owner=owner, moment=later)
            self.messenger.post(channel, said, self.policy.default_language)
            self._notices.keep(contact_list, replace(asked, is_posted=True))

    def _hearers(self, contact_list: ContactList, notice: Notice) -> tuple[MemberId, ...]:
        """Its owner; who looks after the bot, where the owner is gone or Slack will never tell them."""
        owner = self.people.member(contact_list.workspace, contact_list.owner)
        if may_use(owner) and self._hears(owner, contact_list, notice):
            return (owner.id,)
        admins = self._admins(contact_list)
        return tuple(one.id for one in admins if self._hears(one, contact_list, notice))

    def _admins(self, contact_list: ContactList) -> list[Member]:
        workspace = contact_list.workspace
        if self.policy.admins:
            found = [self._person(workspace, MemberId(one)) for one in sorted(self.policy.admins)]
        else:
            found = [one for one in self.store.people.all(workspace) if is_admin(one, ())]
        return [one for one in found if may_use(one) and one.id != contact_list.owner]

    def _hears(self, member: Member, contact_list: ContactList, notice: Notice) -> bool:
        """False where Slack will never tell them."""
        try:
            self._show(member, contact_list, notice, Standing.OPEN)
        except ports.Unreachable as refused:
            if refused.error not in FOR_GOOD:
                raise
            log.warning("somebody cannot be asked list=%s: %s", contact_list.id, refused.error)
            return False
        return True

    def _show(self, member: Member, contact_list: ContactList, notice: Notice, standing: Standing) -> None:
        due = self._due(contact_list, rules.uses(self.store.campaigns.all(contact_list.workspace)))
        self.messenger.show_retention(member, self._asked(contact_list, notice, standing, due))

    def _asked(
        self, contact_list: ContactList, notice: Notice, standing: Standing, due: datetime | None
    ) -> rules.Asked:
        return rules.Asked(
            contact_list=contact_list, notice=notice, standing=standing, days=self.policy.retention_days,
            owner=self._person(contact_list.workspace, notice.owner), until=due,
        )  # fmt: skip

    def _close(self, contact_list: ContactList, notice: Notice) -> None:
        """It is kept, and the question says so."""
        self._notices.drop(contact_list.workspace, {contact_list.id})
        self._show_all(contact_list, notice, Standing.KEPT)

    def _show_all(self, contact_list: ContactList, notice: Notice, standing: Standing) -> None:
        for place in notice.places:
            try:
                self._show(self._person(contact_list.workspace, place), contact_list, notice, standing)
            except ports.Unreachable as away:
                log.warning("a question stays as it was list=%s: %s", contact_list.id, away.error)

    # --- over -----------------------------------------------------------------------------------------

    def _expire(self, contact_list: ContactList, notice: Notice, now: datetime) -> None:
        """Noted before it is done, so that after a crash it is still said. Who heard of it may have left
        since: then somebody else is asked."""
        workspace = contact_list.workspace
        if notice.places and not any(may_use(self.people.member(workspace, one)) for one in notice.places):
            self._ask(contact_list, notice, now)
            return
        expired = self._notices.keep(contact_list, replace(notice, expired_at=now))
        deleted = self._delete(contact_list, now)
        remark(self.store, now, workspace, "expired", deleted.id, contacts=deleted.count)
        self._follow_deleted(deleted, expired, now)

    def _follow_deleted(self, contact_list: ContactList, notice: Notice, now: datetime) -> None:
        """Said once, however long Slack is away: until then it can be brought back as long as ever."""
        if notice.is_told:
            return
        if notice.expired_at is None:  # a person deleted it, knowing what they did
            self._notices.keep(contact_list, replace(notice, is_told=True))
            self._show_all(contact_list, notice, Standing.DELETED)
            return
        for place in notice.places:
            person = self._person(contact_list.workspace, place)
            try:
                self._show(person, contact_list, notice, Standing.EXPIRED)
            except ports.Unreachable as away:
                if away.error not in FOR_GOOD:
                    self._put_off(contact_list, now)
                    raise
        self._notices.keep(contact_list, replace(notice, is_told=True))

    def _put_off(self, contact_list: ContactList, now: datetime) -> None:
        if contact_list.deleted_at and now - contact_list.deleted_at > DAY:
            later = replace(contact_list, deleted_at=now, revision=contact_list.revision + 1)
            self.store.lists.save(contact_list.workspace, later, contact_list.revision)

    def _delete(self, contact_list: ContactList, now: datetime) -> ContactList:
        """As its owner's Delete does. Raises Stale."""
        deleted = list_rules.delete(contact_list, now)
        self.store.lists.save(deleted.workspace, deleted, contact_list.revision)
        self._show_list(deleted, only_edit=True)
        return deleted

    def _show_list(self, contact_list: ContactList, *, only_edit: bool) -> None:
        owner = self._person(contact_list.workspace, contact_list.owner)
        try:
            self.messenger.show_list(owner, contact_list, only_edit=only_edit)
        except ports.Unreachable:
            return  # the old message says how things stand at a click

    # --- answered -------------------------------------------------------------------------------------

    def keep(self, member: Member, list_id: str) -> ContactList:
        """For as long again. Left behind by its owner, it becomes the list of who keeps it. Deleted less
        than 7 days ago, it is brought back."""
        known, now = self._open(member, list_id), self.clock.now()
        kept = list_rules.restore(known, now) if known.deleted_at else list_rules.keep(known, now)
        if member.id != known.owner:
            kept = replace(list_rules.hand_over(kept, member.id), revision=kept.revision)
        self.store.lists.save(member.workspace, kept, known.revision)
        note(self.store, now, member, "kept", known.id, contacts=kept.count)
        if member.id != known.owner:
            note(self.store, now, member, "handed over", known.id, owner=known.owner)
            for ref in self.store.messages.of(kept.workspace, kept.id):  # in the DM of who left
                self.store.messages.forget(kept.workspace, ref)
            self._show_list(kept, only_edit=False)
        self.lists.follow(member, kept.id)
        if notice := self._notices.of(known):
            self._close(kept, notice)
        return kept

    def delete(self, member: Member, list_id: str) -> ContactList:
        """Now; for 7 days it can be brought back."""
        known, now = self._open(member, list_id), self.clock.now()
        if known.deleted_at is not None:
            raise Stale("lists.deleted", title=known.title)
        deleted = self._delete(known, now)
        note(self.store, now, member, "deleted", known.id, contacts=deleted.count)
        if notice := self._notices.of(known):
            self._follow_deleted(deleted, notice, now)
        return deleted

    def _open(self, member: Member, list_id: str) -> ContactList:
        """Its owner's; of who looks after the bot and was asked in the owner's place. Raises Refusal."""
        try:
            known = self.store.lists.get(member.workspace, ListId(list_id))
        except ports.Missing:
            raise Refusal("retention.gone") from None
        notice = self._notices.of(known)
        is_asked = notice is not None and member.id in notice.places
        may = known.owner == member.id or (is_asked and is_admin(member, tuple(self.policy.admins)))
        if not may or known.waiting is not None:
            raise Refusal("lists.unknown")
        return known

    def _person(self, workspace: WorkspaceId, member: MemberId) -> Member:
        known = self.store.people.get(workspace, member)
        return known or Member(workspace=workspace, id=member, locale=self.policy.default_language)
