"""A mail service that records every letter of every request it read in full, and answers badly at random.

It takes the worst for granted: whatever it read and did not refuse in so many words counts as a letter that
somebody received, whether or not the bot could know.
"""

import contextlib
import random
import socket
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import parse_headers
from time import time
from typing import BinaryIO, cast

import orjson

REJECTED = "Does not contain a valid address."
ANSWERS = {
    "202": 62, "429": 4, "429 reset": 2, "500": 4, "502": 4, "reset before": 4, "reset after": 4,
    "slow reading": 4, "slow answer": 4, "hang": 2, "400": 6,
}  # fmt: skip
WELL = {"202": 1}
WINDOW = 16_384  # bytes
REFUSED = frozenset({"429", "429 reset", "400"})  # nobody gets a letter from these, and the bot is told so

Letter = tuple[str, str]  # campaign, address
Moment = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Given:
    """One request, read in full."""

    campaign: str
    people: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(kw_only=True)
class Records:
    """`received`: letters a person may have got; `accepted`: those whose 202 went out whole; `rejected`: who
    was named in a 400, and why."""

    received: Counter[Letter] = field(default_factory=Counter)
    accepted: set[Letter] = field(default_factory=set)
    rejected: dict[Letter, str] = field(default_factory=dict)
    numbers: dict[Letter, int] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    torn: int = 0  # requests whose sender was gone before the last byte

    def twice(self) -> list[Letter]:
        return [letter for letter, n in list(self.received.items()) if n > 1]  # requests may still come in


class Sink:
    """`answers`: how often each comes, as weights. `moment` is told `head`, `read` and `answered` of each
    request, in the thread that serves it; nothing goes on before it returns."""

    def __init__(self, rng: random.Random, answers: dict[str, int], moment: Moment = lambda _: None) -> None:
        self.answers, self.moment = answers, moment
        self.records = Records()
        self._rng = rng
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sink")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, longest: float) -> None:
        """A slow service: some time, at most so many seconds."""
        with self._lock:
            seconds = self._rng.uniform(0, longest)
        self._closing.wait(seconds)

    def draw(self) -> str:
        with self._lock:
            answer = self._rng.choices(list(self.answers), weights=list(self.answers.values()))[0]
            self.records.answers[answer] += 1
        return answer

    def take(self, body: bytes, answer: str) -> Given:
        """The request was read to its end."""
        given = _given(body)
        letters = [(given.campaign, address) for address in given.people]
        with self._lock:
            self.records.numbers.update(zip(letters, given.numbers, strict=True))
            if answer not in REFUSED:
                self.records.received.update(letters)
        return given

    def accept(self, given: Given) -> None:
        with self._lock:
            self.records.accepted.update((given.campaign, address) for address in given.people)

    def reject(self, given: Given) -> bytes:
        """The body of a 400 that names some of them."""
        with self._lock:
            places = self._rng.sample(range(len(given.people)), min(len(given.people), 3))
            for place in places:
                self.records.rejected[given.campaign, given.people[place]] = REJECTED
        fields = [f"personalizations.{place}.to.0.email" for place in places]
        return orjson.dumps({"errors": [{"message": REJECTED, "field": field} for field in fields]})

    def tear(self) -> None:
        with self._lock:
            self.records.torn += 1


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """A short queue: who is killed half-way through a body has not handed it to the system yet."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        super().server_bind()

    def __init__(self, address: tuple[str, int], sink: Sink) -> None:
        self.sink = sink
        super().__init__(address, _Connection)


class _Connection(socketserver.StreamRequestHandler):
    """HTTP/1.1 by hand, so that a connection can end at any byte."""

    def handle(self) -> None:
        self.sink = cast("_Server", self.server).sink
        with contextlib.suppress(OSError):  # the other side was killed: that is what this is about
            while self._serve():
                pass

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def _serve(self) -> bool:
        """One request; False where the connection is at its end."""
        start = self.rfile.readline()
        if not start:
            return False
        length = int(parse_headers(cast("BinaryIO", self.rfile)).get("Content-Length") or 0)
        method, path, *_ = start.decode("latin-1").split()
        if (method, path) != ("POST", "/v3/mail/send"):
            self.rfile.read(length)
            self._answer(403, b'{"errors":[{"message":"access forbidden"}]}')
            return True
        self.sink.moment("head")
        return self._mail(length, self.sink.draw())

    def _mail(self, length: int, answer: str) -> bool:
        if answer == "reset before":
            return self._reset()
        body = self._slowly(length) if answer == "slow reading" else self.rfile.read(length)
        if len(body) < length:
            self.sink.tear()
            return False
        given = self.sink.take(body, answer)
        self.sink.moment("read")
        goes_on = self._reply(answer, given)
        self.sink.moment("answered")
        return goes_on

    def _slowly(self, length: int) -> bytes:
        body = b""
        while len(body) < length and (some := self.rfile.read(min(length - len(body), 100_000))):
            body += some
            self.sink.wait(0.03)
        return body

    def _reply(self, answer: str, given: Given) -> bool:
        match answer:
            case "202" | "slow reading":
                self._answer(202, b"", "X-Message-Id: m1")
                self.sink.accept(given)
            case "slow answer":
                self._trickle()
                self.sink.accept(given)
            case "429":
                self._answer(429, b'{"errors":[{"message":"too many requests"}]}', "Retry-After: 1")
            case "429 reset":
                self._answer(429, b"", f"X-RateLimit-Reset: {int(time()) + 1}")
            case "400":
                self._answer(400, self.sink.reject(given))
            case "500":
                self._answer(500, b'{"errors":[{"message":"internal"}]}')
            case "502":
                self._answer(502, b"<html><body>Bad gateway</body></html>", "Content-Type: text/html")
            case "reset after":
                return self._reset()
            case "hang":
                self.rfile.read(1)  # until the client hangs up
                return False
        return True

    def _answer(self, status: int, body: bytes, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", *headers, f"Content-Length: {len(body)}", "", ""]
        self.wfile.write("\r\n".join(lines).encode() + body)

    def _trickle(self) -> None:
        """An acceptance in two pieces, which a client in a hurry may not wait for."""
        head = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: m1\r\n"
        self.wfile.write(head)
        self.sink.wait(0.8)
        self.wfile.write(b"Content-Length: 0\r\n\r\n")

    def _reset(self) -> bool:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return False


def _given(body: bytes) -> Given:
    told = orjson.loads(body)
    people = told["personalizations"]
    return Given(
        campaign=str(told["custom_args"]["postillon_campaign"]),
        people=tuple(one["to"][0]["email"] for one in people),
        numbers=tuple(int(one["custom_args"]["postillon_recipient"]) for one in people),
    )
