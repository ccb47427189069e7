"""Use cases over `bot.core` and `bot.ports`. Every method takes the acting person; handlers call one each."""

from dataclasses import dataclass

from bot.services.campaigns import Campaigns
from bot.services.contacts import Contacts
from bot.services.delivery import Delivery
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.tracking import Tracking
from bot.services.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Services:
    people: People
    imports: Imports
    lists: Lists
    versions: Versions
    contacts: Contacts
    campaigns: Campaigns
    delivery: Delivery
    tracking: Tracking
    homes: Homes
