"""A mail service to try the bot against: SendGrid's v3 API, its limits and its errors, on loopback."""

from .events import Happening
from .readers import NoWayOut, Scan
from .records import Letter, Problem, Refusal, Seen
from .standin import DEMO_KEY, SendGridStandIn

__all__ = [
    "DEMO_KEY",
    "Happening",
    "Letter",
    "NoWayOut",
    "Problem",
    "Refusal",
    "Scan",
    "Seen",
    "SendGridStandIn",
]
