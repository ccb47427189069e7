"""Lists: view, search, download, rename, delete, bring back; "listes", and the list of one's own."""

from slack_bolt.async_app import AsyncApp

from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.sentences import sentence
from bot.services.lists import Page
from handlers import campaigns, home, payloads
from handlers.blocks import contacts, kit, listing
from handlers.blocks.voice import voice
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.views import update_view
from handlers.words import Spoken, Words

MANY = 5_000  # contacts: a file of more takes so long that it is announced


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    on_click(app, edge, "lists.view", view, opens=True)
    on_click(app, edge, "lists.page", turn)
    on_click(app, edge, "lists.previous", turn)
    on_click(app, edge, "lists.search", search)
    on_submit(app, edge, contacts.VIEW, search_by_button)
    on_click(app, edge, "lists.rename", ask_title)
    on_submit(app, edge, contacts.RENAME, rename)
    on_click(app, edge, "lists.download", download)
    on_click(app, edge, "lists.sample", sample)
    on_click(app, edge, "lists.delete", delete)
    on_click(app, edge, "lists.undo", restore)
    on_click(app, edge, "lists.try", try_on_myself, opens=True)
    words.on("listes", "lists", "liste", "list", act=show_lists)
    words.on("exemple", "sample", "example", act=sample_by_word)


# --- the dialog of one list ---------------------------------------------------------------------------


async def view(click: Click) -> None:
    opened = await click.edge.run(click.services.lists.view, click.member, click.target.id)
    await click.show(_dialog(click.member, opened))


async def turn(click: Click) -> None:
    """A page of the dialog, or of the lists where the button names none."""
    page = _page(click)
    if click.target.id:
        wanted = payloads.text(payloads.values(click.view), "search")
        await click.show(await _view(click, click.member, click.target.id, page, wanted))
    else:
        await relist(click, page)


async def search(click: Click) -> None:
    """Enter in the search field. The list is the dialog's own: the field holds words, not an id."""
    aim = kit.Target.parse(click.view.get("private_metadata"))
    wanted = payloads.text(payloads.values(click.view), "search")
    await click.show(await _view(click, click.member, aim.id, search=wanted))


async def search_by_button(submission: Submission) -> kit.View:
    wanted = payloads.text(submission.state, "search")
    return await _view(submission, submission.member, submission.target.id, search=wanted)


async def _view(
    at: Click | Submission, member: Member, list_id: str, page: int = 0, search: str = ""
) -> kit.View:
    return _dialog(member, await at.edge.run(at.services.lists.page, member, list_id, page, search))


def _dialog(member: Member, found: Page) -> kit.View:
    return contacts.view(
        voice(member), found.contact_list, found.contacts,
        page=found.page, page_count=found.pages, found=found.found, search=found.search,
    )  # fmt: skip


async def ask_title(click: Click) -> None:
    contact_list = await click.edge.run(click.services.lists.present, click.member, click.target.id)
    await click.push(contacts.rename(click.say, contact_list))


async def rename(submission: Submission) -> None:
    """The dialog under this one shows the new title."""
    renamed = await submission.edge.run(
        submission.services.lists.rename,
        submission.member,
        submission.target.id,
        submission.target.revision,
        payloads.text(submission.state, "title"),
    )
    submission.edge.later(show_under(submission, renamed))


async def show_under(at: Click | Submission, changed: ContactList) -> None:
    """The list's own dialog, where it lies under the one that changed it."""
    under = at.view.get("previous_view_id") or at.view.get("root_view_id")
    if under and under != at.view["id"]:
        view = await _view(at, at.member, changed.id)
        await update_view(at.client, under, view)


# --- files --------------------------------------------------------------------------------------------


async def download(click: Click) -> None:
    """The file comes to the DM. Where the click was made elsewhere, or it takes a while, that is said."""
    contact_list = await click.edge.run(click.services.lists.present, click.member, click.target.id)
    if click.in_dialog or click.on_home or contact_list.count > MANY:
        await click.tell(sentence("lists.download.preparing", n=contact_list.count), "info")
    kind = click.target.argument or "xlsx"
    await click.edge.toil(click.services.lists.download, click.member, click.target.id, kind)


async def sample(click: Click) -> None:
    if click.on_home:
        await click.tell(sentence("lists.sample.coming"))
    await click.edge.toil(click.services.lists.sample, click.member)


async def sample_by_word(spoken: Spoken) -> None:
    await spoken.edge.toil(spoken.services.lists.sample, spoken.member)


# --- delete, bring back -------------------------------------------------------------------------------


async def delete(click: Click) -> None:
    """The list's own message says so by itself; a row among others is drawn again."""
    gone = await click.edge.run(
        click.services.lists.delete, click.member, click.target.id, click.target.revision
    )
    if click.target.argument:
        await relist(click, _page(click), gone)


async def restore(click: Click) -> None:
    await click.edge.run(click.services.lists.restore, click.member, click.target.id)
    if click.target.argument:
        await relist(click, _page(click))


# --- several lists ------------------------------------------------------------------------------------


async def show_lists(spoken: Spoken) -> None:
    await spoken.answer(*await _listing(spoken, spoken.member))


async def relist(click: Click, page: int = 0, gone: ContactList | None = None) -> None:
    """Draw the lists again where the click was made: Home, or the message of "listes"."""
    if click.on_home:
        await home.publish(click.edge, click.client, click.member, page, gone)
        return
    text, blocks = await _listing(click, click.member, page, gone)
    where = click.body["container"]
    await click.client.chat_update(
        channel=where["channel_id"], ts=where["message_ts"], text=text, blocks=blocks
    )


async def _listing(
    at: Click | Spoken, member: Member, page: int = 0, gone: ContactList | None = None
) -> tuple[str, list[kit.Block]]:
    found = await at.edge.run(at.services.lists.visible, member)
    uses = await at.edge.run(at.services.lists.all_uses, member)
    lent = await at.edge.run(at.services.lists.lent, member)
    return listing.listing(voice(member), found, uses, page, gone, lent)


def _page(click: Click) -> int:
    return int(click.target.argument) if click.target.argument.isdecimal() else 0


# --- one's own list -----------------------------------------------------------------------------------


async def try_on_myself(click: Click) -> None:
    """A list of one, the person, and at once the campaign that writes to them."""
    title = click.say("lists.try.title")
    mine = await click.edge.run(click.services.lists.myself, click.member, title)
    await campaigns.open_for(click, mine, to_myself=True)
