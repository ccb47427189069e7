"""What waits for a person, from their Home: each question brought back at the end of their conversation."""

from slack_bolt.async_app import AsyncApp

from bot.core.sentences import Stale, sentence
from handlers import home
from handlers.blocks import waiting as blocks
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.ANSWER, answer)


async def answer(click: Click) -> None:
    aim = click.target
    try:
        await click.edge.run(click.services.waiting.show, click.member, aim.argument, aim.id)
    except Stale:
        await home.publish(click.edge, click.client, click.member)
        raise
    await click.tell(sentence("waiting.below"))
