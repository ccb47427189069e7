"""What the page stands on: the two stand-ins and what the playground lets a person turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import web

from bot.playground.sendgrid import SendGridStandIn
from bot.playground.slack import Person, Profile, SlackStandIn


class Sample(Protocol):
    """A file offered as the first step; `about` says in the person's language what is in it."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...

    @property
    def about(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A message shortcut of the app, by its names in the menu."""

    callback_id: str
    french: str
    english: str


class Controls(Protocol):
    """What the playground gives the page besides the stand-ins."""

    def now(self) -> datetime: ...

    async def move(self, delta: timedelta) -> None: ...

    async def to_next_departure(self) -> datetime | None:
        """Move to the next scheduled departure; None, and no move, when nothing is scheduled."""
        ...

    def samples(self, language: str) -> Sequence[Sample]:
        """`language` is "fr" or "en"."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stage:
    slack: SlackStandIn
    mail: SendGridStandIn
    controls: Controls
    shortcuts: tuple[Shortcut, ...]

    def people(self) -> list[Profile]:
        """Who a visitor can be."""
        return [profile for profile in self.slack.people if not profile.is_bot]

    def seat(self, user_id: str) -> Person:
        """The person of this id; the first one when none is named."""
        known = [profile.id for profile in self.people()]
        if user_id and user_id not in known:
            raise web.HTTPNotFound
        return self.slack.person(user_id or known[0])

    def sample(self, person: Person, name: str) -> Sample:
        for offered in self.samples(person):
            if offered.name == name:
                return offered
        raise web.HTTPNotFound

    def samples(self, person: Person) -> Sequence[Sample]:
        return self.controls.samples("fr" if person.profile.locale.startswith("fr") else "en")
