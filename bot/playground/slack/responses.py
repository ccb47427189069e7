"""response_urls: five uses within thirty minutes, each bound to where its click happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.slack.records import Ids, Refusal

USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass(kw_only=True)
class ResponseUrl:
    channel_id: str
    user_id: str
    ts: str | None
    """The message that was clicked; None after a command."""
    born: datetime
    used: int = 0


class ResponseUrls:
    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._known: dict[str, ResponseUrl] = {}
        self.base = ""

    def issue(self, *, channel_id: str, user_id: str, ts: str | None, now: datetime) -> str:
        key = self._ids.fresh("R")
        self._known[key] = ResponseUrl(channel_id=channel_id, user_id=user_id, ts=ts, born=now)
        return f"{self.base}/response/{key}"

    def use(self, key: str, now: datetime) -> ResponseUrl:
        url = self._known.get(key)
        if url is None or now - url.born > LIFETIME:
            raise Refusal("expired_url", "a response_url lives 30 minutes")
        if url.used >= USES:
            raise Refusal("used_url", "a response_url serves 5 times")
        url.used += 1
        return url
