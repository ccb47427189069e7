"""Campaigns before departure: the five steps, the check, the test, scheduling and cancelling."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import campaigns as rules
from bot.core import fields, links, moments
from bot.core import people as people_rules
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State, Step, When
from bot.core.contacts import Contact
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, WorkspaceId, new_campaign_id
from bot.core.letters import Sender
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.sentences import Refusal, Stale, sentence
from bot.services.letters import Correspondence
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.people import People


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The last screen before departure. `total` = `count` + everything in `left_out` (cause -> people).

    `subject` and `words` are the letter of `contact`, the `shown`-th of the audience.
    """

    campaign: Campaign
    contact_list: ContactList
    total: int
    count: int
    left_out: dict[str, int]
    contact: Contact
    shown: int
    subject: str
    words: str
    sender: Sender


@dataclass(frozen=True, kw_only=True)
class Campaigns:
    store: ports.Store
    lists: Lists
    people: People
    letters: Correspondence
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy

    # --- drafts ---------------------------------------------------------------------------------------

    def start(self, member: Member, list_id: str = "", *, to_myself: bool = False) -> Campaign:
        """A draft with every default in place, from the list clicked or the latest one."""
        self._require_sender(member)
        chosen = self.lists.present(member, list_id) if list_id else self._latest(member)
        now = self.clock.now()
        draft = Campaign(
            workspace=member.workspace, id=new_campaign_id(), owner=member.id, seed=secrets.token_hex(4),
            created_at=now, language=member.language, zone=member.zone, list_id=chosen.id,
            sender=replace(self.policy.mail_from, name=member.last_sender_name or self.policy.mail_from.name),
            reply_to=self._reply_to(member), reason=chosen.reason, to_myself=to_myself,
            when=When.NOW if to_myself else When.LATER,
            send_at=moments.next_working_morning(now, member.tz, member.language.value),
            list_title=chosen.title, link=member.last_link if to_myself else "",
        )  # fmt: skip
        self.store.campaigns.add(member.workspace, draft)
        return draft

    def _latest(self, member: Member) -> ContactList:
        lists = self.lists.visible(member)
        if not lists:
            raise Refusal("campaigns.no_list")
        return lists[0]

    def _reply_to(self, member: Member) -> Sender | None:
        return Sender(address=member.email, name=member.name) if member.email else self.policy.reply_to

    def _require_sender(self, member: Member) -> None:
        self.people.require(member)
        if not people_rules.may_send(member, tuple(self.policy.senders)):
            raise Refusal("campaigns.not_sender")

    def get(self, member: Member, campaign_id: str) -> Campaign:
        """Raises Refusal for a campaign that is not there and for somebody else's, in the same words."""
        try:
            found = self.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            raise Refusal("campaigns.unknown") from None
        if not rules.may_manage(member, found):
            raise Refusal("campaigns.unknown")
        return found

    def visible(self, member: Member) -> list[Campaign]:
        """The person's campaigns and drafts, newest first."""
        return [one for one in self.store.campaigns.all(member.workspace) if rules.may_manage(member, one)]

    def progress(self, campaign: Campaign) -> Progress:
        if campaign.departed_at is None:
            return Progress()
        return self.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.progress(0))

    def draft(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """The draft whose revision is `expected`; `Stale` says what became of it otherwise."""
        campaign = self.get(member, campaign_id)
        if campaign.state is not State.DRAFT:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        if campaign.revision != expected:
            raise Stale("campaigns.stale", name=campaign.name)
        return campaign

    # --- the steps: each saves and moves on -----------------------------------------------------------

    def set_parameters(
        self, member: Member, campaign_id: str, expected: int, *, name: str, link: str,
        link_parameter: str, sender_name: str, reply_to: str, language: Language, reason: str,
    ) -> Campaign:  # fmt: skip
        """Step 1. Raises Refusal with the field to blame."""
        draft = self.draft(member, campaign_id, expected)
        changed = self._save(
            draft, step=Step.RECIPIENTS, name=rules.check_name(name), link=links.check_link(link),
            link_parameter=links.check_parameter(link_parameter or "postillon"),
            sender=self._sender(sender_name),
            reply_to=_reply_to(reply_to), language=language, reason=fields.one_line(reason),
        )  # fmt: skip
        self.people.remember_link(member, changed.link)
        return changed

    def _sender(self, name: str) -> Sender:
        return replace(self.policy.mail_from, name=fields.one_line(name) or self.policy.mail_from.name)

    def set_recipients(self, member: Member, campaign_id: str, expected: int, list_id: str) -> Campaign:
        draft = self.draft(member, campaign_id, expected)
        try:
            chosen = self.lists.present(member, list_id)
        except Refusal as refusal:
            raise Refusal.of(refusal.sentence, field="list") from None
        return self._save(draft, step=Step.MESSAGE, list_id=chosen.id, list_title=chosen.title)

    def set_message(
        self, member: Member, campaign_id: str, expected: int, *, subject: str, preheader: str, body: str
    ) -> Campaign:
        draft = self.draft(member, campaign_id, expected)
        subject = rules.check_subject(subject)
        body = rules.check_body(body)
        words = {"subject": subject, "preheader": fields.one_line(preheader), "body": body}
        touched = any(getattr(draft, name) != value for name, value in words.items())
        edited_at = self.clock.now() if touched else draft.edited_at
        saved = self._save(draft, step=Step.WHEN, edited_at=edited_at, **words)
        self.people.remember_letter(member, draft.language, subject, body)
        return saved

    def set_when(
        self, member: Member, campaign_id: str, expected: int, when: When, send_at: datetime | None
    ) -> Campaign:
        draft = self.draft(member, campaign_id, expected)
        if when is When.LATER:
            check_moment(send_at, self.clock.now())
        return self._save(draft, step=Step.CHECK, when=when, send_at=send_at or draft.send_at)

    def go_to(self, member: Member, campaign_id: str, expected: int, step: Step) -> Campaign:
        """Back, or *Edit* on the check: nothing but the step changes."""
        return self._save(self.draft(member, campaign_id, expected), step=step)

    def discard(self, member: Member, campaign_id: str, expected: int) -> None:
        draft = self.draft(member, campaign_id, expected)
        self.store.campaigns.remove(member.workspace, draft.id, expected)

    def _save(self, campaign: Campaign, **changes: object) -> Campaign:
        changed = rules.edit(campaign, **changes)
        self.store.campaigns.save(campaign.workspace, changed, campaign.revision)
        return changed

    # --- check, test ----------------------------------------------------------------------------------

    def check(self, member: Member, campaign_id: str, shown: int = 0) -> Check:
        """Count exactly, and show the letter of the `shown`-th person (modulo the audience)."""
        campaign = self.get(member, campaign_id)
        contact_list = self.lists.present(member, campaign.list_id or "")
        suppressed = len(self._suppressed(campaign.workspace, self._emails(contact_list)))
        count = contact_list.count - suppressed
        contact, shown = self._contact(contact_list, shown)
        subject, words = self.letters.preview(campaign, contact)
        return Check(
            campaign=campaign, contact_list=contact_list, total=contact_list.count, count=count,
            left_out={"suppressed": suppressed} if suppressed else {}, contact=contact, shown=shown,
            subject=subject, words=words, sender=campaign.sender,
        )  # fmt: skip

    def _emails(self, contact_list: ContactList) -> Iterator[str]:
        for contact in self.store.lists.contacts(contact_list.workspace, contact_list.id):
            yield canonical(contact.email)

    def _suppressed(self, workspace: WorkspaceId, emails: Iterable[str]) -> Sequence[str]:
        return list(self.store.suppressions.among(workspace, emails))

    def _contact(self, contact_list: ContactList, shown: int) -> tuple[Contact, int]:
        if contact_list.count == 0:
            raise Refusal("campaigns.empty_list", title=contact_list.title)
        place = shown % min(contact_list.count, len(contact_list.report.sample) or 1)
        return contact_list.report.sample[place], place

    def test(self, member: Member, campaign_id: str, expected: int, shown: int = 0) -> Campaign:
        """*Test to myself*: the real letter of a real contact, to the person's own address."""
        draft = self.draft(member, campaign_id, expected)
        if not member.email:
            raise Refusal("campaigns.test.no_address")
        contact, _ = self._contact(self.lists.present(member, draft.list_id or ""), shown)
        self.letters.send_test(draft, replace(contact, email=member.email))
        note(self.store, self.clock.now(), member, "tested", campaign_id)
        return self._save(draft, tested_at=self.clock.now())

    # --- schedule, cancel -----------------------------------------------------------------------------

    def schedule(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """Fix the audience and set the wake-up. The second click finds it scheduled: `Stale`."""
        self._require_sender(member)
        draft = self.draft(member, campaign_id, expected)
        self._require_complete(draft)
        contact_list = self.lists.present(member, draft.list_id or "")
        now = self.clock.now()
        send_at = self._departure(draft, now)
        audience, size = self._fix_audience(draft, contact_list)
        scheduled = rules.move(
            draft, State.SCHEDULED, send_at=send_at, scheduled_at=now, audience=audience,
            audience_size=size, list_title=contact_list.title,
        )  # fmt: skip
        self.store.campaigns.advance(member.workspace, scheduled, draft.revision, wake_at=send_at)
        note(self.store, now, member, "scheduled", campaign_id, people=size)
        self.show(member, scheduled)
        return scheduled

    def _require_complete(self, draft: Campaign) -> None:
        links.check_link(draft.link)
        rules.check_subject(draft.subject)
        rules.check_body(draft.body)

    def _departure(self, draft: Campaign, now: datetime) -> datetime:
        if draft.when is When.LATER:
            return check_moment(draft.send_at, now)
        # one's own letter needs no time for second thoughts
        return now if draft.to_myself else now + timedelta(seconds=self.policy.undo_seconds)

    def _fix_audience(self, draft: Campaign, contact_list: ContactList) -> tuple[str, int]:
        """Without duplicates; suppressed people are counted out at departure, when it is true."""
        seen: set[str] = set()

        def unique() -> Iterator[Contact]:
            for contact in self.store.lists.contacts(draft.workspace, contact_list.id):
                address = canonical(contact.email)
                if address not in seen:
                    seen.add(address)
                    yield contact

        audience = self.store.campaigns.fix_audience(draft.workspace, draft.id, unique())
        if not seen:
            raise Refusal("campaigns.empty_list", title=contact_list.title)
        return audience, len(seen)

    def cancel(self, member: Member, campaign_id: str) -> Campaign:
        """Before departure only. Idempotent: a second click finds it cancelled and says so."""
        campaign = self.get(member, campaign_id)
        return self._end(member, campaign, State.CANCELLED, "cancelled")

    def edit_scheduled(self, member: Member, campaign_id: str, expected: int) -> Campaign:
        """Back to a draft: nothing leaves until it is scheduled again."""
        campaign = self.get(member, campaign_id)
        if campaign.revision != expected:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
        draft = rules.move(
            campaign, State.DRAFT, audience="", audience_size=0, scheduled_at=None, step=Step.CHECK
        )
        self.store.campaigns.advance(member.workspace, draft, expected, wake_at=None)
        note(self.store, self.clock.now(), member, "edited", campaign_id)
        self.show(member, draft)
        return draft

    def reschedule(self, member: Member, campaign_id: str, send_at: datetime | None) -> Campaign:
        """A held or scheduled campaign gets another moment."""
        campaign = self.get(member, campaign_id)
        moment = check_moment(send_at, self.clock.now())
        if campaign.state is State.SCHEDULED:
            moved = rules.edit(campaign, send_at=moment, when=When.LATER)
        else:
            self._require_not_departed(campaign)
            moved = rules.move(campaign, State.SCHEDULED, send_at=moment, when=When.LATER, why=None)
        self.store.campaigns.advance(member.workspace, moved, campaign.revision, wake_at=moment)
        note(self.store, self.clock.now(), member, "rescheduled", campaign_id)
        self.show(member, moved)
        return moved

    def _require_not_departed(self, campaign: Campaign) -> None:
        if campaign.departed_at is not None:
            raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)

    # --- once it runs ---------------------------------------------------------------------------------

    def send_now(self, member: Member, campaign_id: str) -> Campaign:
        """The owner's answer to a held campaign: it leaves, or goes on, at once."""
        campaign = self.get(member, campaign_id)
        to = State.SCHEDULED if campaign.departed_at is None else State.SENDING
        now = self.clock.now()
        return self._advance(
            member, rules.move(campaign, to, send_at=now, why=None), campaign, now, "resumed"
        )

    def pause(self, member: Member, campaign_id: str) -> Campaign:
        campaign = self.get(member, campaign_id)
        paused = rules.move(campaign, State.PAUSED, why=sentence("campaigns.why.person"))
        return self._advance(member, paused, campaign, None, "paused")

    def resume(self, member: Member, campaign_id: str) -> Campaign:
        campaign = self.get(member, campaign_id)
        resumed = rules.move(campaign, State.SENDING, why=None)
        return self._advance(member, resumed, campaign, self.clock.now(), "resumed")

    def stop(self, member: Member, campaign_id: str) -> Campaign:
        """For good. Before departure, stopping is cancelling."""
        campaign = self.get(member, campaign_id)
        to = State.STOPPED if campaign.departed_at is not None else State.CANCELLED
        return self._end(member, campaign, to, "stopped")

    def _end(self, member: Member, campaign: Campaign, to: State, verb: str) -> Campaign:
        ended = rules.move(campaign, to, ended_at=self.clock.now(), why=None)
        return self._advance(member, ended, campaign, None, verb)

    def _advance(
        self, member: Member, changed: Campaign, known: Campaign, wake_at: datetime | None, verb: str
    ) -> Campaign:
        self.store.campaigns.advance(member.workspace, changed, known.revision, wake_at)
        note(self.store, self.clock.now(), member, verb, changed.id)
        self.show(member, changed)
        return changed

    def running(self, member: Member) -> list[Campaign]:
        """What *stop* may mean: on its way now, else about to leave."""
        mine = self.visible(member)
        sending = [one for one in mine if one.state is State.SENDING]
        return sending or [one for one in mine if one.state is State.SCHEDULED]

    def show(self, member: Member, campaign: Campaign) -> None:
        """The campaign's message follows; where Slack is away, what happened stands all the same."""
        try:
            self.messenger.show_campaign(member, campaign, self.progress(campaign))
        except ports.Unreachable:
            return


def check_moment(send_at: datetime | None, now: datetime) -> datetime:
    """The moment chosen. Raises Refusal for none, one in the past, and one over a year away."""
    if send_at is None:
        raise Refusal("campaigns.send_at.empty", field="send_at")
    if send_at <= now:
        raise Refusal("campaigns.send_at.past", field="send_at", moment=send_at)
    if send_at - now > timedelta(days=366):
        raise Refusal("campaigns.send_at.far", field="send_at", moment=send_at)
    return send_at


def _reply_to(text: str) -> Sender | None:
    if not text.strip():
        return None
    try:
        return Sender.parse(fields.one_line(text))
    except ValueError:
        raise Refusal("campaigns.reply_to.bad", field="reply_to", address=text[:80]) from None
