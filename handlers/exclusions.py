"""Those who are not to be written to, as a file: "exclus", for who looks after the bot."""

from slack_bolt.async_app import AsyncApp

from handlers.edge import Edge
from handlers.words import Spoken, Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - nothing to click on
    words.on("exclus", "suppressions", "suppressed", "desinscrits", "unsubscribed", act=export)


async def export(spoken: Spoken) -> None:
    await spoken.edge.toil(spoken.services.exclusions.export, spoken.member)
