"""Where people are: what we say to them, and the files they give us."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.attending import Attended
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import Absence, Dropped, OutgoingFile, PendingImport, RemoteFile
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.sentences import Sentence
from bot.core.settling import Question


class Messenger(Protocol):
    """To Slack, in the person's own DM (`post` alone says otherwise). Retries what Slack throttles; raises
    `Unreachable`."""

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        """Ask Slack who this is."""

    def say(self, member: Member, said: Sentence) -> None:
        """A short new message."""

    def ask(self, member: Member, campaign: Campaign, progress: Progress, said: Sentence) -> None:
        """The same, with what can be done about the campaign under it."""

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        """Into a channel that the bot was invited to: no address, no name of a recipient."""

    def show_approval(self, place: str, campaign: Campaign, owner: Member, language: Language) -> None:
        """Whether a large campaign may leave, asked in that channel, or of that admin: posted as long as it
        is asked, edited in place after that. No address, no name of a recipient."""

    def show_list(
        self, member: Member, contact_list: ContactList, *, uses: int = 0, only_edit: bool = False
    ) -> None:
        """Post the preview, or edit the one that shows this list. `uses`: scheduled campaigns made from it.
        `only_edit`: nothing is posted where no message shows it."""

    def show_import(self, member: Member, pending: PendingImport, said: Sentence | None = None) -> None:
        """A file that is no list yet: `said`, else its question. Posted, or edited in place."""

    def ask_whom(self, member: Member, contact_list: ContactList, others: Sequence[Campaign]) -> None:
        """The list is another one now: whom its scheduled campaigns `others` write to is asked."""

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        """Post the campaign's message, or edit it in place. Its deputy's follows, from its schedule on."""

    def show_closure(
        self, admin: Member, attended: Attended, by: Member | None, *, replies_lost: bool
    ) -> None:
        """To who looks after the bot: the owner's account was closed, and what becomes of the campaign is
        asked; `by` whom it was answered. `replies_lost`: answers to its letters arrive where nobody reads."""

    def show_question(self, member: Member, campaign: Campaign, question: Question) -> None:
        """What is asked about the campaign's uncertain letters: posted, or edited in place. A closed
        question is edited only, and its message is then left as it stands: the next one is a new message."""

    def dropped(self, member: Member, since: datetime) -> Sequence[Dropped]:
        """The member's own messages with files in their DM (`member.dm`), oldest first; none where Slack
        will never tell them. Answers in a thread are not looked at: Slack tells them one thread at a time."""

    def show_absence(self, member: Member, absence: Absence, dropped: Sequence[Dropped]) -> None:
        """That we were down, and that these files are read now."""

    def send_file(self, member: Member, file: OutgoingFile, said: Sentence) -> None: ...


class FileSource(Protocol):
    def fetch(self, workspace: WorkspaceId, file: RemoteFile, to: Path, limit: int) -> RemoteFile:
        """Download into `to` at most `limit` bytes; the answer has the name and size Slack told.

        Raises Refusal (too large, gone, out of reach, a login page instead of the file) or Unreachable.
        """
