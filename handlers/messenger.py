"""To Slack, for the services: `bot.ports.Messenger`, synchronous over the event loop.

Every message goes to the person's own DM. Campaign messages keep Slack's pace (handlers.pacing), and a
message whose newest block Slack refuses goes again without it (handlers.posts).
"""

import asyncio
import concurrent.futures
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.sentences import Sentence
from handlers import payloads
from handlers.blocks import campaigns, lists
from handlers.blocks.voice import voice
from handlers.pacing import Pace
from handlers.posts import Post, Posts

T = TypeVar("T")

PATIENCE = 60.0  # seconds a thread waits for Slack, throttling included


@dataclass(kw_only=True)
class SlackMessenger:
    client: AsyncWebClient
    loop: asyncio.AbstractEventLoop
    store: ports.Store
    policy: ports.Policy
    gap: float = 3.0  # seconds between two edits of one campaign's message
    _posts: Posts = field(init=False)
    _pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        shelf = concurrent.futures.ThreadPoolExecutor(2, "messages")
        self._posts = Posts(client=self.client, messages=self.store.messages, shelf=shelf)
        self._pace = Pace(gap=self.gap)

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        return self._wait(self._profile(workspace, member))

    async def _profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        answer = await self.client.users_info(user=member, include_locale=True)
        return payloads.member(answer["user"], workspace, self.policy.default_language)

    def say(self, member: Member, said: Sentence) -> None:
        text = voice(member).mrkdwn(said)
        self._wait(self._posts.post(Post(member=member, text=text)))

    def show_list(
        self, member: Member, contact_list: ContactList, *, uses: int = 0, only_edit: bool = False
    ) -> None:
        say = voice(member)
        text, blocks = lists.preview(say, contact_list, uses)
        post = Post(member=member, subject=contact_list.id, text=text, blocks=blocks, only_edit=only_edit)
        self._wait(self._posts.show(post))

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        """At once when the record changed; counts alone wait for their turn, and only the last are shown."""

        async def show() -> None:
            text, blocks = campaigns.message(voice(member), campaign, progress)
            await self._posts.show(Post(member=member, subject=campaign.id, text=text, blocks=blocks))

        self._wait(self._pace.run(campaign.id, campaign.revision, show))

    def send_file(self, member: Member, file: ports.OutgoingFile, said: Sentence) -> None:
        text = voice(member).mrkdwn(said)
        self._wait(self._posts.upload(Post(member=member, text=text), file.name, file.content))

    async def settle(self) -> None:
        """Shutdown: what still waits for its turn is shown now."""
        await self._pace.settle()

    def _wait(self, work: Coroutine[object, object, T]) -> T:
        """From a thread of the services. Slack's refusals and absences become `Unreachable`."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(PATIENCE)
        except SlackApiError as refused:
            raise ports.Unreachable(str(refused.response.get("error"))) from refused
        except concurrent.futures.TimeoutError as late:
            future.cancel()
            raise ports.Unreachable("timeout") from late
        except (ClientError, OSError) as away:
            raise ports.Unreachable(type(away).__name__) from away
