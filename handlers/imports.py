"""Imports: the dialog, the message shortcut, the word. Files dropped in the DM come by `handlers.people`."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.sentences import Refusal, sentence
from bot.ports import PendingImport
from handlers import home, payloads
from handlers.blocks import contacts, kit, listing, lists, notices
from handlers.clicks import Click, handle, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Spoken, Words

FROM_HOME = "home"  # in the dialog's metadata: then the answer is shown there too


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    async def on_shortcut(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        edge.later(handle(edge, client, body, {}, kit.Target(), take, opens=False))

    on_click(app, edge, "lists.import", ask, opens=True)
    on_submit(app, edge, contacts.IMPORT, submit)
    app.message_shortcut("lists.shortcut")(on_shortcut)
    words.on("importer", "import", act=ask_by_word, opens=True)


async def ask(click: Click) -> None:
    origin = kit.Target(argument=FROM_HOME) if click.on_home else kit.Target()
    await click.show(contacts.import_file(click.say, str(origin)))


async def ask_by_word(spoken: Spoken) -> None:
    if spoken.trigger_id:
        await spoken.show(contacts.import_file(spoken.say))
    else:
        text = spoken.say("lists.import.here")
        await spoken.answer(text, [kit.section(text), listing.import_buttons(spoken.say, primary=True)])


async def submit(submission: Submission) -> kit.View | None:
    """Durable before the dialog closes; read after."""
    files = payloads.files(submission.state, "file")
    if not files:
        raise Refusal("lists.import.missing", field="file")
    member = submission.member
    pending = submission.services.imports.waiting(
        member.workspace,
        member.id,
        payloads.remote_file(files[0]),
        title=" ".join(payloads.text(submission.state, "title").split()),
    )
    await submission.edge.run(
        submission.services.imports.receive, member.workspace, f"view:{submission.view['id']}", [pending]
    )
    submission.edge.later(_read(submission, pending))
    if submission.target.argument == FROM_HOME:
        return notices.notice(submission.say, sentence("lists.import.reading", name=pending.file.name))
    return None


async def _read(submission: Submission, pending: PendingImport) -> None:
    await submission.edge.toil(submission.services.imports.run, pending)
    if submission.target.argument == FROM_HOME:
        await home.publish(submission.edge, submission.client, submission.member)


async def take(click: Click) -> None:
    """The files of the message the shortcut was used on; the answer goes to the person's own DM."""
    files = [payloads.remote_file(file) for file in click.body["message"].get("files") or []]
    if click.body["channel"].get("name") != "directmessage":
        await click.show(notices.notice(click.say, sentence("people.elsewhere")))
    if not files:
        await _say(click, click.say("lists.shortcut.none"))
        return
    member, imports = click.member, click.services.imports
    fresh = [file for file in files if not await _known(click, file.id)]
    pending = [imports.waiting(member.workspace, member.id, file) for file in fresh]
    if pending:
        await click.edge.run(imports.receive, member.workspace, click.body["trigger_id"], pending)
    for one in pending:
        await click.edge.toil(imports.run, one)


async def _known(click: Click, file_id: str) -> bool:
    """A file that is a list already is not imported again: the list is shown, wherever its preview is. One
    that waits for its answer goes on waiting."""
    pending = await click.edge.run(click.services.questions.of_file, click.member, file_id)
    if pending and pending.question:
        await click.tell(sentence("questions.waits", name=pending.file.name))
        return True
    found = await click.edge.run(click.services.imports.of_file, click.member, file_id)
    if found is None:
        return False
    if found.waiting is not None or found.deleted_at is not None:
        await _say(click, *lists.preview(click.say, found))
        return True
    text = click.say.mrkdwn("lists.import.known", title=found.title)
    uses = await click.edge.run(click.services.lists.all_uses, click.member)
    await _say(click, text, [kit.section(text), *listing.rows(click.say, [found], uses)])
    return True


async def _say(click: Click, text: str, blocks: list[kit.Block] | None = None) -> None:
    await click.client.chat_postMessage(channel=click.member.id, text=text, blocks=blocks)
