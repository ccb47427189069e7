"""A mail service that posts events: `python -m tests.benchmarks.webhook CAMPAIGNS PEOPLE CONNECTIONS`.

Everything is built and signed beforehand. It says its public key, is told the port, and says what it saw as
one JSON line. Each connection posts one request after the other, the bytes and nothing else.
"""

import asyncio
import base64
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from random import Random

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.web import SIGNATURE, TIMESTAMP

TOGETHER = 100  # events of a post
KINDS = ("processed", "delivered", "delivered")  # each person's: the last one comes twice
STAMP = "1800000000"


def campaigns(count: int) -> list[str]:
    return [f"cmp_benchmark{number}" for number in range(count)]


def event(campaign: str, person: int, kind: str) -> dict[str, object]:
    """With the fields and the lengths of a real one."""
    return {
        "email": f"person{person}.{person % 97}@company{person // 20}.example.com",
        "timestamp": int(STAMP) + person % 600,
        "smtp-id": "<14c5d75ce93.dfd.64b469@geopod-ismtpd-1>",
        "event": kind,
        "category": ["postillon", f"postillon:{campaign}"],
        "sg_event_id": f"ZGVsaXZlcmVkLTAtNTA0ODUxOTUtZXVvMmlLeGRTYXlQ{person:08}",
        "sg_message_id": "14c5d75ce93.dfd.64b469.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0",
        "response": "250 2.0.0 OK  1740300320 d75a77b69052e-4720b0a2b3fsi64",
        "ip": "149.72.126.143",
        "tls": 1,
        "postillon_campaign": campaign,
        "postillon_wave": "0",
        "postillon_recipient": str(person),
    }


def events(names: list[str], people: int) -> Iterator[dict[str, object]]:
    """Of all campaigns, shuffled: order is not promised."""
    told = [(name, person, kind) for name in names for person in range(people) for kind in KINDS]
    Random(1).shuffle(told)
    return (event(*one) for one in told)


def requests(key: ec.EllipticCurvePrivateKey, told: Iterator[dict[str, object]]) -> Iterator[bytes]:
    while together := list(islice(told, TOGETHER)):
        body = orjson.dumps(together)
        signature = base64.b64encode(key.sign(STAMP.encode() + body, ec.ECDSA(SHA256()))).decode()
        yield (
            f"POST /sendgrid/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{SIGNATURE}: {signature}\r\n{TIMESTAMP}: {STAMP}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def post_all(port: int, left: Iterator[bytes], connections: int) -> dict[str, object]:
    taken: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(_post(port, left, taken) for _ in range(connections)))
    return {"seconds": time.perf_counter() - started, "taken": taken}


async def _post(port: int, left: Iterator[bytes], taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in left:
        before = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        taken.append(time.perf_counter() - before)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert b"Content-Length: 0\r\n" in head, head
    writer.close()
    await writer.wait_closed()


def main() -> None:
    count, people, connections = map(int, sys.argv[1:])
    key = ec.generate_private_key(ec.SECP256R1())
    built = list(requests(key, events(campaigns(count), people)))
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    print(base64.b64encode(der).decode(), flush=True)
    port = int(sys.stdin.readline())
    print(json.dumps(asyncio.run(post_all(port, iter(built), connections))), flush=True)


if __name__ == "__main__":
    main()
