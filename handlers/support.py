"""Get help: asked, replied to where it is read, answered back from the DM."""

from slack_bolt.async_app import AsyncApp

from bot.core.ids import MemberId
from bot.core.people import Member
from bot.core.sentences import sentence
from bot.core.support import Plea
from handlers.blocks import kit, notices
from handlers.blocks import support as blocks
from handlers.blocks.voice import Say, voice
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.ASK, ask, opens=True)
    on_click(app, edge, blocks.REPLY, reply, opens=True)
    on_click(app, edge, blocks.ANSWER, answer, opens=True)
    on_submit(app, edge, blocks.ASK, asked)
    on_submit(app, edge, blocks.REPLY, replied)
    on_submit(app, edge, blocks.ANSWER, answered)


async def ask(click: Click) -> None:
    """What will be passed on is fixed, and shown, before anything goes."""
    support, aim = click.services.support, click.target
    plea = await click.edge.run(support.opened, click.member, aim.id, aim.argument, click.services.campaigns)
    helpers = await click.edge.run(support.helpers, click.member)
    view = blocks.ask(click.say, plea, helpers, _passed_on(click, helpers))
    await (click.push(view) if click.in_dialog else click.show(view))


def _passed_on(click: Click, helpers: list[str]) -> Say:
    """In the channel's language; admins read their own."""
    if helpers and helpers[0] == click.edge.policy.support_channel:
        return Say(click.edge.policy.default_language)
    first = click.services.people.known(click.member.workspace, MemberId(helpers[0])) if helpers else None
    return voice(first) if first else click.say


async def asked(sent: Submission) -> kit.View | None:
    plea = await sent.edge.run(
        sent.services.support.ask, sent.member, sent.target.id, blocks.words(sent.state)
    )
    _bring(sent, plea)
    return notices.notice(sent.say, sentence("support.passed"))


async def reply(click: Click) -> None:
    place = _place(click)
    plea, asker = await click.edge.run(click.services.support.plea, click.member, click.target.id, place)
    await click.show(blocks.reply(click.say, plea, asker, place))


async def replied(sent: Submission) -> None:
    """The thread tells that it was answered, and by whom."""
    support, aim = sent.services.support, sent.target
    _bring(
        sent,
        await sent.edge.run(support.reply, sent.member, aim.id, aim.argument, blocks.words(sent.state)),
    )


async def answer(click: Click) -> None:
    plea = await click.edge.run(click.services.support.own, click.member, click.target.id)
    await click.show(blocks.answer(click.say, plea))


async def answered(sent: Submission) -> None:
    support = sent.services.support
    plea = await sent.edge.run(support.answer, sent.member, sent.target.id, blocks.words(sent.state))
    _bring(sent, plea)


def _bring(sent: Submission, plea: Plea) -> None:
    """It is kept: who closes the dialog waits for nobody."""
    sent.edge.later(sent.edge.toil(sent.services.support.bring, plea))


def _place(click: Click) -> str:
    """Where the message stands, as Slack says."""
    return str((click.body.get("container") or {}).get("channel_id") or "")


async def beneath(
    edge: Edge, member: Member, shown: list[kit.Block], target: kit.Target | None
) -> list[kit.Block]:
    """With "Get help", where somebody would hear it and there is something to help with."""
    if target is None or not await edge.run(edge.services.support.is_offered, member):
        return shown
    return blocks.beneath(voice(member), shown, target)


async def beneath_dialog(
    edge: Edge, member: Member, view: kit.View, target: kit.Target | None
) -> list[kit.Block]:
    shown = view["blocks"]
    assert isinstance(shown, list)
    return await beneath(edge, member, shown, target)
