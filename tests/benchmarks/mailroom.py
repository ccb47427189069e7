"""The bot from a kept list to the wire, on a real folder and without Slack: its messenger says nothing."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, cast

from bot import ports
from bot.app import TURN
from bot.core import campaigns as rules
from bot.core import facts, lines
from bot.core.addresses import canonical
from bot.core.campaigns import Campaign, State, When
from bot.core.contacts import Contact
from bot.core.delivery import BATCH, Progress
from bot.core.ids import ListId, MemberId, WorkspaceId, new_campaign_id
from bot.core.letters import Addressed, Composed, Letter, Sender
from bot.core.lists import ContactList, Report
from bot.core.people import Language, Member
from bot.core.policy import Policy
from bot.core.suppressions import Cause, Suppression
from bot.exports import Exports
from bot.mail import MarkdownLetters, SendGridMailer
from bot.services.audiences import Audiences
from bot.services.campaigns import Campaigns
from bot.services.delivery import Delivery
from bot.services.facets import Facets
from bot.services.frequency import Frequency
from bot.services.letters import Correspondence
from bot.services.lint import Lint
from bot.services.lists import Lists
from bot.services.people import People
from bot.services.reminding import Reminding
from bot.services.senders import Senders
from bot.services.telling import Telling
from bot.wiring import POSTS
from storage import open_store
from tests.benchmarks.reading import FIRST, LAST

WORK = WorkspaceId("T012345678")
CLAIRE = Member(workspace=WORK, id=MemberId("U012345678"), name="Claire", locale=Language.FRENCH)
SUPPRESSED = 1_000  # one person in so many, and as many strangers
LINK = "https://enquete.example.com/s/satisfaction?lang=fr"
SUBJECT = "{{ prénom | Bonjour }}, votre avis sur {{ entreprise }} ?"
BODY = """Bonjour {{ prénom }} {{ nom }},

Vous êtes {{ fonction | chez nous }} à {{ ville }} : votre avis sur **{{ entreprise }}** compte.
Quelques questions, trois minutes, pas une de plus.

[Répondre au questionnaire]({{ lien }})

Ce lien est à vous : merci de ne pas le transférer.

Merci, et à bientôt !"""


class Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Silent:
    """A messenger who says nothing; `counts` may be listened to."""

    def __init__(self) -> None:
        self.counts: Callable[[Progress], None] = lambda progress: None

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        self.counts(progress)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


@dataclass(frozen=True, kw_only=True)
class Took:
    """Seconds by the clock, and of this process's own processor time."""

    clock: float
    processor: float


class Stopwatch:
    def __init__(self) -> None:
        self._start = time.perf_counter(), time.process_time()

    def took(self) -> Took:
        clock, processor = self._start
        return Took(clock=time.perf_counter() - clock, processor=time.process_time() - processor)


def somebody(number: int) -> Contact:
    return Contact(
        row=number + 2, email=f"person{number}.{number % 97}@company{number // 20}.example.com",
        first_name=FIRST[number % 8], last_name=f"{LAST[number // 8 % 8]} {number}",
        company=f"Société {number % 500}", location="Saint-Étienne" if number % 3 else "Lyon",
        job_title="Directrice d'agence", extras=("Client", str(number)),
    )  # fmt: skip


class Mailroom:
    """`url` is where SendGrid is. `frequency_days`: nobody hears from two campaigns within so many; 0: one
    may."""

    def __init__(self, folder: Path, url: str, *, frequency_days: int = 0) -> None:
        sys.setswitchinterval(TURN)  # as the bot does
        self.store = open_store(f"tinydb:{folder}")
        self.mailer = SendGridMailer(api_key="SG.benchmark", api_url=url)
        self._posts = ThreadPoolExecutor(POSTS, "post")
        self.messenger = Silent()
        clock, silent = Now(), cast("ports.Messenger", self.messenger)
        policy = _policy(self.store.secret("tokens"), frequency_days)
        self.letters = Correspondence(letters=MarkdownLetters(), mailer=self.mailer, policy=policy)
        people = People(store=self.store, messenger=silent, clock=clock, policy=policy)
        lists = Lists(store=self.store, exporter=Exports(), messenger=silent, clock=clock)
        telling = Telling(store=self.store, messenger=silent, clock=clock, policy=policy)
        senders = Senders(mailer=self.mailer, policy=policy, clock=clock)
        audiences = Audiences(
            store=self.store, lists=lists, facets=Facets(store=self.store, lists=lists),
            frequency=Frequency(store=self.store, policy=policy), clock=clock,
        )  # fmt: skip
        lint = Lint(audiences=audiences, letters=self.letters, senders=senders, clock=clock, policy=policy)
        self.campaigns = Campaigns(
            store=self.store, lists=lists, people=people, letters=self.letters, messenger=silent,
            clock=clock, policy=policy, telling=telling, senders=senders, audiences=audiences, lint=lint,
        )  # fmt: skip
        self.delivery = Delivery(
            store=self.store, letters=self.letters, mailer=self.mailer, campaigns=self.campaigns,
            telling=telling, clock=clock, posts=self._posts,
            reminding=Reminding(store=self.store, telling=telling, knows=lambda *_: True),
        )  # fmt: skip

    def keep_list(self, count: int) -> ContactList:
        """Written a line at a time: nothing of it stays in memory."""
        staging = self.store.staging()
        with staging.open("wb") as file:
            file.write(lines.header("list"))
            file.writelines(lines.encode(somebody(number).to_line()) for number in range(count))
        kept = ContactList(
            workspace=WORK, id=ListId(f"lst_{count}"), owner=CLAIRE.id, title="Clients",
            report=Report(rows=count, accepted=count), created_at=datetime.now(UTC), source_file=f"F{count}",
        )  # fmt: skip
        self.suppress(count)
        return self.store.lists.add(WORK, kept, staging)

    def suppress(self, count: int) -> None:
        addresses = [canonical(somebody(number).email) for number in range(0, count, SUPPRESSED)]
        addresses += [f"stranger{number}@example.org" for number in range(len(addresses))]
        now = datetime.now(UTC)
        self.store.suppressions.add_all(
            WORK, (Suppression(address=one, cause=Cause.UNSUBSCRIBED, at=now, origin="") for one in addresses)
        )

    def draft(self, contact_list: ContactList | None) -> Campaign:
        draft = Campaign(
            workspace=WORK, id=new_campaign_id(), owner=CLAIRE.id, seed=os.urandom(4).hex(),
            created_at=datetime.now(UTC), language=Language.FRENCH, zone="Europe/Paris", name="Satisfaction",
            link=LINK, sender=Sender(address="avis@nova.example", name="Nova"),
            list_id=contact_list.id if contact_list else None,
            reason="Vous figurez parmi les contacts de Nova.", subject=SUBJECT, preheader="Trois minutes",
            body=BODY, when=When.NOW, reply_to=Sender(address="claire@nova.example", name="Claire"),
        )  # fmt: skip
        self.store.campaigns.add(WORK, draft)
        return draft

    def schedule(self, draft: Campaign) -> Campaign:
        return self.campaigns.schedule(CLAIRE, draft.id, draft.revision)

    def wrote(self, people: Iterable[Contact], count: int, ago: timedelta) -> None:
        """A campaign of so long ago, all its letters accepted: as it would stand in the folder."""
        at, draft = datetime.now(UTC) - ago, self.draft(None)
        audience = self.store.campaigns.fix_audience(WORK, draft.id, people)
        fixed = {"audience": audience, "audience_size": count, "scheduled_at": at, "send_at": at}
        scheduled = rules.move(draft, State.SCHEDULED, **fixed)
        self.store.campaigns.advance(WORK, scheduled, draft.revision, None)
        sending = rules.move(scheduled, State.SENDING, departed_at=at)
        self.store.campaigns.advance(WORK, sending, scheduled.revision, None)
        self._tell(sending, facts.WaveOpened(wave=0, at=at, audience_size=count))
        for batch in range(-(-count // BATCH)):
            self._tell(sending, facts.Claimed(wave=0, batch=batch, at=at))
            self._tell(sending, facts.Accepted(wave=0, batch=batch, at=at, message_id="m"))
        sent = rules.move(sending, State.SENT, ended_at=at)
        self.store.campaigns.advance(WORK, sent, sending.revision, None)

    def _tell(self, campaign: Campaign, fact: facts.Fact) -> None:
        assert self.store.ledgers.append(WORK, campaign.id, fact)

    def sends(self, campaign: Campaign) -> int:
        """From the departure to the end; how many letters were accepted."""
        self.delivery.sweep(datetime.now(UTC))
        ended = self.store.campaigns.get(WORK, campaign.id)
        progress = self.campaigns.progress(ended)
        assert ended.state is State.SENT, (ended.state, ended.why)
        assert progress.accepted == progress.people, progress
        return progress.accepted

    def sends_half(self, campaign: Campaign) -> None:
        """The bot is stopped about half-way."""

        def leave(progress: Progress) -> None:
            if progress.accepted * 2 > progress.people:
                self.delivery.leave()

        self.messenger.counts = leave
        self.delivery.sweep(datetime.now(UTC))
        progress = self.campaigns.progress(self.store.campaigns.get(WORK, campaign.id))
        assert progress.people > progress.accepted, "it was over before it was stopped"

    def addressed(self, campaign: Campaign) -> Iterator[tuple[Letter, Composed, Sequence[Addressed]]]:
        """Everybody's letters without those of the suppressed, a request's worth at a time."""
        letter = self.letters.letter(campaign)
        composed = self.letters.compose(letter)
        gone = {one.address for one in self.store.suppressions.all(WORK)}
        people = (
            pair
            for pair in self.store.campaigns.recipients(WORK, campaign)
            if canonical(pair[1].email) not in gone
        )
        while together := list(islice(people, 1_000)):
            yield letter, composed, list(self.letters.addressed(campaign, composed, together, 0))

    def bodies(self, campaign: Campaign) -> list[bytes]:
        return [
            self.mailer.build(letter, composed, people, campaign=campaign.id, wave=0).body
            for letter, composed, people in self.addressed(campaign)
        ]

    def close(self) -> None:
        self._posts.shutdown()
        self.mailer.close()
        self.store.close()


def _policy(secret: bytes, frequency_days: int) -> Policy:
    return Policy(
        mail_from=Sender(address="avis@nova.example", name="Nova"), reply_to=None,
        postal_address="Nova, 1 rue de la Paix, 75002 Paris", unsubscribe_to="stop@nova.example",
        public_url="https://postillon.nova.example", default_language=Language.FRENCH, senders=(), admins=(),
        max_file_bytes=1 << 20, undo_seconds=0, secret=secret,
        frequency_days=frequency_days,
    )  # fmt: skip


def highest() -> int:
    """Bytes this process ever held at once (Linux): what it gave back in between is not missed."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    raise RuntimeError("this system does not tell")
