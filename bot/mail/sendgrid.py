"""The Mailer port over SendGrid's v3 API, through its own client library and our wire.

Bodies are plain dicts: the library's `Mail` reverses the order of personalizations, and the position of
a recipient is what an error names.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

import orjson
from sendgrid import SendGridAPIClient

from bot.core.addresses import canonical
from bot.core.fields import one_line
from bot.core.hooks import Hook
from bot.core.letters import Addressed, Composed, Letter, Sender, unsubscribe_tag
from bot.core.mail_lists import MailList, Page
from bot.mail import account, hooks, logs
from bot.mail.lists import SendGridLists
from bot.mail.verdicts import UNREACHABLE_SECONDS, Row, listed, outcome
from bot.mail.wire import Disconnected, Line, Lost, NotConnected, Timeouts, Wire
from bot.ports import NotTaken, Outcome, Refused, Request, Unknown

MAX_REQUEST_BYTES = 20_000_000
NAME_LENGTH = 120
HASTY = Timeouts(connect=3.0, answer=4.0)  # for what a person waits for, and can do without
# custom_args, read back from events: a prefix of ours, since SendGrid's own names win
CAMPAIGN_ARG = "postillon_campaign"
WAVE_ARG = "postillon_wave"
RECIPIENT_ARG = "postillon_recipient"
_GROUP_EXIT = "<%asm_group_unsubscribe_raw_url%>"
_NOT_IN_NAMES = re.compile(r'[;,<>"]')  # stripped by SendGrid, or read as an address


class SendGridMailer:
    """One client and one connection per thread: the library's clients are not to be shared.

    `clock` tells the time against which a 429 names its end. `group`: an unsubscribe group, used where
    there is no page of ours.
    """

    def __init__(
        self,
        *,
        api_key: str,
        api_url: str = "https://api.sendgrid.com",
        sandbox: bool = False,
        group: int | None = None,
        timeouts: Timeouts | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api_key = api_key
        self._api_url = api_url.rstrip("/")
        self._sandbox = sandbox
        self._group = group
        self._timeouts = timeouts or Timeouts()
        self._clock = clock
        self._threads = threading.local()
        self._lines: list[Line] = []
        self._is_cut = False
        self._lock = threading.Lock()
        # at DEBUG the library writes the key and the payload
        logging.getLogger("python_http_client").setLevel(logging.WARNING)

    def build(
        self, letter: Letter, composed: Composed, people: Iterable[Addressed], *, campaign: str, wave: int,
        trial: bool = False,
    ) -> Request:  # fmt: skip
        way_out = unsubscribe_tag(letter.seed)
        grouped = self._group is not None and not letter.unsubscribe.page
        text, html = composed.text, composed.html
        if grouped:
            text, html = text.replace(way_out, _GROUP_EXIT), html.replace(way_out, _GROUP_EXIT)
        body: dict[str, object] = {
            "from": _named(letter.sender),
            "subject": composed.subject,
            "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
            "categories": ["postillon", _category(campaign)],
            "custom_args": {CAMPAIGN_ARG: campaign, WAVE_ARG: str(wave)},
            "mail_settings": {
                "sandbox_mode": {"enable": self._sandbox or trial},
                "footer": {"enable": False},
            },
            "tracking_settings": _tracking(
                way_out, by_service=not letter.unsubscribe.page and not grouped, opens=letter.counts_openings
            ),
        }
        if letter.reply_to is not None:
            body["reply_to"] = _named(letter.reply_to)
        if grouped:
            body["asm"] = {"group_id": self._group}
        return _written(body, people, trial=trial)

    def post(self, request: Request) -> Outcome:
        if len(request.body) > MAX_REQUEST_BYTES:
            return Refused(why="size", detail=f"{len(request.body)} bytes")
        try:
            answer = self._client().carrying(request.body).mail.send.post()
        except NotConnected:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable")
        except Lost as lost:
            return Unknown(why=lost.why)
        return outcome(
            answer.status_code, answer.headers, answer.body, sandbox=self._sandbox or request.trial,
            now=self._clock(),
        )  # fmt: skip

    def senders(self) -> Sequence[str] | Refused | NotTaken:
        """A key may be allowed one of the two lists and not the other: what it may read is told."""
        verified = self._rows("verified_senders")
        domains = self._rows("whitelabel", "domains")
        if isinstance(verified, Refused | NotTaken):
            return verified if isinstance(domains, Refused | NotTaken) else _domains(domains)
        return _addresses(verified) + ([] if isinstance(domains, Refused | NotTaken) else _domains(domains))

    def standing(self, sender: str) -> Refused | NotTaken | None:
        return account.standing(self._asked, sender)

    def credits(self) -> int | None:
        return account.credits_left(self._asked)

    def hooks(self) -> Sequence[Hook] | Refused | NotTaken:
        answer = self._asked(*hooks.PATH)
        if answer is None:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable")
        return hooks.hooks(answer.status_code, answer.body)

    def holds(self, email: str, *, campaign: str, since: datetime) -> bool | Refused | NotTaken:
        """SendGrid's log, asked for one letter by the category every letter of the campaign carries."""
        address = _wire_address(email)
        question = logs.asked(address, _category(campaign), since)
        if question is None:
            return False
        try:
            answer = self._client().carrying(question).logs.post()
        except NotConnected:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable")
        except Lost:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="busy")
        return logs.answered(answer.status_code, answer.headers, answer.body, address, now=self._clock())

    @property
    def has_group(self) -> bool:
        return self._group is not None

    def page(self, name: MailList, *, since: int, until: int, offset: int) -> Page | Refused | NotTaken:
        return self._lists.page(name, since=since, until=until, offset=offset)

    def delivered(self, campaign: str, since: date) -> int | Refused | NotTaken:
        return self._lists.delivered(campaign, since)

    def withhold(self, addresses: Sequence[str]) -> Refused | NotTaken | None:
        return self._lists.withhold(addresses)

    @property
    def _lists(self) -> SendGridLists:
        return SendGridLists(client=lambda: self._client(HASTY), clock=self._clock, group=self._group)

    def close(self) -> None:
        """Hang up every thread's connection: for when nothing is posted any more."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            line.hang_up()

    def cut(self) -> int:
        """Shutdown has waited enough: requests under way become Unknown at once, and nothing leaves any
        more. Their number."""
        with self._lock:
            self._is_cut = True
            return sum(line.cut() for line in self._lines)

    def _asked(self, *path: str) -> account.Answered | None:
        """A GET that somebody waits for; None where nobody answered in a few seconds."""
        client = self._client(HASTY)
        for segment in path:
            client = client._(segment)
        try:
            answer: account.Answered = client.get()
        except Disconnected:
            return None
        return answer

    def _rows(self, *path: str) -> list[Row] | Refused | NotTaken:
        """What a GET of the account gives, or why not; here a lost answer is no worse than a busy one."""
        client = self._client()
        for segment in path:
            client = client._(segment)
        try:
            answer = client.get()
        except NotConnected:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="unreachable")
        except Lost:
            return NotTaken(seconds=UNREACHABLE_SECONDS, why="busy")
        return listed(answer.status_code, answer.headers, answer.body, now=self._clock())

    def _client(self, timeouts: Timeouts | None = None) -> Wire:
        """This thread's client with this patience, made at its first request."""
        timeouts = timeouts or self._timeouts
        clients: dict[Timeouts, Wire] = self._threads.__dict__.setdefault("clients", {})
        client = clients.get(timeouts)
        if client is None:
            library = SendGridAPIClient(self._api_key, host=self._api_url)
            line = Line(self._api_url, timeouts)
            with self._lock:
                if self._is_cut:
                    line.cut()
                self._lines.append(line)
            client = Wire(self._api_url, library.client.request_headers, [], line, None)
            clients[timeouts] = client
        return client


def _addresses(rows: Sequence[Row]) -> list[str]:
    return [str(row["from_email"]) for row in rows if row.get("verified") is True and "from_email" in row]


def _domains(rows: Sequence[Row]) -> list[str]:
    return [f"@{row['domain']}" for row in rows if row.get("valid") is True and "domain" in row]


def _category(campaign: str) -> str:
    return f"postillon:{campaign}"


def _named(sender: Sender) -> dict[str, str]:
    name = one_line(_NOT_IN_NAMES.sub("", sender.name))
    return {"email": sender.address, **({"name": name} if name else {})}


def _written(shared: dict[str, object], people: Iterable[Addressed], *, trial: bool) -> Request:
    """Each person is written and forgotten before the next is made: a thousand of them standing about cost
    more, in memory fetched and given back, than making them."""
    body, count = bytearray(orjson.dumps(shared)[:-1] + b',"personalizations":['), 0
    for person in people:
        if count:
            body += b","
        body += orjson.dumps(_personalization(person))
        count += 1
    body += b"]}"
    return Request(body=bytes(body), people=count, trial=trial)


def _personalization(person: Addressed) -> dict[str, object]:
    to = {"email": _wire_address(person.email)}
    if name := one_line(_NOT_IN_NAMES.sub("", person.name))[:NAME_LENGTH]:
        to["name"] = name
    made: dict[str, object] = {
        "to": [to],
        "substitutions": dict(person.substitutions),
        "custom_args": {RECIPIENT_ARG: str(person.number)},
    }
    if person.headers:
        made["headers"] = dict(person.headers)
    return made


def _wire_address(email: str) -> str:
    """The local part as the person gave it, the domain in ASCII."""
    return email if email.isascii() else f"{email.rpartition('@')[0]}@{canonical(email).rpartition('@')[2]}"


def _tracking(way_out: str, *, by_service: bool, opens: bool) -> dict[str, object]:
    """All said explicitly: an account's own defaults would count openings and rewrite links."""
    subscription: dict[str, object] = {"enable": by_service}
    if by_service:
        subscription["substitution_tag"] = way_out
    return {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": opens},
        "subscription_tracking": subscription,
        "ganalytics": {"enable": False},
    }
