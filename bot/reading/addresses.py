"""Addresses: email-validator's verdict, and what can be mended before asking it.

The verdict on a domain is given once and remembered; a plain ASCII local part is judged by the rule
email-validator itself applies (RFC 5322's dot-atom), so that a hundred thousand addresses cost a tenth
of a second. Everything out of the ordinary goes to email-validator whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from bot.reading.domains import meant
from bot.reading.opt_outs import says_no

_PLAIN = re.compile(r"[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*", re.ASCII)
_PLAIN_LINES = re.compile(rf"^({_PLAIN.pattern})@([a-z0-9.-]+)$", re.ASCII | re.MULTILINE)
_LONGEST = 254  # RFC 5321, erratum 1690
_EVERYDAY = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?)?[a-z]", re.ASCII
)
_ENDLESS = 1_000  # characters: four times what can be an address
_NAMED = re.compile(r"[^<>]*<\s*([^<>\s]+@[^<>\s]+)\s*>")
_RESERVED = re.compile(r"(?:^|\.)(?:test|local|localhost|invalid|arpa|onion)$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;,/|\s]+")
ROLES = frozenset(
    {"info", "infos", "contact", "contacts", "admin", "administrator", "administration", "accueil", "bonjour",
     "hello", "office", "bureau", "secretariat", "support", "help", "helpdesk", "service", "service-client",
     "serviceclient", "sav", "sales", "ventes", "commercial", "marketing", "communication", "presse", "press",
     "rh", "hr", "recrutement", "jobs", "comptabilite", "compta", "facturation", "billing", "accounts",
     "accounting", "direction", "webmaster", "postmaster", "hostmaster", "abuse", "noreply", "no-reply",
     "nepasrepondre", "ne-pas-repondre", "donotreply", "do-not-reply", "newsletter", "mairie", "team",
     "equipe", "reception", "enquiries", "mail", "mailer-daemon", "root", "security"}
)  # fmt: skip
"""Mailboxes of a function: no person, or several, answer there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Good:
    """`address` is as written, its domain in lower-case ASCII; `repair` names what had to be mended."""

    address: str
    repair: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bad:
    cause: str


class Addresses:
    """The verdicts of one file."""

    def __init__(self) -> None:
        self._domains: dict[str, str | None] = {}
        self._quiet: set[str] = set()  # domains without a word to say about them

    def judge(self, written: str) -> Good | Bad:
        if not written:
            return Bad(cause="no_address")
        if address := self.valid(written):
            return Good(address=address)
        if "@" not in written and "\uff20" not in written:
            return Bad(cause="incomplete_address")
        if says_no(written):
            return Bad(cause="no_mail")
        return self._mended(written) or Bad(cause=_cause(written))

    def valid(self, address: str) -> str | None:
        """The address as it is kept, or None: exactly what email-validator says."""
        local, at, domain = address.partition("@")
        if not at or len(address) > _ENDLESS:
            return None  # email-validator says the same, after a long look at each sign
        if not (domain.isascii() and "xn--" not in domain.lower() and _PLAIN.fullmatch(local)):
            return _asked(address)
        if domain not in self._domains:
            self._domains[domain] = _kept(domain)
        ascii_domain = self._domains[domain]
        if ascii_domain is None or len(local) + 1 + len(ascii_domain) > _LONGEST:
            return None
        return f"{local}@{ascii_domain}"

    def all_quiet(self, written: Sequence[str]) -> bool:
        """Whether each of them is kept as it is written, without a word: one look for all."""
        pairs = _PLAIN_LINES.findall("\n".join(written))
        if len(pairs) != len(written) or max(map(len, written)) > _LONGEST:
            return False
        if not ROLES.isdisjoint([local.lower() for local, _ in pairs]):
            return False
        for domain in {domain for _, domain in pairs} - self._quiet:
            address = "a@" + domain
            if self.valid(address) != address or meant(domain):
                return False
            self._quiet.add(domain)
        return True

    def _mended(self, written: str) -> Good | None:
        for repair, candidate in _candidates(written):
            if address := self.valid(candidate):
                return Good(address=address, repair=repair)
        return None


def _kept(domain: str) -> str | None:
    """An everyday name is judged here, a thousand times quicker; everything else is asked about."""
    lower = domain.lower()
    if _EVERYDAY.fullmatch(lower) and len(lower) < _LONGEST - 2 and "--" not in lower:
        parts = lower.split(".")
        ends = {".".join(parts[start:]) for start in range(len(parts))}
        if ends.isdisjoint(SPECIAL_USE_DOMAIN_NAMES):
            return lower
    address = _asked("a@" + domain)
    return address[2:] if address else None


def _asked(address: str) -> str | None:
    """Letters before the @ must be ASCII: the mail service takes no others (no SMTPUTF8)."""
    try:
        verdict = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return f"{address.rpartition('@')[0]}@{verdict.ascii_domain}"


def _candidates(written: str) -> list[tuple[str, str]]:
    """What may have been meant, the surest first, with the name of the repair."""
    bare = written.replace("\uff20", "@")
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0]
    if named := _NAMED.fullmatch(bare):
        bare = named[1]
    bare = bare.strip(" \t.,;:<>()[]\"'’“”«»")
    found = [("address", bare), ("address", re.sub(r"\s*([@.])\s*", r"\1", bare))]
    parts = [part.strip(" .<>()\"'") for part in _SEPARATORS.split(bare) if "@" in part]
    if len(parts) > 1:
        found.extend(("several_addresses", part) for part in parts[:1])
    return found


def _cause(written: str) -> str:
    local, at, domain = written.rpartition("@")
    if not (at and local and domain) or "." not in domain.strip("."):
        return "reserved_domain" if local and _RESERVED.search(domain) else "incomplete_address"
    if _RESERVED.search(domain):
        return "reserved_domain"
    return "impossible_address" if local.isascii() else "accented_address"
