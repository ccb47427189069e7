"""Who followed a letter's link: a person, or a machine that reads mail before people do.

Security gateways open every link of a letter, mostly within seconds and often behind a browser's name. So a
click counts as a machine's where any of these holds, and a later one can still be a person's:

    it came within 10 s of the letter's delivery (or 20 s of its request, where no event told of a delivery)
    another link of the same letter was opened within 10 s: the unsubscribe page's, or this one by HEAD
    its user agent says so

User agents: Barracuda, Proofpoint, Mimecast, Cisco and Trend Micro name themselves in their documentation;
Office asks for a link before it hands it to the browser ("Microsoft Office", "ms-office"); Safe Links comes
under browsers' names, and only its haste gives it away. Messengers and networks fetch a link that somebody
passes on, to show what it leads to. Libraries and crawlers are nobody's mail client.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

QUICK = timedelta(seconds=10)
HASTE = timedelta(seconds=20)
SLACK = timedelta(seconds=2)  # between our clock and the mail service's, which counts whole seconds

_MACHINE = re.compile(
    r"(?<!cu)bot\b|bot/|crawl|spider|scan|preview|headless|phantomjs"  # a CUBOT is a telephone
    r"|barracuda|proofpoint|urldefense|mimecast|safelinks|ironport|ciscosecureemail|trendmicro|\btmes\b"
    r"|symantec|messagelabs|sophos|fortimail|fortinet|forcepoint|zscaler|bitdefender|trellix|fireeye"
    r"|\bvade(?:\b|secure|retro)|facebookexternalhit|facebookcatalog|meta-external|^whatsapp/|slack-imgproxy"
    r"|iframely|^mastodon/"
    r"|microsoft office|ms-?office|googleimageproxy|google-safety|yahoomailproxy"
    r"|\bcurl/|\bwget\b|python|aiohttp|httpx|go-http-client|\bjava/|apache-httpclient|okhttp|libwww|axios|node-fetch",
    re.IGNORECASE,
)


def is_machine(agent: str) -> bool:
    """By what it says of itself; every browser says something."""
    return not agent.strip() or _MACHINE.search(agent) is not None


def is_hasty(at: datetime, delivered_at: datetime | None, left_at: datetime | None) -> bool:
    """Faster than people are. `left_at`: when the request of this very letter left; a delivery before that is
    an earlier letter's."""
    if delivered_at is not None and (left_at is None or delivered_at >= left_at - SLACK):
        return at - delivered_at < QUICK
    return left_at is not None and at - left_at < HASTE


def is_sweeping(at: datetime, others: Iterable[datetime]) -> bool:
    """Other links of the letter were opened about then."""
    return any(abs(at - other) < QUICK for other in others)
