"""What questionnaire tools post when somebody has answered: is it really theirs, and whose answer is it?

Each tool proves itself in its own way, always with ANSWERS_SECRET:

    X-Postillon-Signature   HMAC-SHA256 of the body, in hexadecimal or base64: scripts of one's own
    Typeform-Signature      the same in base64, after "sha256="
    Tally-Signature         the same in base64
    Sm-Signature            SurveyMonkey: HMAC-SHA1 in base64
    the secret itself       Authorization: Bearer or Basic (as the password), X-Postillon-Secret, ?secret=,
                            or "api_token" or "secret" in the body, as LimeSurvey's plugin sends it

The answer token is looked for in every name and value of the body, alone or in a link: it is signed, so
nothing else passes for one, wherever a tool puts it. Bytes that are no UTF-8, or half a character, are no
reason to lose an answer.
"""

import base64
import binascii
import codecs
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

import orjson

SIGNATURES = {
    "x-postillon-signature": "sha256",
    "typeform-signature": "sha256",
    "tally-signature": "sha256",
    "sm-signature": "sha1",
}
IN_BODY = ("api_token", "secret")
LIMIT = 256 * 1024  # of a body: Typeform posts the whole form's definition with each answer
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])a[A-Za-z0-9_-]{22,160}(?![A-Za-z0-9_-])", re.ASCII)
MOST = 20_000  # values looked at in one body
QUOTED = 2  # how often a link may have been put into another one
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """As it came; `headers` in small letters."""

    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def candidates(secret: bytes, post: Post) -> list[str] | None:
    """What looks like an answer token in it, each once, in order; None where whoever posted it does not know
    the secret. Raises ValueError where it is theirs and does not read. Nobody knows an empty secret."""
    if not secret:
        return None
    if _is_proven(secret, post):
        return _found(_said(post))
    if any(post.headers.get(name) for name in SIGNATURES):
        return None
    try:
        said = _said(post)  # the secret may stand in it
    except ValueError:
        return None
    return _found(said) if _knows(secret, _own_secrets(said)) else None


def _is_proven(secret: bytes, post: Post) -> bool:
    for header, digest in SIGNATURES.items():
        if given := post.headers.get(header):
            return _is_signed(secret, post.raw, given, digest)
    return _knows(secret, _secrets(post))


def _knows(secret: bytes, given: Iterable[str]) -> bool:
    """Each compared in constant time."""
    return any(hmac.compare_digest(secret, _bytes(one)) for one in given)


def _bytes(text: str) -> bytes:
    """Whatever bytes a header was made of."""
    return text.encode("utf-8", "surrogatepass")


def _is_signed(secret: bytes, raw: bytes, given: str, digest: str) -> bool:
    known = hmac.digest(secret, raw, digest)
    found = _decoded(given.strip().removeprefix(digest + "="), len(known))
    return found is not None and hmac.compare_digest(known, found)


def _decoded(text: str, size: int) -> bytes | None:
    try:
        if len(text) == 2 * size:
            return bytes.fromhex(text)
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None


def _secrets(post: Post) -> Iterator[str]:
    kind, _, value = post.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        yield value.strip()
    elif kind.lower() == "basic":
        yield _password(value.strip())
    yield post.headers.get("x-postillon-secret", "")
    yield post.query.get("secret", "")


def _own_secrets(said: object) -> list[str]:
    own = [said.get(name) for name in IN_BODY] if isinstance(said, dict) else []
    return [one for one in own if isinstance(one, str)]


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (ValueError, binascii.Error):
        return ""


def _said(post: Post) -> object:
    """JSON, a form's values by name, or the text as it is. Raises ValueError for what says it is JSON, and is
    not."""
    kind = post.headers.get("content-type", "").lower()
    if kind.startswith("application/x-www-form-urlencoded"):
        pairs = parse_qsl(_text(post.raw), keep_blank_values=True, max_num_fields=MOST)
        return dict(pairs) | {"": [value for _, value in pairs]}  # one name may come more than once
    if "json" in kind or post.raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"["):
        return _json(post.raw)
    return _text(post.raw)


def _json(raw: bytes) -> object:
    """Scripts write what the standard does not allow: a mark before it, half a character, old encodings."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        try:
            return json.loads(_text(raw))
        except RecursionError as deep:
            raise ValueError("too deep") from deep


def _text(raw: bytes) -> str:
    """Codes are ASCII: what does not read around them may as well be anything."""
    return raw.decode("utf-16" if raw.startswith(UTF16) else "utf-8-sig", "replace")


def _found(said: object) -> list[str]:
    return list(dict.fromkeys(found for text in _texts(said) for found in in_text(text)))


def in_text(text: str) -> list[str]:
    """Alone, in a link, or in a link within a link within a link; each once."""
    found: list[str] = _TOKEN.findall(text)
    for _ in range(QUOTED):
        if "%" not in text:
            break
        text = unquote(text)
        found += _TOKEN.findall(text)
    return list(dict.fromkeys(found))


def _texts(value: object) -> Iterator[str]:
    """Every text in it, without recursion: how deep it goes is the sender's choice."""
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))
        if len(waiting) + seen > MOST:
            raise ValueError("too many values")


def sealed(secret: bytes, raw: bytes) -> str:
    """`X-Postillon-Signature` of a body."""
    return "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
