"""Campaigns made of other campaigns: duplicate, same as last time, invite more people."""

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from bot.core.copies import is_again
from handlers.blocks import campaign_buttons as buttons
from handlers.blocks import notices
from handlers.campaign_turns import views_of
from handlers.campaigns import named
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, buttons.DUPLICATE, duplicate, opens=True)
    on_click(app, edge, buttons.INVITE, invite, opens=True)


async def duplicate(click: Click) -> None:
    """The check of a copy; or, where the button names a list, the link and then the check."""
    copies = click.services.copies
    if list_id := click.target.argument:
        draft = await click.edge.run(
            copies.again, click.member, click.target.id, list_id, named=named(click.say)
        )
    else:
        draft = await click.edge.run(copies.duplicate, click.member, click.target.id)
    await open_copy(click, draft)


async def invite(click: Click) -> None:
    """The list, then the check."""
    draft = await click.edge.run(click.services.copies.invite, click.member, click.target.id)
    source = await click.edge.run(click.services.campaigns.get, click.member, click.target.id)
    await open_copy(click, draft, click.say.mrkdwn("copies.invite.told", name=source.name))


async def open_copy(click: Click, draft: Campaign, told: str = "") -> None:
    """From the check's parts one comes back to it: the others need no look."""
    if draft.step is not Step.PARAMETERS:  # counting people may take longer than a trigger lives
        await click.show(notices.loading(click.say))
    views = views_of(click)
    if not told and is_again(draft):
        told = await _taken_from(click, draft)
    shown = views.shown(draft, hub=draft.step is not Step.CHECK, told=told, level="info")
    await click.show(await views.of(shown))


async def _taken_from(click: Click, draft: Campaign) -> str:
    source = await click.edge.run(click.services.campaigns.get, click.member, draft.origin or "")
    return click.say.mrkdwn("copies.again.told", name=source.name)
