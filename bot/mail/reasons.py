"""Why a letter did not arrive: SendGrid's classes and the words of thousands of mail servers, as ours."""

import re
from collections.abc import Mapping

Entry = Mapping[str, object]

# docs.sendgrid.com/api-reference/bounces-api/retrieve-bounces-by-specific-classification
_CLASSES: Mapping[str, str] = {
    "invalid address": "unknown",
    "mailbox unavailable": "unavailable",
    "reputation": "reputation",
    "content": "content",
    "frequency or volume too high": "volume",
    "technical": "technical",
    "technical failure": "technical",
}
# where there is no class, or where words say more than it: the first that is found
_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (
            r"\b[45]\.2\.2\b|over ?quota|mailbox (is )?full|quota exceeded|insufficient .*storage",
            "full",
        ),
        (
            r"\b5\.1\.(1|10)\b|user unknown|unknown user|no such (user|mail)|does(n't| not) exist",
            "unknown",
        ),
        (r"black ?list|block ?list|blocked using|spamhaus|\brbl\b|reputation", "reputation"),
        (r"\bspam\b|content", "content"),
        (r"\b[45]\.7\.\d+\b|blocked|policy|denied|rejected", "blocked"),
        (r"mx info|dns|host|timed? ?out|connection", "technical"),
    )
)
_DROPPED: Mapping[str, str] = {
    "unsubscribed address": "unsubscribed_there",
    "bounced address": "bounced_there",
    "spam reporting address": "complained_there",
    "spam content": "content",
    "invalid": "invalid",
    "recipient list over package quota": "credits",
    "invalid smtpapi header": "technical",
}
_READ = 500  # characters of a server's answer: some of them write letters


def bounced(entry: Entry) -> str:
    """Of a bounce or a block: one of `bot.core.events.WHYS`."""
    known = _CLASSES.get(_text(entry, "bounce_classification").lower(), "")
    if known and known != "unavailable":
        return known
    words = f"{_text(entry, 'status')} {_text(entry, 'reason')}"
    said = next((why for pattern, why in _WORDS if pattern.search(words)), "")
    if known:
        return said if said in ("full", "unknown") else known
    return said or "other"


def dropped(entry: Entry) -> str:
    return _DROPPED.get(_text(entry, "reason").lower(), "other")


def _text(entry: Entry, name: str) -> str:
    said = entry.get(name)
    return said[:_READ].strip() if isinstance(said, str) else ""
