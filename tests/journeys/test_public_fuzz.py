"""Whatever strangers send to the public port: a short answer, no accident, no address, nothing changed."""

import asyncio
import logging
import re
import resource
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.ids import CampaignId, WorkspaceId
from bot.core.tokens import answer_token, link_token, read_token
from tests.journeys.harness import Town, unsubscribe_page

FILE = "Email;Prénom;Nom\r\nanna@example.com;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()
PATIENCE = 20.0
BODY = 64 * 1024 * 1024
ROOM = 48 * 1024  # kB: far less than one such body
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "*")
PATHS = (
    *(
        "/",
        "/slack/events",
        "/sendgrid/events",
        "/r/x",
        "/u/x",
        "/r/",
        "/u/",
        "/answers",
        "/healthz",
        "/metrics",
    ),
    *("//", "///u/x", "/u//x", "/%2e%2e/%2e%2e/etc/passwd", "/u/..%2f..%2fhealthz", "/../../postillon.json"),
    *("/u/%00", "/u/a%00b", "/u/%ff%fe", "/u/%", "/u/%zz", "/u/" + "l" * 10_000, "/" + "a/" * 5_000),
    *("/u/x?" + "q" * 5_000, "/u/x#fragment", "/u/l;x=1", "/u/l:1:2", "*", "http://elsewhere.example/u/x"),
    *("/secrets/tokens", "/r/\\..\\"),
)


class Door:
    """The bot's public port, spoken to in bytes."""

    def __init__(self, town: Town) -> None:
        assert town.bot.server is not None
        self.port = town.bot.server.port

    def sends(self, *parts: bytes, ends: bool = False) -> bytes:
        """The whole answer; empty where the connection was closed without one. Never waits for ever. `ends`:
        nothing more will be said on this side."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            try:
                for part in parts:
                    line.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before its end: what was answered may still be read
            if ends:
                line.shutdown(socket.SHUT_WR)
            answer = b""
            try:
                while piece := line.recv(65_536):
                    answer += piece
            except ConnectionResetError:
                pass
            return answer

    def asks(
        self, method: str, path: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()
    ) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: bot.example", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.sends("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found else 0


def is_harmless(answer: bytes) -> None:
    """Refused, or served: without any address, name or trace."""
    assert status(answer) < 500, answer[:300]
    for secret in (b"@example.com", b"Traceback", b"Leroy"):
        assert secret not in answer, answer[:300]


@pytest.fixture
async def page(town: Town) -> str:
    """The unsubscribe page of Anna's letter."""
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    letters = await town.letters(2)
    return unsubscribe_page(next(letter for letter in letters if letter.to == "anna@example.com"))


async def in_a_thread(act: Callable[[], None]) -> None:
    await asyncio.to_thread(act)


async def test_every_method_on_every_path(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    door = Door(town)

    def all_of_them() -> None:
        for path in PATHS:
            for method in METHODS:
                is_harmless(door.asks(method, path, b"x=1" if method in ("POST", "PUT") else b""))

    with caplog.at_level(logging.ERROR):
        await in_a_thread(all_of_them)
    assert caplog.records == []
    assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200


async def test_what_is_hardly_http(town: Town) -> None:
    door = Door(town)
    head = b"POST /sendgrid/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    strange = [
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",  # TLS to a plain port
        b"GET /healthz HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n Folded: y\r\nN\x00L: z\r\nConnection: close\r\n\r\n",
        head + b"Content-Length: -1\r\n\r\n",
        head + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
        head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        head + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n0\r\n\r\n",
        head + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        head + b"Content-Length: 99999999999999999999\r\n\r\n",
    ]

    def all_of_them() -> None:
        for one in strange:
            is_harmless(door.sends(one, ends=True))

    await in_a_thread(all_of_them)
    assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200


async def test_no_token_can_be_altered_by_one_character_or_bit(town: Town, page: str) -> None:
    door, path = Door(town), urlsplit(page).path
    way, token = path[:3], path[3:]

    def all_of_them() -> None:
        for place in range(len(token)):
            for bit in range(7):
                other = chr(ord(token[place]) ^ 1 << bit)
                if not re.fullmatch(r"[\w-]", other, re.ASCII):
                    continue
                altered = token[:place] + other + token[place + 1 :]
                for method in ("GET", "POST"):
                    answer = door.asks(method, way + altered)
                    assert status(answer) == 404, altered
                    is_harmless(answer)
        for altered in (token[:-1], token + "A", token * 2, token.swapcase(), token + "=", " " + token):
            assert status(door.asks("POST", way + altered.replace(" ", "%20"))) == 404

    await in_a_thread(all_of_them)
    assert town.bot.store.suppressions.all(town.workspace) == []
    assert status(await asyncio.to_thread(door.asks, "GET", path)) == 200


async def test_tokens_of_elsewhere_open_nothing(town: Town, page: str) -> None:
    """Another campaign's, workspace's, secret's, kind's or recipient's."""
    secret = town.bot.services.tracking.policy.secret
    bearer = read_token(secret, urlsplit(page).path[3:])
    assert bearer is not None
    foreign = [
        link_token(secret, replace(bearer, campaign=CampaignId("cmp_other"))),
        link_token(secret, replace(bearer, workspace=WorkspaceId("TOTHER"))),
        link_token(secret, replace(bearer, workspace=WorkspaceId("../x"), campaign=CampaignId("../../x"))),
        link_token(b"another secret, thirty-two bytes", bearer),
        answer_token(secret, bearer),
    ]
    door = Door(town)
    for token in foreign:
        for path in ("/u/", "/r/"):
            for method in ("GET", "POST"):
                answer = await asyncio.to_thread(door.asks, method, path + token)
                is_harmless(answer)
                assert status(answer) in (404, 405), (path, method)
    nobody = link_token(secret, replace(bearer, recipient=99))
    for path in ("/u/", "/r/"):
        is_harmless(await asyncio.to_thread(door.asks, "GET", path + nobody))
    is_harmless(await asyncio.to_thread(door.asks, "POST", "/u/" + nobody))
    assert town.bot.store.suppressions.all(town.workspace) == []


async def test_no_answer_can_be_made_up(town: Town, page: str) -> None:
    """Another bit, kind, campaign, workspace or secret: taken from whoever knows the secret, and nothing."""
    policy = town.bot.services.tracking.policy
    bearer = read_token(policy.secret, urlsplit(page).path[3:])
    assert bearer is not None
    token = answer_token(policy.secret, replace(bearer, wave=None))
    made_up = [token[:n] + chr(ord(token[n]) ^ 1) + token[n + 1 :] for n in range(len(token))]
    made_up += [
        urlsplit(page).path[3:],
        answer_token(policy.secret, replace(bearer, campaign=CampaignId("cmp_other"))),
        answer_token(policy.secret, replace(bearer, workspace=WorkspaceId("../x"))),
        answer_token(policy.secret, replace(bearer, recipient=99)),
        answer_token(b"another secret, thirty-two bytes", bearer),
    ]
    door, known = Door(town), (("Authorization", f"Bearer {policy.answers_secret.decode()}"),)

    def all_of_them() -> None:
        for code in made_up:
            assert status(door.asks("POST", "/answers", b'{"token":"%s"}' % code.encode(), known)) == 200
            is_harmless(door.asks("GET", f"/answers?postillon={code}"))
        forged = b'{"token":"%s"}' % token.encode()
        assert status(door.asks("POST", "/answers", forged)) == 401
        assert status(door.asks("POST", "/answers?secret=guessed", forged)) == 401
        assert status(door.asks("POST", "/answers", b"{", known)) == 400

    await in_a_thread(all_of_them)
    ask = town.bot.store.ledgers.read
    assert ask(town.workspace, bearer.campaign, lambda fold: fold.progress().answered) == 0


@pytest.mark.parametrize("path", ["/u/", "/sendgrid/events", "/slack/events", "/answers", "/"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_never_in_memory(town: Town, page: str, path: str, *, chunked: bool) -> None:
    door = Door(town)
    target = urlsplit(page).path if path == "/u/" else path
    piece = b"x" * 65_536
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % BODY
    signed = b"X-Twilio-Email-Event-Webhook-Signature: x"
    lines = [b"POST %s HTTP/1.1" % target.encode(), b"Host: x", b"Connection: close", signed, framing]
    head = b"\r\n".join([*lines, b"", b""])
    part = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece

    def flood() -> bytes:
        return door.sends(head, *(part for _ in range(BODY // len(piece))))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    is_harmless(await asyncio.to_thread(flood))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < ROOM, f"{grown} kB more"
    assert town.bot.store.suppressions.all(town.workspace) == []


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\r\n"), max_size=300)
ROUTE = st.sampled_from(["/u/", "/r/", "/sendgrid/events", "/slack/events", "/answers", "/healthz", "/", ""])
NAMES = (
    *(
        "X-Twilio-Email-Event-Webhook-Signature",
        "X-Twilio-Email-Event-Webhook-Timestamp",
        "X-Slack-Signature",
    ),
    *("Content-Type", "Expect", "Range", "If-None-Match", "Cookie", "X-Forwarded-For", "Upgrade"),
    *("Content-Encoding", "Authorization", "Accept-Encoding"),
    *("X-Postillon-Signature", "X-Postillon-Secret", "Typeform-Signature", "Tally-Signature", "Sm-Signature"),
)
HEADER = st.tuples(st.sampled_from(NAMES), TEXT)


async def test_anything_at_all(town: Town) -> None:
    door = Door(town)

    @settings(
        max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
    )  # fmt: skip
    @given(
        method=st.sampled_from(METHODS),
        path=st.builds(str.__add__, ROUTE, TEXT),
        body=st.binary(max_size=2_000),
        headers=st.lists(HEADER, max_size=4),
    )
    def strange(method: str, path: str, body: bytes, headers: list[tuple[str, str]]) -> None:
        is_harmless(door.asks(method, path, body, tuple(headers)))

    await in_a_thread(partial(strange))
    assert town.bot.store.suppressions.all(town.workspace) == []
    assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200
