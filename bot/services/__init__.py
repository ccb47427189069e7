"""Use cases over `bot.core` and `bot.ports`. Every method takes the acting person; handlers call one each."""

from dataclasses import dataclass

from bot.services.absence import Absences
from bot.services.access import Access
from bot.services.alarms import Alarms
from bot.services.answer_posts import AnswerPosts
from bot.services.answered import Answered
from bot.services.answers import Answers
from bot.services.approvals import Approvals
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from bot.services.closures import Closures
from bot.services.columns import Columns
from bot.services.contacts import Contacts
from bot.services.copies import Copies
from bot.services.delivery import Delivery
from bot.services.events import Reception
from bot.services.exclusions import Exclusions
from bot.services.facets import Facets
from bot.services.forgetting import Forgetting
from bot.services.groups import Groups
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.lists import Lists
from bot.services.log import Journal
from bot.services.nudges import Nudges
from bot.services.openings import Counting
from bot.services.people import People
from bot.services.polling import Polling
from bot.services.questionnaires import Questionnaires
from bot.services.questions import Questions
from bot.services.readiness import Readiness
from bot.services.reminders import Reminders
from bot.services.repairs import Repairs
from bot.services.reports import Reports
from bot.services.retention import Retention
from bot.services.rights import Rights
from bot.services.senders import Senders
from bot.services.settling import Settling
from bot.services.support import Support
from bot.services.templates import Templates
from bot.services.tracking import Tracking
from bot.services.versions import Versions
from bot.services.visits import Visits
from bot.services.waiting import Waiting


@dataclass(frozen=True, kw_only=True)
class Services:
    people: People
    imports: Imports
    absences: Absences
    questions: Questions
    lists: Lists
    versions: Versions
    columns: Columns
    repairs: Repairs
    reports: Reports
    contacts: Contacts
    campaigns: Campaigns
    copies: Copies
    closures: Closures
    nudges: Nudges
    audiences: Audiences
    facets: Facets
    approvals: Approvals
    delivery: Delivery
    polling: Polling
    groups: Groups
    exclusions: Exclusions
    journal: Journal
    counting: Counting
    readiness: Readiness
    reminders: Reminders
    retention: Retention
    rights: Rights
    access: Access
    forgetting: Forgetting
    settling: Settling
    support: Support
    tracking: Tracking
    reception: Reception
    alarms: Alarms
    answered: Answered
    answers: Answers
    answer_posts: AnswerPosts
    visits: Visits
    homes: Homes
    waiting: Waiting
    questionnaires: Questionnaires
    senders: Senders
    templates: Templates
