"""The questionnaire's link, and the personal link each recipient gets."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit, urlunsplit

from bot.core.sentences import Refusal

LENGTH = 2_000
_FOREIGN = re.compile(r"""[\s"<>{}\\`]""")  # what no address holds as it stands (RFC 3986, appendix A)
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
    if _FOREIGN.search(link):
        raise Refusal("campaigns.link.signs", field="link", link=link[:80])
    if len(link) > LENGTH:
        raise Refusal("campaigns.link.long", field="link", limit=LENGTH)
    return link


def check_parameter(text: str) -> str:
    """The name under which the answer token is added to the link's query."""
    if not _PARAMETER.fullmatch(text.strip()):
        raise Refusal("campaigns.link_parameter.bad", field="link_parameter", parameter=text[:40])
    return text.strip()


def around(link: str, parameter: str) -> tuple[str, str]:
    """What stands before and after the answer token in everybody's personal link; what stood in its query
    and fragment stays as it was. A token needs no quoting."""
    parts = urlsplit(link)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith(parameter + "=")]
    query = "&".join([*kept, quote(parameter, safe="") + "="])
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return urlunsplit(parts._replace(query=query, fragment="")), fragment


def has_parameter(link: str, parameter: str) -> bool:
    return any(name == parameter for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True))


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
