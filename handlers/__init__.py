"""The only package that speaks Slack: one module per noun, `register(app, edge)` in each.

edge          the two pools, the tasks that outlive a payload
payloads      Slack's nested dicts as records
clicks        buttons and selects: Click, on_click
submissions   dialogs sent: Submission, on_submit
door          errors: a sentence for the person, a trace for the log
messenger     to Slack, for the services: messages edited in place, files up
files         from Slack: downloads
people        the hello, the words of the DM, the language
imports       files dropped, the import dialog, the message shortcut
lists         view, search, download, rename, delete, bring back
campaigns     the five steps, the check, the test, the schedule
deliveries    pause, resume, stop, cancel, hold
home          App Home
commands      /contacts, /campaign and their words
blocks/       what all of them show
"""

from slack_bolt.async_app import AsyncApp

from handlers import campaigns, commands, deliveries, events, home, imports, lists, people
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge) -> None:
    """Every listener of the bot. Events first: what they hand over is durable before anything else."""
    words = Words()
    events.register(app, edge, words)
    for noun in (people, imports, lists, campaigns, deliveries, home, commands):
        noun.register(app, edge, words)
    events.register_last(app)
