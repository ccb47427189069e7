"""A campaign's report, asked for from its message: a file in its owner's own conversation."""

from slack_bolt.async_app import AsyncApp

from bot.services.reports import CSV, XLSX
from handlers.blocks import reports as blocks
from handlers.blocks.campaign_buttons import REPORT
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, REPORT, report)


async def report(click: Click) -> None:
    """Said at once that it comes: a hundred thousand people take a while to write down."""
    kind = CSV if click.target.argument == CSV else XLSX
    reports, aim = click.services.reports, click.target
    campaign = await click.edge.run(reports.about, click.member, aim.id, kind)
    text, shown = blocks.preparing(click.say, campaign, kind)
    await click.client.chat_postMessage(channel=click.member.id, text=text, blocks=shown)
    await click.edge.toil(reports.send, click.member, aim.id, kind)
