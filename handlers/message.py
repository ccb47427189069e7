"""Step 3 of the campaign dialog: fields put into the letter, and which editor it is written in.

What stands typed is kept with each of these clicks: the dialog is drawn again around it.
"""

from collections.abc import Awaitable, Callable, Sequence

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from bot.core.sentences import Refusal
from handlers import campaign_forms as forms
from handlers import message_views, payloads
from handlers.blocks import insertions, kit, wizard_message
from handlers.campaign_turns import current, is_hub, views_of
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.suggestions import Asked, on_suggest
from handlers.turns import bring_up, draw
from handlers.windows import Window
from handlers.words import Words

LETTER = (wizard_message.SUBJECT, wizard_message.PREHEADER, wizard_message.BODY)


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, insertions.INTO_BODY, current(into_body))
    on_click(app, edge, insertions.INTO_SUBJECT, current(into_subject))
    on_click(app, edge, wizard_message.MARKDOWN, current(switch))
    on_suggest(app, edge, insertions.INTO_BODY, fields_for_body)
    on_suggest(app, edge, insertions.INTO_SUBJECT, fields_for_subject)


async def keep(click: Click, draft: Campaign, **changes: object) -> Campaign:
    """The draft with these changes, as the step shows it from now on. Taken up again, it goes on here; from
    the check, it goes back there."""
    step = Step.CHECK if is_hub(click) else Step.MESSAGE
    return await click.edge.run(
        click.services.campaigns.go_to, click.member, draft.id, draft.revision, step, **changes
    )


def typed(click: Click) -> dict[str, object]:
    """The words as they stand in the dialog."""
    return forms.typed(Step.MESSAGE, payloads.values(click.view))


async def standing(click: Click) -> Campaign:
    """The draft that the dialog shows, as it was when it was drawn."""
    aim = kit.Target.parse(click.view.get("private_metadata"))
    return await click.edge.run(click.services.campaigns.draft, click.member, aim.id, aim.revision)


def is_behind(click: Click, window: Window) -> bool:
    """Was it made before the window showed what it has saved last?"""
    return kit.Target.parse(click.view.get("private_metadata")).revision in window.superseded


# from the draft as it was and the words as they stand, what becomes of them
Change = Callable[[Campaign, dict[str, object]], Awaitable[dict[str, object]]]


async def redo(click: Click, change: Change) -> None:
    """What is typed kept, changed, and the step drawn anew around it. Of a click made before the last one was
    shown, what was typed is older than what that one kept."""
    async with click.edge.windows.turn(click.view) as window:
        is_late = is_behind(click, window)
        bring_up(click, window)
        before = await standing(click)
        words = {name: getattr(before, name) for name in LETTER} if is_late else typed(click)
        after = await keep(click, before, **{**words, **await change(before, words)})
        window.saved(before.revision, after.revision)
        await draw(click, window, await redrawn(click, after))


async def redrawn(click: Click, draft: Campaign, told: str = "", level: str = "success") -> kit.View:
    options = message_views.has_options(click.view)
    shown = views_of(click).shown(draft, hub=is_hub(click), options=options, told=told, level=level)
    return await message_views.step(click.edge, shown)


# --- fields -------------------------------------------------------------------------------------------


async def into_body(click: Click) -> None:
    await _insert(click, wizard_message.BODY)


async def into_subject(click: Click) -> None:
    await _insert(click, wizard_message.SUBJECT)


async def _insert(click: Click, where: str) -> None:
    async def with_field(draft: Campaign, words: dict[str, object]) -> dict[str, object]:
        columns = await click.edge.run(click.services.audiences.columns, click.member, draft)
        into_subject = where == wizard_message.SUBJECT
        field = insertions.written(draft.language, columns, click.target.id, into_subject=into_subject)
        if not field:
            await click.edge.run(click.services.audiences.require_lists, click.member, draft)
            raise Refusal("message.insert.none")
        return {where: insertions.inserted(str(words[where]), field)}

    await redo(click, with_field)


async def fields_for_body(asked: Asked) -> Sequence[kit.Block]:
    return await _fields(asked, into_subject=False)


async def fields_for_subject(asked: Asked) -> Sequence[kit.Block]:
    return await _fields(asked, into_subject=True)


async def _fields(asked: Asked, *, into_subject: bool) -> Sequence[kit.Block]:
    columns = await asked.edge.run(asked.edge.services.audiences.columns, asked.member, asked.draft)
    return insertions.options(asked.say, columns, into_subject=into_subject, query=asked.query)


# --- the editor ---------------------------------------------------------------------------------------


async def switch(click: Click) -> None:
    """The words stay; a letter that is too long for the plain field stays where it is."""

    async def switched(draft: Campaign, words: dict[str, object]) -> dict[str, object]:
        if not draft.is_markdown and len(str(words[wizard_message.BODY])) > wizard_message.PLAIN:
            raise Refusal("message.editor.long", limit=wizard_message.PLAIN)
        return {"is_markdown": not draft.is_markdown}

    await redo(click, switched)
