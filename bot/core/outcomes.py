"""What may come of handing letters over: every answer of a mail service is one of these."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """SendGrid answered 202 (200 in sandbox mode: no letter left, and `message_id` is empty)."""

    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SomeRefused:
    """Nothing was sent: these positions of the request (from 0) are refused, each with a reason that
    holds no address; the others may be sent again without them."""

    positions: Mapping[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotTaken:
    """Nothing was sent and nothing is wrong with it: try again after `seconds`. `why`: unreachable |
    busy."""

    seconds: float
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Nothing was sent, and it will not be until somebody acts. `why`: key | sender | credits | size |
    redirect | letter. `detail` is SendGrid's own sentence, shortened, without addresses."""

    why: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """The body may have been taken. `why`: timeout | reset | server | unreadable."""

    why: str


Outcome = Taken | SomeRefused | NotTaken | Refused | Unknown


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request, built: `body` is what goes over the wire. `trial`: it is judged, and nobody gets a
    letter of it."""

    body: bytes
    people: int
    trial: bool = False
