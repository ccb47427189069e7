"""From, Reply-To, and where the link leads."""

from collections.abc import Iterator, Sequence

from bot.core import links
from bot.core.campaigns import Campaign, Step
from bot.core.doctor import diagnose
from bot.core.lint.records import Case, Finding, blocking, refused, warning
from bot.core.questionnaires import NAMES, tells_apart
from bot.core.sentences import Refusal

# whoever receives a letter "from" these checks with their owner (DMARC), who did not send it
# in whatever country
_FAMILIES = frozenset(
    {"gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "ymail", "rocketmail", "aol", "gmx",
     "icloud", "protonmail", "tutanota", "yandex"}
)  # fmt: skip
_OTHERS = frozenset(
    {"aliceadsl.fr", "bbox.fr", "bluewin.ch", "bouygtel.fr", "club-internet.fr", "comcast.net", "cox.net",
     "fastmail.com", "free.fr", "freenet.de", "hey.com", "laposte.net", "libero.it", "mac.com", "mail.com",
     "mail.ru", "me.com", "neuf.fr", "numericable.fr", "orange.fr", "pm.me", "proton.me", "sfr.fr",
     "skynet.be", "sympatico.ca", "t-online.de", "telenet.be", "verizon.net", "videotron.ca", "voila.fr",
     "wanadoo.fr", "web.de", "zoho.com"}
)  # fmt: skip
DEAF = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "nepasrepondre", "ne-pas-repondre",
        "ne_pas_repondre", "sansreponse", "pasdereponse")  # fmt: skip


def link(draft: Campaign) -> Iterator[Finding]:
    try:
        links.check_link(draft.link)
    except Refusal as refusal:
        yield refused(Step.PARAMETERS, refusal)
        return
    if draft.link.lower().startswith("http://"):
        yield warning(Step.PARAMETERS, "lint.link.insecure")


def sender(case: Case) -> Iterator[Finding]:
    """Nobody tells who may send: the mail service decides at the schedule."""
    address = case.draft.sender.address
    if case.senders is not None and not _may_send(address, case.senders):
        yield blocking(Step.PARAMETERS, "lint.sender.unknown", address=address)
    if is_webmail(address):
        yield warning(Step.PARAMETERS, "lint.sender.webmail", domain=domain_of(address))


def _may_send(address: str, senders: Sequence[str]) -> bool:
    known = {one.lower() for one in senders}
    return address.lower() in known or f"@{domain_of(address)}" in known


def is_webmail(address: str) -> bool:
    domain = domain_of(address)
    return domain in _OTHERS or (domain.partition(".")[0] in _FAMILIES and domain.count(".") < 3)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def replies(draft: Campaign) -> Iterator[Finding]:
    address = (draft.reply_to or draft.sender).address
    if address.rpartition("@")[0].lower().startswith(DEAF):
        yield warning(Step.PARAMETERS, "lint.reply_to.deaf", address=address)


def gone(case: Case) -> Iterator[Finding]:
    if case.gone:
        yield warning(Step.PARAMETERS, "closures.reply_to", who=case.gone)


def answers(draft: Campaign) -> Iterator[Finding]:
    tool = diagnose(draft.link).tool if draft.link else None
    if tool and not tells_apart(tool, draft.placement):
        yield warning(Step.PARAMETERS, "lint.answers", tool=NAMES[tool])
