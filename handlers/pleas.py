"""Help asked for, as it is posted: where who helps reads it, and in the asker's own conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Language, Member
from bot.core.support import Line, Plea, Spot
from handlers import history
from handlers.blocks import kit, support
from handlers.blocks.voice import Say, voice


@dataclass(frozen=True, kw_only=True)
class Pleas:
    client: AsyncWebClient
    people: ports.People

    async def show(self, to: str, plea: Plea, asker: Member, language: Language) -> ports.MessageRef:
        say = self._voice(plea.workspace, to, language)
        text, blocks = support.plea(say, plea, asker, in_dm=support.is_member(to))
        return await self._post(to, text, blocks)

    async def add(self, spot: Spot, plea: Plea, line: Line, language: Language) -> None:
        text, blocks = support.in_thread(self._voice(plea.workspace, spot.to, language), plea, line)
        await self._post(spot.channel, text, blocks, thread=spot.ts)

    async def tell(self, member: Member, plea: Plea, number: int) -> ports.MessageRef | None:
        if number and plea.lines[number].by == member.id:
            return await self._answered(voice(member), plea, number)
        text, blocks = support.told(voice(member), plea, number)
        return await self._post(member.id, text, blocks)

    async def _answered(self, say: Say, plea: Plea, number: int) -> ports.MessageRef | None:
        """Their own words under what they answer, as Slack has it: what they read there is kept nowhere else
        with its addresses. Below, where it holds no more."""
        line, replied = plea.lines[number], plea.replied_to(number)
        if replied is None or replied.shown is None:
            return None
        there = await history.message(self.client, replied.shown.channel, replied.shown.ts)
        edited = support.answered_under(say, there.get("blocks") or [], line)
        if edited is None:
            text, blocks = support.answered(say, line)
            return await self._post(plea.member, text, blocks)
        await self.client.chat_update(
            channel=replied.shown.channel, ts=replied.shown.ts, text=str(there.get("text") or ""),
            blocks=edited,
        )  # fmt: skip
        return replied.shown

    def _voice(self, workspace: WorkspaceId, to: str, language: Language) -> Say:
        """A channel's language is the settings'; a member's own is theirs."""
        known = self.people.get(workspace, MemberId(to))
        return voice(known) if known else Say(language)

    async def _post(
        self, to: str, text: str, blocks: Sequence[kit.Block], thread: str | None = None
    ) -> ports.MessageRef:
        posted = await self.client.chat_postMessage(
            channel=to, text=text, blocks=list(blocks), thread_ts=thread
        )
        return ports.MessageRef(subject="", channel=str(posted["channel"]), ts=str(posted["ts"]))
