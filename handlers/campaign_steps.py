"""The steps of the campaign dialog, sent: each saves, and the same dialog goes on with the next.

From the check (`id:revision:check` in the metadata) it goes back there.
"""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, State, Step
from bot.core.people import Language
from bot.core.questionnaires import Placement
from bot.core.sentences import Refusal, Stale
from handlers import campaign_forms as forms
from handlers import departure_steps, message_views, recipient_steps
from handlers.blocks import kit, notices, wizard
from handlers.blocks.tallies import Tally, changed
from handlers.blocks.wizard_when import MOVE
from handlers.campaign_views import Views
from handlers.edge import Edge
from handlers.questionnaire_views import proposed
from handlers.submissions import Closed, Submission, on_submit

Handler = Callable[[Submission], Awaitable[kit.View | None]]


def register(app: AsyncApp, edge: Edge, closed: Closed) -> None:
    """`closed`: says that the draft is kept."""
    sent = {
        Step.PARAMETERS: parameters,
        Step.RECIPIENTS: recipients,
        Step.MESSAGE: message,
        Step.WHEN: when,
        Step.CHECK: schedule,
    }
    for step, handler in sent.items():
        on_submit(app, edge, wizard.CALLBACKS[step], _current(handler, step), closed)


def _current(handler: Handler, step: Step) -> Handler:
    """A draft that changed meanwhile is shown as it is now, with the sentence on top."""

    async def handled(sent: Submission) -> kit.View | None:
        try:
            return await handler(sent)
        except Stale as stale:
            draft = await sent.edge.run(sent.services.campaigns.get, sent.member, sent.target.id)
            told, typed = sent.say.mrkdwn(stale.sentence), forms.typed(step, sent.state)
            return await caught_up(_views(sent), draft, told, step, typed)

    return handled


async def caught_up(
    views: Views, draft: Campaign, told: str, step: Step, typed: Mapping[str, object]
) -> kit.View:
    """The step again, on the draft as it is now; nothing but the sentence where it is a draft no more. Words
    of a letter that were `typed` meanwhile can be had back."""
    if draft.state is not State.DRAFT:
        return kit.modal(
            notices.NOTICE, views.say("campaigns.title.check"), [kit.section(told)],
            close=views.say("campaigns.close"),
        )  # fmt: skip
    if step is Step.MESSAGE:
        draft = await message_views.put_aside(views.edge, views.member, draft, typed)
    return await views.of(views.shown(draft, told=told), step)


def _views(sent: Submission) -> Views:
    return Views(edge=sent.edge, member=sent.member)


def _then(sent: Submission, following: Step) -> Step:
    return Step.CHECK if sent.target.argument == Step.CHECK.value else following


async def _next(sent: Submission, draft: Campaign) -> kit.View:
    sent.saved.set()
    views = _views(sent)
    return await views.of(views.shown(draft))


async def parameters(sent: Submission) -> kit.View:
    try:
        return await _next(sent, await _parameters(sent))
    except Refusal as refusal:
        if not sent.saved.is_set() and (view := proposed(sent.say, sent.view, refusal)):
            return view
        raise


async def _parameters(sent: Submission) -> Campaign:
    """Step 1 sent: judged, and kept."""
    async with sent.edge.windows.turn(sent.view) as window:
        sent.target = window.brought_up(sent.target)
        campaigns = sent.services.campaigns
        draft = await sent.edge.run(campaigns.draft, sent.member, sent.target.id, sent.target.revision)
        columns = await sent.edge.run(sent.services.questionnaires.columns, sent.member, draft)
        form = forms.parameters(sent.state, draft, columns)
        # who has a link in a column is counted: that reads the whole list
        call = sent.edge.toil if form["placement"] is Placement.COLUMN else sent.edge.run
        saved = await call(
            campaigns.set_parameters, sent.member, draft.id, draft.revision, **form,
            then=_then(sent, Step.RECIPIENTS),
        )  # fmt: skip
        if saved.language is not draft.language and (words := _translated(sent, saved, draft.language)):
            saved = await sent.edge.run(
                campaigns.go_to, sent.member, saved.id, saved.revision, saved.step, **words
            )
        window.saved(sent.target.revision, saved.revision)
        return saved


def _translated(sent: Submission, draft: Campaign, before: Language) -> dict[str, object]:
    """A template nobody touched follows the language; the person's own words stay as they are."""
    subject, body = wizard.template(before)
    new_subject, new_body = wizard.first_words(sent.member, draft.language)
    changed: dict[str, object] = {}
    if draft.subject == subject:
        changed["subject"] = new_subject
    if draft.body == body:
        changed["body"] = new_body
    return changed


async def recipients(sent: Submission) -> kit.View:
    return await _next(sent, await recipient_steps.settled(sent))


async def message(sent: Submission) -> kit.View:
    campaigns = sent.services.campaigns
    async with sent.edge.windows.turn(sent.view) as window:
        is_late = sent.target.revision in window.superseded
        sent.target = window.brought_up(sent.target)
        draft = await sent.edge.run(campaigns.draft, sent.member, sent.target.id, sent.target.revision)
        saved = await sent.edge.run(
            campaigns.set_message, sent.member, draft.id, draft.revision,
            **forms.words(sent.state, draft), then=_then(sent, Step.WHEN), is_again=is_late,
        )  # fmt: skip
        window.saved(sent.target.revision, saved.revision)
    if saved.step is not Step.CHECK:
        sent.edge.later(sent.edge.toil(campaigns.lint.prepare, sent.member, saved))
    return await _next(sent, saved)


async def when(sent: Submission) -> kit.View | None:
    if sent.target.argument == MOVE:
        moment = forms.moment(sent.state)
        await sent.edge.toil(sent.services.campaigns.reschedule, sent.member, sent.target.id, moment)
        return None
    return await _next(sent, await departure_steps.settled(sent))


async def schedule(sent: Submission) -> kit.View | None:
    """The dialog closes, and the campaign's message stands in the DM. Where the number on the button holds no
    more, the check is read again first."""
    if view := await _recounted(sent):
        return view
    await sent.edge.toil(sent.services.campaigns.schedule, sent.member, sent.target.id, sent.target.revision)
    return None


async def _recounted(sent: Submission) -> kit.View | None:
    """The check as it is now, where it is not what was read; else None."""
    seen, campaigns = Tally.parse(sent.target.argument), sent.services.campaigns
    if seen is None:
        return None
    draft = await sent.edge.run(campaigns.draft, sent.member, sent.target.id, sent.target.revision)
    audience = await sent.edge.toil(campaigns.audience, sent.member, draft)
    said = changed(seen, Tally.of(audience.reach.count, audience.lists))
    if said is None:
        return None
    views = _views(sent)
    return await views.of(views.shown(draft, told=sent.say.mrkdwn(said)), Step.CHECK)
