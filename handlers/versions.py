"""A file that looks like a list: replaced, merged, kept apart; taken back; and what its campaigns use."""

from collections.abc import Callable
from contextlib import suppress

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.core.campaigns import Campaign
from bot.core.people import Member
from bot.core.sentences import Refusal, Stale
from bot.services.versions import Outcome
from handlers.blocks import kit, lists
from handlers.blocks import versions as blocks
from handlers.blocks.support import of_list
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.posts import GONE
from handlers.support import beneath
from handlers.words import Words

MANY = 5_000  # contacts: a version of more takes a moment, and it is said


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.REPLACE, replace)
    on_click(app, edge, blocks.MERGE, merge)
    on_click(app, edge, blocks.BOTH, keep_both)
    on_click(app, edge, blocks.REVERT, revert)
    on_click(app, edge, blocks.FIX_AGAIN, fix_again)
    on_click(app, edge, blocks.STAY, stay)


async def replace(click: Click) -> None:
    await _join(click, click.services.versions.replace)


async def merge(click: Click) -> None:
    await _join(click, click.services.versions.merge)


async def _join(click: Click, act: Callable[[Member, str, int], Outcome]) -> None:
    versions = click.services.versions
    waiting = await click.edge.run(versions.waiting, click.member, click.target.id)
    if waiting.count > MANY and waiting.revision == click.target.revision:
        await _draw(click, *blocks.working(click.say, waiting.title))
    try:
        found = await click.edge.toil(act, click.member, click.target.id, click.target.revision)
    except Stale as stale:
        await _draw_as_it_is(click)
        await click.tell(stale.sentence)
        return
    except Exception:
        await _draw_as_it_is(click)
        raise
    last = await _last(click, found.contact_list.id)
    await _draw(click, *blocks.outcome(click.say, found.contact_list, found.others, last=last))


async def _last(click: Click, list_id: str) -> Campaign | None:
    return await click.edge.run(click.services.copies.model, click.member, list_id)


async def keep_both(click: Click) -> None:
    try:
        kept = await click.edge.run(
            click.services.versions.keep_both, click.member, click.target.id, click.target.revision
        )
    except Stale as stale:
        await _draw_as_it_is(click)
        await click.tell(stale.sentence)
        return
    text, shown = lists.preview(click.say, kept, last=await _last(click, kept.id))
    await _draw(click, text, await beneath(click.edge, click.member, shown, of_list(kept)))


async def _draw_as_it_is(click: Click) -> None:
    """A click that came too late, or failed, finds the message telling how things stand."""
    versions = click.services.versions
    found = await click.edge.run(versions.waiting, click.member, click.target.id)
    about = found.waiting
    last = await _last(click, about.list_id if about else found.id)
    shown = lists.preview(click.say, found, last=last)
    if found.waiting is not None and found.waiting.became is not None:
        with suppress(Refusal):  # the list was deleted meanwhile
            now = await click.edge.run(versions.outcome, click.member, found.waiting.list_id)
            shown = blocks.outcome(click.say, now.contact_list, now.others, last=last)
    await _draw(click, *shown)


async def revert(click: Click) -> None:
    """The list's own message follows by itself; what the campaigns use is asked where it is seen."""
    found = await click.edge.run(
        click.services.versions.revert, click.member, click.target.id, click.target.revision
    )
    shown = blocks.outcome(click.say, found.contact_list, found.others, back=True)
    if click.target.argument == blocks.HERE:
        await _draw(click, *shown)
    elif found.others:
        text, told = shown
        await click.client.chat_postMessage(channel=click.member.id, text=text, blocks=told)


async def fix_again(click: Click) -> None:
    fixed = await click.edge.toil(click.services.campaigns.fix_again, click.member, click.target.id)
    found = await click.edge.run(click.services.versions.outcome, click.member, click.target.id)
    await _draw(click, *blocks.fixed_again(click.say, found.contact_list, len(fixed)))


async def stay(click: Click) -> None:
    found = await click.edge.run(click.services.versions.outcome, click.member, click.target.id)
    await _draw(click, *blocks.stayed(click.say, found.contact_list, found.others))


async def _draw(click: Click, text: str, shown: list[kit.Block]) -> None:
    """In the message where the click was made; a new one where that is gone, or there was none."""
    where = click.body.get("container") or {}
    try:
        if where.get("message_ts"):
            await click.client.chat_update(
                channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=shown
            )
            return
    except SlackApiError as refused:
        if refused.response.get("error") not in GONE:
            raise
    await click.client.chat_postMessage(channel=click.member.id, text=text, blocks=shown)
