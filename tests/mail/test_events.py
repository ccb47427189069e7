"""SendGrid's Event Webhook: whose post it is, and what it says."""

import base64
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as some
from sendgrid.helpers.eventwebhook import EventWebhook

from bot.core.events import WHYS, MailEvent
from bot.core.facts import Happened
from bot.core.suppressions import Cause
from bot.mail.events import SignedEvents, parsed
from bot.settings import BadSettings, load

# published with the vendor's own libraries
PUBLISHED_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZ"
    "FceEu/1FwCM/QmGUhA=="
)
ANOTHER_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7G"
    "jUuFDb/R1NGe1OPzpA=="
)
SIGNATURE = "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0="
ALTERED = "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0="
TIMESTAMP = "1588788367"
PAYLOAD = b'{"category":"example_payload","event":"test_event","message_id":"message_id"}'


def spoken(private: Any) -> str:
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


# --- whose post it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "signature", "timestamp", "payload", "is_theirs"),
    [
        (PUBLISHED_KEY, SIGNATURE, TIMESTAMP, PAYLOAD, True),
        (ANOTHER_KEY, SIGNATURE, TIMESTAMP, PAYLOAD, False),
        (PUBLISHED_KEY, ALTERED, TIMESTAMP, PAYLOAD, False),
        (PUBLISHED_KEY, SIGNATURE, "1588788368", PAYLOAD, False),
        (PUBLISHED_KEY, SIGNATURE, "", PAYLOAD, False),
        (PUBLISHED_KEY, SIGNATURE, TIMESTAMP, b"payload", False),
        (PUBLISHED_KEY, SIGNATURE, TIMESTAMP, PAYLOAD[:-1], False),
        (PUBLISHED_KEY, SIGNATURE, TIMESTAMP, PAYLOAD + b"\n", False),
        (PUBLISHED_KEY, SIGNATURE, TIMESTAMP, b"", False),
    ],
)
def test_the_published_vectors_as_the_vendors_own_helper_judges_them(
    key: str, signature: str, timestamp: str, payload: bytes, *, is_theirs: bool
) -> None:
    assert SignedEvents(key).verified(signature, timestamp, payload) is is_theirs
    assert EventWebhook(key).verify_signature(payload.decode(), signature, timestamp) is is_theirs


@given(some.binary(max_size=200), some.text(max_size=20), some.data())
def test_bytes_are_signed_not_text_and_a_changed_byte_is_noticed(
    body: bytes, timestamp: str, data: some.DataObject
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    stamp = timestamp.encode("ascii", "ignore").decode()
    signature = private.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
    events = SignedEvents(spoken(private))
    signed = base64.b64encode(signature).decode()
    assert events.verified(signed, stamp, body)
    place = data.draw(some.integers(0, len(body)))
    assert not events.verified(signed, stamp, body[:place] + b"\x00" + body[place:])


@pytest.mark.parametrize(
    "signature", ["", "=", "é", "not base64!", "AAAA", SIGNATURE[:-4], SIGNATURE * 2, "\ud800"]
)
def test_a_signature_that_is_none_is_refused_and_nothing_is_raised(signature: str) -> None:
    assert SignedEvents(PUBLISHED_KEY).verified(signature, TIMESTAMP, PAYLOAD) is False
    assert SignedEvents(PUBLISHED_KEY).verified(SIGNATURE, signature or "\ud800", PAYLOAD) is False


def test_without_a_key_nothing_is_believed() -> None:
    events = SignedEvents("")
    assert not events.is_ready
    assert not events.verified(SIGNATURE, TIMESTAMP, PAYLOAD)
    assert SignedEvents(PUBLISHED_KEY).is_ready


@pytest.mark.parametrize(
    "key",
    ["pasted by mistake", "AAAA", PUBLISHED_KEY[:-8], spoken(ed25519.Ed25519PrivateKey.generate()),
     spoken(ec.generate_private_key(ec.SECP384R1()))],
    ids=["words", "short", "cut off", "another algorithm", "another curve"],
)  # fmt: skip
def test_another_kind_of_key_is_told_at_once(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        SignedEvents(key)


# --- what it says -------------------------------------------------------------------------------------

OURS = {
    "email": "Zoe@Example.com", "timestamp": 1_800_000_000, "sg_event_id": "e1", "sg_message_id": "m1.1",
    "postillon_campaign": "cmp_a", "postillon_wave": "1", "postillon_recipient": "42",
}  # fmt: skip


def read(**fields: object) -> MailEvent:
    (event,) = parsed(orjson.dumps([{**OURS, **fields}])).events
    return event


@pytest.mark.parametrize(
    ("fields", "bits", "why", "cause"),
    [
        ({"event": "processed"}, Happened.PROCESSED, "", None),
        ({"event": "delivered", "response": "250 OK"}, Happened.DELIVERED, "", None),
        ({"event": "deferred", "reason": "451 4.7.1 come back"}, Happened.DEFERRED, "", None),
        ({"event": "open", "sg_machine_open": False}, Happened.OPENED, "", None),
        ({"event": "open"}, Happened.OPENED, "", None),
        ({"event": "open", "sg_machine_open": True}, Happened.ROBOT, "", None),
        ({"event": "click", "url": "https://x.example"}, Happened.CLICKED, "", None),
        ({"event": "spamreport"}, Happened.COMPLAINED, "", Cause.COMPLAINED),
        ({"event": "unsubscribe"}, Happened.UNSUBSCRIBED, "", Cause.UNSUBSCRIBED),
        ({"event": "group_unsubscribe", "asm_group_id": 1}, Happened.UNSUBSCRIBED, "", Cause.UNSUBSCRIBED),
        ({"event": "bounce", "type": "bounce", "bounce_classification": "Invalid Address"}, Happened.BOUNCED,
         "unknown", Cause.BOUNCED),
        ({"event": "bounce", "type": "blocked", "bounce_classification": "Reputation"}, Happened.BLOCKED,
         "reputation", None),
        ({"event": "bounce", "reason": "550 5.1.1 user unknown"}, Happened.BOUNCED, "unknown", Cause.BOUNCED),
        ({"event": "dropped", "reason": "Bounced Address"}, Happened.DROPPED, "bounced_there", Cause.BOUNCED),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, Happened.DROPPED, "complained_there",
         Cause.COMPLAINED),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Happened.DROPPED, "unsubscribed_there",
         Cause.UNSUBSCRIBED),
        ({"event": "dropped", "reason": "Invalid"}, Happened.DROPPED, "invalid", None),
        ({"event": "dropped"}, Happened.DROPPED, "other", None),
        ({"event": "group_resubscribe"}, 0, "?group_resubscribe", None),
        ({"event": "teleported" * 20}, 0, "?" + ("teleported" * 20)[:40], None),
    ],
)  # fmt: skip
def test_each_kind_in_our_words(fields: dict[str, object], bits: int, why: str, cause: Cause | None) -> None:
    event = read(**fields)
    assert (event.bits, event.why, event.cause) == (bits, why, cause)
    assert (event.campaign, event.wave, event.recipient, event.at) == ("cmp_a", 1, 42, 1_800_000_000)
    assert event.address == ("zoe@example.com" if cause else "")  # nobody's, where nobody needs it


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"bounce_classification": "Mailbox Unavailable", "reason": "552 5.2.2 over quota"}, "full"),
        ({"bounce_classification": "Mailbox Unavailable", "reason": "450 try later"}, "unavailable"),
        ({"bounce_classification": "Frequency or Volume Too High"}, "volume"),
        ({"bounce_classification": "Technical Failure"}, "technical"),
        ({"bounce_classification": "Content"}, "content"),
        ({"bounce_classification": "Unclassified", "reason": "unable to get mx info: failed"}, "technical"),
        ({"bounce_classification": 7, "reason": ["550"]}, "other"),
        ({"status": "5.1.1"}, "unknown"),
        ({"reason": "554 5.7.1 blocked using zen.spamhaus.org"}, "reputation"),
        ({"reason": "550 5.7.1 refused by policy"}, "blocked"),
        ({"reason": "This message looks like spam"}, "content"),
        ({"reason": "552 mailbox full"}, "full"),
        ({"reason": "x" * 100_000}, "other"),
        ({}, "other"),
    ],
)
def test_why_it_bounced(fields: dict[str, object], why: str) -> None:
    event = read(event="bounce", type="blocked", **fields)
    assert event.why == why
    assert why in WHYS


def test_a_late_bounce_names_nothing_but_the_address() -> None:
    late = {
        "email": "Zoe@Exämple.com",
        "timestamp": 5,
        "event": "bounce",
        "type": "bounce",
        "status": "5.1.1",
    }
    (event,) = parsed(orjson.dumps([late])).events
    assert event.campaign == ""
    assert event.address == "zoe@xn--exmple-cua.com"
    assert (event.bits, event.why, event.cause) == (Happened.BOUNCED, "unknown", Cause.BOUNCED)


def test_letters_of_others_in_the_same_account_are_left_to_them() -> None:
    invoice = {
        "email": "a@b.example",
        "timestamp": 5,
        "event": "bounce",
        "sg_message_id": "m",
        "invoice": "7",
    }
    told = parsed(orjson.dumps([invoice, {**invoice, "event": "delivered"}, {**OURS, "event": "processed"}]))
    assert (len(told.events), told.foreign, told.garbage) == (1, 2, 0)


@pytest.mark.parametrize(
    "entry",
    [7, None, [], "event", {}, {"event": 5}, {"event": ""},
     {**OURS, "event": "delivered", "postillon_recipient": "x"},
     {**OURS, "event": "delivered", "postillon_campaign": 5},
     {"event": "delivered", "postillon_campaign": "cmp_a"}],
)  # fmt: skip
def test_garbage_is_counted_and_hides_nothing(entry: object) -> None:
    told = parsed(orjson.dumps([entry, {**OURS, "event": "delivered"}, entry]))
    assert (len(told.events), told.foreign, told.garbage) == (1, 0, 2)


@pytest.mark.parametrize("raw", [b"", b"{}", b"null", b"[", b"\xff", b'"event"', b"[" * 100_000])
def test_a_body_that_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(raw)


@pytest.mark.parametrize("at", [None, "soon", -1, 0, 2**40, 1.5, True])
def test_an_event_without_a_sound_moment_is_still_one(at: object) -> None:
    assert read(event="delivered", timestamp=at).at == 0


anything = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**60), 2**60) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = some.sampled_from(
    ["event", "type", "email", "timestamp", "reason", "status", "postillon_campaign", "postillon_wave",
     "postillon_recipient", "sg_message_id", "bounce_classification", "sg_machine_open"]
)  # fmt: skip
values = anything | some.sampled_from(["bounce", "dropped", "delivered", "cmp_a", "0", "12", "blocked"])


@given(some.lists(some.dictionaries(names, values) | anything, max_size=4))
def test_whatever_an_array_holds_is_read_or_counted(entries: list[object]) -> None:
    told = parsed(orjson.dumps(entries))
    assert len(told.events) + told.foreign + told.garbage == len(entries)


# --- as a setting -------------------------------------------------------------------------------------

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A1-abc", "SENDGRID_API_KEY": "SG.abc.def",
    "MAIL_FROM": "a@studio-nova.example", "MAIL_POSTAL_ADDRESS": "1 rue de la Poste, 75001 Paris",
}  # fmt: skip


@pytest.mark.parametrize(
    "pasted",
    [PUBLISHED_KEY, f" {PUBLISHED_KEY[:60]}\n{PUBLISHED_KEY[60:]} ",
     f"-----BEGIN PUBLIC KEY-----\\n{PUBLISHED_KEY}\\n-----END PUBLIC KEY-----"],
)  # fmt: skip
def test_the_key_is_read_as_it_is_pasted(pasted: str) -> None:
    given = load({**SETTINGS, "SENDGRID_WEBHOOK_PUBLIC_KEY": pasted}, env_file=None)
    events = SignedEvents(given.policy(b"").webhook_key)
    assert events.verified(SIGNATURE, TIMESTAMP, PAYLOAD)


@pytest.mark.parametrize(
    "pasted",
    ["SG.not-this-one", PUBLISHED_KEY[:-8], spoken(ec.generate_private_key(ec.SECP384R1()))],
    ids=["another key", "cut off", "another curve"],
)
def test_another_key_is_told_before_the_bot_starts(pasted: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load({**SETTINGS, "SENDGRID_WEBHOOK_PUBLIC_KEY": pasted}, env_file=None)
    (line,) = caught.value.lines
    assert line.startswith("SENDGRID_WEBHOOK_PUBLIC_KEY: this is not a verification key of SendGrid")
