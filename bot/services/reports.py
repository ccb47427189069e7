"""A campaign's report: its numbers, and everybody it wrote to, as a file for its owner alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot import ports
from bot.core import reports as rules
from bot.core.addresses import is_erased
from bot.core.campaigns import Campaign
from bot.core.people import Member
from bot.core.reports import Person, Report
from bot.core.sentences import Refusal, sentence
from bot.ports.reports import Reporter
from bot.services.answered import Answered
from bot.services.log import note
from bot.services.telling import Telling

XLSX, CSV = "xlsx", "csv"


@dataclass(frozen=True, kw_only=True)
class Reports:
    store: ports.Store
    answered: Answered
    reporter: Reporter
    messenger: ports.Messenger
    telling: Telling
    clock: ports.Clock

    def about(self, member: Member, campaign_id: str, kind: str) -> Campaign:
        """Whether there is anything to report, before somebody waits for it. Raises Refusal."""
        campaign = self.answered.campaign(member, campaign_id)
        if kind == CSV and not self.answered.may_name(member, campaign):
            raise Refusal("report.refused.counts", name=campaign.name)
        return campaign

    def send(self, member: Member, campaign_id: str, kind: str) -> None:
        """Into their DM. Who may only use one of its lists gets the numbers, and nobody's row."""
        campaign = self.about(member, campaign_id, kind)
        progress = self.telling.progress(campaign)
        if progress.is_unreadable:
            raise Refusal("report.refused.unreadable", name=campaign.name)
        report = Report(
            campaign=campaign, progress=progress, at=self.clock.now(),
            names_people=self.answered.may_name(member, campaign),
        )  # fmt: skip
        people = self._people(report) if report.names_people else iter(())
        file = self.reporter.report(report, people, kind, member.language, member.zone)
        n = campaign.audience_size
        note(self.store, self.clock.now(), member, "reported", campaign.id, people=n)
        key = "report.file" if report.names_people else "report.file.counts"
        said = sentence(key, name=campaign.name, n=n)
        self.messenger.send_file(member, replace(file, about=campaign.id), said)

    def _people(self, report: Report) -> Iterator[Person]:
        campaign = report.campaign
        found = self.store.ledgers.read(campaign.workspace, campaign.id, rules.known)
        recipients = self.store.campaigns.recipients(campaign.workspace, campaign)
        for person in rules.people(report, recipients, found):
            erased = is_erased(person.contact.email)
            yield replace(person, is_erased=True) if erased else person
