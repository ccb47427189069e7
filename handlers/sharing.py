"""Sharing a list: the dialog, and a word to those who got it."""

from slack_bolt.async_app import AsyncApp

from bot.core.ids import MemberId
from bot.core.lists import Access, ContactList, Shared
from bot.core.people import may_use
from handlers import payloads
from handlers.blocks import sharing
from handlers.blocks.voice import voice
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, "lists.share", ask, opens=True)
    on_submit(app, edge, sharing.SHARE, share)


async def ask(click: Click) -> None:
    contact_list = await click.edge.run(click.services.lists.owned, click.member, click.target.id)
    await click.show(sharing.share(click.say, contact_list))


async def share(submission: Submission) -> None:
    lists, member, aim = submission.services.lists, submission.member, submission.target
    before = await submission.edge.run(lists.owned, member, aim.id)
    chosen = payloads.choice(submission.state, "everybody")
    shared = Shared(
        use=payloads.people(submission.state, "use"),
        manage=payloads.people(submission.state, "manage"),
        everybody=Access(chosen) if chosen in list(Access) else None,
    )
    changed = await submission.edge.run(lists.share, member, aim.id, aim.revision, shared)
    submission.edge.later(_tell(submission, before, changed))


async def _tell(submission: Submission, before: ContactList, changed: ContactList) -> None:
    """Those named who can do more than before. The whole workspace is not written to."""
    for named in (*changed.shared.use, *changed.shared.manage):
        access = changed.shared.access(named)
        if access is not None and access is not before.shared.access(named):
            await _tell_one(submission, changed, named, access)


async def _tell_one(submission: Submission, changed: ContactList, named: MemberId, access: Access) -> None:
    people = submission.services.people
    member = await submission.edge.toil(people.member, changed.workspace, named)
    if may_use(member):
        text, blocks = sharing.told(voice(member), changed, access)
        await submission.client.chat_postMessage(channel=named, text=text, blocks=blocks)
