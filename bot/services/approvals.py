"""Approvals: a large campaign is shown to others, who let it leave or send it back.

Whoever is in APPROVAL_CHANNEL may answer, but for the campaign's owner; and admins, whom it is asked of where
there is no such channel. How it is asked stands in `petitions`.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import ports
from bot.core import approvals as rules
from bot.core import campaigns as campaign_rules
from bot.core.approvals import Approval, Verdict
from bot.core.campaigns import Campaign, State, Step
from bot.core.fields import one_line
from bot.core.ids import CampaignId
from bot.core.people import Member, called, is_admin, may_use
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.log import note
from bot.services.petitions import Petitions, people_of
from bot.services.racing import insisted

log = logging.getLogger("postillon")


@dataclass(frozen=True, kw_only=True)
class Approvals(Petitions):
    """What is answered, taken back, and never answered at all."""

    # --- answered -------------------------------------------------------------------------------------

    def asked(self, member: Member, campaign_id: str, revision: int, place: str) -> Campaign:
        """What the member is asked in that place. Raises Refusal for who may not answer, and `Stale` for
        what is no question any more."""
        campaign = self.read(member, campaign_id, revision, place)
        approval = campaign.approval
        assert approval is not None
        if approval.verdict is not Verdict.ASKED:
            raise Stale(
                f"approvals.done.{approval.verdict.value}", name=campaign.name, who=self._who(campaign)
            )
        if member.id == campaign.owner:
            raise Refusal("approvals.own")
        return campaign

    def read(self, member: Member, campaign_id: str, revision: int, place: str) -> Campaign:
        """What stands in that place, for whoever may answer there. Raises Refusal, and `Stale` where it was
        asked anew."""
        campaign = self._find(member, campaign_id)
        if not self._may_answer(member, place):
            raise Refusal("approvals.not_yours")
        if campaign.approval is None or campaign.approval.revision != revision:
            raise Stale("approvals.changed", name=campaign.name)
        return campaign

    def _find(self, member: Member, campaign_id: str) -> Campaign:
        try:
            found = self.telling.store.campaigns.get(member.workspace, CampaignId(campaign_id))
        except ports.Missing:
            raise Refusal("approvals.unknown") from None
        if found.approval is None:
            raise Refusal("approvals.unknown")
        return found

    def _may_answer(self, member: Member, place: str) -> bool:
        """Whoever is in the channel, for that is who was invited to it; elsewhere, admins."""
        policy = self.telling.policy
        in_channel = bool(place) and place == policy.approval_channel
        return may_use(member) and (in_channel or is_admin(member, tuple(policy.admins)))

    def _who(self, campaign: Campaign) -> str:
        by = campaign.approval.by if campaign.approval else None
        return called(self.telling.member(campaign, by)) if by else ""

    def approve(self, member: Member, campaign_id: str, revision: int, place: str) -> Campaign:
        """It leaves at its moment. Once that has passed, its owner says when."""

        def act() -> Campaign:
            campaign = self.asked(member, campaign_id, revision, place)
            return self._decide(member, campaign, self._approved(campaign, member), "approved")

        changed = insisted(act)
        if changed.state is State.HELD:
            said = sentence("approvals.said.late", name=changed.name, who=called(member))
        else:
            assert changed.send_at is not None
            said = sentence(
                "approvals.said.approved", name=changed.name, who=called(member), moment=changed.send_at,
                n=people_of(changed),
            )  # fmt: skip
        self._tell(changed, said)
        return changed

    def _approved(self, campaign: Campaign, member: Member) -> Campaign:
        now = self.telling.clock.now()
        given = self._decided(campaign, Verdict.APPROVED, member)
        late = sentence("approvals.why.late")
        if campaign.state is State.HELD:
            return campaign_rules.edit(campaign, approval=given, why=late)
        if campaign.send_at is not None and campaign.send_at <= now:
            return campaign_rules.move(campaign, State.HELD, approval=given, why=late)
        undo = timedelta(seconds=self.telling.policy.undo_seconds)
        send_at = campaign.send_at or now + undo
        return campaign_rules.move(campaign, State.SCHEDULED, approval=given, send_at=send_at)

    def refuse(self, member: Member, campaign_id: str, revision: int, place: str, comment: str) -> Campaign:
        """Back to a draft, with what is to be changed."""
        comment = one_line(comment)
        if not comment:
            raise Refusal("approvals.comment.empty", field="comment")
        if len(comment) > rules.COMMENT_LENGTH:
            raise Refusal(
                "approvals.comment.long", field="comment", limit=rules.COMMENT_LENGTH, length=len(comment)
            )

        def act() -> Campaign:
            campaign = self.asked(member, campaign_id, revision, place)
            refused = replace(self._decided(campaign, Verdict.REFUSED, member), comment=comment)
            draft = campaign_rules.move(
                campaign, State.DRAFT, audience="", audience_size=0, scheduled_at=None, step=Step.CHECK,
                why=None, approval=refused,
            )  # fmt: skip
            return self._decide(member, campaign, draft, "refused")

        draft = insisted(act)
        said = sentence("approvals.said.refused", name=draft.name, who=called(member), comment=comment)
        self._tell(draft, said)
        return draft

    def _decided(self, campaign: Campaign, verdict: Verdict, member: Member) -> Approval:
        assert campaign.approval is not None
        return replace(campaign.approval, verdict=verdict, by=member.id, decided_at=self.telling.clock.now())

    def _decide(self, member: Member, known: Campaign, changed: Campaign, verb: str) -> Campaign:
        wake_at = changed.send_at if changed.state is State.SCHEDULED else None
        self.telling.store.campaigns.advance(known.workspace, changed, known.revision, wake_at)
        note(self.telling.store, self.telling.clock.now(), member, verb, changed.id)
        return changed

    def _tell(self, changed: Campaign, said: Sentence) -> None:
        """Those who were asked, and the owner, who may have to do something about it."""
        self.telling.follow_approval(changed)
        self.telling.tell(changed, said, asks=changed.state is not State.SCHEDULED)
        self.lists.follow(self.telling.member(changed, changed.owner), changed.list_id)

    # --- taken back, moved ----------------------------------------------------------------------------

    def withdrawn(self, campaign: Campaign) -> Approval | None:
        """What becomes of it where the owner changes or cancels the campaign: nothing that was approved is
        left."""
        approval = campaign.approval
        if approval is None or campaign.departed_at is not None:
            return approval
        if approval.verdict not in (Verdict.ASKED, Verdict.APPROVED):
            return approval
        return replace(approval, verdict=Verdict.WITHDRAWN, decided_at=self.telling.clock.now())

    def put_off(self, campaign: Campaign) -> Approval | None:
        """Of a campaign that is moved: who was reminded of it may be once more."""
        return replace(campaign.approval, nudged_at=None) if campaign.approval else None

    def follow(self, before: Campaign, changed: Campaign) -> None:
        """Those who were asked see what became of it: taken back, or moved to another moment."""
        approval = changed.approval
        if approval is None or before.approval is None or not approval.places:
            return
        if before.approval.verdict is not approval.verdict:
            self.telling.follow_approval(changed)
        elif before.send_at != changed.send_at and changed.send_at and before.state is not State.HELD:
            self.telling.follow_approval(changed)
            said = sentence("approvals.moved", name=changed.name, moment=changed.send_at)
            self._post(changed, said)

    def _post(self, campaign: Campaign, said: Sentence) -> None:
        for place in campaign.approval.places if campaign.approval else ():
            self.telling.post(campaign, said, channel=place)

    # --- time goes by ---------------------------------------------------------------------------------

    def visit(self, campaign: Campaign, now: datetime) -> None:
        """At its wake-up, nobody has answered: asked once more, and held at its moment."""
        approval = campaign.approval
        assert approval is not None
        if now >= rules.deadline(approval, campaign.send_at):
            self._hold(campaign, approval)
            return
        nudge_at = rules.nudge_at(approval, campaign.send_at)
        if nudge_at is None or now < nudge_at:
            self._save(campaign, approval)
            return
        nudged = self._save(campaign, replace(approval, nudged_at=now))
        key = "approvals.nudge" if nudged.send_at else "approvals.nudge.undated"
        moment = nudged.send_at or rules.deadline(approval, None)
        self._post(nudged, sentence(key, name=nudged.name, n=approval.people, moment=moment))

    def _save(self, campaign: Campaign, approval: Approval) -> Campaign:
        saved = campaign_rules.edit(campaign, approval=approval)
        self.telling.store.campaigns.advance(
            campaign.workspace, saved, campaign.revision, self.wake_at(saved)
        )
        return saved

    def _hold(self, campaign: Campaign, approval: Approval) -> None:
        """Unapproved at its moment: nothing leaves. Both sides hear of it."""
        key = "approvals.why.unapproved" if campaign.send_at else "approvals.why.undated"
        why = sentence(key, moment=rules.deadline(approval, campaign.send_at))
        held = campaign_rules.move(campaign, State.HELD, why=why)
        self.telling.store.campaigns.advance(campaign.workspace, held, campaign.revision, None)
        log.info("unapproved campaign=%s", campaign.id)
        self.telling.follow_approval(held)
        self._post(held, sentence("approvals.passed", name=held.name, n=approval.people))
        self.telling.tell(held, sentence("campaigns.said.held", name=held.name, why=why), asks=True)

    def sweep(self) -> None:
        """Whoever could not be asked yet."""
        store = self.telling.store
        for workspace in store.campaigns.workspaces():
            for campaign in store.campaigns.all(workspace):
                if _is_unheard(campaign):
                    self._ask_safely(campaign)

    def _ask_safely(self, campaign: Campaign) -> None:
        try:
            self.ask(campaign)
        except Exception:  # one campaign's trouble must not keep the others from being asked about
            log.exception("an approval cannot be asked campaign=%s", campaign.id)


def _is_unheard(campaign: Campaign) -> bool:
    """One that is held is asked about until somebody could be asked, or its owner knows that nobody can."""
    approval = campaign.approval
    if approval is None or not rules.is_open(approval) or approval.places or campaign.departed_at is not None:
        return False
    return campaign.state is State.AWAITING or (campaign.state is State.HELD and not approval.trouble)
