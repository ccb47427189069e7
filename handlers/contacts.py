"""The people of a list in its dialog: somebody added, corrected, removed."""

from slack_bolt.async_app import AsyncApp

from bot.core.contacts import Field
from bot.core.lists import ContactList
from handlers import lists, payloads
from handlers.blocks import notices, person
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, person.PERSON, ask)
    on_click(app, edge, person.ADD, ask)
    on_click(app, edge, person.REMOVE, remove)
    on_submit(app, edge, person.PERSON, save)


async def ask(click: Click) -> None:
    """The dialog over the list's; for somebody new where the click names no row."""
    contact_list = await click.edge.run(click.services.lists.present, click.member, click.target.id)
    row = _row(click.target.argument)
    found = None
    if row:
        found = await click.edge.run(click.services.contacts.get, click.member, click.target.id, row)
    await click.push(person.person(click.say, contact_list, found))


async def save(submission: Submission) -> None:
    values = {field: payloads.text(submission.state, field.value) for field in Field}
    contacts, aim = submission.services.contacts, submission.target
    row = _row(aim.argument)
    if row:
        kept = await submission.edge.toil(
            contacts.correct, submission.member, aim.id, aim.revision, row, values
        )
    else:
        kept = await submission.edge.toil(contacts.add, submission.member, aim.id, aim.revision, values)
    submission.edge.later(lists.show_under(submission, kept))


async def remove(click: Click) -> None:
    """Slack closes no dialog for us: this one says what was done, the one under it shows it."""
    contacts, row = click.services.contacts, _row(click.target.argument)
    found = await click.edge.run(contacts.get, click.member, click.target.id, row)
    kept: ContactList = await click.edge.toil(
        contacts.remove, click.member, click.target.id, click.target.revision, row
    )
    said = person.removed(found.full_name() or found.email, kept)
    if click.in_dialog:
        await click.show(notices.notice(click.say, said))
        await lists.show_under(click, kept)
    else:
        await click.tell(said)


def _row(argument: str) -> int:
    return int(argument) if argument.isdecimal() else 0
