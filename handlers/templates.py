"""Templates: a letter started from one, kept as one, and one's own renamed, shared and deleted."""

from slack_bolt.async_app import AsyncApp

from bot.core.campaigns import Campaign, State
from bot.core.people import Member
from bot.core.sentences import Refusal, Sentence, sentence
from bot.core.templates import Shipped, Words
from bot.services.templates import Templates
from handlers import message, message_views, payloads
from handlers.blocks import notices
from handlers.blocks import templates as blocks
from handlers.campaign_turns import current, is_hub
from handlers.campaign_views import Views
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.turns import bring_up, draw
from handlers.views import update_view
from handlers.words import Words as Spoken


def register(app: AsyncApp, edge: Edge, words: Spoken) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.START, current(start))
    on_click(app, edge, blocks.UNDO, current(undo))
    on_click(app, edge, blocks.SAVE, current(ask_title))
    on_submit(app, edge, blocks.SAVE, save)
    on_click(app, edge, blocks.MINE, mine)
    on_click(app, edge, blocks.EDIT, edit)
    on_click(app, edge, blocks.DELETE, delete)
    on_submit(app, edge, blocks.EDIT, rename)


# --- to start from ------------------------------------------------------------------------------------


async def start(click: Click) -> None:
    """The template's words in place of what stands there; somebody's own words can be put back."""

    async def replaced(draft: Campaign, words: dict[str, object]) -> dict[str, object]:
        stood = _words(words, draft)
        chosen = await click.edge.run(_chosen, click.services.templates, click.member, draft, click.target.id)
        offered = await click.edge.run(click.services.templates.offered, click.member)
        kept = {one.words for one in (*offered.mine, *offered.shared)}
        is_own = bool(stood.body.strip()) and not blocks.is_shipped(stood) and stood not in kept
        return _as_changes(chosen) | ({"replaced": stood} if is_own and stood != chosen else {})

    await message.redo(click, replaced)


def _words(words: dict[str, object], draft: Campaign) -> Words:
    return Words(
        subject=str(words["subject"]), body=str(words["body"]),
        preheader=str(words.get("preheader", draft.preheader)),
    )  # fmt: skip


def _chosen(templates: Templates, member: Member, draft: Campaign, name: str) -> Words:
    if name in list(Shipped):
        return blocks.shipped(Shipped(name), draft.language)
    return templates.get(member, name).words


def _as_changes(words: Words) -> dict[str, object]:
    return {"subject": words.subject, "preheader": words.preheader, "body": words.body}


async def undo(click: Click) -> None:
    """A second click finds them back."""

    async def restored(draft: Campaign, _: dict[str, object]) -> dict[str, object]:
        return {} if draft.replaced is None else {**_as_changes(draft.replaced), "replaced": None}

    await message.redo(click, restored)


# --- kept ---------------------------------------------------------------------------------------------


async def ask_title(click: Click) -> None:
    """What is typed is kept in the draft: the small dialog over it could not hold it."""
    words = message.typed(click)
    if not str(words["body"]).strip():
        raise Refusal("campaigns.body.empty")
    async with click.edge.windows.turn(click.view) as window:
        words = {} if message.is_behind(click, window) else words
        bring_up(click, window)
        before = await message.standing(click)
        after = await message.keep(click, before, **words)
        window.saved(before.revision, after.revision)
        await click.push(blocks.save(click.say, after, wizard_of(click)))
        await draw(click, window, await message.redrawn(click, after))


async def save(sent: Submission) -> None:
    campaigns = sent.services.campaigns
    draft = await sent.edge.run(campaigns.get, sent.member, sent.target.id)
    words = Words(subject=draft.subject, body=draft.body, preheader=draft.preheader)
    kept = await sent.edge.run(
        sent.services.templates.keep, sent.member, payloads.text(sent.state, blocks.TITLE), draft.language,
        words, shared=_is_shared(sent),
    )  # fmt: skip
    sent.edge.later(_tell_wizard(sent, draft, sentence("templates.kept", title=kept.title)))


def _is_shared(sent: Submission) -> bool:
    return bool(sent.state.get(blocks.SHARED, {}).get("selected_options"))


def wizard_of(click: Click) -> str:
    """How the step under a small dialog is shown."""
    marks = ("hub" if is_hub(click) else "", "options" if message_views.has_options(click.view) else "")
    return ".".join(filter(None, marks))


async def _tell_wizard(sent: Submission, draft: Campaign, said: Sentence) -> None:
    """The step under the small dialog, with the templates there are now: what is typed in it stays, since the
    draft does."""
    under = str(sent.view.get("root_view_id") or "")
    if not under or under == sent.view["id"] or draft.state is not State.DRAFT:
        return
    views, how = Views(edge=sent.edge, member=sent.member), sent.target.argument.split(".")
    shown = views.shown(
        draft, hub="hub" in how, options="options" in how, told=sent.say.mrkdwn(said), level="success"
    )
    view = await message_views.step(sent.edge, shown)
    await update_view(sent.client, under, view)


# --- one's own ----------------------------------------------------------------------------------------


async def mine(click: Click) -> None:
    offered = await click.edge.run(click.services.templates.offered, click.member)
    await click.push(blocks.mine(click.say, offered.mine))


async def edit(click: Click) -> None:
    found = await click.edge.run(click.services.templates.own, click.member, click.target.id)
    await click.push(blocks.edit(click.say, found))


async def rename(sent: Submission) -> None:
    await sent.edge.run(
        sent.services.templates.rename, sent.member, sent.target.id, sent.target.revision,
        payloads.text(sent.state, blocks.TITLE), shared=_is_shared(sent),
    )  # fmt: skip
    sent.edge.later(_relist(sent))


async def delete(click: Click) -> None:
    """Slack closes no dialog for us: this one says what was done, the one under it shows it."""
    gone = await click.edge.run(click.services.templates.remove, click.member, click.target.id)
    await click.show(notices.notice(click.say, sentence("templates.removed", title=gone.title)))
    await _relist(click)


async def _relist(at: Click | Submission) -> None:
    """The list of one's own under the dialog that changed one of them."""
    offered = await at.edge.run(at.services.templates.offered, at.member)
    under = str(at.view.get("previous_view_id") or "")
    if under and under != at.view["id"]:
        await update_view(at.client, under, blocks.mine(at.say, offered.mine))
