"""Use cases over `bot.core` and `bot.ports`. Every method takes the acting person; handlers call one each."""

from dataclasses import dataclass

from bot.services.absence import Absences
from bot.services.alarms import Alarms
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
from bot.services.groups import Groups
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.lists import Lists
from bot.services.openings import Counting
from bot.services.people import People
from bot.services.polling import Polling
from bot.services.questionnaires import Questionnaires
from bot.services.questions import Questions
from bot.services.readiness import Readiness
from bot.services.repairs import Repairs
from bot.services.senders import Senders
from bot.services.settling import Settling
from bot.services.templates import Templates
from bot.services.tracking import Tracking
from bot.services.versions import Versions


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
    contacts: Contacts
    campaigns: Campaigns
    copies: Copies
    closures: Closures
    audiences: Audiences
    facets: Facets
    approvals: Approvals
    delivery: Delivery
    polling: Polling
    groups: Groups
    exclusions: Exclusions
    counting: Counting
    readiness: Readiness
    settling: Settling
    tracking: Tracking
    reception: Reception
    alarms: Alarms
    homes: Homes
    questionnaires: Questionnaires
    senders: Senders
    templates: Templates
