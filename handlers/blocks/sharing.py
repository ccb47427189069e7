"""With whom a list is shared: the dialog, and what the others are told."""

from collections.abc import Sequence

from bot.core.ids import MemberId
from bot.core.lists import Access, ContactList
from bot.texts import Say, escaped
from handlers.blocks import kit, lists

SHARE = "lists.share"
NOBODY = "nobody"


def share(say: Say, contact_list: ContactList) -> kit.View:
    shared = contact_list.shared
    offered = {key: kit.option(say(f"lists.share.choice_{key}"), key) for key in (NOBODY, *Access)}
    chosen = offered[shared.everybody or NOBODY]
    return kit.modal(
        SHARE,
        say("lists.share.title"),
        [
            kit.section(say.mrkdwn("lists.share.intro", title=contact_list.title)),
            _people(say, "use", shared.use),
            _people(say, "manage", shared.manage),
            kit.labelled(
                "everybody",
                say("lists.share.everybody"),
                kit.select("everybody", list(offered.values()), chosen),
            ),
            kit.context(say("lists.share.note")),
        ],
        metadata=str(lists.target(contact_list)),
        submit=say("lists.share.submit"),
        close=say("lists.rename.cancel"),
    )


def _people(say: Say, block_id: str, chosen: Sequence[MemberId]) -> kit.Block:
    element: kit.Block = {"type": "multi_users_select", "action_id": block_id}
    if chosen:
        element["initial_users"] = list(chosen)
    return kit.labelled(
        block_id,
        say(f"lists.share.{block_id}"),
        element,
        hint=say(f"lists.share.{block_id}_hint"),
        optional=True,
    )


def told(say: Say, contact_list: ContactList, access: Access) -> tuple[str, list[kit.Block]]:
    """To somebody who just got it."""
    text = say(
        f"lists.share.told_{access.value}", owner=f"<@{contact_list.owner}>",
        title=escaped(contact_list.title), n=contact_list.count,
    )  # fmt: skip
    buttons = [lists.new_campaign_button(say, contact_list, primary=True)]
    if access is Access.MANAGE:
        buttons.append(kit.button(say("lists.view.button"), "lists.view", lists.target(contact_list)))
    return text, [kit.section(text), kit.actions(buttons)]
