"""The account behind the key: who may send, what is left, and who must not be written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .records import Letter

SUPPRESSION_KINDS = ("bounces", "blocks", "spam_reports", "invalid_emails", "unsubscribes")
# A block is a refusal of one day, not of the person: the next letter is tried.
_STOPPING = {
    "bounces": "Bounced Address",
    "spam_reports": "Spam Reporting Address",
    "invalid_emails": "Invalid",
    "unsubscribes": "Unsubscribed Address",
}
SCOPES = (
    "mail.send",
    "sender_verification_eligible",
    "user.credits.read",
    "whitelabel.read",
    "suppression.read",
    "suppression.unsubscribes.read",
    "asm.groups.suppressions.create",
    "asm.groups.suppressions.read",
    "categories.stats.read",
    "user.webhooks.event.settings.read",
)


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """One row of a suppression list."""

    email: str
    created: datetime
    reason: str = ""
    status: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "created": int(self.created.timestamp()),
            "email": self.email,
            "reason": self.reason,
            "status": self.status,
        }


class Account:
    """Senders, credits, scopes and suppressions; changed by tests and by the letters sent."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        verified_senders: Sequence[str],
        domains: Sequence[str],
        groups: Iterable[int] = (),
        credit: int = 100_000,
    ) -> None:
        self._now = now
        self.senders = {address.lower(): True for address in verified_senders}
        self.domains = {domain.lower(): True for domain in domains}
        self.groups: dict[int, dict[str, datetime]] = {group: {} for group in groups}
        self.credit_total = credit
        self.credit_used = 0
        self.scopes = set(SCOPES)
        self.logs_readable = False
        self.logs_delay = timedelta()  # until a letter stands in the log
        self.suppressed: dict[str, dict[str, Suppressed]] = {kind: {} for kind in SUPPRESSION_KINDS}

    @property
    def credit_left(self) -> int:
        return max(0, self.credit_total - self.credit_used)

    def may_send(self, address: str) -> bool:
        """A verified single sender, or any address at an authenticated domain."""
        domain = address.rpartition("@")[2].lower()
        return self.senders.get(address.lower(), False) or self.domains.get(domain, False)

    def suppress(self, kind: str, email: str, *, reason: str = "", status: str = "") -> None:
        row = Suppressed(email=email.lower(), created=self._now(), reason=reason, status=status)
        self.suppressed[kind][row.email] = row

    def suppress_in_group(self, group: int, emails: Iterable[str]) -> None:
        for email in emails:
            self.groups[group].setdefault(email.lower(), self._now())

    def page(self, kind: str, *, start: int, end: int, limit: int, offset: int) -> list[Suppressed]:
        rows = sorted(self.suppressed[kind].values(), key=lambda row: row.created, reverse=True)
        moments = [(int(row.created.timestamp()), row) for row in rows]
        kept = [row for moment, row in moments if start <= moment <= end]
        return kept[offset : offset + limit]

    def stops(self, letter: Letter) -> str | None:
        """Why this letter is dropped after acceptance (it still costs a credit), or None."""
        email = letter.to.lower()
        for kind, reason in _STOPPING.items():
            if email in self.suppressed[kind]:
                return reason
        if letter.unsubscribe_group is not None and email in self.groups[letter.unsubscribe_group]:
            return "Unsubscribed Address"
        return None
