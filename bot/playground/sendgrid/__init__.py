"""A mail service to try the bot against: SendGrid's v3 API, its limits and its errors, on loopback."""

from .records import Letter, Problem, Refusal, Seen
from .standin import DEMO_KEY, SendGridStandIn

__all__ = ["DEMO_KEY", "Letter", "Problem", "Refusal", "Seen", "SendGridStandIn"]
