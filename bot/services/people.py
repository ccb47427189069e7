"""Who is speaking: members as Slack tells them, cached, with the language they asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import ports
from bot.core import people as rules
from bot.core.ids import MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.core.sentences import Refusal

FRESH = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class People:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy

    def known(self, workspace: WorkspaceId, member: MemberId) -> Member | None:
        """From memory alone: what must answer at once asks no network."""
        return self.store.people.get(workspace, member)

    def member(self, workspace: WorkspaceId, member: MemberId) -> Member:
        """Known, or asked of Slack when never seen or not since a day. Slack away: what is known stands."""
        known = self.known(workspace, member)
        if known and known.seen_at and self.clock.now() - known.seen_at < FRESH:
            return known
        try:
            return self.refresh(self.messenger.profile(workspace, member))
        except ports.Unreachable:
            return known or Member(workspace=workspace, id=member, locale=self.policy.default_language)

    def refresh(self, profile: Member) -> Member:
        """Slack told the profile anew: keep what the person told us."""

        def merged(known: Member | None) -> Member:
            told = known or profile
            return replace(
                profile, seen_at=self.clock.now(), chosen=told.chosen, greeted=told.greeted, dm=told.dm,
                last_link=told.last_link, last_sender_name=told.last_sender_name,
                last_sender_address=told.last_sender_address,
                last_subjects=told.last_subjects, last_bodies=told.last_bodies,
            )  # fmt: skip

        return self.store.people.change(profile.workspace, profile.id, merged)

    def meet(self, workspace: WorkspaceId, member: MemberId, dm: str) -> None:
        """Where they and we talk: their files are looked for there after an absence. Written where it is
        new; Slack is not asked who this is."""
        known = self.known(workspace, member)
        if known is None or known.dm != dm:
            stranger = Member(workspace=workspace, id=member, locale=self.policy.default_language)
            self._change(known or stranger, lambda kept: replace(kept, dm=dm))

    def require(self, member: Member) -> None:
        """Guests and strangers may not use the bot."""
        if not rules.may_use(member):
            raise Refusal("people.guest")

    def speak(self, member: Member, language: Language) -> Member:
        return self._change(member, lambda known: replace(known, chosen=language))

    def greet(self, member: Member) -> bool:
        """True the first time only: the hello is said once."""
        first = False

        def greeted(known: Member) -> Member:
            nonlocal first
            first = not known.greeted
            return replace(known, greeted=True)

        self._change(member, greeted)
        return first

    def remember_letter(self, member: Member, language: Language, subject: str, body: str) -> None:
        """The next letter starts from this one."""

        def remembered(known: Member) -> Member:
            subjects = {**dict(known.last_subjects), language.value: subject}
            bodies = {**dict(known.last_bodies), language.value: body}
            return replace(known, last_subjects=tuple(subjects.items()), last_bodies=tuple(bodies.items()))

        self._change(member, remembered)

    def remember_parameters(self, member: Member, link: str, sender: Sender) -> None:
        """The next campaign offers them; the sender of the settings needs no remembering."""
        usual = self.policy.mail_from
        name = "" if sender.name == usual.name else sender.name
        address = "" if sender.address == usual.address else sender.address
        self._change(
            member,
            lambda known: replace(known, last_link=link, last_sender_name=name, last_sender_address=address),
        )

    def _change(self, member: Member, change: Callable[[Member], Member]) -> Member:
        return self.store.people.change(member.workspace, member.id, lambda known: change(known or member))
