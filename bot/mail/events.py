"""SendGrid's Event Webhook: who posted it, and what it says in our words.

Signed with ECDSA over P-256 and SHA-256, of the timestamp's text followed by the raw body
(twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features).
The vendor library's helper takes text only, and raises where a signature is no base64. How old the timestamp
is does not matter: posts are tried again for a day, and the same events twice change nothing.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bot.core.addresses import canonical
from bot.core.events import MailEvent, Told
from bot.core.facts import Happened
from bot.core.suppressions import Cause
from bot.mail.reasons import bounced, dropped
from bot.mail.sendgrid import CAMPAIGN_ARG, RECIPIENT_ARG, WAVE_ARG

KIND_LENGTH = 40
LAST_SECOND = 0xFFFFFFFF
Entry = Mapping[str, object]

_BITS: Mapping[str, int] = {
    "processed": int(Happened.PROCESSED),
    "delivered": int(Happened.DELIVERED),
    "deferred": int(Happened.DEFERRED),
    "click": int(Happened.CLICKED),
    "spamreport": int(Happened.COMPLAINED),
    "unsubscribe": int(Happened.UNSUBSCRIBED),
    "group_unsubscribe": int(Happened.UNSUBSCRIBED),
}
_CAUSES: Mapping[str, Cause] = {
    "spamreport": Cause.COMPLAINED,
    "unsubscribe": Cause.UNSUBSCRIBED,
    "group_unsubscribe": Cause.UNSUBSCRIBED,
}
_DROPPED_FOR: Mapping[str, Cause] = {
    "unsubscribed_there": Cause.UNSUBSCRIBED,
    "bounced_there": Cause.BOUNCED,
    "complained_there": Cause.COMPLAINED,
}


class SignedEvents:
    """`public_key`: as SendGrid shows it, base64 of DER; empty where none was given. Raises ValueError where
    it is another thing."""

    def __init__(self, public_key: str) -> None:
        self._key = loaded(public_key) if public_key else None

    @property
    def is_ready(self) -> bool:
        return self._key is not None

    def verified(self, signature: str, timestamp: str, raw: bytes) -> bool:
        return self._key is not None and verified(self._key, signature, timestamp, raw)

    def parsed(self, raw: bytes) -> Told:
        return parsed(raw)


def loaded(public_key: str) -> EllipticCurvePublicKey:
    key = load_der_public_key(base64.b64decode(public_key, validate=True))
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise ValueError("not a key of the curve P-256")


def verified(key: EllipticCurvePublicKey, signature: str, timestamp: str, raw: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), timestamp.encode() + raw, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def parsed(raw: bytes) -> Told:
    match orjson.loads(raw):  # its error is a ValueError
        case list(entries):
            return _all(entries)
        case _:
            raise ValueError("not a list of events")


def _all(entries: Iterable[Entry]) -> Told:
    events: list[MailEvent] = []
    foreign = garbage = 0
    for entry in entries:
        try:
            event = _event(entry)
        except (ValueError, TypeError, AttributeError, KeyError):
            garbage += 1
            continue
        if event is None:
            foreign += 1
        else:
            events.append(event)
    return Told(events=events, foreign=foreign, garbage=garbage)


def _event(entry: Entry) -> MailEvent | None:
    """None where it is of no letter of ours. Raises where it is no event at all."""
    kind = entry["event"]
    if not isinstance(kind, str) or not kind:
        raise ValueError("an event has a name")
    campaign = entry.get(CAMPAIGN_ARG)
    if campaign is None:
        return _late(entry, kind)
    if not isinstance(campaign, str):
        raise TypeError("a campaign is named by a string")
    wave, recipient = entry[WAVE_ARG], entry[RECIPIENT_ARG]
    if not isinstance(wave, str) or not isinstance(recipient, str):
        raise TypeError("numbers come back as the strings they were given as")
    return _told(entry, kind, campaign, int(wave), int(recipient))


def _late(entry: Entry, kind: str) -> MailEvent | None:
    """A bounce that came back after the letter was taken names neither the letter nor what we gave it."""
    if kind != "bounce" or entry.get("sg_message_id"):
        return None
    return _told(entry, kind, "", 0, 0)


def _told(entry: Entry, kind: str, campaign: str, wave: int, recipient: int) -> MailEvent:
    bits, cause = _BITS.get(kind, 0), _CAUSES.get(kind)
    why = ""
    if not bits:
        bits, why, cause = _meaning(entry, kind)
    address = _address(entry) if cause is not None or not campaign else ""
    at = entry.get("timestamp")
    if type(at) is not int or not 0 < at <= LAST_SECOND:
        at = 0  # it does not say when
    return MailEvent(campaign, wave, recipient, bits, at, why, address, cause)


def _meaning(entry: Entry, kind: str) -> tuple[int, str, Cause | None]:
    """Bits, why, and why the address is not to be written to again."""
    match kind:
        case "open":
            by_machine = entry.get("sg_machine_open") is True
            return int(Happened.ROBOT if by_machine else Happened.OPENED), "", None
        case "bounce" if entry.get("type") == "blocked":
            return int(Happened.BLOCKED), bounced(entry), None
        case "bounce":
            return int(Happened.BOUNCED), bounced(entry), Cause.BOUNCED
        case "dropped":
            why = dropped(entry)
            return int(Happened.DROPPED), why, _DROPPED_FOR.get(why)
        case _:
            return 0, "?" + kind[:KIND_LENGTH], None


def _address(entry: Entry) -> str:
    email = entry.get("email")
    return canonical(email) if isinstance(email, str) and "@" in email else ""
