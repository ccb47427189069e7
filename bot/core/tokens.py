"""Signed, opaque tokens. Letters live for years: the format never changes, a new one gets a new letter.

    answer token  a…  (workspace, campaign, recipient)  in the questionnaire's URL, the same in every wave
    link token    l…  (workspace, campaign, recipient, wave)  in /r and /u only

A token is its kind, then URL-safe base64 of a 16-byte keyed BLAKE2b of (kind, payload) and of the payload
under a keystream drawn from that signature: no identifier can be read from a letter, and altering any
bit fails the check. Two hashes a token: a campaign of a million makes two million of them, and `Tokens`
works out only once what its recipients have in common.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from bot.core.ids import CampaignId, WorkspaceId

SIGNATURE = 16
PAYLOAD = 64  # the longest keystream one BLAKE2b gives; ours are about 40 bytes
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """Whom a token stands for. `wave` is None in an answer token; `recipient` -1 is a test letter."""

    workspace: WorkspaceId
    campaign: CampaignId
    recipient: int
    wave: int | None = None


class Tokens:
    """Of one campaign's recipients."""

    def __init__(self, secret: bytes, workspace: WorkspaceId, campaign: CampaignId) -> None:
        self._about = f"{workspace}|{campaign}|"
        self._answers, self._links = _Seal(secret, "a"), _Seal(secret, "l")

    def answer(self, recipient: int) -> str:
        return "a" + self._answers.close(f"{self._about}{recipient}")

    def link(self, recipient: int, wave: int) -> str:
        return "l" + self._links.close(f"{self._about}{recipient}|{wave}")


def answer_token(secret: bytes, bearer: Bearer) -> str:
    return Tokens(secret, bearer.workspace, bearer.campaign).answer(bearer.recipient)


def link_token(secret: bytes, bearer: Bearer) -> str:
    assert bearer.wave is not None, "a link is of one wave"
    return Tokens(secret, bearer.workspace, bearer.campaign).link(bearer.recipient, bearer.wave)


def read_token(secret: bytes, token: str) -> Bearer | None:
    """Whom the token stands for, or None where it was not made with this secret."""
    kind, sealed = token[:1], token[1:]
    payload = _Seal(secret, kind).open(sealed) if kind in ("a", "l") else None
    if payload is None:
        return None
    workspace, campaign, recipient, *wave = payload.split("|")
    return Bearer(
        workspace=WorkspaceId(workspace),
        campaign=CampaignId(campaign),
        recipient=int(recipient),
        wave=int(wave[0]) if wave else None,
    )


class _Seal:
    """One kind of token under one secret. The keyed hashes are begun once, and copied for each token."""

    def __init__(self, secret: bytes, kind: str) -> None:
        self._key = secret[:64]
        person = b"postillon-sign-" + kind.encode()
        self._signing = hashlib.blake2b(digest_size=SIGNATURE, key=self._key, person=person)
        self._hiding: dict[int, hashlib.blake2b] = {}  # by the payload's length

    def close(self, payload: str) -> str:
        clear = payload.encode()
        signature = self._sign(clear)
        raw = binascii.b2a_base64(signature + self._hide(signature, clear), newline=False)
        return raw.translate(_URL_SAFE).rstrip(b"=").decode()

    def open(self, sealed: str) -> str | None:
        try:
            raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        signature, hidden = raw[:SIGNATURE], raw[SIGNATURE:]
        if not 0 < len(hidden) <= PAYLOAD:
            return None
        clear = self._hide(signature, hidden)
        if not hmac.compare_digest(signature, self._sign(clear)):
            return None
        payload = clear.decode()
        # base64 has several spellings of the same bytes: only ours is a token
        return payload if self.close(payload) == sealed else None

    def _sign(self, clear: bytes) -> bytes:
        hashed = self._signing.copy()
        hashed.update(clear)
        return hashed.digest()

    def _hide(self, signature: bytes, clear: bytes) -> bytes:
        """Its own inverse."""
        length = len(clear)
        hiding = self._hiding.get(length)
        if hiding is None:
            hiding = hashlib.blake2b(digest_size=length, key=self._key, person=b"postillon-hide")
            self._hiding[length] = hiding
        stream = hiding.copy()
        stream.update(signature)
        return (int.from_bytes(clear) ^ int.from_bytes(stream.digest())).to_bytes(length)
