"""A link taken apart, so that each tool's doctor reads like a list of its addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """`path`: its segments as written; `steps`: the same in small letters, for comparing. `query` and
    `fragment`'s pairs are found whatever their capitals."""

    link: str
    scheme: str
    host: str
    port: int | None
    path: tuple[str, ...]
    steps: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    fragment: str = ""

    @property
    def first(self) -> str:
        return self.steps[0] if self.steps else ""

    @property
    def last(self) -> str:
        return self.steps[-1] if self.steps else ""

    def step(self, place: int) -> str:
        """Small letters; "" where the path ends before."""
        return self.steps[place] if place < len(self.steps) else ""

    def is_at(self, *domains: str) -> bool:
        """The domain itself or any host under it: `evil-tally.so` is not at `tally.so`."""
        return any(self.host == domain or self.host.endswith("." + domain) for domain in domains)

    def at(self, *segments: str, query: str = "") -> str:
        """Another address of the same host."""
        netloc = f"{self.host}:{self.port}" if self.port else self.host
        path = "/" + "/".join(segments)
        return urlunsplit((self.scheme, netloc, path, query, ""))

    def without(self, *names: str) -> str:
        """The same link, less these pairs of its query; the rest stays as it was written."""
        parts = urlsplit(self.link)
        kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0].lower() not in names]
        return urlunsplit(parts._replace(query="&".join(kept)))


def shape_of(link: str) -> Shape | None:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    path = tuple(segment for segment in parts.path.split("/") if segment)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return Shape(
        link=link, scheme=parts.scheme, host=parts.hostname, port=port, path=path,
        steps=tuple(segment.lower() for segment in path),
        query={name.lower(): value for name, value in pairs}, fragment=parts.fragment,
    )  # fmt: skip


def quoted(identifier: str) -> str:
    """An identifier read from a link, as it goes into another one."""
    return quote(identifier, safe="-_.~")
