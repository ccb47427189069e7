"""A draft's step as a dialog: asks the services what it shows."""

from dataclasses import dataclass

from bot.core import moments
from bot.core.campaigns import Campaign, Step
from bot.core.people import Member
from bot.core.sentences import Refusal
from handlers import message_views, recipient_views
from handlers.blocks import kit
from handlers.blocks.support import of_findings
from handlers.blocks.voice import Say, voice
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_check import Checked, check
from handlers.blocks.wizard_message import BODY, PREHEADER, SUBJECT
from handlers.blocks.wizard_when import when
from handlers.edge import Edge
from handlers.questionnaire_views import step_one
from handlers.support import beneath_dialog


@dataclass(frozen=True, kw_only=True)
class Views:
    """The dialogs of one person."""

    edge: Edge
    member: Member

    @property
    def say(self) -> Say:
        return voice(self.member)

    def shown(
        self, draft: Campaign, *, hub: bool = False, options: bool = False, told: str = "",
        level: str = "warning",
    ) -> Shown:  # fmt: skip
        return Shown(
            say=self.say, member=self.member, draft=draft, hub=hub, options=options, told=told, level=level
        )

    async def of(self, shown: Shown, step: Step | None = None, *, place: int = 0) -> kit.View:
        """`step` instead of the draft's own; `place`, whose letter the check quotes."""
        match step or shown.draft.step:
            case Step.PARAMETERS:
                return await step_one(self.edge, self.member, shown)
            case Step.RECIPIENTS:
                return await self._recipients(shown)
            case Step.MESSAGE:
                return await message_views.step(self.edge, shown)
            case Step.WHEN:
                return self._when(shown)
            case Step.CHECK:
                return await self._check(shown, place)

    async def _recipients(self, shown: Shown) -> kit.View:
        return await recipient_views.step(self.edge, shown)

    async def counting(self, shown: Shown) -> kit.View:
        """Step 2 while its people are still being counted."""
        return await recipient_views.step(self.edge, shown, counting=False)

    def _when(self, shown: Shown) -> kit.View:
        now = self.edge.services.campaigns.clock.now()
        proposed = shown.draft.send_at
        if proposed is None or proposed <= now:
            proposed = moments.next_working_morning(now, self.member.tz, self.member.language.value)
        return when(shown, moment=proposed, undo_seconds=self.edge.policy.undo_seconds, now=now)

    async def _check(self, shown: Shown, place: int) -> kit.View:
        services = self.edge.services
        try:
            found = await self.edge.toil(services.campaigns.check, self.member, shown.draft.id, place)
        except Refusal as refusal:
            return await self._to_mend(shown, refusal)
        self.edge.later(self.edge.toil(services.facets.prepare, self.member, shown.draft))  # to be searched
        audience = found.audience
        checked = Checked(
            lists=audience.lists, reach=audience.reach,
            read=message_views.read(found.reading), findings=found.findings,
            now=services.campaigns.clock.now(), undo_seconds=self.edge.policy.undo_seconds,
            approval_above=self.edge.policy.approval_above,
        )  # fmt: skip
        about = of_findings(shown.draft, [one.key for one in found.findings]) if found.findings else None
        view = check(shown, checked)
        return {**view, "blocks": await beneath_dialog(self.edge, self.member, view, about)}

    async def _to_mend(self, shown: Shown, refusal: Refusal) -> kit.View:
        """The check cannot be made: the step to mend it in, with the reason on top."""
        mending = self.shown(shown.draft, hub=True, told=self.say.mrkdwn(refusal.sentence))
        if refusal.field in (SUBJECT, PREHEADER, BODY):
            return await message_views.step(self.edge, mending)
        return await self._recipients(mending)
