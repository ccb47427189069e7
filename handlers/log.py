"""The log: "journal", for who looks after the bot; a page at a time, and all of it as a file."""

from slack_bolt.async_app import AsyncApp

from bot.core.people import Member
from handlers.blocks import kit
from handlers.blocks import log as blocks
from handlers.blocks.voice import voice
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.words import Spoken, Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    on_click(app, edge, blocks.PAGE, turn)
    on_click(app, edge, blocks.PREVIOUS, turn)
    on_click(app, edge, blocks.DOWNLOAD, download)
    words.on("journal", "log", act=show)


async def show(spoken: Spoken) -> None:
    await spoken.answer(*await _page(spoken, spoken.member, 0))


async def turn(click: Click) -> None:
    page = int(click.target.argument) if click.target.argument.isdecimal() else 0
    text, shown = await _page(click, click.member, page)
    where = click.body["container"]
    await click.client.chat_update(
        channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=shown
    )


async def download(click: Click) -> None:
    await click.edge.toil(click.services.journal.download, click.member, click.target.argument)


async def _page(at: Click | Spoken, member: Member, page: int) -> tuple[str, list[kit.Block]]:
    """Read in the long pool: a log of years takes its time."""
    found = await at.edge.toil(at.services.journal.page, member, page)
    return blocks.journal(
        voice(member), found.told, page=found.page, pages=found.pages, found=found.found
    )  # fmt: skip
