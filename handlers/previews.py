"""The letter looked at and tested, before anything is sent."""

from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.core.addresses import in_hex
from bot.core.campaigns import Campaign, State, Step
from bot.core.lint.people import with_default
from bot.core.sentences import Refusal, Sentence, sentence
from bot.services.proofs import Tested
from handlers import payloads
from handlers.blocks import kit
from handlers.blocks import lint as lint_blocks
from handlers.blocks import previews as blocks
from handlers.campaign_turns import current, step_of, views_of
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.suggestions import Asked, on_suggest
from handlers.views import is_gone, unless_gone, update_view
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    for action_id in (blocks.PREVIEW, blocks.FIRST, blocks.POOREST):
        on_click(app, edge, action_id, current(preview))
    on_click(app, edge, blocks.FIND, current(find))
    on_suggest(app, edge, blocks.FIND, people)
    on_click(app, edge, blocks.TEST, current(test))
    on_click(app, edge, blocks.TO, chosen)
    on_click(app, edge, lint_blocks.ALL, everything)
    on_click(app, edge, lint_blocks.FILL, current(fill))


async def _draft(click: Click) -> Campaign:
    """The draft that the check shows, as it was when it was drawn."""
    aim = kit.Target.parse(click.view.get("private_metadata"))
    return await click.edge.run(click.services.campaigns.draft, click.member, aim.id, aim.revision)


async def _show(click: Click, draft: Campaign, place: int, told: str = "") -> None:
    views = views_of(click)
    shown = views.shown(draft, told=told, level="success")
    await click.show(await views.of(shown, Step.CHECK, place=place))


# --- read ---------------------------------------------------------------------------------------------


async def preview(click: Click) -> None:
    """The letter of another contact."""
    await _show(click, await _draft(click), _place(click))


async def find(click: Click) -> None:
    """The letter of somebody found by name."""
    draft, person = await _draft(click), click.target.id
    place = await click.edge.toil(click.services.campaigns.place_of, click.member, draft.id, person)
    await _show(click, draft, place)


async def people(asked: Asked) -> Sequence[kit.Block]:
    facets = asked.edge.services.facets
    found = await asked.edge.run(facets.people, asked.member, asked.draft, asked.query)
    return [
        kit.option(f"{one.name} · {one.email}" if one.name else one.email, in_hex(one.person))
        for one in found
    ]


def _place(click: Click) -> int:
    return int(click.target.argument) if click.target.argument.isdecimal() else 0


# --- tested -------------------------------------------------------------------------------------------


async def test(click: Click) -> None:
    """The answer shows in the dialog: that it is on its way, then who gets it and who does not."""
    step, colleagues = step_of(click.view), payloads.people(payloads.values(click.view), blocks.TESTERS)
    with unless_gone():  # whoever closes it at once still asked for a test
        await click.tell(sentence("message.test.going"), "info")
    tested = await click.edge.toil(
        click.services.campaigns.test, click.member, click.target.id, click.target.revision, _place(click),
        colleagues,
    )  # fmt: skip
    if tested.campaign.state is not State.DRAFT:
        return  # scheduled while the test travelled: its own message says where it stands
    views = views_of(click)
    told = " ".join(click.say.mrkdwn(one) for one in (_sent(click, tested), *tested.without))
    level = "warning" if tested.without else "success"
    view = await views.of(views.shown(tested.campaign, told=told, level=level), step, place=_place(click))
    try:
        await update_view(click.client, click.view["id"], view)
    except SlackApiError as error:
        if not is_gone(error):
            raise
        await click.client.chat_postMessage(channel=click.member.id, text=told)


async def chosen(_: Click) -> None:
    """Colleagues for the next test: the dialog holds them until it is asked for."""


def _sent(click: Click, tested: Tested) -> Sentence:
    if not tested.names:
        return sentence("campaigns.tested", address=click.member.email)
    own = (click.member.email,) if click.member.email else ()
    return sentence("message.test.sent", who=click.say.joined((*own, *tested.names)))


# --- what was found -----------------------------------------------------------------------------------


async def everything(click: Click) -> None:
    draft = await _draft(click)
    found = await click.edge.toil(click.services.campaigns.check, click.member, draft.id)
    await click.push(lint_blocks.everything(click.say, found.findings))


async def fill(click: Click) -> None:
    """A default for the blanks of a field, wherever the letter says it without one."""
    name, draft = click.target.argument, await _draft(click)
    columns = await click.edge.run(click.services.audiences.columns, click.member, draft)
    if name not in lint_blocks.FILLED:
        raise Refusal("message.insert.none")
    words = lint_blocks.defaults(draft, name)
    changes = {
        part: with_default(getattr(draft, part), name, words, columns)
        for part in ("subject", "preheader", "body")
    }
    filled = await click.edge.run(
        click.services.campaigns.go_to, click.member, draft.id, draft.revision, Step.CHECK, **changes
    )
    await _show(click, filled, 0, click.say("lint.filled", words=words[False]))
