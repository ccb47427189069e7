"""Letters to check: wait, count them as gone, resend them; and who they are."""

from collections.abc import Callable

from slack_bolt.async_app import AsyncApp

from bot.core.people import Member
from bot.core.sentences import Stale, sentence
from handlers import home
from handlers.blocks import settling as blocks
from handlers.clicks import Click, Handler, on_click
from handlers.edge import Edge
from handlers.words import Words

Act = Callable[[Member, str, str], None]


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    settling = edge.services.settling
    acts: dict[str, Act] = {
        blocks.WAIT: settling.wait,
        blocks.SETTLE: settling.settle,
        blocks.RESEND: settling.resend,
    }
    for action_id, act in acts.items():
        on_click(app, edge, action_id, _acting(act))
    on_click(app, edge, blocks.PEOPLE, show_people, opens=True)
    on_click(app, edge, blocks.NEXT, show_people)
    on_click(app, edge, blocks.PREVIOUS, show_people)
    on_click(app, edge, blocks.FILE, download)


def _acting(act: Act) -> Handler:
    """The question's message says what happened, and Home where the click was made there. A click that
    came too late redraws them too: its button would never work."""

    async def handler(click: Click) -> None:
        aim = click.target
        try:
            await click.edge.run(act, click.member, aim.id, aim.argument)
        except Stale:
            await click.edge.run(click.services.settling.show_again, click.member, aim.id)
            await _republish(click)
            raise
        await _republish(click)

    return handler


async def _republish(click: Click) -> None:
    if click.on_home:
        await home.publish(click.edge, click.client, click.member)


async def show_people(click: Click) -> None:
    """A page of them; the first where none is named."""
    page = int(click.target.argument) if click.target.argument.isdecimal() else 0
    found = await click.edge.run(click.services.settling.people, click.member, click.target.id, page)
    view = blocks.people(
        click.say, found.campaign, found.contacts, page=found.page, page_count=found.pages, found=found.found
    )
    await click.show(view)


async def download(click: Click) -> None:
    """The file comes to the DM: that is said where the click was made."""
    await click.tell(sentence("settling.file.coming"), "info")
    await click.edge.toil(click.services.settling.download, click.member, click.target.id)
