"""Campaigns before they are scheduled: started with every default, then the five steps."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import campaigns as rules
from bot.core import fields, links, moments
from bot.core import people as people_rules
from bot.core.campaigns import Campaign, State, Step, When
from bot.core.ids import new_campaign_id
from bot.core.letters import Sender
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.sentences import Refusal
from bot.services.proofs import Proofs

UNTOUCHED = timedelta(hours=1)  # a draft nobody wrote in is taken up again, not doubled

Named = Callable[[str, datetime], str]
"""A campaign's first name, made of its list's title and the moment: words are the caller's."""


@dataclass(frozen=True, kw_only=True)
class Drafts(Proofs):
    """Everything up to the schedule. Each step saves and says where the person goes on."""

    def start(
        self, member: Member, list_id: str = "", *, to_myself: bool = False, named: Named | None = None
    ) -> Campaign:
        """A draft with every default in place, from the list clicked or the latest one. Two clicks give
        one draft."""
        self._require_sender(member)
        chosen = self.lists.usable(member, list_id) if list_id else self._latest(member)
        with self._lock:
            if untouched := self._untouched(member, chosen, to_myself=to_myself):
                return untouched
            draft = self._new(member, chosen, named, to_myself=to_myself)
            self.store.campaigns.add(member.workspace, draft)
            return draft

    def _new(self, member: Member, chosen: ContactList, named: Named | None, *, to_myself: bool) -> Campaign:
        now, policy = self.clock.now(), self.policy
        return Campaign(
            workspace=member.workspace, id=new_campaign_id(), owner=member.id, seed=secrets.token_hex(4),
            created_at=now, language=self._language(member, chosen), zone=member.zone, list_id=chosen.id,
            name=self._apart(member, named(chosen.title, now) if named else chosen.title),
            sender=replace(policy.mail_from, name=member.last_sender_name or policy.mail_from.name),
            reply_to=self._default_reply_to(member), reason=chosen.reason, to_myself=to_myself,
            when=When.NOW if to_myself else When.LATER,
            send_at=moments.next_working_morning(now, member.tz, member.language.value),
            list_title=chosen.title, link=member.last_link if to_myself else "",
        )  # fmt: skip

    def _apart(self, member: Member, name: str) -> str:
        """Two campaigns from one list in one month must not look the same."""
        taken = {one.name for one in self.visible(member)}
        names = (f"{name} ({number})" if number > 1 else name for number in itertools.count(1))
        return next(each for each in names if each not in taken)

    def _latest(self, member: Member) -> ContactList:
        lists = self.lists.own(member) or self.lists.visible(member)
        if not lists:
            raise Refusal("campaigns.no_list")
        return lists[0]

    def _untouched(self, member: Member, chosen: ContactList, *, to_myself: bool) -> Campaign | None:
        now = self.clock.now()
        for one in self.visible(member):
            fresh = one.state is State.DRAFT and one.revision == 1 and now - one.created_at < UNTOUCHED
            if fresh and one.list_id == chosen.id and one.to_myself == to_myself:
                return one
        return None

    def _language(self, member: Member, chosen: ContactList) -> Language:
        """The last campaign's on this list, else the file header's, else the person's."""
        for one in self.visible(member):
            if one.list_id == chosen.id and one.revision > 1:
                return one.language
        return Language(chosen.report.language) if chosen.report.language else member.language

    def _default_reply_to(self, member: Member) -> Sender | None:
        return Sender(address=member.email, name=member.name) if member.email else self.policy.reply_to

    def _require_sender(self, member: Member) -> None:
        self.people.require(member)
        if not people_rules.may_send(member, tuple(self.policy.senders)):
            raise Refusal("campaigns.not_sender")

    # --- the steps: `then` is the following one, or the check where the person came from ----------------

    def set_parameters(
        self, member: Member, campaign_id: str, expected: int, *, name: str, link: str,
        link_parameter: str, sender_name: str, reply_to: str, language: Language, reason: str,
        own_reason: bool = False, then: Step = Step.RECIPIENTS,
    ) -> Campaign:  # fmt: skip
        """Step 1. Raises Refusal with the field to blame. `own_reason`: in the person's own words, which
        the list keeps for its next campaign."""
        draft = self.draft(member, campaign_id, expected)
        changed = self._save(
            draft, step=then, name=rules.check_name(name), link=links.check_link(link),
            link_parameter=links.check_parameter(link_parameter or "postillon"),
            sender=self._sender(sender_name), reply_to=_reply_to(reply_to, draft.reply_to), language=language,
            reason=fields.one_line(reason),
        )  # fmt: skip
        self.people.remember_parameters(member, changed.link, changed.sender.name)
        if own_reason and changed.list_id:
            self.lists.explain(member, changed.list_id, changed.reason)
        return changed

    def _sender(self, name: str) -> Sender:
        return replace(self.policy.mail_from, name=fields.one_line(name) or self.policy.mail_from.name)

    def set_recipients(
        self, member: Member, campaign_id: str, expected: int, list_id: str, *, then: Step = Step.MESSAGE
    ) -> Campaign:
        draft = self.draft(member, campaign_id, expected)
        try:
            chosen = self.lists.usable(member, list_id)
        except Refusal as refusal:
            raise Refusal.of(refusal.sentence, field="list") from None
        strangers = draft.to_myself and chosen.id != draft.list_id
        others = {"to_myself": False, "when": When.LATER} if strangers else {}  # they get no letter at once
        return self._save(draft, step=then, list_id=chosen.id, list_title=chosen.title, **others)

    def set_message(
        self, member: Member, campaign_id: str, expected: int, *, subject: str, preheader: str, body: str,
        then: Step = Step.WHEN,
    ) -> Campaign:  # fmt: skip
        draft = self.draft(member, campaign_id, expected)
        words = {
            "subject": rules.check_subject(subject),
            "preheader": fields.one_line(preheader),
            "body": rules.check_body(body),
        }
        touched = any(getattr(draft, name) != value for name, value in words.items())
        edited_at = self.clock.now() if touched else draft.edited_at
        saved = self._save(draft, step=then, edited_at=edited_at, **words)
        self.people.remember_letter(member, draft.language, saved.subject, saved.body)
        return saved

    def set_when(
        self, member: Member, campaign_id: str, expected: int, when: When, send_at: datetime | None,
        speed: int | None = None,
    ) -> Campaign:  # fmt: skip
        """`speed`: letters an hour, 0 as fast as they are taken; None leaves it as it is."""
        draft = self.draft(member, campaign_id, expected)
        if when is When.LATER:
            check_moment(send_at, self.clock.now())
        pace = draft.speed if speed is None else speed
        return self._save(draft, step=Step.CHECK, when=when, send_at=send_at or draft.send_at, speed=pace)

    def go_to(self, member: Member, campaign_id: str, expected: int, step: Step, **typed: object) -> Campaign:
        """Back, or *Edit* on the check. `typed` is kept as it stands: the step judges it when it is sent."""
        draft = self.draft(member, campaign_id, expected)
        if any(name in typed and typed[name] != getattr(draft, name) for name in ("subject", "body")):
            typed["edited_at"] = self.clock.now()
        return self._save(draft, step=step, **typed)

    def discard(self, member: Member, campaign_id: str, expected: int) -> None:
        draft = self.draft(member, campaign_id, expected)
        self.store.campaigns.remove(member.workspace, draft.id, draft.revision)

    def _save(self, campaign: Campaign, **changes: object) -> Campaign:
        changed = rules.edit(campaign, **changes)
        self.store.campaigns.save(campaign.workspace, changed, campaign.revision)
        return changed


def check_moment(send_at: datetime | None, now: datetime) -> datetime:
    """The moment chosen. Raises Refusal for none, one in the past, and one over a year away."""
    if send_at is None:
        raise Refusal("campaigns.send_at.empty", field="send_at")
    if send_at <= now:
        raise Refusal("campaigns.send_at.past", field="send_at", moment=send_at)
    if send_at - now > timedelta(days=366):
        raise Refusal("campaigns.send_at.far", field="send_at", moment=send_at)
    return send_at


def _reply_to(text: str, known: Sender | None) -> Sender | None:
    """The address typed; the name it had is kept while the address stays. Blank: answers go to the sender."""
    typed = fields.one_line(text)
    if not typed:
        return None
    if known and typed in (known.address, str(known)):
        return known
    try:
        return Sender.parse(typed)
    except ValueError:
        raise Refusal("campaigns.reply_to.bad", field="reply_to", address=typed[:80]) from None
