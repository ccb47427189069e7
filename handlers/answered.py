"""Who answered, told by the campaign's owner in a dialog. An export dropped in the DM comes by `people`."""

from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp

from bot.core.ids import CampaignId
from bot.core.sentences import Refusal
from bot.services.exported import export_of
from handlers import payloads
from handlers.blocks import answered as blocks
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import ANSWERS
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.suggestions import Asked, on_suggest
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, ANSWERS, ask, opens=True)
    on_submit(app, edge, ANSWERS, tell)
    on_suggest(app, edge, blocks.FIND, people, left=True)


async def ask(click: Click) -> None:
    answered = click.services.answered
    campaign = await click.edge.run(answered.campaign, click.member, click.target.id)
    may_name = await click.edge.run(answered.may_name, click.member, campaign)
    await click.show(blocks.dialog(click.say, campaign, may_name=may_name))


async def people(asked: Asked) -> Sequence[kit.Block]:
    offered = asked.edge.services.answered.offered
    found = await asked.edge.run(offered, asked.member, asked.draft.id, asked.query)
    return [blocks.person(number, contact) for number, contact in found]


async def tell(sent: Submission) -> kit.View | None:
    """People are noted at once; an export is kept for reading before the dialog closes, and read after."""
    files = payloads.files(sent.state, blocks.FILE)
    picked = [int(one) for one in _chosen(sent) if one.isdecimal()]
    typed = blocks.plain(sent.state.get(blocks.ADDRESSES, {}).get("rich_text_value"))
    if not (files or picked or typed.strip()):
        raise Refusal("answered.refused.nothing", field=blocks.FILE)
    view = await _by_hand(sent, picked, typed) if picked or typed.strip() else None
    if files:
        await _read(sent, files[0])
    return view


def _chosen(sent: Submission) -> list[str]:
    chosen = sent.state.get(blocks.PEOPLE, {}).get("selected_options") or []
    return [str(one.get("value") or "") for one in chosen]


async def _by_hand(sent: Submission, picked: Sequence[int], typed: str) -> kit.View:
    by_hand = sent.services.answered.by_hand
    done = await sent.edge.toil(by_hand, sent.member, sent.target.id, picked, typed)
    return blocks.noted(
        sent.say, done.campaign.name, done.people, done.fresh, done.unknown, are_named=done.are_named
    )


async def _read(sent: Submission, file: dict[str, object]) -> None:
    member, imports = sent.member, sent.services.imports
    campaign = await sent.edge.run(sent.services.answered.campaign, member, sent.target.id)
    pending = imports.waiting(member.workspace, member.id, payloads.remote_file(file))
    pending = export_of(pending, CampaignId(campaign.id))
    await sent.edge.run(imports.receive, member.workspace, f"view:{sent.view['id']}", [pending])
    sent.edge.later(sent.edge.toil(imports.run, pending))
