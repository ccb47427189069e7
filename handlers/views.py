"""Dialogs and Home shown: `views.*`, plainer where Slack refuses the newest block.

A view is opened, updated, pushed or published here and nowhere else. Nobody here can try the real Slack:
a view refused for its blocks is sent again with its alerts as sections. A trigger the refused call has
used up makes the second one fail visibly, and the person is told to click again.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks import kit

log = logging.getLogger("postillon")

T = TypeVar("T")

GONE = "not_found"  # the dialog was closed, by who looked at it

REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format", "internal_error"})


async def open_view(client: AsyncWebClient, trigger_id: str, view: kit.View) -> str:
    """The new dialog's id."""

    async def send(view: kit.View) -> str:
        opened = await client.views_open(trigger_id=trigger_id, view=view)
        return str(opened["view"]["id"])

    return await _plainer(view, send)


async def push_view(client: AsyncWebClient, trigger_id: str, view: kit.View) -> None:
    """Over the dialog the click was made in."""

    async def send(view: kit.View) -> None:
        await client.views_push(trigger_id=trigger_id, view=view)

    await _plainer(view, send)


async def update_view(
    client: AsyncWebClient, view_id: str, view: kit.View, *, seen: str | None = None
) -> str:
    """`seen` is the hash of the dialog as it was clicked: Slack refuses where it has changed since. The hash
    it has now."""

    async def send(view: kit.View) -> str:
        updated = await client.views_update(view_id=view_id, hash=seen, view=view)
        return str((updated.get("view") or {}).get("hash", ""))

    return await _plainer(view, send)


def is_gone(error: BaseException) -> bool:
    """Was the dialog closed before it could be updated?"""
    return isinstance(error, SlackApiError) and error.response.get("error") == GONE


@contextmanager
def unless_gone() -> Iterator[None]:
    """What is only said in passing needs no other place."""
    try:
        yield
    except SlackApiError as error:
        if not is_gone(error):
            raise


async def publish_view(client: AsyncWebClient, user_id: str, view: kit.View) -> None:
    async def send(view: kit.View) -> None:
        await client.views_publish(user_id=user_id, view=view)

    await _plainer(view, send)


async def _plainer(view: kit.View, send: Callable[[kit.View], Awaitable[T]]) -> T:
    try:
        return await send(view)
    except SlackApiError as refused:
        error = str(refused.response.get("error"))
        plain = without_alerts(view)
        if error not in REFUSED or plain == view:
            raise
        log.warning("slack refused a view with an alert (%s): sent with a section instead", error)
        return await send(plain)


def without_alerts(view: kit.View) -> kit.View:
    """The same words in blocks every Slack knows, under the same ids."""
    blocks = view.get("blocks")
    assert isinstance(blocks, list)
    return {**view, "blocks": [kit.plainer_alert(block) for block in blocks]}
