"""E-mail addresses: the one form under which two spellings are the same person."""

import hashlib
import re
from dataclasses import dataclass

_ERASED = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """On an address as somebody wrote it: as it is kept, or "" and the cause, as in `lists.Problem`."""

    address: str = ""
    cause: str = ""


def canonical(address: str) -> str:
    """Lower case, domain as punycode where it can be.

    RFC 5321 lets local parts differ by case; no mailbox provider makes use of it, and writing twice to
    one person is the worse mistake. Dots and +tags are kept: only some providers ignore them. What stands in
    the place of an erased address stays as it is.
    """
    if is_erased(address):
        return address
    local, _, domain = address.strip().rpartition("@")
    return f"{local.lower()}@{_ascii(domain.lower())}"


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


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
