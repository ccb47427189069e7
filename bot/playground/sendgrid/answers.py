"""How the service words its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from aiohttp import web

from .records import Problem


class Refused(Exception):
    """A request that is not taken: raised in a route, answered and recorded at the door.

    `injected` tells a bad day that a test ordered from a rule that the client broke.
    """

    def __init__(self, status: int, *problems: Problem, injected: bool = False) -> None:
        super().__init__(f"{status} {problems}")
        self.status = status
        self.problems = problems
        self.injected = injected


def given(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        body=orjson.dumps(body), status=status, headers=headers, content_type="application/json"
    )


def refused(status: int, problems: Sequence[Problem]) -> web.Response:
    return given({"errors": [problem.as_json() for problem in problems]}, status=status)


async def object_of(request: web.Request) -> dict[str, object]:
    """The JSON object of a request's body."""
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, Problem(message="Bad Request"))
    return body
