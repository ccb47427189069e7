"""What `check` finds: each problem with its cure. It asks and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.findings import Finding
from bot.core.sentences import sentence
from bot.ports import Mailer, NotTaken, Policy, Refused

# what the manifest asks for, and every bot token must have been given
SCOPES = frozenset(
    {"chat:write", "commands", "files:read", "files:write", "im:history", "users:read", "users:read.email"}
)
LOST_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
AWAY = "unreachable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Installed:
    """As whom the bot token speaks."""

    team: str
    bot: str
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """`error` is Slack's word, or "unreachable" where nobody answered."""

    error: str


class SlackProbe(Protocol):
    """No method raises for what the network or Slack does."""

    def who(self) -> Installed | Unanswered:
        """`auth.test` with the bot token."""

    def socket(self) -> Unanswered | None:
        """May the app-level token open a connection? None where it may, or where it is not used."""

    def is_in(self, channel: str) -> bool | Unanswered:
        """Is the bot a member of that channel? A token without `channels:read` cannot tell."""


def findings(
    *, policy: Policy, slack: SlackProbe, mailer: Mailer, storage: Sequence[Finding]
) -> list[Finding]:
    """`storage`: what is wrong with it, as it says itself."""
    return [
        *storage,
        *_bot_token(slack.who()),
        *_app_token(slack.socket()),
        *_channel("support", policy.support_channel, slack),
        *_approvals(policy, slack),
        *_mail(policy, mailer.senders()),
        *_public_url(policy.public_url),
    ]


def _bot_token(answer: Installed | Unanswered) -> list[Finding]:
    match answer:
        case Unanswered(error=error) if error == AWAY:
            return [_finding("slack.away")]
        case Unanswered(error=error) if error in LOST_TOKEN:
            return [_finding("slack.token", error=error)]
        case Unanswered(error=error):
            return [_finding("slack.refused", error=error)]
        case Installed(scopes=scopes):
            missing = sorted(SCOPES - scopes)
            return [_finding("slack.scopes", n=len(missing), scopes=", ".join(missing))] if missing else []


def _app_token(answer: Unanswered | None) -> list[Finding]:
    if answer is None or answer.error == AWAY:  # said already, of the bot token
        return []
    return [_finding("slack.socket", error=answer.error)]


def _approvals(policy: Policy, slack: SlackProbe) -> list[Finding]:
    """Without a channel of their own, approvals are asked of admins one by one."""
    if policy.approval_above is None:
        return []
    if not policy.approval_channel:
        return [_finding("approval.absent", grave=False, above=policy.approval_above)]
    return _channel("approval", policy.approval_channel, slack)


def _channel(kind: str, channel: str, slack: SlackProbe) -> list[Finding]:
    if not channel:
        return []
    match slack.is_in(channel):
        case True:
            return []
        case False:
            return [_finding(f"{kind}.outside", channel=channel)]
        case Unanswered(error=error) if error == AWAY or error in LOST_TOKEN:  # said already
            return []
        case Unanswered(error="missing_scope"):  # no fault: the manifest does not ask for that right
            return [_finding(f"{kind}.unseen", grave=False, channel=channel)]
        case Unanswered(error=error):
            return [_finding(f"{kind}.refused", channel=channel, error=error)]


def _mail(policy: Policy, senders: Sequence[str] | Refused | NotTaken) -> list[Finding]:
    sender = policy.mail_from.address
    match senders:
        case NotTaken():
            return [_finding("mail.away")]
        case Refused(why="key", detail=detail) if "403" in detail or "forbidden" in detail.lower():
            # a key that may only send is a good key: it cannot tell who may stand in From
            return [_finding("mail.unreadable", grave=False, sender=sender)]
        case Refused(why="key", detail=detail):
            return [_finding("mail.key", detail=detail)]
        case Refused(detail=detail):
            return [_finding("mail.refused", detail=detail)]
        case _:
            return [] if _may_stand_in_from(sender, senders) else [_finding("mail.sender", sender=sender)]


def _may_stand_in_from(sender: str, senders: Sequence[str]) -> bool:
    known = {one.lower() for one in senders}
    return sender.lower() in known or "@" + sender.lower().rpartition("@")[2] in known


def _public_url(url: str) -> list[Finding]:
    if not url:
        return [_finding("url.absent", grave=False)]
    if not url.startswith("https://"):
        return [_finding("url.plain", grave=False, url=url)]
    return []


def _finding(name: str, *, grave: bool = True, **values: str | int) -> Finding:
    what, cure = sentence(f"checks.{name}", **values), sentence(f"checks.{name}.cure", **values)
    return Finding(what=what, cure=cure, grave=grave)
