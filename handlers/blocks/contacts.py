"""The dialogs of one list: its contacts by pages, with a search; its title; and the import of a file."""

from collections.abc import Sequence

from bot.core.contacts import Contact
from bot.core.lists import TITLE_LENGTH, ContactList
from bot.texts import Say, escaped
from handlers.blocks import kit, lists
from handlers.blocks.listing import pages
from handlers.blocks.person import choose

VIEW = "lists.view"
RENAME = "lists.rename"
IMPORT = "lists.import"
FEW = 5  # contacts a section: ten fields, two for each


def view(
    say: Say, contact_list: ContactList, contacts: Sequence[Contact],
    *, page: int, page_count: int, found: int, search: str,
) -> kit.View:  # fmt: skip
    """`found`: how many contacts match the search; all of them where nothing is searched."""
    aim = lists.target(contact_list)
    blocks = [
        kit.section(_summary(say, contact_list, page, page_count, found, search)),
        kit.labelled(
            "search", say("lists.search.label"), kit.text_input("lists.search", search),
            optional=True, dispatch=True,
        ),
        *_rows(contacts),
    ]  # fmt: skip
    if page_count > 1:
        blocks.append(pages(say, aim, page, page_count - 1))
    blocks.append(choose(say, contact_list, contacts, page))
    blocks += [kit.divider(), _actions(say, contact_list), _csv(say, contact_list)]
    return kit.modal(
        VIEW, contact_list.title, blocks,
        metadata=str(aim), submit=say("lists.search.button"), close=say("notices.close"),
    )  # fmt: skip


def _summary(say: Say, contact_list: ContactList, page: int, page_count: int, found: int, search: str) -> str:
    if not search:
        counted = f"*{say('words.contacts', n=found)}*"
    elif found:
        counted = say.mrkdwn("lists.search.found", n=found, total=contact_list.count, search=search)
    else:
        return say.mrkdwn("lists.search.none", search=search)
    if page_count < 2:
        return counted
    return " · ".join([counted, say("lists.page.of", page=page + 1, pages=page_count)])


def _rows(contacts: Sequence[Contact]) -> list[kit.Block]:
    """Two columns: the row and who it is; the address."""
    sections = []
    for start in range(0, len(contacts), FEW):
        cells: list[str] = []
        for contact in contacts[start : start + FEW]:
            cells += [_person(contact), escaped(contact.email)]
        sections.append(kit.fields(cells))
    return sections


def _person(contact: Contact) -> str:
    name = f"*{escaped(contact.full_name())}*" if contact.full_name() else "–"
    parts = [f"`{contact.row}` {name}", escaped(contact.company)]
    return kit.cut(" · ".join(filter(None, parts)), 300)


def _actions(say: Say, contact_list: ContactList) -> kit.Block:
    rename = kit.button(say("lists.rename.button"), RENAME, lists.target(contact_list))
    if not contact_list.count:
        return kit.actions([rename])
    return kit.actions(
        [
            lists.new_campaign_button(say, contact_list),
            lists.download_button(say, contact_list, "xlsx"),
            rename,
        ]
    )


def _csv(say: Say, contact_list: ContactList) -> kit.Block:
    button = lists.download_button(say, contact_list, "csv")
    return kit.section(say("lists.download.other"), accessory=button)


def rename(say: Say, contact_list: ContactList) -> kit.View:
    title = kit.text_input("title", contact_list.title, limit=TITLE_LENGTH)
    return kit.modal(
        RENAME,
        say("lists.rename.title"),
        [kit.labelled("title", say("lists.rename.label"), title)],
        metadata=str(lists.target(contact_list)),
        submit=say("lists.rename.submit"),
        close=say("lists.rename.cancel"),
    )


def import_file(say: Say, metadata: str = "") -> kit.View:
    """Slack takes 10 MB here; a message in the DM takes more, and it is said."""
    file: kit.Block = {"type": "file_input", "action_id": "file", "max_files": 1}
    title = kit.text_input("title", limit=TITLE_LENGTH)
    return kit.modal(
        IMPORT,
        say("lists.import.title"),
        [
            kit.section(say("lists.import.intro")),
            kit.labelled("file", say("lists.import.file"), file, hint=say("lists.import.limit")),
            kit.labelled("title", say("lists.import.name"), title, hint=say("lists.import.name_hint"),
                         optional=True),
        ],
        metadata=metadata,
        submit=say("lists.import.submit"),
        close=say("lists.rename.cancel"),
    )  # fmt: skip
