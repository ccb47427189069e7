"""Use cases over `bot.core` and `bot.ports`. Every method takes the acting person; handlers call one each."""

from dataclasses import dataclass

from bot.services.absence import Absences
from bot.services.campaigns import Campaigns
from bot.services.columns import Columns
from bot.services.contacts import Contacts
from bot.services.delivery import Delivery
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.questions import Questions
from bot.services.readiness import Readiness
from bot.services.repairs import Repairs
from bot.services.settling import Settling
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
    delivery: Delivery
    readiness: Readiness
    settling: Settling
    tracking: Tracking
    homes: Homes
