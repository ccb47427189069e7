"""The services of one bot, wired; and the threads they work in."""

import asyncio
import platform
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.exports import Exports
from bot.exports.report import Reports as ReportFiles
from bot.mail import MarkdownLetters, SendGridMailer, SignedEvents
from bot.ports import Policy
from bot.reading import ChildComparer, ChildExports, ChildReader, Limits
from bot.services import Services
from bot.services.absence import Absences
from bot.services.access import Access
from bot.services.alarms import Alarms
from bot.services.answer_posts import AnswerPosts
from bot.services.answered import Answered
from bot.services.answers import Answers
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from bot.services.closures import Closures
from bot.services.columns import Columns
from bot.services.contacts import Contacts
from bot.services.copies import Copies
from bot.services.delivery import Delivery
from bot.services.events import Reception
from bot.services.exclusions import Exclusions
from bot.services.exported import Exported
from bot.services.facets import Facets
from bot.services.files import Files
from bot.services.following import Following
from bot.services.forgetting import Forgetting
from bot.services.frequency import Frequency
from bot.services.groups import Groups
from bot.services.home import Homes
from bot.services.imports import Imports
from bot.services.knowing import Knowing
from bot.services.letters import Correspondence
from bot.services.lint import Lint
from bot.services.lists import Lists
from bot.services.log import Journal
from bot.services.logs import Logs
from bot.services.nudges import Nudges
from bot.services.openings import Counting
from bot.services.operators import Operators
from bot.services.people import People
from bot.services.polling import Polling
from bot.services.progress import Progress
from bot.services.questionnaires import Questionnaires
from bot.services.questions import Questions
from bot.services.readiness import Readiness
from bot.services.recording import Recording
from bot.services.reminders import Reminders
from bot.services.reminding import Reminding
from bot.services.repairs import Repairs
from bot.services.reports import Reports
from bot.services.retention import Retention
from bot.services.returns import Returns
from bot.services.rights import Rights
from bot.services.senders import Senders
from bot.services.settling import Settling
from bot.services.strays import Strays
from bot.services.support import Support
from bot.services.suppressions import Suppressions
from bot.services.telling import Telling
from bot.services.templates import Templates
from bot.services.tracking import Tracking
from bot.services.versions import Versions
from bot.services.visits import Visits
from bot.services.waiting import Waiting
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
    events: ThreadPoolExecutor  # one thread: what the mail service posts is kept together
    answers: ThreadPoolExecutor  # one thread: so is what the questionnaires' tools post

    @classmethod
    def open(cls) -> "Pools":
        return cls(
            clicks=ThreadPoolExecutor(CLICKS, "click"),
            work=ThreadPoolExecutor(WORK, "work"),
            posts=ThreadPoolExecutor(POSTS, "post"),
            events=ThreadPoolExecutor(1, "events"),
            answers=ThreadPoolExecutor(1, "answers"),
        )

    def close(self) -> None:
        for pool in (self.events, self.answers, self.clicks, self.work, self.posts):
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
    facets = Facets(store=store, lists=lists)
    audiences = Audiences(
        store=store, lists=lists, facets=facets, frequency=Frequency(store=store, policy=policy), clock=clock
    )
    senders = Senders(mailer=mailer, policy=policy, clock=clock)
    lint = Lint(audiences=audiences, letters=letters, senders=senders, clock=clock, policy=policy)
    campaigns = Campaigns(
        store=store, lists=lists, people=people, letters=letters, messenger=messenger, clock=clock,
        policy=policy, telling=telling, senders=senders, audiences=audiences, lint=lint,
        knows=Knowing(store=store).knows,
    )  # fmt: skip
    repairs = Repairs(
        store=store, lists=lists, versions=versions, suppressions=suppressions, reader=reader,
        exporter=exports, messenger=messenger, clock=clock,
    )  # fmt: skip
    support = Support(
        store=store, messenger=messenger, clock=clock, policy=policy, about=_about(),
    )  # fmt: skip
    settling = Settling(
        store=store, campaigns=campaigns, logs=Logs(store=store, mail_log=mailer), messenger=messenger,
        exporter=exports, clock=clock, policy=policy,
    )  # fmt: skip
    following = Following(store=store, campaigns=campaigns, settling=settling, later=pools.work)
    answers = Answers(store=store, following=following, clock=clock)
    visits = Visits(store=store, following=following, clock=clock, policy=policy)
    operators = Operators(telling=telling)
    recording = Recording(store=store, strays=Strays(store=store), following=following, clock=clock)
    polling = Polling(
        store=store, lists=mailer, recording=recording, strays=recording.strays, following=following,
        recorder=pools.events, clock=clock, policy=policy,
    )  # fmt: skip
    copies = Copies(campaigns=campaigns)
    rights = Rights(store=store, messenger=messenger, clock=clock, policy=policy)
    waiting = Waiting(telling=telling)
    reminding = Reminding(store=store, telling=telling, knows=Knowing(store=store).knows)
    reminders = Reminders(campaigns=campaigns, reminding=reminding)
    answered = Answered(store=store, campaigns=campaigns, answers=answers, reminders=reminders, clock=clock)
    imports = Imports(
        store=store, files=files, reader=reader, messenger=messenger, people=people, versions=versions,
        columns=columns, questions=questions, suppressions=suppressions,
        progress=Progress(messenger=messenger), returns=Returns(repairs=repairs, questions=questions),
        exported=Exported(
            store=store, answered=answered, reader=ChildExports(Limits()), questions=questions, policy=policy
        ),
        clock=clock, plea=support.refused,
    )  # fmt: skip
    return Services(
        people=people, imports=imports, questions=questions, lists=lists, versions=versions,
        columns=columns, repairs=repairs, campaigns=campaigns, settling=settling,
        audiences=audiences, facets=facets,
        absences=Absences(store=store, messenger=messenger, imports=imports, people=people),
        contacts=Contacts(store=store, lists=lists, reader=reader, clock=clock),
        delivery=Delivery(
            store=store, letters=letters, mailer=mailer, campaigns=campaigns, telling=telling,
            clock=clock, posts=pools.posts, prepare=polling.prepare,
            reminding=reminding,
        ),
        polling=polling, groups=Groups(store=store, lists=mailer),
        counting=Counting(store=store, clock=clock, policy=policy),
        exclusions=Exclusions(
            store=store, exporter=exports, messenger=messenger, clock=clock, policy=policy
        ),
        journal=Journal(
            store=store, exporter=exports, messenger=messenger, clock=clock, policy=policy
        ),
        tracking=Tracking(store=store, following=following, clock=clock, policy=policy, visits=visits),
        reception=Reception(
            mail_events=SignedEvents(policy.webhook_key), recorder=pools.events, recording=recording
        ),
        retention=Retention(
            store=store, lists=lists, people=people, messenger=messenger, clock=clock, policy=policy
        ),
        rights=rights,
        access=Access(
            store=store, exporter=exports, messenger=messenger, rights=rights, clock=clock
        ),
        forgetting=Forgetting(
            store=store, messenger=messenger, lists=lists, rights=rights, clock=clock, later=pools.work
        ),
        alarms=Alarms(store=store, operators=operators),
        approvals=campaigns.approvals,
        readiness=Readiness(store=store, mailer=mailer, operators=operators),
        reminders=reminders, answered=answered,
        reports=Reports(
            store=store, answered=answered, reporter=ReportFiles(), messenger=messenger, telling=telling,
            clock=clock,
        ),
        homes=Homes(
            lists=lists, campaigns=campaigns, settling=settling, copies=copies, waiting=waiting
        ),
        waiting=waiting,
        copies=copies, closures=Closures(campaigns=campaigns, operators=operators),
        nudges=Nudges(settling=settling, operators=operators),
        questionnaires=Questionnaires(
            store=store, campaigns=campaigns, clock=clock, policy=policy, visits=visits
        ),
        answers=answers, visits=visits,
        answer_posts=AnswerPosts(
            store=store, answers=answers, recorder=pools.answers, clock=clock, policy=policy
        ),
        senders=senders, support=support, templates=Templates(store=store, people=people, clock=clock),
    )  # fmt: skip


def _about() -> tuple[str, ...]:
    """What runs here, for who helps. Run from a clone, nobody knows which Postillon."""
    here = f"Python {platform.python_version()}", platform.system()
    try:
        return f"Postillon {version('postillon')}", *here
    except PackageNotFoundError:
        return here
