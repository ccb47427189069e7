"""A reminder by hand: what it would be, and the click that sends it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import campaigns as rules
from bot.core import closing, decisions, planning, working_hours
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Fold
from bot.core.people import Member, called
from bot.core.reminders import Reminder
from bot.core.sentences import Refusal, Stale, sentence
from bot.core.silent import Outlook, Preview
from bot.services.campaigns import Campaigns
from bot.services.log import note
from bot.services.racing import insisted
from bot.services.reminding import Reminding

LATELY = timedelta(hours=24)  # of answers, on the preview


@dataclass(frozen=True, kw_only=True)
class ByHand:
    campaigns: Campaigns
    reminding: Reminding

    def preview(self, member: Member, campaign_id: str) -> tuple[Campaign, Preview]:
        """Raises Refusal, or Stale, where none can leave now."""
        self.campaigns.require_sender(member)
        campaign, now = self.campaigns.get(member, campaign_id), self._now()
        decisions.require_room(campaign, now)
        outlook = self._require_somebody(campaign, now)
        words = decisions.words_for(campaign)
        return campaign, Preview(
            wave=campaign.wave + 1, outlook=outlook, lately=self._lately(campaign, now),
            is_known=self.reminding.knows(campaign, now), subject=words.subject, body=words.body,
            is_worded=not self._is_approved(campaign), moved=decisions.moved(campaign, now),
            slow=working_hours.slow(campaign, Reminder(days=0, at=now), now, outlook.people),
        )  # fmt: skip

    def remind(
        self, member: Member, campaign_id: str, wave: int, *, subject: str = "", body: str = "",
        to_unsure: bool = False,
    ) -> Campaign:  # fmt: skip
        """A reminder of the person's own, now. `wave`: the one it was drawn for, so that a second click finds
        it gone. Words left empty are the shipped ones."""
        self.campaigns.require_sender(member)

        def act() -> Campaign:
            campaign, now = self.campaigns.get(member, campaign_id), self._now()
            if campaign.wave >= wave:
                raise Stale("reminders.stale.left", name=campaign.name, number=wave)
            is_known = self.reminding.knows(campaign, now)
            if not to_unsure and not is_known:
                raise Refusal("reminders.refused.unknown", field=decisions.TO_UNSURE)
            worded = self._worded(campaign, subject, body)
            mine = Reminder(
                days=0, at=now, subject=worded.subject, body=worded.body, to_unsure=not is_known
            )  # fmt: skip
            return self._leave(member, *planning.by_hand(campaign, mine))

        return insisted(act)

    def _worded(self, campaign: Campaign, subject: str, body: str) -> Reminder:
        if self._is_approved(campaign):
            return decisions.words_for(campaign)
        subject = subject and rules.check_subject(subject, campaign.columns)
        return Reminder(days=0, subject=subject, body=body and rules.check_body(body, campaign.columns))

    def _is_approved(self, campaign: Campaign) -> bool:
        """So many people that somebody else read the letter before it left: nobody rewords it alone."""
        return self.campaigns.approvals.is_needed(campaign, campaign.audience_size)

    def _leave(self, member: Member, campaign: Campaign, number: int) -> Campaign:
        """Now, whatever the hour: a person said so."""
        now = self._now()
        decisions.require_room(campaign, now)
        self._require_somebody(campaign, now)
        chosen = replace(planning.changed(campaign, number, at=now), revision=campaign.revision)
        going = self.reminding.leave(chosen, number, now)
        note(self.campaigns.store, now, member, "reminded", campaign.id, wave=going.wave)
        self.campaigns.telling.tell(going)
        return going

    # --- of one that was asked about half-way ----------------------------------------------------------

    def _go_on(self, member: Member, campaign: Campaign, verb: str) -> Campaign:
        """What is left of it leaves, or was left out and it ends."""
        store, now = self.campaigns.store, self._now()
        if self._left(campaign):
            closing.require_open(campaign, now)
        going = rules.move(campaign, State.SENDING, why=None, asks_about=0)
        store.campaigns.advance(campaign.workspace, going, campaign.revision, wake_at=now)
        note(store, now, member, verb, campaign.id, wave=going.wave)
        said = None
        if member.id != campaign.owner:
            said = sentence(
                "reminders.by_other.half", who=called(member), name=campaign.name, number=campaign.asks_about
            )
        self.campaigns.telling.tell(going, said)
        return going

    def _left(self, campaign: Campaign) -> int:
        """Its letters that have not left; 0 where it is none of those."""
        if not planning.is_half(campaign):
            return 0
        return self.campaigns.store.ledgers.read(campaign.workspace, campaign.id, lambda fold: fold.left())

    def _leave_out(self, campaign: Campaign) -> None:
        """Whoever has not got it gets it no more: skipped, like those who answered meanwhile."""
        ledgers, now = self.campaigns.store.ledgers, self._now()
        read = ledgers.read
        for fact in read(campaign.workspace, campaign.id, lambda fold: fold.leave_out(campaign.wave, now)):
            ledgers.append(campaign.workspace, campaign.id, fact)

    def _require_somebody(self, campaign: Campaign, now: datetime) -> Outlook:
        outlook = self.reminding.outlook(campaign, now)
        if not outlook.people:
            raise Refusal("reminders.refused.nobody")
        return outlook

    def _lately(self, campaign: Campaign, now: datetime) -> int:
        since = int((now - LATELY).timestamp())

        def read(fold: Fold) -> int:
            return fold.receipts.answered_since(since)

        return self.campaigns.store.ledgers.read(campaign.workspace, campaign.id, read)

    def _now(self) -> datetime:
        return self.campaigns.clock.now()
