"""Signed, opaque tokens. Letters live for years: the format never changes, a new one gets a new letter.

    answer token  a…  (workspace, campaign, recipient)  in the questionnaire's URL, the same in every wave
    link token    l…  (workspace, campaign, recipient, wave)  in /r and /u only

A token is its kind, then URL-safe base64 of a 16-byte keyed BLAKE2b of (kind, payload) and of the payload
under a keystream drawn from that signature: no identifier can be read from a letter, and altering any
bit fails the check. Two hashes a token (3 us): a campaign of a million makes two million of them.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from bot.core.ids import CampaignId, WorkspaceId

SIGNATURE = 16
PAYLOAD = 64  # the longest keystream one BLAKE2b gives; ours are about 40 bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """Whom a token stands for. `wave` is None in an answer token; `recipient` -1 is a test letter."""

    workspace: WorkspaceId
    campaign: CampaignId
    recipient: int
    wave: int | None = None


def answer_token(secret: bytes, bearer: Bearer) -> str:
    return "a" + _seal(secret, "a", f"{bearer.workspace}|{bearer.campaign}|{bearer.recipient}")


def link_token(secret: bytes, bearer: Bearer) -> str:
    return "l" + _seal(secret, "l", f"{bearer.workspace}|{bearer.campaign}|{bearer.recipient}|{bearer.wave}")


def read_token(secret: bytes, token: str) -> Bearer | None:
    """Whom the token stands for, or None where it was not made with this secret."""
    kind, sealed = token[:1], token[1:]
    payload = _open(secret, kind, sealed) if kind in ("a", "l") else None
    if payload is None:
        return None
    workspace, campaign, recipient, *wave = payload.split("|")
    return Bearer(
        workspace=WorkspaceId(workspace),
        campaign=CampaignId(campaign),
        recipient=int(recipient),
        wave=int(wave[0]) if wave else None,
    )


def _seal(secret: bytes, kind: str, payload: str) -> str:
    clear = payload.encode()
    signature = _sign(secret, kind, clear)
    return base64.urlsafe_b64encode(signature + _hide(secret, signature, clear)).decode().rstrip("=")


def _open(secret: bytes, kind: str, sealed: str) -> str | None:
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    signature, hidden = raw[:SIGNATURE], raw[SIGNATURE:]
    if not 0 < len(hidden) <= PAYLOAD:
        return None
    clear = _hide(secret, signature, hidden)
    if not hmac.compare_digest(signature, _sign(secret, kind, clear)):
        return None
    payload = clear.decode()
    # base64 has several spellings of the same bytes: only ours is a token
    return payload if _seal(secret, kind, payload) == sealed else None


def _sign(secret: bytes, kind: str, clear: bytes) -> bytes:
    person = b"postillon-sign-" + kind.encode()
    return hashlib.blake2b(clear, digest_size=SIGNATURE, key=secret[:64], person=person).digest()


def _hide(secret: bytes, signature: bytes, clear: bytes) -> bytes:
    """Its own inverse."""
    length = len(clear)
    stream = hashlib.blake2b(
        signature, digest_size=length, key=secret[:64], person=b"postillon-hide"
    ).digest()
    return (int.from_bytes(clear) ^ int.from_bytes(stream)).to_bytes(length)
