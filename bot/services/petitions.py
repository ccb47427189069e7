"""Approvals asked: which campaigns need one, what is shown of them, and where.

It is asked in APPROVAL_CHANNEL; admins are asked one by one where there is no such channel, or the bot is not
in it. Where nobody could be asked yet, the next sweep tries again: the record says where it was.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import ports
from bot.core import approvals as rules
from bot.core import campaigns as campaign_rules
from bot.core.approvals import Approval, Verdict
from bot.core.campaigns import Campaign, State
from bot.core.choosing import Reach
from bot.core.contacts import invented
from bot.core.sentences import Sentence, sentence
from bot.services.letters import Correspondence
from bot.services.lists import Lists
from bot.services.operators import Operators
from bot.services.racing import insisted
from bot.services.telling import FOR_GOOD, Telling

log = logging.getLogger("postillon")

KEPT = (
    30_000  # characters of each letter that are kept with the question: all, but of what fields make longer
)
NOBODY, OUTSIDE = "nobody", "outside"  # what its owner is told where the channel does not hear the question


@dataclass(frozen=True, kw_only=True)
class Petitions:
    telling: Telling
    lists: Lists
    letters: Correspondence

    def is_needed(self, campaign: Campaign, people: int) -> bool:
        above = self.telling.policy.approval_above
        return rules.is_needed(people, above, to_myself=campaign.to_myself)

    def is_missing(self, campaign: Campaign) -> bool:
        """Of a campaign that is about to leave: its audience is fixed. One given for fewer people is none."""
        people = people_of(campaign)
        return self.is_needed(campaign, people) and not rules.covers(campaign.approval, people)

    def guarded(
        self, leaving: Campaign, reach: Callable[[], Reach] | None = None, *, at_once: bool = False
    ) -> Campaign:
        """A campaign about to be scheduled, its audience fixed: as it is, or awaiting an approval. `reach`:
        how its people were counted. `at_once`: it has no moment of its own, and leaves as soon as it may."""
        if leaving.state is not State.SCHEDULED or not self.is_missing(leaving):
            return leaving
        asked = self._question(leaving, reach)
        send_at = None if at_once else leaving.send_at
        return replace(leaving, state=State.AWAITING, send_at=send_at, approval=asked)

    def _question(self, campaign: Campaign, reach: Callable[[], Reach] | None) -> Approval:
        """Asked anew, the same letter is shown again, and how many people it would reach now."""
        known, now = campaign.approval, self.telling.clock.now()
        if known and not reach:
            return rules.asked_anew(known, at=now, revision=campaign.revision, people=people_of(campaign))
        reader = replace(invented(), extras=campaign.columns)
        subject, words = self.letters.preview(campaign, reader)
        reminders = [
            self.letters.preview(campaign, reader, one) for one in campaign.reminders if one.is_ahead
        ]
        unkept = max(0, len(words) - KEPT) + sum(max(0, len(body) - KEPT) for _, body in reminders)
        people = self.telling.store.campaigns.recipients(campaign.workspace, campaign)
        counted = reach() if reach else None
        left_out = counted.left_out.items() if counted else ()
        return Approval(
            verdict=Verdict.ASKED, at=now, revision=campaign.revision, people=people_of(campaign),
            total=counted.total if counted else people_of(campaign),
            left_out=tuple((str(cause), count) for cause, count in left_out),
            domains=rules.domains(contact.email for _, contact in people),
            subject=subject.strip(), words=words[:KEPT], replaces=known.revision if known else 0,
            reminders=tuple((title.strip(), body[:KEPT]) for title, body in reminders), unkept=unkept,
        )  # fmt: skip

    def missed(self, leaving: Campaign) -> tuple[Campaign, Sentence]:
        """Its moment has come, and its approval is missing: as it is to be held, with what the next sweep
        asks, and why."""
        approval, people, moment = leaving.approval, people_of(leaving), leaving.send_at
        assert moment is not None
        why = sentence("approvals.why.missing", moment=moment)
        if approval and rules.is_given(approval):
            why = sentence("approvals.why.more", moment=moment, n=people, given=approval.people)
        return replace(leaving, approval=self._question(leaving, None)), why

    def wake_at(self, campaign: Campaign) -> datetime | None:
        """When a campaign that is scheduled, or awaits its approval, is to be looked at."""
        if campaign.state is State.AWAITING and campaign.approval:
            return rules.wake_at(campaign.approval, campaign.send_at)
        return campaign.send_at

    def ask(self, campaign: Campaign) -> Campaign:
        """Shown to those who may answer, where an answer is awaited; by the sweep, where Slack is away."""
        if campaign.state not in (State.AWAITING, State.HELD) or not rules.is_open(campaign.approval):
            return campaign
        try:
            places, trouble = self._show(campaign)
        except ports.Unreachable as away:
            log.warning("an approval is asked later campaign=%s: %s", campaign.id, away.error)
            return campaign
        return self._note(campaign, places, trouble)

    def _show(self, campaign: Campaign) -> tuple[tuple[str, ...], str]:
        """Where it stands now, and what is to be said to its owner of that. Raises Unreachable."""
        channel = self.telling.policy.approval_channel
        if channel and self._heard(campaign, channel):
            return (channel,), ""
        admins = [one.id for one in Operators(telling=self.telling).admins(campaign)]
        others = [one for one in admins if one != campaign.owner]
        heard = tuple(one for one in others if self._heard(campaign, one))
        return heard, (OUTSIDE if channel else "") if heard else NOBODY

    def _heard(self, campaign: Campaign, place: str) -> bool:
        """False where Slack will never show it there."""
        try:
            self.telling.show_approval(campaign, place)
        except ports.Unreachable as refused:
            if refused.error not in FOR_GOOD:
                raise
            log.warning("nobody hears an approval asked campaign=%s in=%s", campaign.id, place)
            return False
        return True

    def _note(self, campaign: Campaign, places: tuple[str, ...], trouble: str) -> Campaign:
        """Where it was asked. Once its owner knows that nobody can be, they are not told again."""
        asked = campaign.approval
        assert asked is not None
        if asked.places == places and asked.trouble == trouble:
            return campaign

        def act() -> Campaign:
            known = self._get(campaign)
            if known.approval is None or known.approval.revision != asked.revision:
                return known  # changed meanwhile
            approval = replace(known.approval, places=places, trouble=trouble)
            noted = campaign_rules.edit(known, approval=approval)
            self.telling.store.campaigns.save(known.workspace, noted, known.revision)
            return noted

        noted = insisted(act)
        if trouble and trouble != asked.trouble:
            channel = self.telling.policy.approval_channel
            said = sentence(f"approvals.trouble.{trouble}", name=noted.name, channel=channel or "–")
            self.telling.tell(noted, said)
        return noted

    def _get(self, campaign: Campaign) -> Campaign:
        return self.telling.store.campaigns.get(campaign.workspace, campaign.id)


def people_of(campaign: Campaign) -> int:
    """Letters that will leave, as counted when its audience was fixed."""
    return campaign.expected or campaign.audience_size
