"""The words of reminders, in a dialog over step 4: one after the other, each kept when it is left."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from handlers import payloads
from handlers.blocks import kit
from handlers.blocks import reminders as blocks
from handlers.blocks.richtext import markdown
from handlers.campaign_views import Views
from handlers.clicks import Click, Handler, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.views import update_view
from handlers.windows import Window
from handlers.words import Words

At = Click | Submission


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_submit(app, edge, blocks.REMINDER, save)
    on_click(app, edge, blocks.PREVIOUS, _turning(-1))
    on_click(app, edge, blocks.NEXT, _turning(1))


def _turning(by: int) -> Handler:
    async def turn(click: Click) -> None:
        """To another one, with this one kept."""
        async with _root(click) as window:
            number = _number(click.view)
            draft = await _kept(click, window, number)
            shown = _views(click).shown(draft)
            await click.show(blocks.reminder(shown, min(max(1, number + by), len(draft.reminders))))
            await _redraw(click, window, draft)

    return turn


async def save(sent: Submission) -> None:
    """The dialog closes, and the step stands below it."""
    async with _root(sent) as window:
        draft = await _kept(sent, window, _number(sent.view))
        await _redraw(sent, window, draft)


def _root(at: At) -> AbstractAsyncContextManager[Window]:
    """In turn with the clicks of the step below."""
    return at.edge.windows.turn({"id": at.view.get("root_view_id", "")})


def _views(at: At) -> Views:
    return Views(edge=at.edge, member=at.member)


def _number(view: Mapping[str, Any]) -> int:
    argument = kit.Target.parse(view.get("private_metadata")).argument
    return int(argument) if argument.isdecimal() else 0


async def _kept(at: At, window: Window, number: int) -> Campaign:
    """Raises Refusal at the field, and `Stale` where the draft is another one now."""
    aim = window.brought_up(kit.Target.parse(at.view.get("private_metadata")))
    campaigns, state = at.services.campaigns, payloads.values(at.view)
    draft = await at.edge.run(campaigns.draft, at.member, aim.id, aim.revision)
    typed = payloads.text(state, blocks.SUBJECT), markdown(state.get(blocks.BODY, {}).get("rich_text_value"))
    subject, body = blocks.unshipped(draft, *typed)
    saved = await at.edge.run(
        campaigns.set_reminder, at.member, draft.id, draft.revision, number, subject, body
    )
    window.saved(aim.revision, saved.revision)
    return saved


async def _redraw(at: At, window: Window, draft: Campaign) -> None:
    """The step below goes on from what was saved here."""
    root = str(at.view.get("root_view_id", ""))
    view = await _views(at).of(_views(at).shown(draft), Step.WHEN)
    window.hash = await update_view(at.client, root, view)
