"""To Slack, for the services: `bot.ports.Messenger`, synchronous over the event loop.

Every message goes to the person's own DM. Campaign messages keep Slack's pace (handlers.pacing), and a
message whose newest block Slack refuses goes again without it (handlers.posts).
"""

import asyncio
import concurrent.futures
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.sentences import Sentence
from bot.core.settling import Question, subject
from handlers import history, payloads
from handlers.blocks import campaigns, lists, questions, settling, versions
from handlers.blocks.absence import back
from handlers.blocks.voice import Say, voice
from handlers.pacing import Pace
from handlers.posts import Post, Posts

T = TypeVar("T")

PASSING = "progress."  # sentences that the next one replaces
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
        self._pace = Pace(gap=self.gap)
        self._posts = Posts(
            client=self.client, edits=_without_retries(self.client), budget=self._pace.budget,
            messages=self.store.messages, shelf=shelf,
        )  # fmt: skip

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        return self._wait(self._profile(workspace, member))

    async def _profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        answer = await self.client.users_info(user=member, include_locale=True)
        return payloads.member(answer["user"], workspace, self.policy.default_language)

    def say(self, member: Member, said: Sentence) -> None:
        text = voice(member).mrkdwn(said)
        self._wait(self._posts.post(Post(member=member, text=text)))

    def ask(self, member: Member, campaign: Campaign, progress: Progress, said: Sentence) -> None:
        text, blocks = campaigns.asked(voice(member), campaign, progress, said)
        self._wait(self._posts.post(Post(member=member, text=text, blocks=blocks)))

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        text = Say(language).mrkdwn(said)
        self._wait(self.client.chat_postMessage(channel=channel, text=text))

    def show_list(
        self, member: Member, contact_list: ContactList, *, uses: int = 0, only_edit: bool = False
    ) -> None:
        say = voice(member)
        text, blocks = lists.preview(say, contact_list, uses)
        post = Post(member=member, subject=contact_list.id, text=text, blocks=blocks, only_edit=only_edit)
        self._wait(self._posts.show(post))

    def show_import(self, member: Member, pending: ports.PendingImport, said: Sentence | None = None) -> None:
        say = voice(member)
        text, blocks = questions.told(say, said) if said else questions.question(say, pending)
        post = Post(member=member, subject=pending.subject, text=text, blocks=blocks)
        is_passing = said is not None and said.key.startswith(PASSING)
        self._wait(self._show_passing(post) if is_passing else self._posts.show(post))

    async def _show_passing(self, post: Post) -> None:
        """How far a file is: left out where edits are rare, since the next look comes in seconds. An import
        must not wait for it."""
        if self._pace.budget.has_room:
            await self._posts.show(post)

    def dropped(self, member: Member, since: datetime) -> Sequence[ports.Dropped]:
        return self._wait(history.dropped(self.client, member, since))

    def show_absence(self, member: Member, absence: ports.Absence, dropped: Sequence[ports.Dropped]) -> None:
        text = back(voice(member), absence, dropped)
        self._wait(self._posts.post(Post(member=member, text=text)))

    def ask_whom(self, member: Member, contact_list: ContactList, others: Sequence[Campaign]) -> None:
        text, blocks = versions.outcome(voice(member), contact_list, others)
        self._wait(self._posts.post(Post(member=member, text=text, blocks=blocks)))

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        """At once when the record changed; counts alone wait for their turn, and only the last are shown."""

        async def show() -> None:
            text, blocks = campaigns.message(voice(member), campaign, progress)
            await self._posts.show(Post(member=member, subject=campaign.id, text=text, blocks=blocks))

        self._wait(self._pace.run(campaign.id, campaign.revision, show))

    def show_question(self, member: Member, campaign: Campaign, question: Question) -> None:
        text, blocks = settling.question(voice(member), campaign, question)
        named, still_asks = subject(campaign.id), bool(question.doubts)
        post = Post(member=member, subject=named, text=text, blocks=blocks, only_edit=not still_asks)
        self._wait(self._posts.show(post))
        if not still_asks:
            for ref in self.store.messages.of(member.workspace, named):
                self.store.messages.forget(member.workspace, ref)

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


def _without_retries(client: AsyncWebClient) -> AsyncWebClient:
    """The same way to Slack, on which a 429 is told at once."""
    kept = [one for one in client.retry_handlers if not isinstance(one, AsyncRateLimitErrorRetryHandler)]
    found = AsyncWebClient(
        token=client.token, base_url=client.base_url, timeout=client.timeout, ssl=client.ssl,
        retry_handlers=kept,
    )  # fmt: skip
    found.proxy = client.proxy  # given to the constructor, none would mean the environment's
    return found
