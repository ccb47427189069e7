"""What has to be known about a file before anything of it is kept: asked, answered, forgotten."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot import ports
from bot.core.lists import UNDO
from bot.core.people import Member
from bot.core.questions import Answers, Nothing, Question
from bot.core.sentences import Refusal, Sentence, Stale, sentence
from bot.services.people import People

log = logging.getLogger("postillon")


@dataclass(frozen=True, kw_only=True)
class Questions:
    store: ports.Store
    messenger: ports.Messenger
    people: People
    clock: ports.Clock

    def ask(self, member: Member, pending: ports.PendingImport, asked: Question) -> None:
        """Durable first: where Slack is away, the next sweep asks."""
        waiting = replace(pending, question=asked, asked=False, revision=pending.revision + 1)
        self.store.inbox.change(member.workspace, waiting, pending.revision)
        self.show(member, waiting)

    def show(self, member: Member, waiting: ports.PendingImport) -> None:
        self.messenger.show_import(member, waiting)
        with suppress(Stale, ports.Missing):  # answered in that instant
            self.store.inbox.change(member.workspace, replace(waiting, asked=True), waiting.revision)

    def waiting(self, member: Member, file_id: str) -> ports.PendingImport:
        """The file with its question. Raises Stale where it is answered, Refusal where nothing is known
        of it any more."""
        pending = self.of_file(member, file_id)
        if pending and pending.question:
            return pending
        lists = self.store.lists.all(member.workspace)
        if pending or any(one.source_file == file_id and one.owner == member.id for one in lists):
            raise Stale("questions.answered")
        raise Refusal("questions.gone")

    def of_file(self, member: Member, file_id: str) -> ports.PendingImport | None:
        """Of this person: the same file may wait for somebody else."""
        waiting = self.store.inbox.pending(member.workspace)
        return next((one for one in waiting if one.file.id == file_id and one.member == member.id), None)

    def asked(self, member: Member, file_id: str, expected: int) -> ports.PendingImport:
        """`waiting`, with the question that the button was drawn for."""
        pending = self.waiting(member, file_id)
        if pending.revision != expected:
            raise Stale("questions.answered")
        return pending

    def answered(
        self, member: Member, file_id: str, expected: int, told: Callable[[Answers], Answers]
    ) -> ports.PendingImport:
        """Free to be read. Raises Stale where another click was first."""
        pending = self.asked(member, file_id, expected)
        known = replace(
            pending, answers=told(pending.answers), question=None, asked=False, revision=expected + 1
        )
        self.store.inbox.change(member.workspace, known, expected)
        return known

    def reading(self, member: Member, pending: ports.PendingImport) -> None:
        """Where the question stood, until it is known what comes of the answer."""
        self.messenger.show_import(member, pending, sentence("questions.reading", name=pending.file.name))

    def purge(self) -> None:
        """Questions nobody answered in 7 days: the file is forgotten, and that is said. An answer of the same
        instant is first, or too late; where Slack is away, the next sweep tells."""
        since = self.clock.now() - UNDO
        for pending in self.store.inbox.pending():
            if pending.question is None or pending.received_at >= since:
                continue
            member = self.people.member(pending.workspace, pending.member)
            try:
                self.drop(member, self.answered(member, pending.file.id, pending.revision, _expired))
            except (Refusal, ports.Missing):
                log.info("a question is answered at the last moment file=%s", pending.file.id)
            except ports.Unreachable as away:
                log.warning("a question is not taken back yet file=%s: %s", pending.file.id, away)

    def drop(self, member: Member, pending: ports.PendingImport) -> None:
        """Nothing is kept of it, as its answers say."""
        is_late = pending.answers.nothing is Nothing.EXPIRED
        key = "questions.expired" if is_late else "questions.discarded"
        self.end(member, pending, sentence(key, name=pending.file.name))

    def end(self, member: Member, pending: ports.PendingImport, said: Sentence, plea: str = "") -> None:
        """Without a list: the person is told, then the file is forgotten, and where its message stood:
        the same file taken up again is answered by a new one. `plea`: what "Get help" would pass on."""
        if plea or self.store.messages.of(member.workspace, pending.subject):
            self.messenger.show_import(member, pending, said, plea=plea)
        else:
            self.messenger.say(member, said)
        self.store.inbox.drop(pending.workspace, pending.file.id, pending.member)
        for ref in self.store.messages.of(member.workspace, pending.subject):
            self.store.messages.forget(member.workspace, ref)


def _expired(known: Answers) -> Answers:
    return replace(known, nothing=Nothing.EXPIRED)
