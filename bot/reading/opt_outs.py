"""Columns that say who must not be written to: known by their names, decided by each value.

A yes, a date or the word itself mean no mail; a no, a blank or "subscribed" mean nothing is wrong; about
anything else the person is asked. The column stays an ordinary column of the file.
"""

import re
import unicodedata
from functools import cache, lru_cache

from bot.reading.names import folded

_NAMES = (
    "EMAIL_BLACKLISTED", "Blacklisted", "Blacklist", "Liste noire", "UNSUB_TIME", "Unsubscribe time",
    "Unsubscribe date", "Email Opt Out", "HasOptedOutOfEmail", "Opt out", "Opted out", "Opted out of email",
    "Email opted out",
    "Unsubscribed", "Unsubscribed from all email", "Unsubscribed at", "Unsubscribe", "emailstatus",
    "Email marketing status", "Marketing status", "Person - Marketing status", "Do not contact",
    "Do not email", "Do not mail", "Don't contact", "Ne pas contacter", "Ne plus contacter",
    "Ne pas envoyer d'e-mail", "Ne pas envoyer de mail", "Refus e-mail", "Refus emailing", "Stop e-mail",
    "Désabonné", "Désabonnée", "Désabonné le", "Désabonnés", "Désabonnement", "Date de désabonnement",
    "Désinscrit", "Désinscrite", "Désinscrit le", "Désinscription", "Date de désinscription",
    "Statut d'abonnement", "Subscription status",
)  # fmt: skip
_NO_MAIL = frozenset(
    {"1", "yes", "y", "x", "true", "t", "on", "oui", "o", "vrai", "v", "✓", "✔", "✗", "☑", "stop", "optout",
     "optedout", "unsubscribe", "unsubscribed", "blacklisted", "blocklisted", "donotcontact", "donotemail",
     "desabonne", "desabonnee", "desinscrit", "desinscrite", "nepascontacter", "neplus", "nepluscontacter",
     "refus", "refuse", "complained", "spamcomplaint"}
)  # fmt: skip
_FINE = frozenset(
    {"", "0", "no", "n", "false", "f", "off", "non", "faux", "none", "null", "na", "nan", "nil", "-", "—",
     "subscribed", "subscribe", "abonne", "abonnee", "inscrit", "inscrite", "active", "actif", "optin",
     "optedin", "ok", "valid", "verified"}
)  # fmt: skip
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b.*|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}\b.*|\d{1,2}\.? \w{3,9}\.?,? \d{4}.*"
    r"|\w{3,9}\.? \d{1,2},? \d{4}.*|\d{10}|\d{13}"
)
_NO_DATE = re.compile(r"0000-00-00.*")
_ADDRESSES = re.compile(r"\S*@\S*")
_SAYS_NO = re.compile(
    r"\b(?:ne (?:plus|pas)|n'ecri\w+ plus|(?:plus|pas) de (?:e-?)?mails?|desabonn\w*|desinscri\w*"
    r"|unsubscri\w*|opt(?:ed)?[ -]?out|blacklist\w*|liste noire|do not|don'?t|no longer"
    r"|no (?:more )?(?:e-?)?mails?|refus(?:e|es|ee)?|stop(?! ?\w))\b"
)


@cache
def _known() -> frozenset[str]:
    return frozenset(folded(name) for name in _NAMES)


def speaks(title: str) -> bool:
    return folded(title) in _known()


@lru_cache(maxsize=1_024)
def refuses(value: str) -> bool | None:
    """True: no mail to this person. None: nobody knows what the value means."""
    bare = value.strip().casefold()
    word = folded(bare) or bare
    if word in _FINE or _NO_DATE.fullmatch(bare):
        return False
    if word in _NO_MAIL or _DATE.fullmatch(bare):
        return True
    return None


def says_no(cell: str) -> bool:
    """Whether words beside an address ask for no mail: "désabonné", "ne plus écrire"."""
    words = unicodedata.normalize("NFKD", _ADDRESSES.sub(" ", cell).lower().replace("’", "'"))
    return _SAYS_NO.search("".join(sign for sign in words if not unicodedata.combining(sign))) is not None
