"""The services of one bot, wired; and the threads they work in."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.exports import Exports
from bot.mail import MarkdownLetters, SendGridMailer
from bot.ports import Policy
from bot.reading import ChildComparer, ChildReader, Limits
from bot.services import Services
from bot.services.absence import Absences
from bot.services.campaigns import Campaigns
from bot.services.columns import Columns
from bot.services.contacts import Contacts
from bot.services.delivery import Delivery
from bot.services.files import Files
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.letters import Correspondence
from bot.services.lists import Lists
from bot.services.logs import Logs
from bot.services.operators import Operators
from bot.services.people import People
from bot.services.progress import Progress
from bot.services.questions import Questions
from bot.services.readiness import Readiness
from bot.services.repairs import Repairs
from bot.services.returns import Returns
from bot.services.settling import Settling
from bot.services.suppressions import Suppressions
from bot.services.telling import Telling
from bot.services.tracking import Tracking
from bot.services.versions import Versions
from handlers.files import SlackFiles
from handlers.messenger import SlackMessenger

CLICKS = 32  # threads for what must answer within a second
WORK = 8  # threads for imports
POSTS = 32  # threads of letters: for four campaigns, four requests, two that come next, the message, the word


@dataclass(frozen=True, kw_only=True)
class Pools:
    clicks: ThreadPoolExecutor
    work: ThreadPoolExecutor
    posts: ThreadPoolExecutor

    @classmethod
    def open(cls) -> "Pools":
        return cls(
            clicks=ThreadPoolExecutor(CLICKS, "click"),
            work=ThreadPoolExecutor(WORK, "work"),
            posts=ThreadPoolExecutor(POSTS, "post"),
        )

    def close(self) -> None:
        for pool in (self.clicks, self.work, self.posts):
            pool.shutdown(wait=True)


def wired(
    store: ports.Store, policy: Policy, pools: Pools, client: AsyncWebClient, mailer: SendGridMailer,
    messenger: SlackMessenger, clock: ports.Clock,
) -> Services:  # fmt: skip
    """Inside the running event loop."""
    source = SlackFiles(client=client, loop=asyncio.get_running_loop())
    files = Files(store=store, source=source, policy=policy)
    letters = Correspondence(letters=MarkdownLetters(), mailer=mailer, policy=policy)
    people = People(store=store, messenger=messenger, clock=clock, policy=policy)
    exports = Exports()
    lists = Lists(store=store, exporter=exports, messenger=messenger, clock=clock)
    versions = Versions(store=store, lists=lists, comparer=ChildComparer(), clock=clock)
    reader = ChildReader(Limits())
    suppressions = Suppressions(store=store, clock=clock)
    questions = Questions(store=store, messenger=messenger, people=people, clock=clock)
    columns = Columns(
        store=store, files=files, reader=reader, lists=lists, versions=versions, suppressions=suppressions,
        clock=clock,
    )  # fmt: skip
    telling = Telling(store=store, messenger=messenger, clock=clock, policy=policy)
    campaigns = Campaigns(
        store=store, lists=lists, people=people, letters=letters, messenger=messenger, clock=clock,
        policy=policy, telling=telling,
    )  # fmt: skip
    repairs = Repairs(
        store=store, lists=lists, versions=versions, suppressions=suppressions, reader=reader,
        exporter=exports, messenger=messenger, clock=clock,
    )  # fmt: skip
    imports = Imports(
        store=store, files=files, reader=reader, messenger=messenger, people=people, versions=versions,
        columns=columns, questions=questions, suppressions=suppressions,
        progress=Progress(messenger=messenger), returns=Returns(repairs=repairs, questions=questions),
        clock=clock,
    )  # fmt: skip
    settling = Settling(
        store=store, campaigns=campaigns, logs=Logs(store=store, mail_log=mailer), messenger=messenger,
        exporter=exports, clock=clock, policy=policy,
    )  # fmt: skip
    return Services(
        people=people, imports=imports, questions=questions, lists=lists, versions=versions,
        columns=columns, repairs=repairs, campaigns=campaigns, settling=settling,
        absences=Absences(store=store, messenger=messenger, imports=imports, people=people),
        contacts=Contacts(store=store, lists=lists, reader=reader, clock=clock),
        delivery=Delivery(
            store=store, letters=letters, mailer=mailer, campaigns=campaigns, telling=telling,
            clock=clock, posts=pools.posts,
        ),
        tracking=Tracking(
            store=store, campaigns=campaigns, people=people, settling=settling, clock=clock, policy=policy,
            later=pools.work,
        ),
        readiness=Readiness(store=store, mailer=mailer, operators=Operators(telling=telling)),
        homes=Homes(lists=lists, campaigns=campaigns, settling=settling),
    )  # fmt: skip
