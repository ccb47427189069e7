"""Step 4 of the campaign dialog: every choice is kept as it is made, and the calendar below it follows."""

import re

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from bot.core.sentences import Refusal
from handlers import departure_forms as forms
from handlers import payloads
from handlers.blocks import kit
from handlers.blocks import wizard_when as blocks
from handlers.blocks.reminders import REMINDER, reminder
from handlers.campaign_turns import current, is_hub, views_of
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.turns import bring_up, draw
from handlers.windows import Window
from handlers.words import Words

DAYS_OF = re.compile(re.escape(blocks.DAYS))


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    for action_id in (blocks.LIVE, DAYS_OF):
        on_click(app, edge, action_id, current(changed))
    on_click(app, edge, REMINDER, current(open_words))


async def changed(click: Click) -> None:
    """Anything in the step: kept, as far as it means anything."""
    async with click.edge.windows.turn(click.view) as window:
        bring_up(click, window)
        draft, refusal = await _kept(click, window)
        await draw(click, window, await _view(click, draft, refusal))


async def _kept(click: Click, window: Window) -> tuple[Campaign, Refusal | None]:
    aim = kit.Target.parse(click.view.get("private_metadata"))
    campaigns = click.services.campaigns
    before = await click.edge.run(campaigns.draft, click.member, aim.id, aim.revision)
    now = campaigns.clock.now()
    known, refusal = forms.standing(click.view, before, now)
    if known == before:
        return before, refusal
    draft = await click.edge.run(
        campaigns.go_to, click.member, before.id, before.revision, before.step,
        **forms.typed(click.view, before, now),
    )  # fmt: skip
    window.saved(aim.revision, draft.revision)
    return draft, refusal


async def _view(click: Click, draft: Campaign, refusal: Refusal | None) -> kit.View:
    views, state = views_of(click), payloads.values(click.view)
    options = blocks.READERS_ZONE in state or (blocks.SPEED in state and not draft.speed)
    told = click.say.mrkdwn(refusal.sentence) if refusal else ""
    return await views.of(views.shown(draft, hub=is_hub(click), options=options, told=told), Step.WHEN)


async def open_words(click: Click) -> None:
    """The words of the first reminder, over the step, which is kept as it stands."""
    async with click.edge.windows.turn(click.view) as window:
        bring_up(click, window)
        draft, refusal = await _kept(click, window)
        if refusal or not draft.reminders:
            await draw(click, window, await _view(click, draft, refusal))
            return
        await click.push(reminder(views_of(click).shown(draft), 1))
        await draw(click, window, await _view(click, draft, None))
