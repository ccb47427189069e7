"""Who was asked about which list: in the workspace's record, so that the lists' own stay as their owners left
them."""

from dataclasses import dataclass, replace

from bot import ports
from bot.core.ids import ListId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.retention import Notice
from bot.core.spaces import Space


@dataclass(frozen=True, kw_only=True)
class Notices:
    store: ports.Store

    def of(self, contact_list: ContactList) -> Notice | None:
        return self.all(contact_list.workspace).get(contact_list.id)

    def all(self, workspace: WorkspaceId) -> dict[ListId, Notice]:
        return dict(self.store.spaces.get(workspace).notices)

    def keep(self, contact_list: ContactList, notice: Notice) -> Notice:
        def kept(space: Space) -> Space:
            return replace(space, notices={**space.notices, contact_list.id: notice})

        self.store.spaces.change(contact_list.workspace, kept)
        return notice

    def drop(self, workspace: WorkspaceId, gone: set[ListId]) -> None:
        def dropped(space: Space) -> Space:
            left = {one: notice for one, notice in space.notices.items() if one not in gone}
            return replace(space, notices=left)

        if gone:
            self.store.spaces.change(workspace, dropped)
