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
exclusions    who is not to be written to, as a file
log           who did what, a page at a time and as a file
openings      the setting that has letters tell when they are opened
contacts      people of a list added, corrected, removed
sharing       with whom a list is shared
versions      a file that looks like a list: replaced, merged, kept apart, taken back
rights        an address not to be written to, or again; a person shown what is kept of them, or forgotten
retention     a list whose time is nearly over: kept, deleted, brought back
campaigns     the dialog opened and closed; campaign_steps, its steps sent; campaign_turns, its other buttons;
              campaign_views, what each shows; campaign_forms, what its fields hold
questionnaires  the link and what goes with it in step 1, and another link for letters that have left;
              questionnaire_views, what step 1 shows
recipients    step 2 of that dialog: each choice kept and counted, and what its menus offer; recipient_views,
              recipient_steps and recipient_forms as the campaign's; suggestions, how a menu is answered;
              windows and turns, one click of a dialog after the other
departures    step 4 of that dialog, kept at every choice; departure_forms, departure_steps as the campaign's
reminders     their words, in a dialog over step 4
reminding     one that is due skipped, moved, sent; one by hand
answered      who answered: the questionnaire's export, or by hand
reports       everything known of a campaign's people, as a file
approvals     a large campaign approved or refused, where its approval is asked
message       step 3 of that dialog: fields put into the letter, its editor; message_views, what it shows
templates     a letter started from one, kept as one; renamed, shared, deleted
previews      the letter looked at and tested on the check, and what was found wrong with it
copies        duplicate, same as last time, invite more people
deliveries    pause, resume, stop, cancel, hold
closures      campaigns whose owner's account was closed: let go, taken over
deputies      what the deputy of a campaign hears of it
asks          what the owner of a campaign is asked, until it is decided
settling      letters that may have left or not: wait, count them as gone, resend
support       get help: asked, replied to where it is read, answered back; pleas, how it is posted
waiting       what waits for a person, from Home
home          App Home
commands      /contacts, /campaign and their words
blocks/       what all of them show
"""

from slack_bolt.async_app import AsyncApp

from handlers import answered as answered
from handlers import approvals as approvals
from handlers import campaigns as campaigns
from handlers import closures as closures
from handlers import columns as columns
from handlers import commands as commands
from handlers import contacts as contacts
from handlers import copies as copies
from handlers import deliveries as deliveries
from handlers import departures as departures
from handlers import events as events
from handlers import exclusions as exclusions
from handlers import fixes as fixes
from handlers import home as home
from handlers import imports as imports
from handlers import lists as lists
from handlers import log as log
from handlers import message as message
from handlers import openings as openings
from handlers import people as people
from handlers import previews as previews
from handlers import questionnaires as questionnaires
from handlers import questions as questions
from handlers import recipients as recipients
from handlers import reminders as reminders
from handlers import reminding as reminding
from handlers import reports as reports
from handlers import retention as retention
from handlers import rights as rights
from handlers import settling as settling
from handlers import sharing as sharing
from handlers import support as support
from handlers import templates as templates
from handlers import versions as versions
from handlers import waiting as waiting
from handlers.edge import Edge
from handlers.words import Words


def register(app: AsyncApp, edge: Edge) -> None:
    """Every listener of the bot. Events first: what they hand over is durable before anything else."""
    words = Words()
    events.register(app, edge, words)
    for noun in (
        people, imports, questions, columns, lists, fixes, contacts, sharing, versions, campaigns,
        questionnaires, recipients, message, templates, previews, departures, reminders, reminding,
        answered, reports, approvals, copies, deliveries, closures, settling, exclusions, openings, retention,
        rights, log, support, waiting, home, commands,
    ):  # fmt: skip
        noun.register(app, edge, words)
    events.register_last(app)
