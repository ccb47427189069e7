"""Campaigns whose owner's account was closed: let go, taken over."""

from collections.abc import Callable

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign
from bot.core.people import Member
from handlers.blocks import closures as blocks
from handlers.clicks import Click, Handler, on_click
from handlers.edge import Edge
from handlers.words import Words

Act = Callable[[Member, str], Campaign]


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.LET_GO, _answering(edge.services.closures.let_go))
    on_click(app, edge, blocks.TAKE_OVER, _answering(edge.services.closures.take_over))


def _answering(act: Act) -> Handler:
    async def handler(click: Click) -> None:
        await click.edge.run(act, click.member, click.target.id)
        await follow(click)

    return handler


async def follow(click: Click) -> None:
    """All who were asked see the answer."""
    await click.edge.toil(click.services.closures.follow, click.target.id, click.member)
