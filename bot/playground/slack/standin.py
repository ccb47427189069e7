"""The stand-in itself: a workspace on loopback for the real Bolt app and the real client."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from aiohttp import web

from bot.playground.slack.api.wire import Trouble, Wire
from bot.playground.slack.conversations import Conversation, Conversations
from bot.playground.slack.delivery import PATIENCE, Answer, Delivery
from bot.playground.slack.files import Files, StoredFile
from bot.playground.slack.links import Links
from bot.playground.slack.outbox import Outbox
from bot.playground.slack.payloads import Payloads
from bot.playground.slack.people import DEFAULT_PEOPLE, Profile
from bot.playground.slack.person import Person
from bot.playground.slack.posts import Posts
from bot.playground.slack.records import Call, Ids, Json, Refused, Unanswered
from bot.playground.slack.responses import ResponseUrls
from bot.playground.slack.triggers import Triggers
from bot.playground.slack.views import Views
from bot.playground.slack.workspace import ALL_SCOPES, Identity, SecondOpinion, Tap, Workspace

T = TypeVar("T")


class SlackStandIn:
    """With an `event_url` payloads are POSTed there, signed; without one the bot connects in Socket Mode.

    `check` is an optional second opinion on every message, view and answer: what it complains of is
    recorded in `refusals`, unless it starts with WARNING.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        people: Sequence[Profile] = DEFAULT_PEOPLE,
        team_id: str = "T0DEMO",
        team_name: str = "Démo",
        signing_secret: str = "a-signing-secret-for-loopback",  # noqa: S107 - opens nothing but this stand-in
        bot_token: str = "xoxb-stand-in",  # noqa: S107 - the same
        app_token: str = "xapp-stand-in",  # noqa: S107 - the same
        event_url: str | None = None,
        scopes: Sequence[str] = ALL_SCOPES,
        check: SecondOpinion | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        identity = Identity(
            team_id=team_id,
            team_name=team_name,
            signing_secret=signing_secret,
            bot_token=bot_token,
            app_token=app_token,
            scopes=tuple(scopes),
        )
        self._ws = _workspace(identity, now, people, check, Triggers(ids := Ids(), monotonic), ids)
        self._links: Links | None = None
        self._event_url = event_url
        if event_url is None:
            self._links = Links(ids, app_id=identity.app_id, changed=self._ws.changed, patience=patience)
        self._delivery: Delivery = self._links or Posts(
            event_url or "", signing_secret=signing_secret, patience=patience
        )
        self._wire = Wire(ws=self._ws, links=self._links)
        self._payloads = Payloads(self._ws)
        self._outbox = Outbox(self._ws, self._delivery, self._payloads)
        self._ws.echo = self._outbox.echo
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self._url = ""

    # where it is

    @property
    def url(self) -> str:
        return self._url

    @url.setter
    def url(self, url: str) -> None:
        self._url = url
        self._ws.files.base = self._ws.responses.base = url
        if self._links is not None:
            self._links.base = url

    @property
    def api_url(self) -> str:
        return f"{self._url}/api/"

    @property
    def identity(self) -> Identity:
        return self._ws.identity

    @property
    def bot_token(self) -> str:
        return self._ws.identity.bot_token

    @property
    def app_token(self) -> str:
        return self._ws.identity.app_token

    @property
    def signing_secret(self) -> str:
        return self._ws.identity.signing_secret

    def application(self) -> web.Application:
        return self._wire.application()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def close(self) -> None:
        await self._ws.settle()
        await self._delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # who is in it, and what happened

    def person(self, user_id: str) -> Person:
        if user_id not in self._people:
            profile = self._ws.people[user_id]
            self._people[user_id] = Person(self._ws, self._outbox, self._payloads, profile, self.until)
        return self._people[user_id]

    @property
    def people(self) -> list[Profile]:
        return list(self._ws.people.values())

    def add_channel(
        self, channel_id: str, *, name: str, members: Sequence[str] = (), has_bot: bool = True
    ) -> None:
        """A channel beside the DMs; without the bot in it, the bot can neither post nor reach its files."""
        members = members or list(self._ws.people)
        self._ws.conversations.add(
            Conversation(id=channel_id, name=name, members=frozenset(members), has_bot=has_bot)
        )

    def messages_in(self, channel_id: str) -> list[Json]:
        return self._ws.conversations.get(channel_id).messages

    def file(self, file_id: str) -> StoredFile:
        return self._ws.files.get(file_id)

    @property
    def calls(self) -> list[Call]:
        """Every Web API call in order, with its arguments."""
        return self._ws.calls

    @property
    def refusals(self) -> list[Refused]:
        """Requests refused because the bot broke a rule."""
        return self._ws.refusals

    @property
    def declined(self) -> list[Refused]:
        """Requests refused because the world had moved: a message gone, a view closed or changed."""
        return self._ws.declined

    @property
    def unanswered(self) -> list[Unanswered]:
        return self._ws.unanswered

    @property
    def connections(self) -> int:
        return len(self._links.open) if self._links else 0

    def tap(self, tap: Tap) -> None:
        """Told of every call and payload from now on."""
        self._ws.tap = tap

    def subscribe(self, callback: Callable[[str], None]) -> Callable[[], None]:
        return self._ws.subscribe(callback)

    async def until(
        self,
        condition: Callable[[], T | bool | None],
        timeout: float = 5.0,  # noqa: ASYNC109 - it fails with what everybody sees, not with a bare TimeoutError
    ) -> T:
        """The first truthy value of `condition`, looked at again after each change."""
        changes: asyncio.Queue[str] = asyncio.Queue()
        stop = self.subscribe(changes.put_nowait)
        try:
            async with asyncio.timeout(timeout):
                while not (found := condition()):
                    await changes.get()
        except TimeoutError:
            raise AssertionError(f"still not so after {timeout:g} s\n{self.dump()}") from None
        finally:
            stop()
        return found  # type: ignore[return-value]  # True itself is the T of a bare predicate

    def dump(self) -> str:
        """What everybody sees, and what went wrong: for the message of a failed test."""
        lines = []
        for profile in self.people:
            lines += [f"--- {profile.name} sees", self.person(profile.id).text_of()]
        for title, records in (
            ("refused", self.refusals),
            ("declined", self.declined),
            ("unanswered", [f"{one.kind} {one.reason}" for one in self.unanswered]),
            ("last calls", [call.method for call in self.calls[-12:]]),
        ):
            lines += [f"--- {title}", *map(str, records)]
        return "\n".join(lines)

    # troubles made on purpose

    def throttle(self, method: str, retry_after: int) -> None:
        """The next call of this method meets HTTP 429."""
        self._wire.troubles[method].append(Trouble(error="ratelimited", retry_after=retry_after))

    def break_next(self, method: str, error: str) -> None:
        self._wire.troubles[method].append(Trouble(error=error))

    def unlearns(self, kind: str) -> None:
        """Every message with a block of that type meets `invalid_blocks` from now on."""
        self._wire.unknown_blocks.add(kind)

    async def away(self) -> None:
        """Slack is gone: connections break, new ones are refused."""
        self._wire.away = True
        if self._links is not None:
            await self._links.close()

    def back(self) -> None:
        self._wire.away = False

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every Socket Mode connection to come again, as Slack does every few hours."""
        assert self._links is not None, "HTTP mode has no connections"
        await self._links.disconnect(reason)

    async def redeliver_last_event(self) -> Answer:
        return await self._outbox.redeliver()

    async def emits(self, event: Json) -> Answer:
        """Send the bot any event, an unknown one included."""
        return await self._outbox.event(event)


def _workspace(
    identity: Identity,
    now: Callable[[], datetime],
    people: Sequence[Profile],
    check: SecondOpinion | None,
    triggers: Triggers,
    ids: Ids,
) -> Workspace:
    conversations = Conversations(ids)
    for profile in people:
        conversations.add(Conversation(id=profile.dm, name="directmessage", members=frozenset({profile.id})))
    return Workspace(
        identity=identity,
        now=now,
        people={profile.id: profile for profile in people},
        ids=ids,
        conversations=conversations,
        files=Files(ids, identity.team_id),
        views=Views(ids, team_id=identity.team_id, app_id=identity.app_id, bot_id=identity.bot_id),
        triggers=triggers,
        responses=ResponseUrls(ids),
        check=check,
    )
