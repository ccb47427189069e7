"""The campaign dialog opened and closed, and the words that speak of campaigns.

What its steps save when they are sent stands in `campaign_steps`; what its other buttons do, in
`campaign_turns`.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.campaigns import State, Step
from bot.core.copies import is_again
from bot.core.lists import ContactList
from bot.core.sentences import Refusal
from handlers import campaign_steps, campaign_turns, deliveries, payloads
from handlers.blocks import campaign_buttons, kit, notices, wizard
from handlers.blocks import campaigns as blocks
from handlers.blocks.voice import Say, voice
from handlers.campaign_turns import current, views_of
from handlers.campaign_views import Views
from handlers.clicks import Click, on_click
from handlers.deliveries import listed
from handlers.edge import Edge
from handlers.questionnaire_views import senders_asked
from handlers.words import Spoken, Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    on_click(app, edge, campaign_buttons.NEW, new, opens=True)
    on_click(app, edge, wizard.EDIT, current(edit), opens=True)
    on_click(app, edge, blocks.DISCARD, discard)
    campaign_steps.register(app, edge, say_kept)
    campaign_turns.register(app, edge)
    for callback_id in wizard.CALLBACKS.values():
        app.view_closed(callback_id)(_on_closed(edge))
    words.on("campagnes", "campaigns", act=show_campaigns)
    words.on("campagne", "campaign", act=start_by_word, opens=True)


# --- opened -------------------------------------------------------------------------------------------


async def new(click: Click) -> None:
    await _open(click, click.target.id)


async def open_for(click: Click, contact_list: ContactList, *, to_myself: bool = False) -> None:
    """The dialog for this list. `to_myself`: it leaves at once, to the person alone."""
    await _open(click, contact_list.id, to_myself=to_myself)


async def _open(click: Click, list_id: str, *, to_myself: bool = False) -> None:
    draft = await click.edge.run(
        click.services.campaigns.start, click.member, list_id, to_myself=to_myself, named=named(click.say)
    )
    views = views_of(click)
    await click.show(await views.of(views.shown(draft)))
    click.edge.later(click.edge.toil(click.services.facets.prepare, click.member, draft))
    await senders_asked(click.edge)


def named(say: Say) -> Callable[[str, datetime], str]:
    def first_name(title: str, now: datetime) -> str:
        month = say.moment(now, "LLLL")
        return say("campaigns.name.first", title=kit.cut(title, 60), month=month)

    return first_name


async def edit(click: Click) -> None:
    """A part of the check; a draft taken up again; or a scheduled campaign, which waits meanwhile."""
    campaigns, views = click.services.campaigns, views_of(click)
    if click.in_dialog:
        draft = await click.edge.run(campaigns.draft, click.member, click.target.id, click.target.revision)
        step = Step(click.target.argument) if click.target.argument in list(Step) else draft.step
        await click.show(await views.of(views.shown(draft, hub=True), step))
        return
    campaign = await click.edge.run(campaigns.get, click.member, click.target.id)
    if campaign.state is not State.DRAFT:
        await click.show(notices.loading(click.say))
        campaign = await click.edge.toil(
            campaigns.edit_scheduled, click.member, campaign.id, campaign.revision
        )
    elif campaign.step in (
        Step.RECIPIENTS,
        Step.CHECK,
    ):  # counting people may take longer than a trigger lives
        await click.show(notices.loading(click.say))
    # of a copy only the link is missing: from there to the check
    await click.show(await views.of(views.shown(campaign, hub=is_again(campaign))))


# --- closed, thrown away ------------------------------------------------------------------------------


def _on_closed(edge: Edge) -> Callable[..., Awaitable[None]]:
    async def closed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        edge.later(say_kept(edge, client, body))

    return closed


async def say_kept(edge: Edge, client: AsyncWebClient, body: dict[str, Any]) -> None:
    """The window was closed before the end: the draft is there, and says how to go on."""
    who = payloads.who(body)
    member = await edge.run(edge.services.people.member, who.workspace, who.member)
    aim = kit.Target.parse(body["view"].get("private_metadata"))
    try:
        draft = await edge.run(edge.services.campaigns.get, member, aim.id)
    except Refusal:
        return  # thrown away meanwhile: there is nothing to go on with
    if draft.state is State.DRAFT:
        text, shown = blocks.kept(voice(member), draft)
        await client.chat_postMessage(channel=member.id, text=text, blocks=shown)


async def discard(click: Click) -> None:
    draft = await click.edge.run(click.services.campaigns.get, click.member, click.target.id)
    await click.edge.run(click.services.campaigns.discard, click.member, draft.id, draft.revision)
    if await deliveries.drawn_again(click):
        return
    where = click.body["container"]
    text, shown = blocks.discarded(click.say, draft.name)
    await click.client.chat_update(
        channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=shown
    )


# --- words --------------------------------------------------------------------------------------------


async def show_campaigns(spoken: Spoken) -> None:
    followed, attended = await spoken.edge.run(listed, spoken.services, spoken.member)
    await spoken.answer(*blocks.listing(spoken.say, followed, attended))


async def start_by_word(spoken: Spoken) -> None:
    """A dialog after a command; in the DM, where no word can open one, its button."""
    if not spoken.trigger_id:
        await spoken.answer(*blocks.offer(spoken.say))
        return
    draft = await spoken.edge.run(spoken.services.campaigns.start, spoken.member, named=named(spoken.say))
    views = Views(edge=spoken.edge, member=spoken.member)
    await spoken.show(await views.of(views.shown(draft)))
