"""Campaigns that were scheduled: cancel, another moment, pause, resume, stop; and "stop" said in the DM."""

from collections.abc import Callable

from slack_bolt.async_app import AsyncApp

from bot.core import moments
from bot.core.campaigns import FIXED, Campaign, State
from bot.core.people import Member
from bot.core.sentences import Stale, sentence
from bot.services import Services
from handlers import closures, home
from handlers.blocks import campaign_buttons as buttons
from handlers.blocks import campaigns as blocks
from handlers.blocks.closures import ASKED
from handlers.blocks.others import Others, only_others
from handlers.blocks.wizard_when import reschedule
from handlers.clicks import Click, Handler, on_click
from handlers.edge import Edge
from handlers.words import Spoken, Words

Act = Callable[[Member, str], Campaign]

ASKED_TO_STOP = {State.SENDING: "campaigns.stop.several", State.SENT: "reminders.stop.which"}


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    campaigns = edge.services.campaigns
    acts: dict[str, Act] = {
        buttons.CANCEL: campaigns.cancel,
        buttons.PAUSE: campaigns.pause,
        buttons.RESUME: campaigns.resume,
        buttons.STOP: campaigns.stop,
        buttons.SEND_NOW: edge.services.reminders.send_now,  # of whatever it is held for
    }
    for action_id, act in acts.items():
        on_click(app, edge, action_id, _acting(act))
    on_click(app, edge, buttons.RESCHEDULE, ask_moment, opens=True)
    words.on("stop", "arrête", "arrêter", "arrêtez", "pause", "suspendre", act=stop)


def _acting(act: Act) -> Handler:
    """The campaign's message says what happened; so does the list of campaigns the click was made in.
    A second click finds the work done, and `Stale` says so."""

    async def handler(click: Click) -> None:
        await click.edge.run(act, click.member, click.target.id)  # a full import pool must not delay a Stop
        if not await drawn_again(click) and click.target.argument == ASKED:
            await closures.follow(click)

    return handler


async def drawn_again(click: Click) -> bool:
    """Home, or a list of campaigns, shows what became of them; False where the click was made elsewhere."""
    if click.on_home:
        await home.publish(click.edge, click.client, click.member)
    elif click.target.argument == buttons.LISTED:
        await _relist(click)
    else:
        return False
    return True


async def _relist(click: Click) -> None:
    followed, attended = await click.edge.run(listed, click.services, click.member)
    text, shown = blocks.listing(click.say, followed, attended)
    where = click.body["container"]
    await click.client.chat_update(
        channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=shown
    )


def listed(services: Services, member: Member) -> tuple[blocks.Followed, Others]:
    """The person's own, and those of others where they look after the bot."""
    campaigns = services.campaigns
    followed = [(one, campaigns.progress(one)) for one in campaigns.visible(member)]
    return followed, campaigns.of_others(member)


async def ask_moment(click: Click) -> None:
    """The dialog with a moment to choose; what is sent from it arrives as the step *When*."""
    campaign = await click.edge.run(click.services.campaigns.get, click.member, click.target.id)
    if campaign.departed_at is not None or campaign.state not in (*FIXED, State.HELD):
        raise Stale(f"campaigns.state.{campaign.state.value}", name=campaign.name)
    now = click.services.campaigns.clock.now()
    proposed = campaign.send_at
    if proposed is None or proposed <= now:
        proposed = moments.next_working_morning(now, click.member.tz, click.member.language.value)
    await click.show(reschedule(click.say, campaign, proposed))


# --- said ---------------------------------------------------------------------------------------------


async def stop(spoken: Spoken) -> None:
    """One on its way: paused at once. Several: a button each. Only scheduled ones: what cancels them."""
    campaigns = spoken.services.campaigns
    running = await spoken.edge.run(campaigns.running, spoken.member)
    if not running and (attended := await spoken.edge.run(campaigns.of_others, spoken.member)):
        await spoken.answer(*only_others(spoken.say, attended))
    elif not running:
        await spoken.tell(sentence("campaigns.stop.none"))
    elif len(running) == 1 and running[0].state is State.SENDING:
        paused = await spoken.edge.run(campaigns.pause, spoken.member, running[0].id)
        followed = [(paused, campaigns.progress(paused))]
        await spoken.answer(*blocks.choice(spoken.say, "campaigns.stop.paused", followed))
    else:
        key = ASKED_TO_STOP.get(running[0].state, "campaigns.stop.scheduled")
        followed = [(one, campaigns.progress(one)) for one in running]
        await spoken.answer(*blocks.choice(spoken.say, key, followed))
