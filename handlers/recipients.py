"""Step 2 of the campaign dialog: every choice is kept as it is made, and counted at once."""

import asyncio
import re
from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from bot.core.lists import ContactList, may_manage
from bot.core.rolls import CHOSEN_BY
from bot.core.text import folded
from handlers import payloads
from handlers import recipient_forms as forms
from handlers.blocks import kit
from handlers.blocks import wizard_choices as choices
from handlers.blocks import wizard_recipients as blocks
from handlers.campaign_turns import current, is_hub, views_of
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.suggestions import Asked, on_suggest
from handlers.turns import bring_up, draw
from handlers.windows import Window
from handlers.words import Words

AT_ONCE = 0.6  # seconds of counting after which it is said that it goes on
VALUES_OF = re.compile(re.escape(choices.VALUE_OF))


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    for action_id in (
        blocks.CHOOSE, blocks.ADD, blocks.NARROW, blocks.KIND, blocks.KEEP, choices.FIELD, choices.OTHER,
        VALUES_OF, choices.WHO, choices.SIZE,
    ):  # fmt: skip
        on_click(app, edge, action_id, current(changed))
    for action_id in (blocks.CHOOSE, blocks.ADD):
        on_suggest(app, edge, action_id, lists)
    on_suggest(app, edge, blocks.NARROW, own_lists)
    for action_id in (choices.FIELD, VALUES_OF):
        on_suggest(app, edge, action_id, values)
    on_suggest(app, edge, choices.OTHER, columns)
    on_suggest(app, edge, choices.WHO, people)


async def changed(click: Click) -> None:
    """Anything in the dialog: kept, and the count follows."""
    async with click.edge.windows.turn(click.view) as window:
        bring_up(click, window)
        aim = kit.Target.parse(click.view.get("private_metadata"))
        campaigns, state = click.services.campaigns, payloads.values(click.view)
        before = await click.edge.run(campaigns.draft, click.member, aim.id, aim.revision)
        draft = await click.edge.toil(
            campaigns.choose, click.member, before.id, before.revision, forms.list_id(state, before),
            forms.selection(state, before),
        )  # fmt: skip
        window.saved(aim.revision, draft.revision)
        await _show(click, window, draft)


async def _show(click: Click, window: Window, draft: Campaign) -> None:
    views = views_of(click)
    options = blocks.LISTS in payloads.values(click.view)
    shown = views.shown(draft, hub=is_hub(click), options=options)
    counting = asyncio.ensure_future(views.of(shown, Step.RECIPIENTS))
    done, _ = await asyncio.wait({counting}, timeout=AT_ONCE)
    if not done:
        await draw(click, window, await views.counting(shown))
    await draw(click, window, await counting)


# --- what the selects offer ---------------------------------------------------------------------------


async def lists(asked: Asked) -> Sequence[kit.Block]:
    return [blocks.offered(asked.say, one) for one in await _found(asked)]


async def own_lists(asked: Asked) -> Sequence[kit.Block]:
    found = await _found(asked)
    return [blocks.offered(asked.say, one) for one in found if may_manage(asked.member, one)]


async def _found(asked: Asked) -> Sequence[ContactList]:
    visible = await asked.edge.run(asked.edge.services.lists.visible, asked.member)
    wanted = folded(asked.query)
    return [one for one in visible if wanted in folded(one.title)]


async def values(asked: Asked) -> Sequence[kit.Block]:
    """Of one of the three columns we know, else of the other column that was chosen."""
    is_known = asked.block_id in CHOSEN_BY
    name = asked.block_id if is_known else choices.other_column(asked.draft.selection)
    facets = asked.edge.services.facets
    found = await asked.edge.run(facets.values, asked.member, asked.draft, name, asked.query)
    return [choices.option(value, asked.say, count) for value, count in found]


async def columns(asked: Asked) -> Sequence[kit.Block]:
    facets = asked.edge.services.facets
    found = await asked.edge.run(facets.titles, asked.member, asked.draft, asked.query)
    return [choices.option(title) for title in found]


async def people(asked: Asked) -> Sequence[kit.Block]:
    facets = asked.edge.services.facets
    found = await asked.edge.run(facets.people, asked.member, asked.draft, asked.query)
    return [choices.person(one) for one in found]
