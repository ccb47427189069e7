"""An approval answered: Approve, or Refuse with why; its letters read to their end. What is wrong with a
click is told to nobody else."""

from slack_bolt.async_app import AsyncApp

from bot.core.sentences import Refusal
from handlers import payloads
from handlers.blocks import approvals as blocks
from handlers.clicks import Click, Handler, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.APPROVE, _aside(approve))
    on_click(app, edge, blocks.REFUSE, _aside(ask_why), opens=True)
    on_click(app, edge, blocks.READ, _aside(read), opens=True)
    on_submit(app, edge, blocks.REFUSE, refuse)


def _aside(handler: Handler) -> Handler:
    """A refusal, beside the message and seen by nobody else; in a DM, where nobody else is, as any other."""

    async def handled(click: Click) -> None:
        try:
            await handler(click)
        except Refusal as refusal:
            place = _place(click)
            if click.loading_id or not place or place.startswith("D"):
                raise
            await click.client.chat_postEphemeral(
                channel=place, user=click.member.id, text=click.say.mrkdwn(refusal.sentence)
            )

    return handled


def _place(click: Click) -> str:
    """Where the message stands, as Slack says."""
    return str((click.body.get("container") or {}).get("channel_id") or "")


async def approve(click: Click) -> None:
    """The message itself says who agreed."""
    aim = click.target
    await click.edge.run(click.services.approvals.approve, click.member, aim.id, aim.revision, _place(click))


async def read(click: Click) -> None:
    aim, place = click.target, _place(click)
    campaign = await click.edge.run(click.services.approvals.read, click.member, aim.id, aim.revision, place)
    await click.show(blocks.letters(click.say, campaign))


async def ask_why(click: Click) -> None:
    aim, place = click.target, _place(click)
    campaign = await click.edge.run(click.services.approvals.asked, click.member, aim.id, aim.revision, place)
    await click.show(blocks.refusal(click.say, campaign, place))


async def refuse(sent: Submission) -> None:
    """The dialog closes; the message says who refused and why."""
    aim = sent.target
    comment = payloads.text(sent.state, blocks.COMMENT)
    await sent.edge.run(
        sent.services.approvals.refuse, sent.member, aim.id, aim.revision, aim.argument, comment
    )
