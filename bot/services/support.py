"""Get help: what a person is stuck at goes to who can help, and the answer comes back to them.

What is passed on is fixed, and read by the person, before it goes. It is durable before Slack is asked; where
Slack is away, the next sweep brings it. Who dies between Slack's answer and the note of it says it again.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot import ports
from bot.core import support as rules
from bot.core.campaigns import Campaign
from bot.core.ids import MemberId, PleaId, WorkspaceId, new_plea_id
from bot.core.lists import Report
from bot.core.people import Member, is_admin, may_use
from bot.core.sentences import Refusal, Sentence, Stale
from bot.core.support import Due, Plea, Spot, Standing
from bot.services.attending import Attending
from bot.services.log import note
from bot.services.racing import TRIES
from bot.services.telling import FOR_GOOD

log = logging.getLogger("postillon")

CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
CODES = 20  # names of findings that a button carries


@dataclass(frozen=True, kw_only=True)
class Support:
    store: ports.Store
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy
    about: Sequence[str] = ()  # versions: of the bot, of Python, of the system
    _under_way: set[PleaId] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # --- who helps ------------------------------------------------------------------------------------

    def standing(self, member: Member) -> Standing:
        if may_use(member) and (self.policy.support_channel or self._admins(member)):
            return Standing.HEARD
        return Standing.YOURS if is_admin(member, tuple(self.policy.admins)) else Standing.NOBODY

    def is_offered(self, member: Member) -> bool:
        """A screen shows only buttons that work."""
        return self.standing(member) is Standing.HEARD

    def helpers(self, member: Member) -> list[str]:
        """The support channel; else those who look after the bot, without the one who asks."""
        return [self.policy.support_channel] if self.policy.support_channel else self._admins(member)

    def _admins(self, member: Member) -> list[str]:
        """As the settings name them; Slack's own, where they name nobody: those we have met."""
        known = self.store.people
        named = [MemberId(one) for one in sorted(self.policy.admins)]
        if not named:
            named = [one.id for one in known.all(member.workspace) if is_admin(one, ())]
        met = {one: known.get(member.workspace, one) for one in named if one != member.id}
        return [one for one, who in met.items() if who is None or may_use(who)]

    # --- asked ----------------------------------------------------------------------------------------

    def refused(
        self, member: Member, pending: ports.PendingImport, said: Sentence, report: Report | None
    ) -> str:
        """Of a file that is not kept: what there is to pass on is fixed now. The plea's id, which its button
        carries; "" where nobody would hear it."""
        if not self.is_offered(member):
            return ""
        facts = [
            rules.fact("size", n=pending.file.size),
            *rules.of_sentence(said), *(rules.of_report(report) if report else ()),
        ]  # fmt: skip
        try:
            return self._opened(member, pending.file.id, facts).id
        except ports.Unwritable as full:  # the refusal itself must be said all the same
            log.warning("no help is offered file=%s: %s", pending.file.id, full)
            return ""

    def opened(self, member: Member, target: str, codes: str, attending: Attending) -> Plea:
        """What the dialog shows. `target`: a plea, a list, a campaign or a file that waits; "" for nothing
        in particular. `codes`: of what was found wrong, where the button stood. Raises Refusal, and Stale
        where it was asked already."""
        if target.startswith("hlp_"):
            plea = self._get(member, target)
            if plea.is_asked:
                raise Stale("support.done")
            return plea
        if not self.is_offered(member):
            raise Refusal("support.nobody")
        found = [rules.fact("code", code=code) for code in codes.split(",")[:CODES] if CODE.fullmatch(code)]
        return self._opened(member, target, [*self._facts(member, target, attending), *found])

    def _opened(self, member: Member, subject: str, facts: Sequence[Sentence]) -> Plea:
        now = self.clock.now()
        plea = Plea(
            workspace=member.workspace, id=new_plea_id(), member=member.id, subject=subject, at=now,
            facts=(*facts, rules.of_versions(self.about), rules.at(now)),
        )  # fmt: skip
        self.store.pleas.add(member.workspace, plea)
        return plea

    def _facts(self, member: Member, target: str, attending: Attending) -> Iterator[Sentence]:
        if target.startswith("lst_"):
            found = attending.lists.get(member, target)
            yield rules.fact("list", id=found.id, version=found.version)
            yield from rules.of_report(found.report)
        elif target.startswith("cmp_"):
            yield from _of_campaign(attending.attended(member, target), attending)
        elif target:
            yield from self._of_file(member, target)

    def _of_file(self, member: Member, file_id: str) -> Iterator[Sentence]:
        for pending in self.store.inbox.pending(member.workspace):
            if pending.member == member.id and pending.file.id == file_id and pending.question:
                yield rules.fact("size", n=pending.file.size)
                yield rules.fact("question", kind=pending.question.kind.value)
                if error := pending.question.report.error:
                    yield from rules.of_sentence(error)
                yield from rules.of_report(pending.question.report)

    def ask(self, member: Member, plea_id: str, words: str) -> Plea:
        """Passed on. The second click finds it done."""
        plea = self._get(member, plea_id)
        if plea.is_asked:
            raise Stale("support.done")
        spots = tuple(Spot(to=one) for one in self.helpers(member))
        if not spots:
            raise Refusal("support.nobody")

        def asked(known: Plea) -> Plea:
            if known.is_asked:
                raise Stale("support.done")
            return rules.asked(known, spots, words, self.clock.now())

        plea = self._change(plea, asked)
        note(self.store, self.clock.now(), member, "asked for help", plea.id)
        return plea

    def _get(self, member: Member, plea_id: str) -> Plea:
        """One's own. Raises Refusal."""
        plea = self._found(member.workspace, plea_id)
        if plea.member != member.id:
            raise Refusal("support.gone")
        return plea

    def _found(self, workspace: WorkspaceId, plea_id: str) -> Plea:
        try:
            return self.store.pleas.get(workspace, PleaId(plea_id))
        except ports.Missing:
            raise Refusal("support.gone") from None

    # --- answered -------------------------------------------------------------------------------------

    def plea(self, member: Member, plea_id: str, channel: str) -> tuple[Plea, Member]:
        """For who wants to answer it, and who asked. Raises Refusal where it does not stand in that
        conversation."""
        plea = self._found(member.workspace, plea_id)
        if not plea.stands_in(channel):
            raise Refusal("support.gone")
        return plea, self._known(plea, plea.member)

    def own(self, member: Member, plea_id: str) -> Plea:
        return self._get(member, plea_id)

    def reply(self, member: Member, plea_id: str, channel: str, words: str) -> Plea:
        """Their words reach the person."""
        plea, _ = self.plea(member, plea_id, channel)
        return self._say(member, plea, words, "replied")

    def answer(self, member: Member, plea_id: str, words: str) -> Plea:
        """And the person's own, those who help."""
        return self._say(member, self._get(member, plea_id), words, "answered help")

    def _say(self, member: Member, plea: Plea, words: str, verb: str) -> Plea:
        changed = self._change(plea, lambda known: known.said(member.id, words, self.clock.now()))
        note(self.store, self.clock.now(), member, verb, plea.id)
        return changed

    def _change(self, plea: Plea, change: Callable[[Plea], Plea]) -> Plea:
        """Somebody else's line of the same moment is kept too."""
        for _ in range(TRIES):
            known = self._found(plea.workspace, plea.id)
            changed = change(known)
            try:
                self.store.pleas.save(plea.workspace, changed, known.revision)
            except Stale as stale:
                if stale.sentence.key != "support.stale":
                    raise
                continue
            return changed
        raise Stale("support.stale")

    # --- brought --------------------------------------------------------------------------------------

    def sweep(self) -> None:
        """What is still owed; and what is over is forgotten."""
        now = self.clock.now()
        for plea in self.store.pleas.all():
            if plea.is_over(now):
                self.store.pleas.remove(plea.workspace, plea.id)
            elif next(rules.owed(plea), None):
                self.bring(plea)

    def bring(self, plea: Plea) -> None:
        """Everything owed of it, one after the other; where Slack is away, the rest waits for a sweep."""
        with self._lock:
            if plea.id in self._under_way:
                return  # another thread is at it, and looks again after each
            self._under_way.add(plea.id)
        try:
            while due := next(rules.owed(plea := self._found(plea.workspace, plea.id)), None):
                self._bring(plea, due)
        except ports.Unreachable as away:
            log.warning("help is passed on later plea=%s: %s", plea.id, away.error)
        except Refusal:
            return  # it is over
        finally:
            with self._lock:
                self._under_way.discard(plea.id)

    def _bring(self, plea: Plea, due: Due) -> None:
        spot, shown = None, None
        try:
            if due.spot is None:
                shown = self.messenger.show_support(self._asker(plea), plea, due.number)
            else:
                spot = self._brought(plea, due.number, due.spot)
        except ports.Unreachable as refused:
            if refused.error not in FOR_GOOD:
                raise
            log.warning("slack refuses for good plea=%s to=%s: %s", plea.id, _to(plea, due), refused.error)
            spot = Spot(to=due.spot.to, is_lost=True) if due.spot else None
        others = self._admins(self._asker(plea))
        self._change(plea, lambda known: rules.heard(known, due, spot, others, shown))

    def _brought(self, plea: Plea, number: int, spot: Spot) -> Spot:
        language = self.policy.default_language
        if number == 0:
            ref = self.messenger.show_plea(spot.to, plea, self._asker(plea), language)
            return Spot(to=spot.to, channel=ref.channel, ts=ref.ts)
        self.messenger.add_to_plea(spot, plea, plea.lines[number], language)
        return spot

    def _asker(self, plea: Plea) -> Member:
        return self._known(plea, plea.member)

    def _known(self, plea: Plea, member: MemberId) -> Member:
        known = self.store.people.get(plea.workspace, member)
        return known or Member(workspace=plea.workspace, id=member, locale=self.policy.default_language)


def _to(plea: Plea, due: Due) -> str:
    return due.spot.to if due.spot else plea.member


def _of_campaign(campaign: Campaign, attending: Attending) -> Iterator[Sentence]:
    yield rules.fact("campaign", id=campaign.id, state=campaign.state.value, step=campaign.step.value)
    if campaign.departed_at is not None:
        yield rules.of_progress(attending.progress(campaign))
    if campaign.why:
        yield from rules.of_sentence(campaign.why)
    if campaign.alarmed:
        yield rules.fact("alarms", alarms=", ".join(campaign.alarmed))
