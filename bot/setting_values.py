"""How each kind of setting is read from text.

A value that cannot be used raises `PydanticCustomError` whose type is a sentence of the catalogue and whose
context are its values; a secret is never among them.
"""

import base64
import re
from typing import LiteralString
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from bot.core.letters import Sender
from bot.core.people import Language

CHANNEL = re.compile(r"[CG][A-Z0-9]+")
MEMBER = re.compile(r"[UW][A-Za-z0-9_]+")


def one_line(given: object) -> str:
    return " ".join(str(given).split())


def several_lines(given: object) -> str:
    r"""A postal address; most `.env` files write its line breaks as `\n`, a systemd unit cannot."""
    lines = (one_line(line) for line in str(given).replace("\\n", "\n").splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise _bad("settings.blank")
    return text


def key(given: object) -> SecretStr:
    """A secret as it was pasted: a line break or a space in it is a mishap of the pasting."""
    secret = given.get_secret_value() if isinstance(given, SecretStr) else str(given)
    secret = secret.strip()
    if not secret or not secret.isascii() or any(sign.isspace() for sign in secret):
        raise _bad("settings.key")
    if secret.startswith(("xoxb-", "xoxp-", "xapp-")):
        raise _bad("settings.token.misplaced")
    return SecretStr(secret)


def public_key(given: object) -> str:
    """SendGrid shows it as one line of base64; a PEM file's first and last lines are left out."""
    text = re.sub(r"-----[^-]*-----|\\n|\s", "", str(given))
    try:
        found = load_der_public_key(base64.b64decode(text, validate=True)) if text else None
    except (ValueError, UnsupportedAlgorithm):
        raise _bad("events.bad_key") from None
    if found and not (isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP256R1)):
        raise _bad("events.bad_key")
    return text


def bot_token(given: object) -> SecretStr:
    return _token(given, ("xoxb-", "xoxe.xoxb-"), "xapp-", "settings.token.app_for_bot", "settings.token.bot")


def app_token(given: object) -> SecretStr:
    return _token(given, ("xapp-",), "xoxb-", "settings.token.bot_for_app", "settings.token.app")


def _token(
    given: object, right: tuple[str, ...], other: str, swapped: LiteralString, wrong: LiteralString
) -> SecretStr:
    token = given.get_secret_value() if isinstance(given, SecretStr) else str(given)
    token = token.strip()
    if token.startswith(other):
        raise _bad(swapped)
    if not token.startswith(right) or not token.isascii() or any(sign.isspace() for sign in token):
        raise _bad(wrong)
    return SecretStr(token)


def sender(given: object) -> Sender:
    """`Name <address>` or an address alone; a comma in the name needs no quotes here."""
    if isinstance(given, Sender):
        return given
    text = one_line(given)
    named = re.fullmatch(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>", text)
    if named is None:
        return Sender(address=address(text))
    return Sender(address=address(named["address"]), name=named["name"].strip().strip('"').strip())


def address(given: object) -> str:
    """Without a name. SendGrid takes only ASCII in From."""
    text = one_line(given)
    try:
        found = Sender.parse(text)
    except ValueError:
        found = None
    if found is None or found.address != text or not text.isascii():
        raise _bad("settings.address", value=text)
    return text


def language(given: object) -> Language:
    text = str(given).strip().lower()
    if text[:2] not in {"fr", "en"} or (text[2:3] and text[2:3] not in "-_."):
        raise _bad("settings.language", value=str(given))
    return Language(text[:2])


def members(given: object) -> frozenset[str]:
    """Slack's member ids, between commas or spaces: a name or an address would match nobody."""
    found = re.split(r"[\s,;]+", given) if isinstance(given, str) else [str(one) for one in _all(given)]
    ids = [one for one in found if one]
    for one in ids:
        if not MEMBER.fullmatch(one):
            raise _bad("settings.members", value=one)
    return frozenset(ids)


def _all(given: object) -> list[object]:
    return list(given) if isinstance(given, list | tuple | set | frozenset) else [given]


def channel(given: object) -> str:
    """Slack's id of it: a name may change, and the bot may not look for it."""
    text = str(given).strip()
    if text and not CHANNEL.fullmatch(text):
        raise _bad("settings.channel", value=text)
    return text


def url(given: object) -> str:
    """An address to build on: http or https, without query, and without a final slash."""
    text = str(given).strip()
    if not text:
        return ""
    if not _is_base(text):
        raise _bad("settings.url", value=re.sub(r"//[^@/]*@", "//…@", text))  # never a password
    return text.rstrip("/")


def _is_base(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and not re.search(r"\s", text)


def slack_url(given: object) -> str:
    return url(given) + "/"


def storage_url(given: object) -> str:
    text = str(given).strip()
    if not re.fullmatch(r"tinydb:.+|postgres(ql)?://.+", text):
        # a PostgreSQL address holds a password: only its beginning is shown
        raise _bad("settings.storage", value=text.split(":")[0])
    return text


def _bad(sentence: LiteralString, **values: str) -> PydanticCustomError:
    return PydanticCustomError(sentence, sentence, values or None)
