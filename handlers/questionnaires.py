"""The questionnaire's link and what goes with it: the public one taken, the choices of step 1, and another
link for letters that have left."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.core.doctor import diagnose
from bot.core.sentences import Refusal
from handlers import campaign_forms as forms
from handlers import payloads
from handlers.blocks import kit, wizard_answers, wizard_sender
from handlers.blocks import questionnaires as blocks
from handlers.blocks.wizard import STEPS
from handlers.blocks.wizard_parameters import LINK
from handlers.campaign_turns import current, views_of
from handlers.clicks import Click, editable, on_click
from handlers.door import log
from handlers.edge import Edge
from handlers.questionnaire_views import proposed, step_one
from handlers.submissions import Submission, on_submit
from handlers.views import update_view
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.USE, use_public)
    for action_id in (wizard_sender.CHOOSE, wizard_answers.CHOOSE, wizard_answers.CHOOSE_COLUMN):
        on_click(app, edge, action_id, current(choose))
    on_click(app, edge, blocks.CHANGE, ask_link, opens=True)
    on_submit(app, edge, blocks.CHANGE, change_link)


async def use_public(click: Click) -> None:
    """Of the link that stands in the field now: it may have been typed over since it was refused. Its button
    stands in a dialog alone: a click without one is nobody's."""
    if not click.in_dialog:
        return
    link = payloads.text(payloads.values(click.view), LINK).strip()
    public = diagnose(link).public or link
    await click.show(blocks.holding(editable(click.view), public))


async def choose(click: Click) -> None:
    """Another sender, another place for the code, a column: the fields that go with it. A long list is
    counted once they are in sight."""
    views, aim = views_of(click), kit.Target.parse(click.view.get("private_metadata"))
    draft = await click.edge.run(click.services.campaigns.draft, click.member, aim.id, aim.revision)
    shown = views.shown(draft, hub=aim.argument == STEPS[-1].value, options=True)
    typed = forms.typed_parameters(click.view)
    at_once = await step_one(click.edge, click.member, shown, typed, counts=False)
    seen = await _redraw(click, at_once, click.view.get("hash"))
    counted = await step_one(click.edge, click.member, shown, typed)
    if seen and counted != at_once:
        await _redraw(click, counted, seen)


async def _redraw(click: Click, view: kit.View, seen: str | None) -> str:
    """The hash it has then; empty where the dialog went on meanwhile: what it shows is newer than ours."""
    try:
        return await update_view(click.client, click.view["id"], view, seen=seen)
    except SlackApiError as refused:
        if refused.response.get("error") != "hash_conflict":
            raise
        log.info("a dialog changed before its update action=%s", click.action.get("action_id"))
        return ""


# --- another link, once letters have left -------------------------------------------------------------


async def ask_link(click: Click) -> None:
    changeable = click.services.questionnaires.changeable
    campaign = await click.edge.run(changeable, click.member, click.target.id)
    await click.show(blocks.change(click.say, campaign))


async def change_link(sent: Submission) -> kit.View | None:
    """The campaign's message shows the new one."""
    changes = int(sent.target.argument) if sent.target.argument.isdecimal() else 0
    link = payloads.text(sent.state, LINK) if LINK in sent.state else None
    try:
        await sent.edge.toil(
            sent.services.questionnaires.change_link, sent.member, sent.target.id, changes, link,
            forms.closing(sent.state),
        )  # fmt: skip
    except Refusal as refusal:
        if view := proposed(sent.say, sent.view, refusal):
            return view
        raise
    return None
