"""A person erased from the whole folder: every file that holds them is written anew.

What is to be done is on the disk before anything is done, in `workspaces/ID/NAME.erasing`, the one file that
holds the address until the end: whoever finds it finishes the work, which may be done twice. It goes last.
"""

import secrets
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.core.campaigns import Campaign
from bot.core.erasing import Erasure, Person, is_quoted, list_without
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import ContactList, Report
from bot.core.suppressions import Cause, Suppression
from bot.ports import Missing
from storage.tiny import mentions, spots
from storage.tiny.intents import Intent, Intents
from storage.tiny.lists import STAGING
from storage.tiny.rooms import Rooms
from storage.tiny.shelf import Shelf

ROUNDS = 5  # somebody may bring them back meanwhile
OF_MEMBERS = "people"  # the shelf of members

Id = TypeVar("Id", bound=str)


class Erasing:
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._intents = Intents(rooms.folder, lambda: rooms.secrets.get("addresses"))
        self._shelf = Shelf(rooms.document, "erasures", Erasure, rooms.folder.document)

    # --- what is asked for ----------------------------------------------------------------------------

    def begin(self, workspace: WorkspaceId, address: str, by: MemberId, at: datetime) -> str:
        erasure = Erasure(
            workspace=workspace, id=secrets.token_hex(6), by=by, at=at, person=self._intents.hashed(address)
        )
        self._intents.write(Intent(erasure=erasure, person=Person(address=address)))
        return erasure.id

    def unfinished(self) -> list[tuple[WorkspaceId, str]]:
        return self._intents.all()

    def erasures(self) -> list[Erasure]:
        with self._rooms.document.lock:
            return sorted((one for _, _, one in self._shelf.items()), key=lambda one: one.at)

    def save(self, workspace: WorkspaceId, erasure: Erasure) -> None:
        with self._rooms.document.step():
            self._shelf.put(workspace, erasure.id, erasure)

    def drop(self, workspace: WorkspaceId, erasure_id: str) -> None:
        with self._rooms.document.step():
            self._shelf.remove(workspace, erasure_id)

    # --- and done -------------------------------------------------------------------------------------

    def run(
        self, workspace: WorkspaceId, erasure_id: str, goes_on: Callable[[], bool] = lambda: True
    ) -> bool:
        """False where something still holds the person that somebody else is writing, or it was not to go on:
        later, again."""
        intent = self._intents.read(workspace, erasure_id)
        self._suppress(intent)
        for again in range(ROUNDS):
            if not self._survey(intent) and again:
                break
            if not (self._clean_lists(intent, goes_on) and self._clean_audiences(intent, goes_on)):
                return False
        self._rooms.lists.remove_nameless(lambda path: self._holds(path, intent.person))
        self._clean_document(intent)
        self._clean_asides(intent.person)
        if any(
            self._holds(path, intent.person) for path in self._rooms.folder.root.glob(f"lists/*{STAGING}")
        ):
            return False
        self.save(workspace, intent.erasure)
        self._rooms.document.spare(at_once=True)
        self._intents.remove(intent)
        return True

    def _suppress(self, intent: Intent) -> None:
        one, suppressions = intent.erasure, self._rooms.suppressions
        known = suppressions.among(one.workspace, [intent.person.address])
        if known and not intent.is_surveyed:
            intent.erasure = replace(one, excluded=True)
        suppressions.erase(
            one.workspace,
            Suppression(address=intent.person.address, cause=Cause.OBJECTED, at=one.at, origin=one.by),
        )

    def _survey(self, intent: Intent) -> bool:
        """Who holds them, and what is known of them, noted before anything is changed. False where nobody
        does any more."""
        person, one = intent.person, intent.erasure
        before = len(person.names)
        lists = {kept.id for kept in self._lists(intent) if self._learn_of_list(kept, person)}
        campaigns = {kept.id for kept in self._campaigns(intent) if self._learn_of_audience(kept, person)}
        if not (lists or campaigns or not intent.is_surveyed):
            return False
        if len(person.names) > before:  # rows to fix may bear a name that was not known when they were read
            lists |= {kept.id for kept in self._lists(intent) if self._learn_of_list(kept, person)}
        intent.erasure = replace(
            one, lists=_more(one.lists, lists), campaigns=_more(one.campaigns, campaigns)
        )
        intent.is_surveyed = True
        self._intents.write(intent)
        return bool(lists or campaigns)

    def _lists(self, intent: Intent) -> list[ContactList]:
        return self._rooms.lists.all(intent.erasure.workspace)

    def _campaigns(self, intent: Intent) -> list[Campaign]:
        found = self._rooms.campaigns.all(intent.erasure.workspace)
        return [one for one in found if one.audience]

    def _learn_of_list(self, contact_list: ContactList, person: Person) -> bool:
        found = is_quoted(contact_list, person)
        for _, path in self._rooms.lists.files(contact_list):
            found |= bool(spots.spots(spots.content(path), person))
        return found

    def _learn_of_audience(self, campaign: Campaign, person: Person) -> bool:
        path, _ = self._rooms.audiences.files(campaign)
        return bool(spots.spots(spots.content(path), person))

    # --- lists ----------------------------------------------------------------------------------------

    def _clean_lists(self, intent: Intent, goes_on: Callable[[], bool]) -> bool:
        for list_id in intent.erasure.lists:
            if not goes_on():
                return False
            with suppress(Missing):
                self._clean_list(intent, list_id)
        return True

    def _clean_list(self, intent: Intent, list_id: ListId) -> None:
        """Built beside; where somebody changed the list meanwhile, the next survey finds them again."""
        workspace, person = intent.erasure.workspace, intent.person
        known = self._rooms.lists.get(workspace, list_id)
        contents: dict[int, bytes] = {}
        reports: dict[int, Report] = {known.version: known.report}
        reports.update({one.number: one.report for one in known.previous})
        rows = 0
        for number, path in self._rooms.lists.files(known):
            left, gone = spots.without(spots.content(path), person)
            if gone is not None:
                contents[number], rows = left, rows + gone
            reports[number] = spots.counted(reports[number], left)
        changed = list_without(known, person, reports)
        if contents or changed != known:
            with self._rooms.document.step():
                number = self._rooms.lists.rewrite(known, changed, contents)
                if number != known.version:
                    self._rooms.campaigns.follow(workspace, list_id, known.version, number)
            intent.erasure = replace(intent.erasure, rows=intent.erasure.rows + rows)

    # --- audiences ------------------------------------------------------------------------------------

    def _clean_audiences(self, intent: Intent, goes_on: Callable[[], bool]) -> bool:
        for campaign_id in intent.erasure.campaigns:
            if not goes_on():
                return False
            with suppress(Missing):
                campaign = self._rooms.campaigns.get(intent.erasure.workspace, campaign_id)
                self._clean_audience(intent, campaign)
        return True

    def _clean_audience(self, intent: Intent, campaign: Campaign) -> None:
        if campaign.audience:
            path, _ = self._rooms.audiences.files(campaign)
            before = spots.content(path)
            after = spots.blanked(before, intent.person, intent.erasure.person)
            if after != before:
                self._rooms.audiences.rewrite(campaign, after)

    # --- everything else ------------------------------------------------------------------------------

    def _clean_document(self, intent: Intent) -> None:
        """Whatever text quotes the address: titles, sentences that are owed, files that wait."""
        person, workspace = intent.person, intent.erasure.workspace
        document = self._rooms.document
        with document.lock:
            records = [one for shelf in document.shelves for one in shelf.dumped(workspace)]
        asked = {value for one in records for value in mentions.asked_of(one, person)}
        gone = asked - self._held_by_others(intent, asked)

        def without(record: mentions.Record) -> mentions.Record:
            return mentions.record_without(mentions.asks_without(record, gone), person)

        with document.step():
            for shelf in document.shelves:
                if shelf.name == OF_MEMBERS:
                    shelf.clean(workspace, lambda record: mentions.member_without(record, person))
                else:
                    shelf.clean(workspace, without)

    def _held_by_others(self, intent: Intent, values: Set[str]) -> set[str]:
        """Those of the values that stand in a list still, whoever's."""
        held: set[str] = set()
        for kept in self._lists(intent) if values else ():
            for _, path in self._rooms.lists.files(kept):
                held |= spots.held(spots.content(path), values - held)
        return held

    def _clean_asides(self, person: Person) -> None:
        """Copies of damaged files, and whatever else stands in the folder and is nobody's. What reads is kept
        line by line; what does not goes as a whole."""
        folder = self._rooms.folder
        for path in sorted(folder.root.rglob("*.damaged-*")):
            data = spots.content(path) if path.is_file() else b""
            if spots.spots(data, person):
                left, _ = spots.without(data, person)
                if left.count(b"\n") < 2:
                    folder.remove([path])
                else:
                    folder.write_whole(path, [left])

    @staticmethod
    def _holds(path: Path, person: Person) -> bool:
        return bool(spots.spots(spots.content(path), person))


def _more(known: tuple[Id, ...], found: Set[Id]) -> tuple[Id, ...]:
    return (*known, *sorted(found - set(known)))
