"""What `check` says of each feature that an installation lacks, with its cure. It asks and changes nothing.

What may be read with the key is found out by reading: the names of SendGrid's scopes are not all published,
and a key that may not read is a good key. Where nobody answers, or the key itself is refused, that was said
already, and nothing can be found out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.findings import Finding
from bot.core.hooks import Hook
from bot.core.lint.senders import domain_of, is_webmail
from bot.core.mail_lists import STANDING, MailList
from bot.core.sentences import sentence
from bot.ports import Mailer, MailHooks, MailLists, MailLog, NotTaken, Policy, Refused

FEW = 100  # letters: what a trial account of SendGrid may send in a day
NOBODY = "check"  # the id of no campaign
LABELS = {
    "delivered": "Delivered", "bounce": "Bounced", "dropped": "Dropped", "spam_report": "Spam Reports",
    "unsubscribe": "Unsubscribes", "group_unsubscribe": "Group Unsubscribes", "deferred": "Deferred",
    "processed": "Processed",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Features:
    policy: Policy
    mailer: Mailer
    lists: MailLists
    log: MailLog
    hooks: MailHooks
    now: datetime

    def findings(self) -> list[Finding]:
        senders = self.mailer.senders()
        found = [*self._sender(senders), *self._events(), *self._retention()]
        if not _is_closed(senders):
            found += [*self._credits(), *self._readable(), *self._hook()]
        return found

    def _sender(self, senders: Sequence[str] | Refused | NotTaken) -> Iterator[Finding]:
        """Letters from an address of a webmail, or of a domain without SendGrid's signature, fail DMARC."""
        sender, domain = self.policy.mail_from.address, domain_of(self.policy.mail_from.address)
        if is_webmail(sender):
            yield _note("sender.webmail", sender=sender, domain=domain)
        elif not isinstance(senders, Refused | NotTaken) and _is_single(sender, senders):
            yield _note("sender.single", sender=sender, domain=domain)

    def _events(self) -> Iterator[Finding]:
        if self.policy.public_url and not self.policy.webhook_key:
            yield _note("webhook.absent", url=self._url)

    @property
    def _url(self) -> str:
        return f"{self.policy.public_url}/sendgrid/events"

    def _hook(self) -> Iterator[Finding]:
        """Where events are to come by themselves, nothing is read in their place: does the account post
        them, all of them, to us, and signed with the key we know?"""
        if not self.policy.is_told:
            return
        told = self.hooks.hooks()
        if isinstance(told, Refused):
            yield _note("webhook.unreadable", url=self._url)
        if isinstance(told, Refused | NotTaken):
            return
        ours = [one for one in told if one.leads_to(self._url)]
        hook = next((one for one in ours if one.is_enabled), None)
        if hook is None:
            yield _problem("webhook.disabled" if ours else "webhook.missing", url=self._url)
            return
        yield from self._signature(hook)
        yield from self._lacking(hook)

    def _signature(self, hook: Hook) -> Iterator[Finding]:
        if hook.key == "":
            yield _problem("webhook.unsigned", url=self._url)
        elif hook.key is not None and hook.key != self.policy.webhook_key:
            yield _problem("webhook.other_key", url=self._url)

    def _lacking(self, hook: Hook) -> Iterator[Finding]:
        needed, better = hook.lacks(has_group=self.lists.has_group)
        if needed:
            yield _problem("webhook.events", n=len(needed), events=_named(needed))
        if better:
            yield _note("webhook.more_events", n=len(better), events=_named(better))

    def _retention(self) -> Iterator[Finding]:
        if not self.policy.retention_days:
            yield _note("retention.absent")

    def _credits(self) -> Iterator[Finding]:
        left = self.mailer.credits()
        if left is not None and left <= 0:
            yield _problem("credits.gone")
        elif left is not None and left <= FEW:
            yield _note("credits.few", n=left)

    def _readable(self) -> Iterator[Finding]:
        at = int(self.now.timestamp())
        if any(self._is_refused(name, at) for name in STANDING):
            yield _note("lists.unreadable")
        if self.lists.has_group and self._is_refused(MailList.GROUP, at):
            yield _note("group.unreadable")
        is_told = self.policy.public_url and self.policy.webhook_key
        if not is_told and isinstance(self.lists.delivered(NOBODY, self.now.date()), Refused):
            yield _note("stats.unreadable")
        asked = self.log.holds(self.policy.mail_from.address, campaign=NOBODY, since=self.now)
        if isinstance(asked, Refused):
            yield _note("log.unreadable")

    def _is_refused(self, name: MailList, at: int) -> bool:
        return isinstance(self.lists.page(name, since=at, until=at, offset=0), Refused)


def _is_closed(senders: Sequence[str] | Refused | NotTaken) -> bool:
    """Nobody answers, or not to this key; one that may only send is told 403."""
    match senders:
        case NotTaken():
            return True
        case Refused(detail=detail):
            return "403" not in detail and "forbidden" not in detail.lower()
        case _:
            return False


def _is_single(sender: str, senders: Sequence[str]) -> bool:
    known = {one.lower() for one in senders}
    return sender.lower() in known and f"@{domain_of(sender)}" not in known


def _named(events: Sequence[str]) -> str:
    """As the mail service's own page calls them, in any language."""
    return ", ".join(LABELS[one] for one in events)


def _problem(name: str, **values: str | int) -> Finding:
    return Finding(what=sentence(f"checks.{name}", **values), cure=sentence(f"checks.{name}.cure", **values))


def _note(name: str, **values: str | int) -> Finding:
    what, cure = sentence(f"checks.{name}", **values), sentence(f"checks.{name}.cure", **values)
    return Finding(what=what, cure=cure, grave=False)
