"""A person who asks to be forgotten: erased from all that is kept, then from what Slack shows by our hand.

What was begun is finished, whatever happens in between: the folder first, where nothing of them is left but a
keyed hash; then our messages and files, whose ids are all that is known by then. What somebody else gave to
Slack only they can delete: it is named with its link.
"""

import logging
import threading
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot import ports
from bot.core import rights as rules
from bot.core.erasing import Erasure
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.log import SUPPRESSIONS
from bot.core.people import Member, called
from bot.core.sentences import Refusal, Sentence, sentence
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.rights import Rights
from bot.services.telling import FOR_GOOD

log = logging.getLogger("postillon")

LISTED = 20  # links in one message


@dataclass(kw_only=True)
class Forgetting:
    store: ports.Store
    messenger: ports.Messenger
    lists: Lists
    rights: Rights
    clock: ports.Clock
    later: Executor
    _at_it: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)

    def asked(self, admin: Member, typed: str) -> str:
        """The address to be confirmed. Raises Refusal: only who looks after the bot erases people."""
        if not self.rights.is_admin(admin):
            raise Refusal("rights.forget.admins", who=self.rights.whom_to_ask(admin))
        return rules.address_in(typed)

    def forget(self, admin: Member, typed: str) -> None:
        """Promised durably when it returns; `sweep` does it, and tells the admin."""
        address, now = self.asked(admin, typed), self.clock.now()
        person = self.rights.name(address)
        self.store.erasing.begin(admin.workspace, address, admin.id, now)
        note(self.store, now, admin, "erased", SUPPRESSIONS, person=person)

    def look(self) -> None:
        """Letters must not wait for it."""
        if self.store.erasing.unfinished() or self.store.erasing.erasures():
            with suppress(RuntimeError):  # shutting down: it is looked at again after the next start
                self.later.submit(self._sweep_safely)

    def _sweep_safely(self) -> None:
        try:
            self.sweep()
        except Exception:
            log.exception("an erasure is not finished")

    def sweep(self) -> None:
        """Long: never on a click. Where Slack is away, or somebody is just writing, the next one goes on."""
        if not self._at_it.acquire(blocking=False):
            return
        try:
            for workspace, erasure_id in self.store.erasing.unfinished():
                if not self._leaving.is_set():
                    self._erase(workspace, erasure_id)
            for erasure in self.store.erasing.erasures():
                if not self._leaving.is_set():
                    self._follow(erasure)
        finally:
            self._at_it.release()

    def leave(self) -> None:
        """Shutdown: what is left is done after the next start."""
        self._leaving.set()

    def _goes_on(self) -> bool:
        return not self._leaving.is_set()

    def _erase(self, workspace: WorkspaceId, erasure_id: str) -> None:
        try:
            if not self.store.erasing.run(workspace, erasure_id, self._goes_on):
                log.info("an erasure waits for what is being written erasure=%s", erasure_id)
        except (ports.Unwritable, ports.Unreadable) as error:
            log.warning("an erasure is not finished erasure=%s: %s", erasure_id, type(error).__name__)

    # --- in Slack -------------------------------------------------------------------------------------

    def _follow(self, erasure: Erasure) -> None:
        try:
            for subject in erasure.subjects:
                if subject not in erasure.done:
                    erasure = self._cleared(erasure, subject)
                    self.store.erasing.save(erasure.workspace, erasure)
            self._report(erasure)
            self.store.erasing.drop(erasure.workspace, erasure.id)
        except (ports.Unreachable, ports.Unwritable, ports.Unreadable) as error:
            log.warning("slack is not rid of a person yet erasure=%s: %s", erasure.id, error)

    def _cleared(self, erasure: Erasure, subject: str) -> Erasure:
        files = self.messenger.delete_files(erasure.workspace, subject)
        links = erasure.links
        if (contact_list := self._list(erasure, subject)) is not None:
            self._redraw(contact_list)
            links = (*links, *self._link(contact_list))
        return replace(erasure, files=erasure.files + files, links=links, done=(*erasure.done, subject))

    def _list(self, erasure: Erasure, subject: str) -> ContactList | None:
        if subject not in erasure.lists:
            return None
        try:
            return self.store.lists.get(erasure.workspace, ListId(subject))
        except ports.Missing:
            return None  # purged meanwhile: its message shows none of its rows

    def _redraw(self, contact_list: ContactList) -> None:
        """The last message shows the list as it is now; earlier ones, and the one its file was told by, say
        nothing any more."""
        owner, said = self._owner(contact_list), sentence("rights.forget.blanked")
        refs = self.store.messages.of(contact_list.workspace, contact_list.id)
        self.messenger.blank(owner, f"{contact_list.owner}/{contact_list.source_file}", said)
        if contact_list.deleted_at is not None or len(refs) > 1:
            self.messenger.blank(owner, contact_list.id, said)
        if contact_list.deleted_at is None and refs:
            uses = self.lists.uses(owner, contact_list.id)
            self.messenger.show_list(owner, contact_list, uses=uses, only_edit=len(refs) == 1)

    def _link(self, contact_list: ContactList) -> list[tuple[str, str, str]]:
        source = contact_list.source_file
        link = self.messenger.permalink(source) if source and ":" not in source else ""
        return [(contact_list.owner, contact_list.title, link)] if link else []

    def _owner(self, contact_list: ContactList) -> Member:
        known = self.store.people.get(contact_list.workspace, contact_list.owner)
        return known or Member(workspace=contact_list.workspace, id=contact_list.owner)

    # --- told -----------------------------------------------------------------------------------------

    def _report(self, erasure: Erasure) -> None:
        """To who asked for it, and to each owner of a file that only they can delete. Never who it was."""
        done = sentence(
            "rights.forget.done", asked=erasure.at, lists=len(erasure.lists),
            campaigns=len(erasure.campaigns), files=erasure.files, left=self._left(erasure),
        )  # fmt: skip
        self._say(erasure, erasure.by, done)
        for owner in dict.fromkeys(owner for owner, _, _ in erasure.links if owner != erasure.by):
            links = _listed([f"• {title} · {link}" for one, title, link in erasure.links if one == owner])
            self._say(erasure, MemberId(owner), sentence("rights.forget.yours", files=links))

    def _say(self, erasure: Erasure, to: MemberId, said: Sentence) -> None:
        """Whose account was closed hears nothing more, and keeps nobody waiting."""
        try:
            self.messenger.say(self._member(erasure.workspace, to), said)
        except ports.Unreachable as away:
            if away.error not in FOR_GOOD:
                raise
            log.warning("an erasure is not told to=%s: %s", to, away.error)

    def _left(self, erasure: Erasure) -> Sentence:
        if not erasure.links:
            return sentence("rights.forget.none_left")
        names = {
            owner: called(self._member(erasure.workspace, MemberId(owner))) for owner, _, _ in erasure.links
        }
        files = _listed([f"• @{names[owner]} · {title} · {link}" for owner, title, link in erasure.links])
        return sentence("rights.forget.left", files=files)

    def _member(self, workspace: WorkspaceId, member: MemberId) -> Member:
        return self.store.people.get(workspace, member) or Member(workspace=workspace, id=member)


def _listed(lines: list[str]) -> str:
    return "\n".join(lines[:LISTED]) + ("\n…" if len(lines) > LISTED else "")
