"""Those who look after the bot: what only they can repair reaches them, with the cure and no address."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import ports
from bot.core import campaigns as rules
from bot.core.campaigns import Campaign
from bot.core.ids import MemberId
from bot.core.people import Member, is_admin
from bot.core.sentences import Sentence, Stale, sentence
from bot.services.telling import Telling

FAULTS = frozenset({"key", "sender", "credits", "redirect"})  # of the mail service's refusals
NAMED = 3  # people; a company may have dozens of admins


@dataclass(frozen=True, kw_only=True)
class Operators:
    """Admins, and the support channel where there is one."""

    telling: Telling

    def why(self, campaign: Campaign, refused: ports.Refused, why: Sentence) -> Sentence:
        """What the owner reads of a pause: the reason, and who is told where they must repair it; the cure,
        where that is themselves."""
        if refused.why not in FAULTS:
            return why
        if self._looks_after(campaign.owner, self.admins(campaign)):
            cure = sentence(f"delivery.cure.{refused.why}", detail=refused.detail)
            return sentence("delivery.why.yours", why=why, cure=cure)
        return sentence("delivery.why", why=why, told=self.told(campaign))

    @staticmethod
    def _looks_after(member: MemberId, admins: Sequence[Member]) -> bool:
        return any(one.id == member for one in admins)

    def told(self, campaign: Campaign) -> Sentence:
        """Who knows, beside the owner."""
        admins = self.admins(campaign)
        names = [name for one in admins if one.id != campaign.owner and (name := one.first_name or one.name)]
        if self._looks_after(campaign.owner, admins):
            return sentence("delivery.told.you")
        if names:
            who = ", ".join(f"@{name}" for name in names[:NAMED]) + ("…" if len(names) > NAMED else "")
            return sentence("delivery.told.people", n=len(names), who=who)
        known = admins or self.telling.policy.support_channel
        return sentence("delivery.told.operators" if known else "delivery.told.nobody")

    def admins(self, campaign: Campaign) -> Sequence[Member]:
        """As the settings name them; Slack's own, where they name nobody: those we have met."""
        named = sorted(self.telling.policy.admins)
        if named:
            return [self.telling.member(campaign, MemberId(one)) for one in named]
        return [one for one in self.telling.store.people.all(campaign.workspace) if is_admin(one, ())]

    def alarm(self, campaign: Campaign, refused: ports.Refused) -> None:
        """Of a paused campaign: once for each fault, until it is repaired. Its owner has read why, and the
        cure where that is theirs."""
        known = self.telling.store.campaigns.get(campaign.workspace, campaign.id)
        if refused.why not in FAULTS or refused.why in known.alarmed:
            return
        said = sentence(f"mail.cure.{refused.why}", name=campaign.name, detail=refused.detail)
        self.tell(campaign, said, is_owner_told=True)
        self.note(campaign, refused.why)

    def tell(self, campaign: Campaign, said: Sentence, *, is_owner_told: bool = False) -> None:
        """Owed like everything that is told; here the owner is an admin like the others, who may have read
        as much in their own message."""
        for admin in self.admins(campaign):
            if not (is_owner_told and admin.id == campaign.owner):
                self.telling.tell(campaign, said, to=admin.id)
        self.telling.post(campaign, said)

    def note(self, campaign: Campaign, fault: str) -> None:
        """They were told of it. Its wake-up stays, and so does what somebody changes at the same moment."""
        store = self.telling.store.campaigns
        while fault not in (known := store.get(campaign.workspace, campaign.id)).alarmed:
            try:
                store.save(
                    known.workspace, rules.edit(known, alarmed=(*known.alarmed, fault)), known.revision
                )
            except Stale:
                continue
