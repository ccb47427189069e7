"""The campaign dialog turned back, shown with more fields, looked at and tested: nothing is sent yet."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, State, Step
from bot.core.sentences import Refusal, Stale, sentence
from handlers import campaign_forms as forms
from handlers import campaign_steps, payloads
from handlers.blocks import kit, wizard, wizard_check, wizard_parameters
from handlers.blocks.wizard_recipients import CHOOSE
from handlers.campaign_views import Views
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.views import update_view


def register(app: AsyncApp, edge: Edge) -> None:
    turns = {
        wizard.BACK: back,
        wizard.MORE: more,
        wizard.REUSE: reuse,
        CHOOSE: choose,
        wizard_check.PREVIEW: preview,
        wizard_check.TEST: test,
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
            view = await campaign_steps.caught_up(views_of(click), draft, told, step_of(click.view))
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


def _is_hub(click: Click) -> bool:
    return kit.Target.parse(click.view.get("private_metadata")).argument == Step.CHECK.value


async def back(click: Click) -> None:
    """To the step before, with what was typed kept as it stands; from the check's parts, to the check."""
    campaigns, views, step = click.services.campaigns, views_of(click), step_of(click.view)
    if _is_hub(click):
        draft = await _draft(click)
        await click.show(await views.of(views.shown(draft), Step.CHECK))
        return
    before = wizard.STEPS[max(0, wizard.STEPS.index(step) - 1)]
    typed = forms.typed(step, payloads.values(click.view))
    draft = await click.edge.run(
        campaigns.go_to, click.member, click.target.id, click.target.revision, before, **typed
    )
    await click.show(await views.of(views.shown(draft)))


async def more(click: Click) -> None:
    """The same step with its optional fields: Slack keeps what was typed in the others."""
    views, step = views_of(click), step_of(click.view)
    shown = views.shown(await _draft(click), hub=_is_hub(click), options=True)
    if step is Step.PARAMETERS:
        view = wizard_parameters.parameters(shown, reused=forms.reused(click.view))
    else:
        view = await views.of(shown, step)
    await click.show(view)


async def reuse(click: Click) -> None:
    """The last campaign's link, in the field."""
    options = wizard_parameters.SENDER in payloads.values(click.view)
    shown = views_of(click).shown(await _draft(click), hub=_is_hub(click), options=options)
    await click.show(wizard_parameters.parameters(shown, reused=click.member.last_link))


async def choose(click: Click) -> None:
    """Another list in the select: its count follows. It is saved when the step is sent."""
    views = views_of(click)
    draft = await _draft(click)
    shown = views.shown(draft, hub=_is_hub(click))
    await click.show(await views.of(shown, Step.RECIPIENTS, list_id=click.target.id))


# --- looked at, tested --------------------------------------------------------------------------------


async def preview(click: Click) -> None:
    """The letter of another contact."""
    views = views_of(click)
    draft = await _draft(click)
    await click.show(await views.of(views.shown(draft), Step.CHECK, place=_place(click)))


async def test(click: Click) -> None:
    """The answer shows in the dialog: that it is on its way, then that it was taken or why not."""
    address, step = click.member.email, step_of(click.view)
    await click.tell(sentence("campaigns.test.going", address=address), "info")
    draft = await click.edge.toil(
        click.services.campaigns.test, click.member, click.target.id, click.target.revision, _place(click)
    )
    if draft.state is not State.DRAFT:
        return  # scheduled while the test travelled: its own message says where it stands
    views = views_of(click)
    shown = views.shown(draft, told=click.say.mrkdwn("campaigns.tested", address=address), level="success")
    view = await views.of(shown, step, place=_place(click))
    await update_view(click.client, click.view["id"], view)


def _place(click: Click) -> int:
    return int(click.target.argument) if click.target.argument.isdecimal() else 0
