"""A letter, a person, and the real client against the stand-in mail service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.contacts import Contact
from bot.core.envelopes import Envelopes
from bot.core.letters import Composed, Letter, Sender, Unsubscribe
from bot.core.people import Language
from bot.mail.letters import MarkdownLetters
from bot.mail.sendgrid import SendGridMailer
from bot.mail.wire import Timeouts
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import Outcome, Request

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINK = "https://forms.example/q?a=1&postillon=abc"


def written(body: str = "Bonjour {{prénom}},", **changes: Any) -> Letter:
    return Letter(
        **{
            "subject": "Votre avis, {{prénom}}",
            "body": body,
            "language": Language.FRENCH,
            "sender": Sender(address="enquetes@studio-nova.example", name="Studio Nova"),
            "reply_to": None,
            "postal_address": "12 rue des Lilas, 75011 Paris",
            "reason": "Vous figurez parmi les contacts de Studio Nova",
            "seed": "k3v9",
            "unsubscribe": Unsubscribe(page=True),
            **changes,
        }
    )


def contact(number: int = 0, **changes: Any) -> Contact:
    return Contact(
        **{
            "row": 2,
            "email": f"p{number}@client.example",
            "first_name": "Zoé",
            "last_name": "Noël",
            **changes,
        }
    )


@dataclass(kw_only=True)
class Post:
    """The mailer in a thread of its own, as the bot uses it, and the service it speaks to."""

    service: SendGridStandIn
    mailer: SendGridMailer
    pool: ThreadPoolExecutor

    async def sends(self, letter: Letter, *people: Contact, **how: Any) -> Outcome:
        return await self.posts(self.request(letter, *people, **how))

    def request(
        self, letter: Letter, *people: Contact, unsubscribe_url: str | None = None, trial: bool = False
    ) -> Request:
        composed = MarkdownLetters().compose(letter)
        url = unsubscribe_url or ("https://bot.example/u/tok" if letter.unsubscribe.page else "")
        envelopes = Envelopes(
            composed.tags, link=(LINK, ""), seed=letter.seed, mailto=letter.unsubscribe.mailto
        )
        addressed = [
            envelopes.address(person, number=number, token="", unsubscribe_url=url)
            for number, person in enumerate(people or [contact()])
        ]
        return self.mailer.build(letter, composed, addressed, campaign="cmp_1", wave=0, trial=trial)

    async def posts(self, request: Request) -> Outcome:
        return await self.runs(self.mailer.post, request)

    async def runs(self, act: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, act, *args)


@pytest.fixture
async def service() -> AsyncIterator[SendGridStandIn]:
    stand_in = SendGridStandIn(now=lambda: NOW, groups=(7,))
    await stand_in.start()
    yield stand_in
    await stand_in.close()


@pytest.fixture
def post_to(request: pytest.FixtureRequest) -> Callable[..., Post]:
    def made(service: SendGridStandIn, **settings: Any) -> Post:
        settings = {"api_key": service.api_key, "api_url": service.url, "clock": lambda: NOW, **settings}
        settings.setdefault("timeouts", Timeouts(connect=5.0, answer=20.0))
        mailer = SendGridMailer(**settings)
        pool = ThreadPoolExecutor(max_workers=1)
        request.addfinalizer(mailer.close)
        request.addfinalizer(lambda: pool.shutdown(wait=True))
        return Post(service=service, mailer=mailer, pool=pool)

    return made


@pytest.fixture
def post(service: SendGridStandIn, post_to: Callable[..., Post]) -> Post:
    return post_to(service)


def values(composed: Composed, person: Contact) -> Mapping[str, str]:
    """What stands in the place of each tag, for this person."""
    envelopes = Envelopes(composed.tags, link=(LINK, ""), seed="k3v9", mailto="")
    made = envelopes.address(person, number=0, token="", unsubscribe_url="https://bot.example/u/tok")
    return made.substitutions


def as_read(composed: Composed, person: Contact) -> Composed:
    """The letter as this person receives it."""
    subject, html, text = composed.subject, composed.html, composed.text
    for tag, value in values(composed, person).items():
        subject, html, text = (part.replace(tag, value) for part in (subject, html, text))
    return Composed(subject=subject, html=html, text=text, tags=composed.tags)
