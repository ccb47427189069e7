"""Messages in the DM: posted once, edited in place after that, posted again where they are gone."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import files_of
from bot.core.people import Member
from bot.ports import MessageRef, Messages
from handlers.blocks import charts
from handlers.blocks.kit import Block
from handlers.blocks.voice import voice
from handlers.pacing import Budget

log = logging.getLogger("postillon")

P = ParamSpec("P")
T = TypeVar("T")

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"})
TROUBLE = "internal_error"
REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", TROUBLE})
THROTTLED = 429
CHARTLESS = 86_400.0  # seconds in which a workspace that refused a chart gets none: its Slack may learn them
TROUBLED = 600.0  # the same, where Slack did not say that it was the chart
UNNAMED = 30.0  # seconds, where a 429 does not say how long
CHART = charts.KIND
NEWEST = (CHART, "data_table", "table")  # from the youngest block type


@dataclass(frozen=True, kw_only=True)
class Post:
    """`subject` is the list or campaign the message shows; empty for what is said once."""

    member: Member
    text: str
    blocks: Sequence[Block] = ()
    subject: str = ""
    only_edit: bool = False


@dataclass(frozen=True, kw_only=True)
class Posts:
    """`edits` retries no 429: it concerns every edit, so that `budget` holds them all."""

    client: AsyncWebClient
    edits: AsyncWebClient
    budget: Budget
    messages: Messages
    shelf: Executor  # for `messages`, whose writes wait for the disk
    _channels: dict[tuple[WorkspaceId, MemberId], str] = field(default_factory=dict)  # DM ids Slack told
    _chartless: dict[WorkspaceId, float] = field(default_factory=dict)  # until when, by the loop's clock

    async def post(self, post: Post) -> MessageRef:
        """To the U… id: Slack opens the DM and answers with its D… id."""

        async def send(post: Post) -> MessageRef:
            answer = await self.client.chat_postMessage(
                channel=post.member.id, text=post.text, blocks=list(post.blocks) or None
            )
            self._channels[_who(post)] = str(answer["channel"])
            return MessageRef(subject=post.subject, channel=str(answer["channel"]), ts=str(answer["ts"]))

        return await self._plainly(post, send)

    async def show(self, post: Post) -> None:
        """Edit the message that shows the subject; post it where there is none, or it is gone."""
        workspace = post.member.workspace
        for ref in reversed(await self._kept(self.messages.of, workspace, post.subject)):
            if await self._edit(post, ref):
                return
            await self._kept(self.messages.forget, workspace, ref)
        if not post.only_edit:
            await self._kept(self.messages.note, workspace, await self.post(post))

    async def _plainly(self, post: Post, send: Callable[[Post], Awaitable[T]]) -> T:
        """A workspace whose Slack took a message in words that it had refused with charts gets words at once:
        not every edit is refused first."""
        if not _has(post, CHART):
            return await _plainer(post, send)
        now, workspace = asyncio.get_running_loop().time(), post.member.workspace
        if now < self._chartless.get(workspace, now):
            return await _plainer(_without(post, CHART), send)
        is_drawn, is_trouble = True, False

        async def noted(tried: Post) -> T:
            nonlocal is_drawn, is_trouble
            is_drawn = _has(tried, CHART)
            try:
                return await send(tried)
            except SlackApiError as refused:
                is_trouble = refused.response.get("error") == TROUBLE
                raise

        sent = await _plainer(post, noted)
        if not is_drawn:
            self._chartless[workspace] = now + (TROUBLED if is_trouble else CHARTLESS)
        return sent

    async def replace_last(self, post: Post) -> bool:
        """The last message that shows the subject says this, and shows it no more. False where none does."""
        found = await self.noted(post.member.workspace, post.subject)
        if found:
            await self._edit(post, found[-1])
            await self.forget(post.member.workspace, found[-1])
        return bool(found)

    async def noted(self, workspace: WorkspaceId, subject: str) -> list[MessageRef]:
        return await self._kept(self.messages.of, workspace, subject)

    async def forget(self, workspace: WorkspaceId, ref: MessageRef) -> None:
        await self._kept(self.messages.forget, workspace, ref)

    async def _kept(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.shelf, functools.partial(call, *args, **kwargs))

    async def _edit(self, post: Post, ref: MessageRef) -> bool:
        """False where the message cannot be edited any more."""

        async def send(post: Post) -> bool:
            await self._update(post, ref)
            return True

        try:
            return await self._plainly(post, send)
        except SlackApiError as refused:
            if refused.response.get("error") not in GONE:
                raise
            log.info("a message is gone and is posted again subject=%s", post.subject)
            return False

    async def _update(self, post: Post, ref: MessageRef) -> None:
        """As soon as there is room for an edit; where Slack asks for time, after that time."""
        while True:
            await self.budget.take()
            try:
                await self.edits.chat_update(
                    channel=ref.channel, ts=ref.ts, text=post.text, blocks=list(post.blocks)
                )
            except SlackApiError as refused:
                seconds = _asked_for(refused)
                if seconds is None:
                    raise
                log.warning("slack throttles edits: none in the next %g s", seconds)
                self.budget.rest(seconds)
            else:
                return

    async def upload(self, post: Post, name: str, content: bytes) -> None:
        """A file, with its sentence; noted where it holds the people of the post's subject. An upload takes a
        D… id only: where it is unknown the sentence goes first, and its answer tells."""
        channel = self._channels.get(_who(post))
        if channel:
            answer = await self.client.files_upload_v2(
                channel=channel, filename=name, title=name, content=content, initial_comment=post.text
            )
        else:
            ref = await self.post(post)
            answer = await self.client.files_upload_v2(
                channel=ref.channel, filename=name, title=name, content=content
            )
        for file in answer.get("files") or () if post.subject else ():
            held = MessageRef(subject=files_of(post.subject), channel=str(file["id"]), ts="")
            await self._kept(self.messages.note, post.member.workspace, held)


def _asked_for(refused: SlackApiError) -> float | None:
    """The seconds a 429 names; None where it is another refusal."""
    if refused.response.status_code != THROTTLED:
        return None
    named = str(refused.response.headers.get("Retry-After", ""))
    return max(float(named), 1.0) if named.isdecimal() else UNNAMED


async def _plainer(post: Post, send: Callable[[Post], Awaitable[T]]) -> T:
    """Where Slack refuses the blocks, again without the newest one: nobody here can try the real thing."""
    while True:
        try:
            return await send(post)
        except SlackApiError as refused:
            error = str(refused.response.get("error"))
            newest = next((kind for kind in NEWEST if _has(post, kind)), None)
            if error not in REFUSED or newest is None:
                raise
            log.warning("slack refused a message with a %s block (%s): sent without it", newest, error)
            post = _without(post, newest)


def _without(post: Post, kind: str) -> Post:
    """A chart's words stand in its place."""
    if kind == CHART:
        say = voice(post.member)
        return replace(post, blocks=[charts.in_words(say, block) for block in post.blocks])
    return replace(post, blocks=[block for block in post.blocks if block.get("type") != kind])


def _has(post: Post, kind: str) -> bool:
    return any(block.get("type") == kind for block in post.blocks)


def _who(post: Post) -> tuple[WorkspaceId, MemberId]:
    return post.member.workspace, post.member.id


def without_retries(client: AsyncWebClient) -> AsyncWebClient:
    """The same way to Slack, on which a 429 is told at once."""
    kept = [one for one in client.retry_handlers if not isinstance(one, AsyncRateLimitErrorRetryHandler)]
    found = AsyncWebClient(
        token=client.token, base_url=client.base_url, timeout=client.timeout, ssl=client.ssl,
        retry_handlers=kept,
    )  # fmt: skip
    found.proxy = client.proxy  # given to the constructor, none would mean the environment's
    return found
