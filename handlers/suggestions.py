"""What an external select offers while somebody types: within Slack's 3 seconds, or nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.core.campaigns import Campaign, State
from bot.core.people import Member
from bot.core.sentences import Refusal
from handlers import payloads
from handlers.blocks import kit
from handlers.blocks.voice import Say, voice
from handlers.door import log
from handlers.edge import Edge

PATIENCE = 2.5  # seconds: a list read for the first time goes on being read; the next letter typed finds it
OFFERED = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """By whom, about which draft, with what typed so far."""

    edge: Edge
    member: Member
    draft: Campaign
    block_id: str
    query: str

    @property
    def say(self) -> Say:
        return voice(self.member)


Finder = Callable[[Asked], Awaitable[Sequence[kit.Block]]]


def on_suggest(
    app: AsyncApp, edge: Edge, action_id: str | re.Pattern[str], find: Finder, *, left: bool = False
) -> None:
    """`left`: about a campaign that is no draft any more."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        work = asyncio.ensure_future(_options(edge, body, find, left=left))
        done, _ = await asyncio.wait({work}, timeout=PATIENCE)
        await ack(options=list(work.result())[:OFFERED] if done else [])
        if not done:
            edge.later(_late(work))

    app.options(action_id)(listener)


async def _late(work: "asyncio.Future[Sequence[kit.Block]]") -> None:
    await work


async def _options(edge: Edge, body: Mapping[str, Any], find: Finder, *, left: bool) -> Sequence[kit.Block]:
    """Nothing for guests, strangers and what was made up: a menu has no room for a sentence."""
    found = payloads.who(body)
    try:
        member = await edge.run(edge.services.people.member, found.workspace, found.member)
        edge.services.people.require(member)
        view = body.get("view") or {}
        aim = kit.Target.parse(view.get("private_metadata"))
        draft = await edge.run(edge.services.campaigns.get, member, aim.id)
        if (draft.state is not State.DRAFT) is not left:
            return []
        block_id, query = str(body.get("block_id", "")), str(body.get("value") or "")[:200]
        return await find(Asked(edge=edge, member=member, draft=draft, block_id=block_id, query=query))
    except Refusal:
        return []
    except Exception:  # the one door has no face here: the menu stays empty, the log says why
        log.exception("no suggestions")
        return []
