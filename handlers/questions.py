"""What was asked about a file, answered by a click. The service draws what comes of it, in place."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from bot.core.lists import Exclude
from bot.core.questions import Answers, Nothing, Question
from bot.core.sentences import Stale
from handlers.blocks import questions as blocks
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.words import Words

Told = Callable[[Question, Answers], Answers]


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.SHEET, sheet)
    on_click(app, edge, blocks.SAME, same_columns)
    on_click(app, edge, blocks.AS_READ, as_read)
    on_click(app, edge, blocks.MARKED, exclude_marked)
    on_click(app, edge, blocks.DOUBTFUL, exclude_doubtful)
    on_click(app, edge, blocks.NOBODY, exclude_nobody)
    on_click(app, edge, blocks.INTO, rows_into)
    on_click(app, edge, blocks.APART, rows_apart)
    on_click(app, edge, blocks.EXPORT, as_answers)
    on_click(app, edge, blocks.NO_EXPORT, as_list)
    on_click(app, edge, blocks.DISCARD, discard)


async def sheet(click: Click) -> None:
    """A sheet that the file does not have is no answer: it is asked again."""
    place = click.target.argument

    def named(asked: Question) -> str:
        sheets = asked.report.sheets
        return sheets[int(place)].name if place.isdecimal() and int(place) < len(sheets) else ""

    await _answer(click, lambda asked, known: replace(known, sheet=named(asked)))


async def same_columns(click: Click) -> None:
    def told(asked: Question, known: Answers) -> Answers:
        return replace(known, mapping=asked.remembered.mapping if asked.remembered else {})

    await _answer(click, told)


async def as_read(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, as_read=True))


async def exclude_marked(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, exclude=Exclude.MARKED))


async def exclude_doubtful(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, exclude=Exclude.DOUBTFUL))


async def exclude_nobody(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, exclude=Exclude.NOBODY))


async def rows_into(click: Click) -> None:
    await _answer(click, lambda asked, known: replace(known, rows_of=asked.list_id))


async def rows_apart(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, is_apart=True))


async def as_answers(click: Click) -> None:
    await _answer(click, lambda asked, known: replace(known, answers_of=asked.campaign))


async def as_list(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, is_list=True))


async def discard(click: Click) -> None:
    await _answer(click, lambda _, known: replace(known, nothing=Nothing.DISCARDED))


async def _answer(click: Click, told: Told) -> None:
    services, member, aim = click.services, click.member, click.target
    try:
        pending = await click.edge.run(services.questions.asked, member, aim.id, aim.revision)
        asked = pending.question
        assert asked is not None
        await click.edge.toil(
            services.imports.answer, member, aim.id, aim.revision, lambda known: told(asked, known)
        )
    except Stale:
        await click.edge.run(services.imports.show_again, member, aim.id)
        raise
