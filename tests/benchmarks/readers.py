"""People who click, and questionnaires' tools that tell answers: `python -m tests.benchmarks.readers`.

A process of its own, told what to do by lines of JSON: where to ask, and how often a second; until the next
line comes (`{"most": n}`: until so many were answered). It says what each request took, from the moment it
was due, as one JSON line.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

CONNECTIONS = 16


class Round:
    """`rate` 0: as fast as answers come."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.port, self.rate = int(told["port"]), float(told["rate"])
        asked = [request.encode() for request in told["requests"]]
        self.left: Iterator[bytes] = iter(asked) if told.get("most") else itertools.cycle(asked)
        self.expected = str(told["status"]).encode()
        self.number = itertools.count()
        self.taken: list[float] = []
        self.is_over = False

    async def goes(self) -> None:
        self.began = time.perf_counter()
        await asyncio.gather(*(self._connected() for _ in range(CONNECTIONS)))
        self.seconds = time.perf_counter() - self.began

    async def _connected(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for request in self.left:
            if self.is_over:
                break
            due = time.perf_counter()
            if self.rate:
                due = self.began + next(self.number) / self.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            self.taken.append(time.perf_counter() - due)
            assert head.split(b" ")[1] == self.expected, head
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
        writer.close()
        await writer.wait_closed()


async def main() -> None:
    line = await asyncio.to_thread(sys.stdin.readline)
    while line:
        round_ = Round(json.loads(line))
        going = asyncio.ensure_future(round_.goes())
        print("{}", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        round_.is_over = line.strip() == "stop"
        await going
        print(json.dumps({"taken": round_.taken, "seconds": round_.seconds}), flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())
