"""The questionnaire's link, and the personal link each recipient gets."""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from bot.core.questionnaires import PREFILLED_WORD, Placement
from bot.core.sentences import Refusal

LENGTH = 2_000
_FOREIGN = re.compile(r"""[\s"<>{}\\`]""")  # what no address holds as it stands (RFC 3986, appendix A)
_SPELLED = "%!$&'()*+,/:;=?@[]|~-._^#"  # left as they are: quoting twice would make another address
_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,63}")
_HOST = re.compile(r"(?:[^\s.@:/]+\.)+[^\s.@:/]{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3}")


def check_link(text: str) -> str:
    """The link as given, mended of the stray spaces and angle brackets a paste brings.

    Raises Refusal where it is no address a browser could open.
    """
    link = text.strip().strip("<>").strip()
    if not link:
        raise Refusal("campaigns.link.empty", field="link")
    if re.match(r"[\w.-]+\.\w{2,}(/|$)", link):
        raise Refusal("campaigns.link.scheme", field="link", link=link[:80])
    parts = _split(link)
    if parts is None or parts.username:
        raise Refusal("campaigns.link.bad", field="link", link=link[:80])
    if _FOREIGN.search(link) or "|" in re.split("[?#]", link, maxsplit=1)[0]:  # browsers leave it in a query
        raise Refusal("campaigns.link.signs", field="link", link=link[:80])
    if link.count(PREFILLED_WORD) > 1:
        raise Refusal("campaigns.link.twice", field="link", word=PREFILLED_WORD)
    if len(link) > LENGTH:
        raise Refusal("campaigns.link.long", field="link", limit=LENGTH)
    return link


def check_parameter(text: str) -> str:
    """The name under which the answer token is added to the link's query."""
    if not _PARAMETER.fullmatch(text.strip()):
        raise Refusal("campaigns.link_parameter.bad", field="link_parameter", parameter=text[:40])
    return text.strip()


def around(link: str, parameter: str, placement: Placement = Placement.PARAMETER) -> tuple[str, str]:
    """What stands before and after the answer token in everybody's personal link; what stood in its query
    and fragment stays as it was. A token needs no quoting.

    A link of which the pre-filled word is gone takes the token as a parameter, which no tool minds.
    """
    if placement is Placement.PREFILLED and PREFILLED_WORD in link:
        before, _, after = link.partition(PREFILLED_WORD)
        return before, after
    parts = urlsplit(link)
    if placement is Placement.FRAGMENT:
        return urlunsplit(parts._replace(fragment=_appended(parts.fragment, parameter))), ""
    query = _appended(parts.query, parameter)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return urlunsplit(parts._replace(query=query, fragment="")), fragment


def _appended(pairs: str, parameter: str) -> str:
    """One pair more, its value still to come, in place of another of that name."""
    kept = [pair for pair in pairs.split("&") if pair and not pair.startswith(parameter + "=")]
    return "&".join([*kept, quote(parameter, safe="") + "="])


def personal(link: str, parameter: str, placement: Placement, token: str) -> str:
    """One person's. Where a column holds the links, this is for who has none there: it is everybody's."""
    if placement is Placement.COLUMN:
        return link
    before, after = around(link, parameter, placement)
    return f"{before}{token}{after}"


def ascii_link(link: str) -> str:
    """As it goes into an HTTP header: the same address, spelled as browsers send it."""
    parts = urlsplit(link)
    host = parts.netloc if parts.netloc.isascii() else _idna(parts)
    path, query, fragment = (quote(part, safe=_SPELLED) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, path, query, fragment))


def _idna(parts: SplitResult) -> str:
    host = (parts.hostname or "").encode("idna").decode()
    return f"{host}:{parts.port}" if parts.port else host


def host(link: str) -> str:
    return urlsplit(link).hostname or ""


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and parts.hostname and _HOST.fullmatch(parts.hostname)
    return parts if sound else None
