"""Where people are: what we say to them, and the files they give us."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.attending import Attended
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.ids import MemberId, WorkspaceId
from bot.core.inbox import Absence, Dropped, MessageRef, OutgoingFile, PendingImport, RemoteFile
from bot.core.lists import ContactList
from bot.core.people import Language, Member
from bot.core.retention import Asked
from bot.core.sentences import Sentence
from bot.core.settling import Question
from bot.core.support import Line, Plea, Spot


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

    def show_import(
        self, member: Member, pending: PendingImport, said: Sentence | None = None, *, plea: str = ""
    ) -> None:
        """A file that is no list yet: `said`, else its question. Posted, or edited in place. `plea`: what
        "Get help" under it would pass on; "" for no such button."""

    def ask_whom(self, member: Member, contact_list: ContactList, others: Sequence[Campaign]) -> None:
        """The list is another one now: whom its scheduled campaigns `others` write to is asked."""

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        """Post the campaign's message, or edit it in place. Its deputy's follows, from its schedule on."""

    def show_closure(
        self, admin: Member, attended: Attended, by: Member | None, *, replies_lost: bool
    ) -> None:
        """To who looks after the bot: the owner's account was closed, and what becomes of the campaign is
        asked; `by` whom it was answered. `replies_lost`: answers to its letters arrive where nobody reads."""

    def show_retention(self, member: Member, asked: Asked) -> None:
        """A list whose time is nearly over: posted as long as it is asked, edited in place after that. What
        was deleted by itself is said in a new message, too."""

    def show_nudge(self, reader: Member, attended: Attended, asked: datetime | None) -> None:
        """To a deputy, or who looks after the bot: the owner was asked then and does not answer. Posted, or
        edited in place; None: it is answered, and the message is edited only."""

    def show_question(self, member: Member, campaign: Campaign, question: Question) -> None:
        """What is asked about the campaign's uncertain letters: posted, or edited in place. A closed
        question is edited only, and its message is then left as it stands: the next one is a new message."""

    def dropped(self, member: Member, since: datetime) -> Sequence[Dropped]:
        """The member's own messages with files in their DM (`member.dm`), oldest first; none where Slack
        will never tell them. Answers in a thread are not looked at: Slack tells them one thread at a time."""

    def show_absence(
        self, member: Member, absence: Absence, dropped: Sequence[Dropped], *, is_told: bool = False
    ) -> None:
        """That we were down, unless the person reads of it elsewhere, and that these files are read now."""

    def show_plea(self, to: str, plea: Plea, asker: Member, language: Language) -> MessageRef:
        """Somebody asks for help: posted in that channel, or to that member. No address, no name but the
        asker's own."""

    def add_to_plea(self, spot: Spot, plea: Plea, line: Line, language: Language) -> None:
        """What was said since, in the thread there."""

    def show_support(self, member: Member, plea: Plea, number: int) -> MessageRef | None:
        """To who asked: that their first line was passed on, or that nobody can be reached; or what somebody
        answered in that line, with a button to answer back; or, under that, their own answer and who has it.
        Where it is shown; None for an answer to what was never shown."""

    def send_file(self, member: Member, file: OutgoingFile, said: Sentence) -> None: ...
    def blank(self, member: Member, subject: str, said: Sentence) -> None:
        """Every message that shows the subject says nothing but that any more, and is left as it stands."""

    def delete_files(self, workspace: WorkspaceId, about: str) -> int:
        """Our own files in Slack with these people; how many there were. Those of a person are theirs alone
        to delete."""

    def permalink(self, file_id: str) -> str:
        """Where somebody's own file stands; "" where it is gone, or was never one of Slack's."""


class FileSource(Protocol):
    def fetch(self, workspace: WorkspaceId, file: RemoteFile, to: Path, limit: int) -> RemoteFile:
        """Download into `to` at most `limit` bytes; the answer has the name and size Slack told.

        Raises Refusal (too large, gone, out of reach, a login page instead of the file) or Unreachable.
        """
