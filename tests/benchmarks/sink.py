"""A mail service that takes everything: TLS on loopback, in a process of its own.

It has one port for each delay it is given, answers 202 as SendGrid does once a request was read whole and
the delay is over, and counts the personalizations. `GET /` tells the counts since the last time.
"""

import argparse
import asyncio
import ipaddress
import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
_TO = (b'"to":[', b'"to": [')  # as two JSON writers put it; once in each personalization


def certificate(folder: Path) -> Path:
    """A key and its certificate for the loopback address, in one file, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "sink.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Counter:
    def __init__(self) -> None:
        self.requests = 0
        self.letters = 0

    def told(self) -> bytes:
        said = json.dumps({"requests": self.requests, "letters": self.letters}).encode()
        self.requests = self.letters = 0
        return said

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(head, reader, writer, seconds)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        if head.startswith(b"GET "):
            _write(writer, b"200 OK", self.told())
            return
        body = await reader.readexactly(_length(head))
        self.requests += 1
        self.letters += sum(body.count(one) for one in _TO)
        number = self.requests
        del body
        if seconds:
            await asyncio.sleep(seconds)
        _write(writer, b"202 Accepted\r\nX-Message-Id: sink-%d" % number, b"")


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _write(writer: asyncio.StreamWriter, status: bytes, body: bytes) -> None:
    writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))


async def run(pem: Path, delays: Sequence[float]) -> None:
    """Until its standard input ends: so that it never outlives who started it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    counter = Counter()
    ports = []
    for seconds in delays:

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float = seconds
        ) -> None:
            await counter.serve(reader, writer, seconds)

        server = await asyncio.start_server(serve, HOST, 0, ssl=context, limit=1 << 22)
        ports.append(server.sockets[0].getsockname()[1])
    print(json.dumps(ports), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # kept connections are nobody's any more


@dataclass(frozen=True, kw_only=True)
class Sink:
    """`urls` in the order of the delays."""

    urls: tuple[str, ...]

    def told(self) -> dict[str, int]:
        """Requests and letters since the last time."""
        with urllib.request.urlopen(self.urls[0], timeout=10) as answer:
            told: dict[str, int] = json.load(answer)
            return told


@contextmanager
def open_sink(folder: Path, *delays: float) -> Iterator[Sink]:
    """Trusted by this process and by those it starts, from here on."""
    pem = certificate(folder)
    os.environ["SSL_CERT_FILE"] = str(pem)
    command = [sys.executable, "-m", "tests.benchmarks.sink", str(pem), *map(str, delays)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        yield Sink(urls=tuple(f"https://{HOST}:{port}" for port in ports))
        process.communicate("")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pem", type=Path)
    options.add_argument("delays", type=float, nargs="+")
    told = options.parse_args()
    asyncio.run(run(told.pem, told.delays))


if __name__ == "__main__":
    main()
