"""Campaigns before they are scheduled: started with every default, then the five steps."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import campaigns as rules
from bot.core import fields, moments
from bot.core import people as people_rules
from bot.core.campaigns import Campaign, State, Step, When
from bot.core.doctor import diagnose
from bot.core.ids import new_campaign_id
from bot.core.letters import Sender
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.planning import calendar
from bot.core.questionnaires import preset
from bot.core.reminders import Reminder, check_plan
from bot.core.selection import Selection
from bot.core.sentences import Refusal, Stale
from bot.services.parameters import Parameters

UNTOUCHED = timedelta(hours=1)  # a draft nobody wrote in is taken up again, not doubled

LETTER = ("subject", "preheader", "body")

Named = Callable[[str, datetime], str]
"""A campaign's first name, made of its list's title and the moment: words are the caller's."""


@dataclass(frozen=True, kw_only=True)
class Drafts(Parameters):
    """Everything up to the schedule. Each step saves and says where the person goes on."""

    def start(
        self, member: Member, list_id: str = "", *, to_myself: bool = False, named: Named | None = None
    ) -> Campaign:
        """A draft with every default in place, from the list clicked or the latest one. Two clicks give
        one draft."""
        self.require_sender(member)
        chosen = self.lists.usable(member, list_id) if list_id else self._latest(member)
        with self._lock:
            if untouched := self._untouched(member, chosen, to_myself=to_myself):
                return untouched
            draft = self._new(member, chosen, named, to_myself=to_myself)
            self.store.campaigns.add(member.workspace, draft)
            return draft

    def _new(self, member: Member, chosen: ContactList, named: Named | None, *, to_myself: bool) -> Campaign:
        now, link = self.clock.now(), member.last_link if to_myself else ""
        return Campaign(
            workspace=member.workspace, id=new_campaign_id(), owner=member.id, seed=secrets.token_hex(4),
            created_at=now, language=self._language(member, chosen), zone=member.zone, list_id=chosen.id,
            name=self._apart(member, named(chosen.title, now) if named else chosen.title),
            sender=self.first_sender(member),
            reply_to=self._default_reply_to(member), reason=chosen.reason, to_myself=to_myself,
            when=When.NOW if to_myself else When.LATER,
            send_at=moments.next_working_morning(now, member.tz, member.language.value),
            list_title=chosen.title, link=link, placement=preset(diagnose(link).tool, link),
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

    def require_sender(self, member: Member) -> None:
        self.people.require(member)
        if not people_rules.may_send(member, tuple(self.policy.senders)):
            raise Refusal("campaigns.not_sender")

    # --- the steps: `then` is the following one, or the check where the person came from ----------------

    def choose(
        self, member: Member, campaign_id: str, expected: int, list_id: str, selection: Selection
    ) -> Campaign:
        """What is chosen so far, kept at every change of step 2: nothing is judged yet."""
        draft = self.draft(member, campaign_id, expected)
        known = self.audiences.taken(member, draft, list_id, selection)
        if known == draft:
            return draft  # the same click twice, or a look at the other options
        return self._save(draft, **strangers(draft, known))

    def set_recipients(
        self, member: Member, campaign_id: str, expected: int, list_id: str, selection: Selection, *,
        then: Step = Step.MESSAGE,
    ) -> Campaign:  # fmt: skip
        """Step 2. Raises Refusal at the field: a list is gone, nothing was chosen, nobody is left."""
        draft = self.draft(member, campaign_id, expected)
        known = self.audiences.taken(member, draft, list_id, selection)
        self.audiences.require_somebody(member, known)
        return self._save(draft, step=then, **strangers(draft, known))

    def set_message(
        self, member: Member, campaign_id: str, expected: int, *, subject: str, preheader: str, body: str,
        then: Step = Step.WHEN, is_again: bool = False,
    ) -> Campaign:  # fmt: skip
        """Step 3. Raises Refusal with the field to blame. `is_again`: sent before the window showed what it
        had saved last. What was done by then stays done; other words are `Stale`."""
        draft = self.draft(member, campaign_id, expected)
        words = self._words(member, draft, subject, preheader, body)
        touched = any(getattr(draft, name) != value for name, value in words.items())
        if is_again and touched:
            raise Stale("message.late")
        if is_again and draft.step is not Step.MESSAGE:
            return draft
        edited_at = self.clock.now() if touched else draft.edited_at
        saved = self._save(draft, step=then, edited_at=edited_at, replaced=None, **words)
        self.people.remember_letter(member, draft.language, saved.subject, saved.body)
        return saved

    def _words(
        self, member: Member, draft: Campaign, subject: str, preheader: str, body: str
    ) -> dict[str, str]:
        columns, ours = self.audiences.columns(member, draft), self._ours(member, draft)
        try:
            return {
                "subject": rules.check_subject(ours(subject), columns),
                "preheader": rules.check_preheader(ours(preheader), columns),
                "body": rules.check_body(ours(body), columns),
            }
        except Refusal:  # a column is no unknown field because its list is gone
            self.audiences.require_lists(member, draft)
            raise

    def _ours(self, member: Member, draft: Campaign) -> Callable[[str], str]:
        """A text with our names for the columns that the lists' import took for our fields."""
        columns, aliases = self.audiences.columns(member, draft), dict[str, str]()
        for one in self.audiences.facets.sources(member, draft):
            for name, title in one.report.columns.items():
                meant = name if title != one.report.full_name else ""  # half of it is no first name
                aliases[title] = meant if aliases.get(title, meant) == meant else ""
        return lambda text: fields.renamed(text, aliases, columns, draft.language)

    def set_when(
        self, member: Member, campaign_id: str, expected: int, when: When, send_at: datetime | None,
        speed: int | None = None, *, readers_zone: str | None = None,
        reminders: tuple[Reminder, ...] | None = None,
    ) -> Campaign:  # fmt: skip
        """`speed`: letters an hour, 0 as fast as they are taken; None leaves it, or what follows, alone."""
        draft, now = self.draft(member, campaign_id, expected), self.clock.now()
        if when is When.LATER:
            check_moment(send_at, now, draft.zone)
        known = replace(
            draft, when=when, send_at=send_at or draft.send_at,
            speed=draft.speed if speed is None else speed,
            readers_zone=draft.readers_zone if readers_zone is None else readers_zone,
            reminders=draft.reminders if reminders is None else reminders,
        )  # fmt: skip
        check_plan(known.reminders, calendar(known, now))
        return self._save(
            draft, step=Step.CHECK, when=when, send_at=known.send_at, speed=known.speed,
            readers_zone=known.readers_zone, reminders=known.reminders,
        )  # fmt: skip

    def set_reminder(
        self, member: Member, campaign_id: str, expected: int, number: int, subject: str, body: str
    ) -> Campaign:
        """The words of the `number`-th reminder, from 1; the shipped ones are kept as none. Raises Refusal
        with the field to blame, and `Stale` where there is no such reminder any more."""
        draft = self.draft(member, campaign_id, expected)
        if not 1 <= number <= len(draft.reminders):
            raise Stale("campaigns.stale", name=draft.name)
        kept = list(draft.reminders)
        columns, ours = self.audiences.columns(member, draft), self._ours(member, draft)
        subject = subject and rules.check_subject(ours(subject), columns)
        body = body and rules.check_body(ours(body), columns)
        kept[number - 1] = replace(kept[number - 1], subject=subject, body=body)
        if tuple(kept) == draft.reminders:
            return draft
        return self._save(draft, reminders=tuple(kept))

    def go_to(self, member: Member, campaign_id: str, expected: int, step: Step, **typed: object) -> Campaign:
        """Back, or *Edit* on the check. `typed` is kept as it stands: the step judges it when it is sent."""
        draft = self.draft(member, campaign_id, expected)
        if any(name in typed and typed[name] != getattr(draft, name) for name in LETTER):
            typed["edited_at"] = self.clock.now()
        return self._save(draft, step=step, **typed)

    def discard(self, member: Member, campaign_id: str, expected: int) -> None:
        draft = self.draft(member, campaign_id, expected)
        self.store.campaigns.remove(member.workspace, draft.id, draft.revision)


def strangers(draft: Campaign, known: Campaign) -> dict[str, object]:
    """What becomes of a draft once its recipients are those of `known`. Whoever else is among them gets no
    letter at once, as one's own try does."""
    chosen: dict[str, object] = {
        "list_id": known.list_id, "list_title": known.list_title, "selection": known.selection,
    }  # fmt: skip
    is_apart = known.list_id != draft.list_id or known.selection.others
    return chosen | ({"to_myself": False, "when": When.LATER} if draft.to_myself and is_apart else {})


def check_moment(send_at: datetime | None, now: datetime, zone: str) -> datetime:
    """The moment chosen. Raises Refusal for none, one in the past, and one over a year away."""
    if send_at is None:
        raise Refusal("campaigns.send_at.empty", field="send_at")
    if send_at <= now:
        raise Refusal("campaigns.send_at.past", field="send_at", moment=send_at)
    if send_at - now > timedelta(days=366):
        year = str(send_at.astimezone(ZoneInfo(zone)).year)
        raise Refusal("campaigns.send_at.far", field="send_at", moment=send_at, year=year)
    return send_at
