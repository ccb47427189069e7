"""E-mail addresses: the one form under which two spellings are the same person."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

import idna
from email_validator import EmailNotValidError, validate_email

LONGEST_DOMAIN = 253  # RFC 1035, as it is written

_ERASED = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """On an address as somebody wrote it: as it is kept, or "" and the cause, as in `lists.Problem`."""

    address: str = ""
    cause: str = ""


def canonical(address: str) -> str:
    """Lower case, accents composed, domain in ASCII as IDNA 2008 has it, where it can be.

    RFC 5321 lets local parts differ by case; no mailbox provider makes use of it, and writing twice to
    one person is the worse mistake. Dots and +tags are kept: only some providers ignore them. What stands in
    the place of an erased address stays as it is.
    """
    if is_erased(address):
        return address
    low = address.strip().lower()
    if low.isascii():
        return low if "@" in low else f"@{low}"
    local, _, domain = unicodedata.normalize("NFC", low).rpartition("@")
    return f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    if domain.isascii() or len(domain) > LONGEST_DOMAIN:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def in_letters(address: str) -> str:
    """With the domain as people write it: what `canonical` made ASCII of."""
    local, _, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def former(address: str) -> str:
    """How a canonical address was written down by IDNA 2003, where that differs; else "". It made one of two
    domains ("straße" and "strasse"): an exclusion that was noted so holds for both."""
    if "xn--" not in address:
        return ""
    local, _, domain = in_letters(address).rpartition("@")
    try:
        before = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        before = f"{local}@{domain}"
    return before if before != address else ""


def is_written(address: str) -> bool:
    """May it be somebody's, by the rule that files are read with? Accents before the @ will do: nobody is
    written to there, but rows to fix hold them."""
    if len(address) > LONGEST_DOMAIN + 64:
        return False
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        return False
    return True


def is_erased(address: str) -> bool:
    """Does the keyed hash of an erased person stand here, in hexadecimal, in the place of their address?"""
    return "@" not in address and _ERASED.fullmatch(address) is not None


def keyed_hash(secret: bytes, address: str) -> bytes:
    """8 bytes that answer "is it this address?" to whoever holds the secret, and nobody else. Of an erased
    address what stands in its place."""
    if is_erased(address):
        return bytes.fromhex(address)
    person = b"postillon-addr"
    named = canonical(address).encode()
    return hashlib.blake2b(named, digest_size=8, key=secret[:64], person=person).digest()


def hash_of(secret: bytes, address: str) -> int:
    """`keyed_hash` as a number: what large sets of people hold."""
    return int.from_bytes(keyed_hash(secret, address), "big")


def in_hex(person: int) -> str:
    """As a record or an option's value names somebody."""
    return f"{person:016x}"
