"""A stand-in for a Slack workspace, strict where Slack is strict, for the real Bolt app and client.

standin     the workspace as tests and the page use it     person      all that a person can do
api/        the Web API: table, wire, a module per noun    rules/      Block Kit's rules as tables
links       Socket Mode over WebSockets                    posts       HTTP mode, signed
outbox      what Slack sends, retries included             payloads    the shapes of what it sends
views, conversations, files, triggers, responses, state    what the workspace remembers
screen, sight                                              what a person sees, as words and as JSON

It imports nothing else of this project: what it knows of the bot came over the wire.
"""

from bot.playground.slack.files import StoredFile
from bot.playground.slack.people import DEFAULT_PEOPLE, Profile
from bot.playground.slack.person import Person
from bot.playground.slack.records import Call, Refused, Unanswered
from bot.playground.slack.standin import SlackStandIn

__all__ = [
    "DEFAULT_PEOPLE",
    "Call",
    "Person",
    "Profile",
    "Refused",
    "SlackStandIn",
    "StoredFile",
    "Unanswered",
]
