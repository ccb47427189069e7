"""Which column is which, as a person says it: remembered, and a kept list read once more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import ports
from bot.core import lists as rules
from bot.core import versions
from bot.core.contacts import Field
from bot.core.inbox import RemoteFile
from bot.core.lists import ContactList, Exclude, OptOuts, Report
from bot.core.people import Member
from bot.core.questions import Remembered
from bot.core.sentences import Refusal, Stale
from bot.services.files import Files
from bot.services.forgotten import left_out
from bot.services.lists import Lists
from bot.services.log import note
from bot.services.suppressions import Suppressions
from bot.services.versions import Outcome, Versions


@dataclass(frozen=True, kw_only=True)
class Columns:
    store: ports.Store
    files: Files
    reader: ports.Reader
    lists: Lists
    versions: Versions
    suppressions: Suppressions
    clock: ports.Clock

    def readable(self, member: Member, list_id: str) -> ContactList:
        """A list whose file can be read anew: nobody worked on it since, and it is not a mixture."""
        found = self.lists.present(member, list_id)
        if not rules.is_as_read(found):
            raise Refusal("columns.changed", title=found.title)
        return found

    def remember(self, member: Member, contact_list: ContactList) -> None:
        """For the next file with this header. What was found by itself needs no memory."""
        report = contact_list.report
        if not report.mapping or not report.fingerprint:
            return
        remembered = Remembered(
            workspace=member.workspace, member=member.id, fingerprint=report.fingerprint,
            mapping=report.mapping, source_name=contact_list.source_name, at=self.clock.now(),
        )  # fmt: skip
        self.store.mappings.keep(member.workspace, remembered)

    def read_again(
        self, member: Member, list_id: str, expected: int, mapping: Mapping[str, str],
        exclude: Exclude | None = None,
    ) -> Outcome | OptOuts:  # fmt: skip
        """The list's own file, with these columns: a new version of the list. Where people are marked so that
        nothing was answered about, nothing is done yet: they are told instead, and `exclude` is the answer.

        Raises Refusal where the file is not in Slack any more, is not the same, or gives no contact so;
        the list stays as it is.
        """
        known = self.readable(member, list_id)
        if known.revision != expected:
            raise Stale("lists.stale", title=known.title)
        source = RemoteFile(id=known.source_file, name=known.source_name)
        with self.files.opened(member.workspace, source) as opened:
            if known.digest and opened.digest() != known.digest:
                raise Refusal("columns.other_file", name=known.source_name)
            report = self.reader.read(
                opened.raw, opened.file.name, opened.staging, mapping=mapping, sheet=known.report.sheet
            )
            report = left_out(self.store, member.workspace, report, opened.staging)
            if report.error:
                raise Refusal.of(report.error)
            if not report.accepted:
                raise Refusal("columns.nobody", field=Field.EMAIL.value, n=report.rows)
            answer = exclude or _answered(known, report)
            left = self.suppressions.still_marked(member.workspace, report, opened.staging).opt_outs
            if answer is None and left and (left.count or left.doubtful):
                return left
            if answer:
                self.suppressions.exclude(member, known.id, opened.staging, answer)
            report = self.suppressions.told(member.workspace, report, opened.staging, answer)
            now = self.clock.now()
            renewed = versions.renewed(known, report, now, digest=known.digest)
            renewed = replace(renewed, exclude=answer)
            kept = self.store.lists.renew(member.workspace, renewed, known.revision, opened.staging)
        self.remember(member, kept)
        note(self.store, now, member, "columns chosen", kept.id, contacts=kept.count, before=known.count)
        self.lists.follow(member, kept.id)
        return self.versions.outcome(member, kept.id)


def _answered(known: ContactList, report: Report) -> Exclude | None:
    """What was answered holds for the columns it was asked about."""
    now = set(report.opt_outs.columns) if report.opt_outs else set()
    before = set(known.report.opt_outs.columns) if known.report.opt_outs else set()
    return known.exclude if now <= before else None
