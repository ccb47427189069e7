"""The only package that speaks Slack: one module per noun, `register(app, edge, words)` in each.

edge          the two pools, the tasks that outlive a payload
payloads      Slack's nested dicts as records
clicks        buttons and selects: Click, on_click
submissions   dialogs sent: Submission, on_submit
views         dialogs and Home shown, plainer where refused
door          errors: a sentence for the person, a trace for the log
words         what can be said in the DM and after a command
requests      from Slack over HTTP: signed, or refused unread
ways          to Slack, through a proxy or straight
events        before the acknowledgement: durable; after everybody else: the catch-all
messenger     to Slack, for the services
posts         messages edited in place, posted again where gone, plainer where refused; files up
pacing        one edit in a few seconds per campaign
files         from Slack: downloads
history       from Slack: what was dropped while nobody listened
people        the hello, the words of the DM, the language
imports       files dropped, the import dialog, the message shortcut
lists         view, search, download, rename, delete, bring back
questions     what is asked about a file, answered by a click
columns       the dialog that says which column is which
fixes         rows to fix: in a dialog, as a file
contacts      people of a list added, corrected, removed
sharing       with whom a list is shared
versions      a file that looks like a list: replaced, merged, kept apart, taken back
campaigns     the dialog opened and closed; campaign_steps, its steps sent; campaign_turns, its other buttons;
              campaign_views, what each shows; campaign_forms, what its fields hold
deliveries    pause, resume, stop, cancel, hold
settling      letters that may have left or not: wait, count them as gone, resend
home          App Home
commands      /contacts, /campaign and their words
blocks/       what all of them show
"""

from slack_bolt.async_app import AsyncApp

from handlers import campaigns as campaigns
from handlers import columns as columns
from handlers import commands as commands
from handlers import contacts as contacts
from handlers import deliveries as deliveries
from handlers import events as events
from handlers import fixes as fixes
from handlers import home as home
from handlers import imports as imports
from handlers import lists as lists
from handlers import people as people
from handlers import questions as questions
from handlers import settling as settling
from handlers import sharing as sharing
from handlers import versions as versions
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge) -> None:
    """Every listener of the bot. Events first: what they hand over is durable before anything else."""
    words = Words()
    events.register(app, edge, words)
    for noun in (
        people, imports, questions, columns, lists, fixes, contacts, sharing, versions, campaigns, deliveries,
        settling, home, commands,
    ):  # fmt: skip
        noun.register(app, edge, words)
    events.register_last(app)
