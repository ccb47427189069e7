"""What waits for a person, for the top of their Home; and each question brought back before their eyes."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import ports
from bot.core.approvals import is_open
from bot.core.approvals import subject as approval_subject
from bot.core.campaigns import State
from bot.core.ids import CampaignId, ListId
from bot.core.lists import UNDO, ContactList
from bot.core.people import Member
from bot.core.retention import Notice
from bot.core.sentences import Stale, sentence
from bot.core.waiting import Kind, Waits, urgency
from bot.services.notices import Notices
from bot.services.telling import Telling


@dataclass(frozen=True, kw_only=True)
class Waiting:
    telling: Telling

    @property
    def store(self) -> ports.Store:
        return self.telling.store

    def of(self, member: Member) -> tuple[Waits, ...]:
        found = [*self._approvals(member), *self._files(member), *self._lists(member)]
        return tuple(sorted(found, key=urgency))

    def _approvals(self, member: Member) -> Iterator[Waits]:
        """Asked of them by name: who reads along in a channel is not known."""
        for one in self.store.campaigns.all(member.workspace):
            asked = one.approval
            if one.state is State.AWAITING and asked and is_open(asked) and member.id in asked.places:
                yield Waits(
                    kind=Kind.APPROVAL, id=one.id, revision=asked.revision, title=one.name, n=asked.people,
                    who=one.owner, until=one.send_at,
                )  # fmt: skip

    def _files(self, member: Member) -> Iterator[Waits]:
        for one in self.store.inbox.pending(member.workspace):
            if one.member == member.id and one.question:
                until = one.received_at + UNDO
                yield Waits(
                    kind=Kind.FILE, id=one.file.id, revision=one.revision, title=one.file.name, until=until
                )

    def _lists(self, member: Member) -> Iterator[Waits]:
        notices = Notices(store=self.store)
        for one in self.store.lists.all(member.workspace):
            if one.owner == member.id and _waits(one):
                yield Waits(kind=Kind.VERSION, id=one.id, revision=one.revision, title=one.title, n=one.count)
            elif one.is_there and (notice := notices.of(one)) and _asks(notice, member):
                yield Waits(
                    kind=Kind.RETENTION, id=one.id, revision=one.revision, title=one.title, n=one.count,
                    until=notice.deletes_at,
                )  # fmt: skip

    # --- brought back -----------------------------------------------------------------------------------

    def show(self, member: Member, kind: str, subject: str) -> None:
        """The question once more, as the newest message of their conversation. Raises Stale where nothing
        waits any more, and Unreachable."""
        known = {(one.kind.value, one.id) for one in self.of(member)}
        if (kind, subject) not in known:
            raise Stale("waiting.done")
        if kind == Kind.APPROVAL:
            self._show_approval(member, CampaignId(subject))
        elif kind == Kind.FILE:
            self._show_file(member, subject)
        else:
            self._show_list(member, ListId(subject))

    def _show_approval(self, member: Member, campaign_id: CampaignId) -> None:
        campaign = self.store.campaigns.get(member.workspace, campaign_id)
        assert campaign.approval is not None
        self._forget(member, approval_subject(campaign.id, campaign.approval.revision, member.id))
        self.telling.show_approval(campaign, member.id)

    def _show_file(self, member: Member, file_id: str) -> None:
        waiting = self.store.inbox.pending(member.workspace)
        pending = next(one for one in waiting if one.file.id == file_id and one.member == member.id)
        if self.store.messages.of(member.workspace, pending.subject):
            self.telling.messenger.show_import(member, pending, sentence("waiting.moved"))
        self._forget(member, pending.subject)
        self.telling.messenger.show_import(member, pending)

    def _show_list(self, member: Member, list_id: ListId) -> None:
        found = self.store.lists.get(member.workspace, list_id)
        self._forget(member, found.id)
        self.telling.messenger.show_list(member, found)

    def _forget(self, member: Member, subject: str) -> None:
        """What is shown next is a new message."""
        for ref in self.store.messages.of(member.workspace, subject):
            self.store.messages.forget(member.workspace, ref)


def _asks(notice: Notice, member: Member) -> bool:
    return member.id in notice.places and notice.expired_at is None


def _waits(contact_list: ContactList) -> bool:
    """A file that looks like a list, and nobody said what it is."""
    waiting = contact_list.waiting
    return waiting is not None and waiting.became is None and contact_list.deleted_at is None
