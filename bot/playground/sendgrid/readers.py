"""What a letter's reader does with it: a mail scanner's visits, a mail program's unsubscribe button.

Nothing leaves this machine: links to elsewhere are counted, never followed, and redirects neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import aiohttp

from .records import Letter

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT = aiohttp.ClientTimeout(total=10)
SCANNER = "Mozilla/5.0 (compatible; MailScanner)"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
_BARE_LINK = re.compile(r"https?://[^\s<>\"]+")
_LISTED_LINK = re.compile(r"<(https?://[^>\s]+)>")


@dataclass(frozen=True, kw_only=True)
class Scan:
    followed: int
    outside: int


class NoWayOut(Exception):
    """The letter offers no one-click unsubscribe, or its page did not take it; `status` 0: no answer."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(str(status))
        self.status = status


def links(letter: Letter) -> list[str]:
    """Every address of the letter that can be visited, its headers included, each once."""
    found = _Hrefs()
    found.feed(letter.html)
    found.close()
    listed = _LISTED_LINK.findall(_header(letter, "list-unsubscribe"))
    return list(dict.fromkeys([*found.addresses, *_BARE_LINK.findall(letter.text), *listed]))


def one_click(letter: Letter) -> str | None:
    """Where RFC 8058 says that one POST unsubscribes."""
    if _header(letter, "list-unsubscribe-post").replace(" ", "").lower() != "list-unsubscribe=one-click":
        return None
    listed = _LISTED_LINK.search(_header(letter, "list-unsubscribe"))
    return listed[1] if listed else None


async def scan(letter: Letter) -> Scan:
    """A GET on every link, as scanners do seconds after the delivery."""
    found = links(letter)
    near = [link for link in found if _here(link)]
    async with aiohttp.ClientSession(timeout=TIMEOUT, headers={"User-Agent": SCANNER}) as session:
        answered = [await _visited(session, link) for link in near]
    return Scan(followed=sum(answered), outside=len(found) - len(near))


async def leave(letter: Letter) -> None:
    """Raises `NoWayOut`."""
    page = one_click(letter)
    if page is None or not _here(page):
        raise NoWayOut
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.post(page, data=ONE_CLICK, allow_redirects=False) as answer,
        ):
            await answer.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NoWayOut from error
    if not 200 <= answer.status < 300:
        raise NoWayOut(answer.status)


async def _visited(session: aiohttp.ClientSession, link: str) -> bool:
    try:
        async with session.get(link, allow_redirects=False) as answer:
            await answer.read()
    except (aiohttp.ClientError, TimeoutError):
        return False
    return True


def _here(link: str) -> bool:
    return urlsplit(link).hostname in LOOPBACK


def _header(letter: Letter, name: str) -> str:
    return next((value for given, value in letter.headers.items() if given.lower() == name), "")


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") if tag in ("a", "area") else None
        if address and _BARE_LINK.match(address):
            self.addresses.append(address)
