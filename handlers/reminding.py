"""Reminders in their owner's hands: skipped, moved, written to everybody, sent by hand."""

from slack_bolt.async_app import AsyncApp

from bot.core.decisions import TO_UNSURE
from handlers import campaign_forms as forms
from handlers import payloads
from handlers.blocks import campaign_buttons as buttons
from handlers.blocks import kit, notices
from handlers.blocks import reminding as blocks
from handlers.blocks.reminders import BODY, SUBJECT, unshipped
from handlers.blocks.richtext import markdown
from handlers.clicks import Click, on_click
from handlers.deliveries import drawn_again
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, buttons.SKIP, skip)
    on_click(app, edge, buttons.EVERYBODY, write_to_everybody)
    on_click(app, edge, buttons.MOVE, ask_moment, opens=True)
    on_click(app, edge, buttons.REMIND, preview, opens=True)
    on_submit(app, edge, buttons.MOVE, move)
    on_submit(app, edge, buttons.REMIND, remind)


def number_in(target: kit.Target) -> int:
    """0, which is no reminder's, where the value was made up."""
    return int(target.argument) if target.argument.isdecimal() else 0


async def skip(click: Click) -> None:
    reminders, number = click.services.reminders, number_in(click.target)
    await click.edge.run(reminders.skip, click.member, click.target.id, number)
    await drawn_again(click)


async def write_to_everybody(click: Click) -> None:
    """Counting who has not answered may take a while: not in the clicks' own threads."""
    reminders, number = click.services.reminders, number_in(click.target)
    await click.edge.toil(reminders.write_to_everybody, click.member, click.target.id, number)
    await drawn_again(click)


async def ask_moment(click: Click) -> None:
    """Proposes the moment at which it leaves as things are; where that has passed, the next one like it."""
    number = number_in(click.target)
    movable = click.services.reminders.movable
    campaign, moment = await click.edge.run(movable, click.member, click.target.id, number)
    await click.show(blocks.move(click.say, campaign, number, moment))


async def move(sent: Submission) -> None:
    reminders, number = sent.services.reminders, number_in(sent.target)
    await sent.edge.run(reminders.move, sent.member, sent.target.id, number, forms.moment(sent.state))


async def preview(click: Click) -> None:
    """Counting people may take longer than a trigger lives."""
    await click.show(notices.loading(click.say))
    campaign, found = await click.edge.toil(
        click.services.reminders.preview, click.member, click.target.id
    )  # fmt: skip
    await click.show(blocks.by_hand(click.say, campaign, found))


async def remind(sent: Submission) -> None:
    """The dialog is the confirmation: its button carries the number."""
    reminders = sent.services.reminders
    campaign = await sent.edge.run(sent.services.campaigns.get, sent.member, sent.target.id)
    ticked = sent.state.get(TO_UNSURE, {}).get("selected_options") or []
    subject, body = unshipped(
        campaign, payloads.text(sent.state, SUBJECT),
        markdown(sent.state.get(BODY, {}).get("rich_text_value")),
    )  # fmt: skip
    await sent.edge.toil(
        reminders.remind, sent.member, sent.target.id, number_in(sent.target),
        subject=subject, body=body, to_unsure=bool(ticked),
    )  # fmt: skip
