"""Lists one under another, as "listes" and Home show them: ten a page, each with its buttons."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.core.ids import ListId
from bot.core.lists import Access, ContactList, Lent
from bot.texts import Say
from handlers.blocks import kit, lists

PAGE = 10

NONE: Mapping[ListId, Lent] = MappingProxyType({})
Uses = Mapping[ListId, int]  # scheduled campaigns made from each list


def listing(
    say: Say,
    found: Sequence[ContactList],
    uses: Uses,
    page: int = 0,
    gone: ContactList | None = None,
    lent: Mapping[ListId, Lent] = NONE,
) -> tuple[str, list[kit.Block]]:
    """`gone`: the list deleted a moment ago, still there to be brought back."""
    text = say("lists.listing.text", n=len(found)) if found else say("lists.listing.none")
    shown = rows(say, found, uses, page, gone, lent)
    head = kit.header(say("lists.listing.title")) if shown else kit.section(text)
    return text, [head, *shown, kit.divider(), import_buttons(say, primary=not found)]


def rows(
    say: Say,
    found: Sequence[ContactList],
    uses: Uses,
    page: int = 0,
    gone: ContactList | None = None,
    lent: Mapping[ListId, Lent] = NONE,
) -> list[kit.Block]:
    last = max(0, (len(found) - 1) // PAGE)
    page = min(max(page, 0), last)
    shown = found[page * PAGE : (page + 1) * PAGE]
    blocks = [_deleted(say, gone, page)] if gone and gone.deleted_at else []
    for one in shown:
        blocks += _row(say, one, uses.get(one.id, 0), page, lent.get(one.id))
    if last:
        blocks.append(pages(say, kit.Target(), page, last))
    return blocks


def _row(say: Say, contact_list: ContactList, uses: int, page: int, lent: Lent | None) -> list[kit.Block]:
    """Of a list that may only be used there is nothing to see and nothing to delete."""
    added = lists.day(say, contact_list.created_at)
    text = say.mrkdwn("lists.listing.row", title=contact_list.title, n=contact_list.count, day=added)
    buttons = [lists.new_campaign_button(say, contact_list)] if contact_list.count else []
    if lent is None or lent.access is Access.MANAGE:
        buttons.append(kit.button(say("lists.view.button"), "lists.view", lists.target(contact_list)))
        buttons.append(lists.delete_button(say, contact_list, uses, argument=str(page)))
    if lent is not None:
        text = f"{text}\n{say(f'lists.share.lent_{lent.access.value}', owner=f'<@{lent.owner}>')}"
    return [kit.section(text), *([kit.actions(buttons)] if buttons else [])]


def _deleted(say: Say, gone: ContactList, page: int) -> kit.Block:
    assert gone.deleted_at is not None
    text, _ = lists.deleted(say, gone, gone.deleted_at)
    back = kit.button(say("lists.undo.button"), "lists.undo", lists.target(gone, str(page)))
    return kit.section(text, accessory=back)


def pages(say: Say, aim: kit.Target, page: int, last: int) -> kit.Block:
    """Where one can go from here. `page` counts from 0; the buttons' argument is the page to show."""
    buttons = []
    if page < last:
        onward = kit.Target(id=aim.id, revision=aim.revision, argument=str(page + 1))
        buttons.append(kit.button(say("lists.page.next"), "lists.page", onward))
    if page > 0:
        back = kit.Target(id=aim.id, revision=aim.revision, argument=str(page - 1))
        buttons.insert(0, kit.button(say("lists.page.previous"), "lists.previous", back))
    return kit.actions(buttons)


def import_buttons(say: Say, *, primary: bool = False) -> kit.Block:
    style = "primary" if primary else ""
    return kit.actions(
        [
            kit.button(say("lists.import.button"), "lists.import", style=style),
            kit.button(say("lists.sample.button"), "lists.sample"),
        ]
    )
