"""The workspace: everything the stand-in knows, and the one place that says something changed."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime

from bot.playground.slack.conversations import Conversation, Conversations
from bot.playground.slack.files import Files
from bot.playground.slack.people import Profile, user_json
from bot.playground.slack.records import Call, Ids, Json, Refusal, Refused, Unanswered
from bot.playground.slack.responses import ResponseUrls
from bot.playground.slack.triggers import Triggers
from bot.playground.slack.views import Views

ALL_SCOPES = (
    "chat:write",
    "im:history",
    "im:write",
    "files:read",
    "files:write",
    "commands",
    "users:read",
    "users:read.email",
)
# not the bot breaking a rule: the world moved while it was asking
SITUATIONS = frozenset(
    {"message_not_found", "file_not_found", "hash_conflict", "not_found", "user_not_found", "not_in_channel"}
)

Tap = Callable[[str, str, object, object, str], None]
"""Told of each exchange: its way, its name, what was sent, what was answered, and what went wrong, if so."""

SecondOpinion = Callable[[object, str], list[str]]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The team, the app in it, and the three secrets between Slack and the bot."""

    team_id: str
    team_name: str
    signing_secret: str
    bot_token: str
    app_token: str
    app_id: str = "A0DEMO"
    bot_id: str = "B0DEMO"
    bot_user_id: str = "U0BOT"
    bot_name: str = "Postillon"
    scopes: tuple[str, ...] = ALL_SCOPES


@dataclass(kw_only=True)
class Workspace:
    identity: Identity
    now: Callable[[], datetime]
    people: dict[str, Profile]
    ids: Ids
    conversations: Conversations
    files: Files
    views: Views
    triggers: Triggers
    responses: ResponseUrls
    check: SecondOpinion | None = None
    calls: list[Call] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    declined: list[Refused] = field(default_factory=list)
    unanswered: list[Unanswered] = field(default_factory=list)
    echo: Callable[[Json], None] = lambda _event: None
    """Tells the bot of what was posted, as Slack does of its own posts too."""
    tap: Tap = lambda *_: None
    _watchers: list[Callable[[str], None]] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def subscribe(self, callback: Callable[[str], None]) -> Callable[[], None]:
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def changed(self, user_id: str = "") -> None:
        for watcher in list(self._watchers):
            watcher(user_id)

    def changed_in(self, conversation: Conversation) -> None:
        for user_id in sorted(conversation.members):
            self.changed(user_id)

    def background(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Drop what is still under way: the workspace closes."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def profile(self, user_id: object) -> Profile:
        profile = self.people.get(str(user_id))
        if profile is None:
            raise Refusal("user_not_found", str(user_id))
        return profile

    def user(self, profile: Profile, *, with_locale: bool) -> Json:
        return user_json(
            profile,
            team_id=self.identity.team_id,
            now=self.now(),
            with_locale=with_locale,
            with_email="users:read.email" in self.identity.scopes,
        )

    def called(self, method: str, args: Json) -> None:
        self.calls.append(Call(method=method, args=args, at=self.now()))

    def refuse(self, method: str, refusal: Refusal) -> None:
        refused = Refused(method=method, error=refusal.error, detail="; ".join(refusal.details))
        (self.declined if refusal.error in SITUATIONS else self.refusals).append(refused)
        self.changed()

    def second_opinion(self, method: str, payload: object, kind: str) -> None:
        """What the optional outside checker says counts as refused, though the payload goes through."""
        for error in self.check(payload, kind) if self.check else []:
            if not error.startswith("WARNING"):
                self.refuse(method, Refusal("second_opinion", error))
