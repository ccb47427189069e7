"""Which column is which: the dialog, from a file that waits or from a list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from bot.core.columns import KEYS, checked
from bot.core.lists import ContactList, Exclude, OptOuts, Report
from bot.core.questions import Answers
from bot.core.sentences import Stale
from handlers import payloads
from handlers.blocks import columns as blocks
from handlers.blocks import kit, marks, versions
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.COLUMNS, ask, opens=True)
    on_submit(app, edge, blocks.COLUMNS, read)
    on_submit(app, edge, marks.MARKS, exclude)


async def ask(click: Click) -> None:
    await click.show(await (_ask_of_list if blocks.is_list(click.target) else _ask_of_file)(click))


async def _ask_of_list(click: Click) -> kit.View:
    services, aim = click.services, click.target
    return blocks.of_list(click.say, await click.edge.run(services.columns.readable, click.member, aim.id))


async def _ask_of_file(click: Click) -> kit.View:
    services, aim = click.services, click.target
    try:
        pending = await click.edge.run(services.questions.asked, click.member, aim.id, aim.revision)
    except Stale:
        await click.edge.run(services.imports.show_again, click.member, aim.id)
        raise
    return blocks.of_file(click.say, pending)


async def read(submission: Submission) -> kit.View | None:
    if blocks.is_list(submission.target):
        return await _read_list(submission)
    await _read_file(submission)
    return None


async def _read_file(submission: Submission) -> None:
    """The service draws in the file's message what comes of it."""
    services, aim = submission.services, submission.target
    pending = await submission.edge.run(services.questions.asked, submission.member, aim.id, aim.revision)
    assert pending.question is not None
    mapping = _mapping(submission, pending.question.report)

    def told(known: Answers) -> Answers:
        return replace(known, mapping=mapping)

    await submission.edge.toil(services.imports.answer, submission.member, aim.id, aim.revision, told)


async def _read_list(submission: Submission) -> kit.View | None:
    known = await _known(submission)
    return await _read_again(submission, known, _mapping(submission, known.report), _chosen(submission))


async def exclude(submission: Submission) -> kit.View | None:
    """Whom the marks of the columns chosen before exclude: then the list is read."""
    known = await _known(submission)
    mapping = checked(marks.mapping(submission.target, known))
    places = submission.target.argument.split(",")
    answer = Exclude(payloads.choice(submission.state, marks.EXCLUDE))
    return await _read_again(submission, known, mapping, places, answer)


async def _known(submission: Submission) -> ContactList:
    services, aim = submission.services, submission.target
    known = await submission.edge.run(services.columns.readable, submission.member, aim.id)
    if known.revision != aim.revision:
        raise Stale("lists.stale", title=known.title)
    return known


async def _read_again(
    submission: Submission, known: ContactList, mapping: Mapping[str, str], places: Sequence[str],
    answer: Exclude | None = None,
) -> kit.View | None:  # fmt: skip
    """The list's own message follows by itself; what the campaigns use is asked in one of its own. Where
    people turn out to be marked, they are asked about first."""
    read_again, aim = submission.services.columns.read_again, submission.target
    found = await submission.edge.toil(read_again, submission.member, aim.id, aim.revision, mapping, answer)
    if isinstance(found, OptOuts):
        return marks.dialog(submission.say, known, aim.revision, places, found)
    if found.others:
        text, shown = versions.outcome(submission.say, found.contact_list, found.others)
        await submission.client.chat_postMessage(channel=submission.member.id, text=text, blocks=shown)
    return None


def _chosen(submission: Submission) -> list[str]:
    return [payloads.choice(submission.state, key) for key in KEYS]


def _mapping(submission: Submission, report: Report) -> Mapping[str, str]:
    chosen = dict(zip(KEYS, _chosen(submission), strict=True))
    return checked(blocks.mapping(chosen, report.headers))
