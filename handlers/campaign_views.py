"""A draft's step as a dialog: asks the services what it shows."""

from dataclasses import dataclass

from bot.core import moments
from bot.core.campaigns import Campaign, Step
from bot.core.people import Member
from bot.core.sentences import Refusal
from handlers.blocks import kit
from handlers.blocks.voice import Say, voice
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_check import Checked, check
from handlers.blocks.wizard_message import BODY, SUBJECT, message
from handlers.blocks.wizard_parameters import parameters
from handlers.blocks.wizard_recipients import recipients
from handlers.blocks.wizard_when import when
from handlers.edge import Edge


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

    async def of(
        self, shown: Shown, step: Step | None = None, *, place: int = 0, list_id: str = ""
    ) -> kit.View:
        """`step` instead of the draft's own; `place`, whose letter the check quotes; `list_id`, a list
        chosen and not sent yet."""
        match step or shown.draft.step:
            case Step.PARAMETERS:
                return parameters(shown)
            case Step.RECIPIENTS:
                return await self._recipients(shown, list_id or shown.draft.list_id or "")
            case Step.MESSAGE:
                return message(shown)
            case Step.WHEN:
                return self._when(shown)
            case Step.CHECK:
                return await self._check(shown, place)

    async def _recipients(self, shown: Shown, list_id: str) -> kit.View:
        services = self.edge.services
        lists = await self.edge.run(services.lists.visible, self.member)
        try:
            audience = await self.edge.toil(services.campaigns.audience, self.member, list_id)
        except Refusal:  # the list was deleted meanwhile: another one is to be chosen
            return recipients(shown, lists, None, {})
        return recipients(shown, lists, audience.contact_list, audience.left_out)

    def _when(self, shown: Shown) -> kit.View:
        now = self.edge.services.campaigns.clock.now()
        proposed = shown.draft.send_at
        if proposed is None or proposed <= now:
            proposed = moments.next_working_morning(now, self.member.tz, self.member.language.value)
        return when(shown, moment=proposed, undo_seconds=self.edge.policy.undo_seconds)

    async def _check(self, shown: Shown, place: int) -> kit.View:
        services = self.edge.services
        try:
            found = await self.edge.toil(services.campaigns.check, self.member, shown.draft.id, place)
        except Refusal as refusal:
            return await self._to_mend(shown, refusal)
        audience = found.audience
        checked = Checked(
            contact_list=audience.contact_list, total=audience.total, count=audience.count,
            left_out=audience.left_out, contact=found.contact, place=found.shown,
            places=found.places, subject=found.subject, words=found.words,
            now=services.campaigns.clock.now(), undo_seconds=self.edge.policy.undo_seconds,
        )  # fmt: skip
        return check(shown, checked)

    async def _to_mend(self, shown: Shown, refusal: Refusal) -> kit.View:
        """The check cannot be made: the step to mend it in, with the reason on top."""
        mending = self.shown(shown.draft, hub=True, told=self.say.mrkdwn(refusal.sentence))
        if refusal.field in (SUBJECT, BODY):
            return message(mending)
        return await self._recipients(mending, shown.draft.list_id or "")
