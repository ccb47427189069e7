"""What the mail service posts to whom: its event webhooks, as the account's settings tell them."""

from dataclasses import dataclass

# its names of events: what we cannot do without, and what makes numbers better
NEEDED = ("delivered", "bounce", "dropped", "spam_report", "unsubscribe")
GROUP = "group_unsubscribe"  # needed where an unsubscribe group is used
BETTER = ("deferred", "processed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """`key`: what its posts are signed with; empty where they are not, None where that is not told."""

    url: str
    is_enabled: bool
    key: str | None
    events: frozenset[str]

    def leads_to(self, url: str) -> bool:
        return _plain(self.url) == _plain(url)

    def lacks(self, *, has_group: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Events it does not post: what we need, and what would be better."""
        needed = (*NEEDED, GROUP) if has_group else NEEDED
        better = BETTER if has_group else (*BETTER, GROUP)
        return self._missing(needed), self._missing(better)

    def _missing(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in wanted if one not in self.events)


def _plain(url: str) -> str:
    """The host's case and a final slash say nothing."""
    scheme, _, rest = url.strip().partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}".rstrip("/")
