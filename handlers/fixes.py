"""Rows to fix: in a dialog, as a file. The file comes back like any other, by `handlers.people`."""

from slack_bolt.async_app import AsyncApp

from bot.core.sentences import Refusal, sentence
from bot.services.repaired import Repaired
from handlers import payloads
from handlers.blocks import fixes as blocks
from handlers.blocks import kit, notices
from handlers.clicks import Click, editable, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words

MANY = 5_000  # rows: a file of more takes so long that it is announced
LONG = 50_000  # rows of a list: looking through more may take longer than a trigger lives


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.FIX, ask, opens=True)
    on_submit(app, edge, blocks.FIX, fix)
    on_click(app, edge, blocks.REJECTS, send)


async def ask(click: Click) -> None:
    known = await click.edge.run(click.services.lists.present, click.member, click.target.id)
    if known.report.rows > LONG:
        await click.show(notices.loading(click.say))
    found = await click.edge.toil(click.services.repairs.to_fix, click.member, click.target.id)
    shown = blocks.fix(click.say, found.contact_list, found.layout, found.rows, found.others, found.seen)
    await click.show(shown)


async def fix(submission: Submission) -> kit.View | None:
    """Where nothing can be taken, what was typed stays to be read."""
    state, aim = submission.state, submission.target
    rows = [name.removeprefix(blocks.ROW) for name in state if name.startswith(blocks.ROW)]
    typed = {int(row): payloads.text(state, f"{blocks.ROW}{row}") for row in rows if row.isdecimal()}
    try:
        found = await submission.edge.toil(
            submission.services.repairs.fix, submission.member, aim.id, aim.argument, typed
        )
    except Refusal as refused:
        if refused.field or not submission.view.get("blocks"):  # forged: there is no dialog to go on with
            raise
        again = blocks.refilled(editable(submission.view), typed)
        return notices.with_alert(again, submission.say.mrkdwn(refused.sentence))
    submission.edge.later(_tell(submission, found))
    return None


async def _tell(submission: Submission, found: Repaired) -> None:
    text, told = blocks.fixed(submission.say, found.contact_list, found.said(), found.others)
    await submission.client.chat_postMessage(channel=submission.member.id, text=text, blocks=told)


async def send(click: Click) -> None:
    """The file comes to the DM. Where the click was made elsewhere, or it takes a while, that is said."""
    known = await click.edge.run(click.services.lists.present, click.member, click.target.id)
    if click.in_dialog or click.on_home or known.report.rejected > MANY:
        await click.tell(sentence("repairs.preparing", n=known.report.rejected), "info")
    await click.edge.toil(click.services.repairs.send, click.member, click.target.id)
