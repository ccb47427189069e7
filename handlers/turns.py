"""Clicks of one window taken one after the other (`handlers.windows`)."""

from collections.abc import Awaitable, Callable

from slack_sdk.errors import SlackApiError

from handlers.blocks import kit
from handlers.clicks import Click
from handlers.views import update_view
from handlers.windows import Window

Handler = Callable[[Click], Awaitable[None]]


def in_turn(handler: Handler) -> Handler:
    """After the clicks made before it, and as if the dialog had been drawn in between."""

    async def handled(click: Click) -> None:
        async with click.edge.windows.turn(click.view) as window:
            bring_up(click, window)
            await handler(click)

    return handled


def bring_up(click: Click, window: Window) -> None:
    if click.in_dialog:
        click.target = window.brought_up(click.target)
        click.body = {**click.body, "view": window.up_to_date(click.view)}


async def draw(click: Click, window: Window, view: kit.View) -> None:
    """What the window shows now; where it shows something newer, that stays."""
    seen = str(click.view.get("hash") or "")
    try:
        window.drawn(seen, await update_view(click.client, click.view["id"], view, seen=seen or None))
    except SlackApiError as refused:
        if refused.response.get("error") != "hash_conflict":
            raise
    click.body = {**click.body, "view": window.up_to_date(click.view)}
