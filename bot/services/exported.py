"""Questionnaires' exports: read once their owner said what they are, asked about where codes say it first.

A file that may be either, list or export, is never guessed: only where codes of the person's own campaigns
are recognised for sure is it asked about at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot import ports
from bot.core import answered as rules
from bot.core import lines
from bot.core.addresses import canonical
from bot.core.answered import Addresses, Export, Row, Sheet, Tally, Told
from bot.core.answers import Source
from bot.core.campaigns import Campaign
from bot.core.ids import CampaignId
from bot.core.inbox import PendingImport
from bot.core.lists import Report
from bot.core.people import Member
from bot.core.questions import Answers, Asked, Question, without_people
from bot.core.sentences import Refusal
from bot.core.tokens import Bearer, read_token
from bot.ports.answered import ExportReader
from bot.services.answered import Answered
from bot.services.files import Opened
from bot.services.questions import Questions


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What an export told of the campaign."""

    campaign: Campaign
    told: Told


@dataclass(frozen=True, kw_only=True)
class Exported:
    store: ports.Store
    answered: Answered
    reader: ExportReader
    questions: Questions
    policy: ports.Policy

    # --- told to be one -------------------------------------------------------------------------------

    def read(self, member: Member, pending: PendingImport, opened: Opened) -> Found | None:
        """None where nobody said that it is an export. Raises Refusal where nobody of the campaign is found
        in it."""
        if pending.answers.answers_of is None:
            return None
        campaign = self.answered.campaign(member, pending.answers.answers_of)
        export = self._looked(opened, opened.staging)
        told = self._by_code(campaign, export, opened.staging)
        if told is None:
            told = self._by_address(campaign, export, opened.staging)
        if told is None or not told.numbers:
            raise self._nobody(member, campaign, opened, export, told)
        return Found(campaign=campaign, told=told)

    def take(self, member: Member, pending: PendingImport, found: Found) -> None:
        """Durable, then said. Taken once more after a crash, it finds nothing new."""
        campaign, told = found.campaign, found.told
        fresh = self.answered.learn(member, campaign, told.numbers, Source.EXPORT)
        others = self._named(member, told)
        self.questions.end(member, pending, rules.said(campaign.name, told, fresh, others))

    def _looked(self, opened: Opened, staging: Path) -> Export:
        export = self.reader.look(opened.raw, opened.file.name, staging)
        if export.error:
            raise Refusal.of(export.error)
        return export

    def _by_code(self, campaign: Campaign, export: Export, staging: Path) -> Told | None:
        """None where the file holds no code of ours at all."""
        for number, sheet in enumerate(export.sheets):
            if not sheet.coded:
                continue
            told = self._tally(campaign).by_code(_rows(staging, number), self._bearer)
            if told.numbers or told.tests or told.others or self._has_begun(campaign, staging, number):
                return told
        return None

    def _has_begun(self, campaign: Campaign, staging: Path, sheet: int) -> bool:
        """Are its people among those who have not finished?"""
        found = rules.owners(_rows(staging, sheet), self._bearer, campaign.workspace)
        return campaign.id in found

    def _by_address(self, campaign: Campaign, export: Export, staging: Path) -> Told | None:
        """By the column that most people of the campaign stand in. None where there is no address."""
        best: Told | None = None
        for number, column in _columns(export.sheets):
            written = (canonical(row.address(column)) for row in _rows(staging, number))
            wanted = {one for one in written if one != "@"}
            known = self.store.campaigns.among(campaign.workspace, campaign, wanted)
            told = self._tally(campaign).by_address(_rows(staging, number), column, known)
            if best is None or len(told.numbers) > len(best.numbers):
                best = told
        return best

    def _tally(self, campaign: Campaign) -> Tally:
        return Tally(campaign.workspace, campaign.id, campaign.audience_size)

    def _bearer(self, code: str) -> Bearer | None:
        return read_token(self.policy.secret, code)

    def _nobody(
        self, member: Member, campaign: Campaign, opened: Opened, export: Export, told: Told | None
    ) -> Refusal:
        """Why nothing was noted: others' answers, tests, unfinished ones; or nothing to know them by."""
        name, file = campaign.name, opened.file.name
        if told and told.others:
            other, count = next(iter(self._named(member, told)))
            key = "answered.refused.other" if other else "answered.refused.another"
            return Refusal(key, name=name, file=file, n=count, other=other)
        if told and told.unfinished and not told.rows:
            return Refusal("answered.refused.unfinished", file=file, n=told.unfinished)
        if told and told.tests:
            return Refusal("answered.refused.tests", file=file, n=told.tests)
        if not any(sheet.rows for sheet in export.sheets):
            return Refusal("answered.refused.empty", file=file)
        if told is None:
            return Refusal("answered.refused.no_column", file=file, parameter=campaign.link_parameter)
        return Refusal("answered.refused.strangers", name=name, file=file, n=told.rows)

    def _named(self, member: Member, told: Told) -> Iterator[tuple[str, int]]:
        """The person's own by their names; all others together, the last."""
        mine = {one.id: one.name for one in self.answered.running(member)}
        unnamed = 0
        for campaign_id, count in told.others.items():
            if campaign_id in mine:
                yield mine[campaign_id], count
            else:
                unnamed += count
        if unnamed:
            yield "", unnamed

    # --- perhaps one ----------------------------------------------------------------------------------

    def asks(
        self, member: Member, pending: PendingImport, report: Report, opened: Opened, answers: Answers
    ) -> bool:
        """Whether the person is asked if this is an export. A list is not kept waiting for it."""
        if answers.is_list or answers.is_apart or answers.rows_of or not (report.headers or report.error):
            return False
        running = self.answered.running(member)
        if not running or not rules.may_hold_codes(report, {one.link_parameter for one in running}):
            return False
        found = self._recognised(member, opened)
        mine = [(found[one.id], one) for one in running if found[one.id]]
        if not mine:
            return False
        rows, campaign = max(mine, key=lambda pair: pair[0])
        asked = Question(
            kind=Asked.ANSWERS, report=without_people(report), campaign=campaign.id, title=campaign.name,
            rows=rows,
        )  # fmt: skip
        self.questions.ask(member, pending, asked)
        return True

    def _recognised(self, member: Member, opened: Opened) -> Counter[CampaignId]:
        staging = self.store.staging()
        try:
            export = self._looked(opened, staging)
            if not any(sheet.coded for sheet in export.sheets):
                return Counter()
            return rules.owners(_rows(staging), self._bearer, member.workspace)
        except Refusal:  # what is wrong with it is said of it as a list
            return Counter()
        finally:
            staging.unlink(missing_ok=True)


def export_of(pending: PendingImport, campaign: CampaignId) -> PendingImport:
    """A file given as that campaign's export: nothing is asked about it."""
    return replace(pending, answers=replace(pending.answers, answers_of=campaign))


def _rows(staging: Path, sheet: int | None = None) -> Iterator[Row]:
    with staging.open("rb") as file:
        for line in lines.read(file):
            if line[0] == "a" and sheet in (None, line[1]):
                yield Row.from_line(line)


def _columns(sheets: Iterable[Sheet]) -> Iterator[tuple[int, Addresses]]:
    for number, sheet in enumerate(sheets):
        for column in sheet.fullest():
            yield number, column
