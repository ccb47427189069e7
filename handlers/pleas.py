"""Help asked for, as it is posted: where who helps reads it, and in the asker's own conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Language, Member
from bot.core.support import Line, Plea, Spot
from handlers.blocks import kit, support
from handlers.blocks.voice import Say, voice


@dataclass(frozen=True, kw_only=True)
class Pleas:
    client: AsyncWebClient
    people: ports.People

    async def show(self, to: str, plea: Plea, asker: Member, language: Language) -> ports.MessageRef:
        text, blocks = support.plea(self._voice(plea.workspace, to, language), plea, asker)
        return await self._post(to, text, blocks)

    async def add(self, spot: Spot, plea: Plea, line: Line, language: Language) -> None:
        text, blocks = support.in_thread(self._voice(plea.workspace, spot.to, language), plea, line)
        await self._post(spot.channel, text, blocks, thread=spot.ts)

    async def tell(self, member: Member, plea: Plea, number: int) -> None:
        text, blocks = support.told(voice(member), plea, number)
        await self._post(member.id, text, blocks)

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
