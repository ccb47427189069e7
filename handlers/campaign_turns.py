"""The campaign dialog turned back, and shown with more fields: nothing is sent yet."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, Step
from bot.core.sentences import Refusal, Stale
from handlers import campaign_forms as forms
from handlers import campaign_steps, departure_forms, message_views, payloads
from handlers.blocks import kit, wizard
from handlers.blocks.questionnaires import holding
from handlers.campaign_views import Views
from handlers.clicks import Click, editable, on_click
from handlers.edge import Edge
from handlers.questionnaire_views import senders_asked, step_one
from handlers.turns import in_turn
from handlers.views import update_view


def register(app: AsyncApp, edge: Edge) -> None:
    turns = {
        wizard.BACK: in_turn(back),
        wizard.MORE: in_turn(more),
        wizard.REUSE: reuse,
    }
    for action_id, turn in turns.items():
        on_click(app, edge, action_id, current(turn))


Handler = Callable[[Click], Awaitable[None]]


def current(handler: Handler) -> Handler:
    """A draft that changed since its dialog was drawn (another window, a double click) is shown as it is
    now, with the sentence on top: the dialog's buttons would never work again otherwise."""

    async def handled(click: Click) -> None:
        try:
            await handler(click)
        except Stale as stale:
            if not click.in_dialog:
                raise
            aim = kit.Target.parse(click.view.get("private_metadata"))
            draft = await click.edge.run(click.services.campaigns.get, click.member, aim.id)
            told = click.say.mrkdwn(stale.sentence)
            step = step_of(click.view)
            typed = forms.typed(step, payloads.values(click.view))
            view = await campaign_steps.caught_up(views_of(click), draft, told, step, typed)
            await update_view(click.client, click.view["id"], view)

    return handled


def views_of(click: Click) -> Views:
    return Views(edge=click.edge, member=click.member)


async def _draft(click: Click) -> Campaign:
    """The draft that the dialog shows, as it was when it was drawn."""
    aim = kit.Target.parse(click.view.get("private_metadata"))
    return await click.edge.run(click.services.campaigns.draft, click.member, aim.id, aim.revision)


def step_of(view: payloads.Body) -> Step:
    """The step a dialog shows, as its callback_id says. Raises Refusal where there is no such dialog: the
    click was made up."""
    for step, callback_id in wizard.CALLBACKS.items():
        if view.get("callback_id") == callback_id:
            return step
    raise Refusal("campaigns.unknown")


def is_hub(click: Click) -> bool:
    return kit.Target.parse(click.view.get("private_metadata")).argument == Step.CHECK.value


async def back(click: Click) -> None:
    """To the step before, with what was typed kept as it stands; from the check's parts, to the check as it
    was."""
    campaigns, views, step = click.services.campaigns, views_of(click), step_of(click.view)
    if is_hub(click):
        draft = await _draft(click)
        if step is Step.MESSAGE:
            typed = forms.typed(step, payloads.values(click.view))
            draft = await message_views.put_aside(click.edge, click.member, draft, typed)
        await click.show(await views.of(views.shown(draft), Step.CHECK))
        return
    before = wizard.STEPS[max(0, wizard.STEPS.index(step) - 1)]
    typed = forms.typed(step, payloads.values(click.view))
    if step is Step.WHEN:
        typed = departure_forms.typed(click.view, await _draft(click), campaigns.clock.now())
    draft = await click.edge.run(
        campaigns.go_to, click.member, click.target.id, click.target.revision, before, **typed
    )
    await click.show(await views.of(views.shown(draft)))


async def more(click: Click) -> None:
    """The same step with its optional fields: Slack keeps what was typed in the others."""
    views, step = views_of(click), step_of(click.view)
    shown = views.shown(await _draft(click), hub=is_hub(click), options=True)
    if step is Step.PARAMETERS:
        await senders_asked(click.edge)
        view = await step_one(click.edge, click.member, shown, forms.typed_parameters(click.view))
    else:
        view = await views.of(shown, step)
    await click.show(view)


async def reuse(click: Click) -> None:
    """The last campaign's link, in the field."""
    await _draft(click)
    await click.show(holding(editable(click.view), click.member.last_link))
