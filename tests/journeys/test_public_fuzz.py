"""Whatever strangers send to the public port: a short answer, no accident, no address, nothing changed."""

import asyncio
import logging
import re
import resource
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.ids import CampaignId, WorkspaceId
from bot.core.tokens import answer_token, link_token, read_token
from bot.web import SIGNATURE, TIMESTAMP
from tests.journeys.harness import Town, unsubscribe_page

FILE = "Email;Prénom;Nom\r\nanna@example.com;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()
PATIENCE = 20.0
BODY = 64 * 1024 * 1024
ROOM = 48 * 1024  # kB: far less than one such body
CROWD, FORGED = 120, 3_900_000  # connections, and bytes that each sends of its body
HELD = 200 * 1024  # kB: bodies under way, their connections' buffers, and who sends them is this process too
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
    *(
        "/secrets/tokens",
        "/r/\\..\\",
        "http://xn--a/u/x",
        "http://[::1/u/x",
        "http://b%C3%BCcher.example/r/x",
    ),
    *("/answers?postillon=%ff%00", "/answers?" + "postillon=a.b&" * 300, "/answers?=&=&&%=%", "xn--a:443"),
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
    is_silent(answer)


def is_silent(answer: bytes) -> None:
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


async def test_what_is_hardly_http(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    door = Door(town)
    head = b"POST /sendgrid/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    strange = [
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
        is_harmless(door.sends(b"\r\n\r\n\r\n", ends=True))
        for one in strange:
            answer = door.sends(one)
            is_harmless(answer)
            assert 400 <= status(answer) < 500, one

    with caplog.at_level(logging.WARNING, "bot"), caplog.at_level(logging.ERROR):
        await in_a_thread(all_of_them)
    assert [record for record in caplog.records if record.exc_info] == []
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


def in_memory() -> int:
    """kB now, where the system tells it; the most there ever were elsewhere."""
    now = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s*(\d+) kB", now.read_text()) if now.exists() else None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def signed_post(town: Town, door: Door) -> int:
    """What the mail service itself gets, of a post as long as they come."""
    body = b"[" + b" " * 200_000 + b"]"
    sealed = town.mail._webhook.seal.headers(body, int(town.playground.now().timestamp()))
    return status(await asyncio.to_thread(door.asks, "POST", "/sendgrid/events", body, tuple(sealed.items())))


ODD_TYPES = (
    *(
        "application/json; charset=utf-7",
        "application/json; charset=nonsense",
        "multipart/form-data",
        ";;;",
        "/",
    ),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=b", "a/b/c; =;", 'a/b; charset="'),
    *("application/x-www-form-urlencoded; charset=idna", "application/x-www-form-urlencoded; charset=base64"),
)
ODD_BODIES = (
    *(b"", b"{", b"--b\r\n\r\n", b"\xff\xfe\x00", b"a=%ff%fe&%00=%&;;&&=", b"[" * 20_000, b'{"a":' * 5_000),
    *(b'"\\ud83d"', b"1e999999", b'{"timestamp":1e400}', b"[" + b"9" * 6_000 + b"]", b"null", b"[[[]]]"),
    b'--b\r\nContent-Disposition: form-data; name="postillon"; filename="x"\r\n\r\nx\r\n--b--\r\n',
)
CODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "x-made-up", "\xff")
CHUNKS = (
    *(b"ZZ\r\n\r\n", b"5\r\nhell\r\n0\r\n\r\n", b"3\r\nhello\r\n0\r\n\r\n", b"+5\r\nhello\r\n0\r\n\r\n"),
    *(b"f" * 20 + b"\r\n", b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n"),
)
POSTED = ("/answers", "/sendgrid/events", "/u/x", "/r/x", "/slack/events", "/healthz", "/")


async def test_odd_types_codings_and_chunks(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """From strangers, and from whoever knows the secret of the answers."""
    door = Door(town)
    assert town.bot.server is not None
    secret = town.bot.services.tracking.policy.answers_secret.decode()
    known = ((SIGNATURE, "AAAA"), (TIMESTAMP, "1"), ("Authorization", f"Bearer {secret}"))

    def all_of_them() -> None:
        for path in POSTED:
            for headers in (known, known[:2]):
                for body in ODD_BODIES:
                    for kind in ODD_TYPES[:: 1 if path == "/answers" else 3]:
                        is_harmless(door.asks("POST", path, body, (*headers, ("Content-Type", kind))))
                for coding in CODINGS:
                    is_harmless(door.asks("POST", path, b"junk", (*headers, ("Content-Encoding", coding))))
            for chunk in CHUNKS:
                head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{SIGNATURE}: s\r\n"
                answer = door.sends(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
                is_harmless(answer)
                assert status(answer) >= 400, (path, chunk[:20])
            is_harmless(door.sends(f"POST {path} HTTP/1.0\r\nContent-Length: 2\r\n\r\n{{}}".encode()))

    with caplog.at_level(logging.INFO, "bot"):
        await in_a_thread(all_of_them)
    assert [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []
    assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200


async def test_a_crowd_of_forged_posts_takes_little_memory_and_keeps_no_real_one_out(
    town: Town, page: str
) -> None:
    """All of them nearly complete, none ever complete: whose they are can be known of none."""
    door, held = Door(town), ExitStack()
    body = b" " * FORGED
    head = [b"POST /sendgrid/events HTTP/1.1", b"Host: x", b"Content-Length: %d" % (FORGED + 1)]
    head += [SIGNATURE.encode() + b": AAAA", TIMESTAMP.encode() + b": 1", b"", b""]

    def floods(_: int) -> socket.socket:
        line = held.enter_context(socket.create_connection(("127.0.0.1", door.port), timeout=PATIENCE))
        with suppress(BrokenPipeError, ConnectionResetError):  # told to come again
            line.sendall(b"\r\n".join(head) + body)
        return line

    def crowd() -> list[socket.socket]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(floods, range(CROWD)))

    def told(lines: list[socket.socket]) -> int:
        """How many of them were."""
        answers = []
        for line in lines:
            line.setblocking(False)
            try:
                answers.append(line.recv(65_536))
            except (BlockingIOError, ConnectionResetError):
                continue
        for answer in answers:
            assert status(answer) in (503, 408), answer
            is_silent(answer)
        return sum(status(answer) == 503 and b"Retry-After: 1\r\n" in answer for answer in answers)

    with held:
        before = in_memory()
        lines = await asyncio.to_thread(crowd)
        grown = 0
        for _ in range(20):  # others are served meanwhile, and whatever was sent is read
            assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200
            grown = max(grown, in_memory() - before)
        assert grown < HELD, f"{grown} kB more"
        assert await signed_post(town, door) == 200
        assert await asyncio.to_thread(told, lines) > 0
    assert await signed_post(town, door) == 200
    assert status(await asyncio.to_thread(door.asks, "GET", "/healthz")) == 200


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
