"""Everybody who is not to be written to, as a workbook for those who look after the bot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot import ports
from bot.core.exclusions import Excluded, Origin
from bot.core.ids import MemberId
from bot.core.log import SUPPRESSIONS
from bot.core.mail_lists import ORIGIN
from bot.core.people import Member, called, is_admin
from bot.core.sentences import Refusal, sentence
from bot.core.suppressions import Suppression
from bot.services.log import note


@dataclass(frozen=True, kw_only=True)
class Exclusions:
    store: ports.Store
    exporter: ports.Exporter
    messenger: ports.Messenger
    clock: ports.Clock
    policy: ports.Policy

    def export(self, admin: Member) -> None:
        """Into their DM. Whose address was erased is counted and not shown: it is not known any more."""
        if not is_admin(admin, tuple(self.policy.admins)):
            raise Refusal("suppressions.admins")
        known = self.store.suppressions.all(admin.workspace)
        shown = [one for one in known if "@" in one.address]
        erased = len(known) - len(shown)
        if not shown:
            raise Refusal("suppressions.none") if not erased else Refusal("suppressions.erased", n=erased)
        file = self.exporter.exclusions(self._rows(admin, shown), admin.language, admin.zone)
        note(self.store, self.clock.now(), admin, "exported", "suppressions", people=len(shown))
        key = "suppressions.file_and_erased" if erased else "suppressions.file"
        file = replace(file, about=SUPPRESSIONS)
        self.messenger.send_file(admin, file, sentence(key, n=len(shown), erased=erased))

    def _rows(self, admin: Member, shown: list[Suppression]) -> Iterator[Excluded]:
        """Newest first."""
        names = origins(self.store, admin)
        for one in sorted(shown, key=lambda one: one.at, reverse=True):
            origin, name = names.get(one.origin, (Origin.UNKNOWN, ""))
            yield Excluded(address=one.address, cause=one.cause, at=one.at, origin=origin, name=name)


def origins(store: ports.Store, admin: Member) -> dict[str, tuple[Origin, str]]:
    """What the origins are called now; what is not kept any more has no name."""
    found: dict[str, tuple[Origin, str]] = {ORIGIN: (Origin.SERVICE, "")}
    for campaign in store.campaigns.all(admin.workspace):
        found[campaign.id] = (Origin.CAMPAIGN, campaign.name)
    for contact_list in store.lists.all(admin.workspace):
        found[contact_list.id] = (Origin.LIST, contact_list.title)
    for member in store.people.all(admin.workspace):
        found[MemberId(member.id)] = (Origin.MEMBER, called(member))
    return found
