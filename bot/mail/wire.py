"""The client library's requests over one kept connection per thread.

The library opens a new TLS connection for each call, waits for ever, follows redirects with the key in
hand and logs the payload. Its client stays, since it names the endpoints; what carries the bytes is
replaced, and every way a request can end without an answer is one of two:

    Disconnected
    ├── NotConnected   no connection was made: nothing left this machine
    └── Lost           the request left, in whole or in part, and no answer was understood
"""

import base64
import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPMessage,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import Request, getproxies, proxy_bypass

import python_http_client

IDLE_SECONDS = 5.0  # a longer rest, and the other side may have hung up: letters would turn uncertain
ANSWER_BYTES = 8_000_000  # a page of a suppression list is far below
TAKEN = 202  # the whole verdict on a mail/send, with its X-Message-Id


class Disconnected(Exception):
    """No answer."""


class NotConnected(Disconnected):
    """Nothing left this machine."""


class Lost(Disconnected):
    """The other side may have read the request. `why`: timeout | reset | unreadable."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """In seconds: to connect, and for each wait on an answer."""

    connect: float = 10.0
    answer: float = 60.0


class Answer:
    """What the library's `Response` wants to read of an answer, whatever its status."""

    def __init__(self, status: int, headers: HTTPMessage, body: bytes) -> None:
        self._status = status
        self._headers = headers
        self._body = body

    def getcode(self) -> int:
        return self._status

    def info(self) -> HTTPMessage:
        return self._headers

    def read(self) -> bytes:
        return self._body


class Wire(python_http_client.Client):  # type: ignore[misc] # the library has no types
    """The library's client over a `Line`. `carrying(body).mail.send.post()` sends ready bytes."""

    def __init__(
        self,
        host: str,
        request_headers: Mapping[str, str],
        url_path: list[str],
        line: "Line",
        body: bytes | None,
    ) -> None:
        super().__init__(host, request_headers=dict(request_headers), version=3, url_path=url_path)
        self.line = line
        self.body = body

    def carrying(self, body: bytes) -> "Wire":
        headers = {**self.request_headers, "Content-Type": "application/json"}
        return Wire(self.host, headers, self._url_path, self.line, body)

    def _build_client(self, name: str | None = None) -> "Wire":
        path = [*self._url_path, name] if name else self._url_path
        return Wire(self.host, self.request_headers, path, self.line, self.body)

    def _make_request(self, opener: object, request: Request, timeout: float | None = None) -> Answer:  # noqa: ARG002 - the library's signature
        return self.line.exchange(request.get_method(), request.selector, request.headers, self.body)


class Line:
    """One thread's connection to one host: kept, never shared, never old. Only `cut` is for others."""

    def __init__(
        self, url: str, timeouts: Timeouts, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = urlsplit(url)
        self._timeouts = timeouts
        self._monotonic = monotonic
        self._connection: HTTPConnection | None = None
        self._plug: socket.socket | None = None  # of a request under way
        self._is_cut = False
        self._lock = threading.Lock()
        self._used_at = 0.0

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Raises NotConnected or Lost. A redirect is an answer like any other: it is not followed."""
        connection = self._connected()
        kept = False
        try:
            self._plug_in(connection)
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            body = _body(response)
            answer = Answer(response.status, response.headers, body or b"")
            kept = body is not None and response.isclosed() and not response.will_close
        except TimeoutError:
            raise Lost("timeout") from None
        except OSError:
            raise Lost("reset") from None
        except (HTTPException, ValueError):
            raise Lost("unreadable") from None
        finally:
            self._used_at = self._monotonic()
            with self._lock:
                self._plug = None
            if not kept:
                self.hang_up()
        return answer

    def cut(self) -> bool:
        """From another thread: a request under way is Lost at once, and nothing leaves any more. True
        where there was one.

        Closing alone would not wake up who waits for an answer. Not the plug's own method: that of TLS
        drops its state under the reader's feet.
        """
        with self._lock:
            self._is_cut = True
            if self._plug is None:
                return False
            with contextlib.suppress(OSError):  # the other side was first
                socket.socket.shutdown(self._plug, socket.SHUT_RDWR)
            return True

    def _plug_in(self, connection: HTTPConnection) -> None:
        with self._lock:
            if self._is_cut:
                raise NotConnected("cut")
            self._plug = connection.sock

    def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> HTTPConnection:
        if self._connection is not None and not self._is_fresh(self._connection):
            self.hang_up()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _is_fresh(self, connection: HTTPConnection) -> bool:
        """Lately used, and silent: a readable idle connection has ended or is out of step."""
        if connection.sock is None or self._monotonic() - self._used_at > IDLE_SECONDS:
            return False
        readable, _, _ = select.select([connection.sock], [], [], 0)
        return not readable

    def _connect(self) -> HTTPConnection:
        connection = _towards(self._url, self._timeouts.connect)
        try:
            connection.connect()
        except (OSError, HTTPException, UnicodeError) as problem:
            connection.close()
            raise NotConnected(type(problem).__name__) from None
        plug: socket.socket = connection.sock
        plug.settimeout(self._timeouts.answer)
        return connection


def _body(response: HTTPResponse) -> bytes | None:
    """None where it was cut, and status and headers say enough: that letters were taken, or that they were
    not. Only then is an answer without its end better than none."""
    try:
        body = response.read(ANSWER_BYTES)
        if response.length:  # told and not come: a bounded read does not complain by itself
            raise IncompleteRead(b"", response.length)
    except (OSError, HTTPException, ValueError):
        if response.status == TAKEN or 300 <= response.status < 500:
            return None
        raise
    return body


def _towards(url: SplitResult, seconds: float) -> HTTPConnection:
    """Plain http goes straight there; https may go through the proxy that the environment names."""
    host = url.hostname or ""
    if url.scheme != "https":
        return HTTPConnection(host, url.port or 80, timeout=seconds)
    proxy = None if proxy_bypass(host) else getproxies().get("https")
    if not proxy:
        return HTTPSConnection(host, url.port or 443, timeout=seconds)
    through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    connection = HTTPSConnection(through.hostname or "", through.port or 8080, timeout=seconds)
    connection.set_tunnel(host, url.port or 443, headers=_proxy_headers(through))
    return connection


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
