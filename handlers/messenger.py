"""To Slack, for the services: `bot.ports.Messenger`, synchronous over the event loop.

Every message goes to the person's own DM. Campaign messages keep Slack's pace (handlers.pacing), and a
message whose newest block Slack refuses goes again without it (handlers.posts).
"""

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.approvals import is_open
from bot.core.approvals import subject as named
from bot.core.attending import Attended
from bot.core.campaigns import Campaign
from bot.core.closures import subject as closure_subject
from bot.core.copies import model
from bot.core.delivery import Progress
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.lists import ContactList
from bot.core.nudges import subject as nudge_subject
from bot.core.people import Language, Member
from bot.core.retention import Asked
from bot.core.sentences import Sentence
from bot.core.settling import Question, subject
from bot.core.support import Line, Plea, Spot
from handlers import history, payloads
from handlers.asks import Asks
from handlers.blocks import (
    approvals,
    campaigns,
    closures,
    kit,
    lists,
    nudges,
    questions,
    settling,
    support,
    versions,
)
from handlers.blocks.absence import back
from handlers.blocks.voice import Say, voice
from handlers.deputies import Deputies
from handlers.pacing import Pace
from handlers.pleas import Pleas
from handlers.posts import Post, Posts, without_retries
from handlers.retention import posts as about_retention
from handlers.traces import Traces

T = TypeVar("T")

PASSING = "progress."  # sentences that the next one replaces
PATIENCE = 60.0  # seconds a thread waits for Slack, throttling included
LEAVING = "leaving"  # why nobody is waited for any more


@dataclass(kw_only=True)
class SlackMessenger:
    client: AsyncWebClient
    loop: asyncio.AbstractEventLoop
    store: ports.Store
    policy: ports.Policy
    gap: float = 3.0  # seconds between two edits of one campaign's message
    on_change: Callable[[Member], None] | None = None  # in the event loop: a campaign of theirs changed
    is_helped: Callable[[Member], bool] = lambda _: False  # would anybody hear them ask for help?
    _posts: Posts = field(init=False)
    _pace: Pace = field(init=False)
    _deputies: Deputies = field(init=False)
    _pleas: Pleas = field(init=False)
    _traces: Traces = field(init=False)
    _asks: Asks = field(init=False)
    _waited_for: set[concurrent.futures.Future[Any]] = field(default_factory=set)
    _is_cut: bool = False
    _is_late: bool = False  # somebody was waiting for Slack when it was cut
    _changes: dict[CampaignId, int] = field(default_factory=dict)  # the revision told by `on_change`
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        shelf = concurrent.futures.ThreadPoolExecutor(2, "messages")
        self._pace = Pace(gap=self.gap)
        self._posts = Posts(
            client=self.client, edits=without_retries(self.client), budget=self._pace.budget,
            messages=self.store.messages, shelf=shelf,
        )  # fmt: skip
        self._deputies = Deputies(posts=self._posts, people=self.store.people)
        self._traces = Traces(client=self.client, posts=self._posts)
        self._pleas = Pleas(client=self.client, people=self.store.people)
        self._asks = Asks(posts=self._posts, store=self.store, wait=self._wait)

    def _helped(self, member: Member, blocks: list[kit.Block], about: kit.Target | None) -> list[kit.Block]:
        return support.beneath(voice(member), blocks, about) if about and self.is_helped(member) else blocks

    def profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        return self._wait(self._profile(workspace, member))

    async def _profile(self, workspace: WorkspaceId, member: MemberId) -> Member:
        answer = await self.client.users_info(user=member, include_locale=True)
        return payloads.member(answer["user"], workspace, self.policy.default_language)

    def say(self, member: Member, said: Sentence) -> None:
        text = voice(member).mrkdwn(said)
        self._wait(self._posts.post(Post(member=member, text=text)))

    def ask(self, member: Member, campaign: Campaign, progress: Progress, said: Sentence) -> None:
        about = support.of_campaign(campaign)
        self._asks.ask(member, campaign, progress, said, lambda blocks: self._helped(member, blocks, about))

    def post(self, channel: str, said: Sentence, language: Language) -> None:
        text = Say(language).mrkdwn(said)
        self._wait(self.client.chat_postMessage(channel=channel, text=text))

    def show_approval(self, place: str, campaign: Campaign, owner: Member, language: Language) -> None:
        approval = campaign.approval
        assert approval is not None
        say = Say(language, owner.tz)
        there = replace(owner, id=MemberId(place))  # where a message goes is a member, for a post
        text, blocks = approvals.message(say, campaign, in_dm=place[0] in "UW")
        post = Post(
            member=there, text=text, blocks=blocks, subject=named(campaign.id, approval.revision, place),
            only_edit=not is_open(approval),
        )  # fmt: skip
        self._wait(self._posts.show(post))
        if approval.replaces and is_open(approval):
            text, blocks = approvals.replaced(say, campaign)
            before = named(campaign.id, approval.replaces, place)
            self._wait(
                self._posts.show(Post(member=there, text=text, blocks=blocks, subject=before, only_edit=True))
            )

    def show_list(
        self, member: Member, contact_list: ContactList, *, uses: int = 0, only_edit: bool = False
    ) -> None:
        say = voice(member)
        text, blocks = lists.preview(say, contact_list, uses, self._last(member, contact_list))
        blocks = self._helped(member, blocks, support.of_list(contact_list))
        post = Post(member=member, subject=contact_list.id, text=text, blocks=blocks, only_edit=only_edit)
        self._wait(self._posts.show(post))

    def show_import(
        self, member: Member, pending: ports.PendingImport, said: Sentence | None = None, *, plea: str = ""
    ) -> None:
        say = voice(member)
        text, blocks = questions.told(say, said) if said else questions.question(say, pending)
        if plea or not said:
            blocks = self._helped(member, blocks, kit.Target(id=plea or pending.file.id))
        post = Post(member=member, subject=pending.subject, text=text, blocks=blocks)
        is_passing = said is not None and said.key.startswith(PASSING)
        self._wait(self._show_passing(post) if is_passing else self._posts.show(post))

    async def _show_passing(self, post: Post) -> None:
        """How far a file is: left out where edits are rare, since the next look comes in seconds. An import
        must not wait for it."""
        if self._pace.budget.has_room:
            await self._posts.show(post)

    def dropped(self, member: Member, since: datetime) -> Sequence[ports.Dropped]:
        return self._wait(history.dropped(self.client, member, since))

    def show_absence(
        self, member: Member, absence: ports.Absence, dropped: Sequence[ports.Dropped], *,
        is_told: bool = False,
    ) -> None:  # fmt: skip
        text = back(voice(member), absence, dropped, is_told=is_told)
        self._wait(self._posts.post(Post(member=member, text=text)))

    def ask_whom(self, member: Member, contact_list: ContactList, others: Sequence[Campaign]) -> None:
        last = self._last(member, contact_list)
        text, blocks = versions.outcome(voice(member), contact_list, others, last=last)
        self._wait(self._posts.post(Post(member=member, text=text, blocks=blocks)))

    def show_campaign(self, member: Member, campaign: Campaign, progress: Progress) -> None:
        """At once when the record changed; counts alone wait for their turn, and only the last are shown."""
        text, blocks = campaigns.message(voice(member), campaign, progress)
        blocks = self._helped(member, blocks, support.of_campaign(campaign))

        async def show() -> None:
            await self._posts.show(Post(member=member, subject=campaign.id, text=text, blocks=blocks))
            await self._deputies.follow(Attended(campaign=campaign, progress=progress, owner=member))
            self._tell_change(member, campaign)

        self._wait(self._pace.run(campaign.id, campaign.revision, show))
        self._asks.follow(member, campaign)

    def _tell_change(self, member: Member, campaign: Campaign) -> None:
        if self.on_change and self._changes.get(campaign.id) != campaign.revision:
            self._changes[campaign.id] = campaign.revision
            self.on_change(member)

    def show_closure(
        self, admin: Member, attended: Attended, by: Member | None, *, replies_lost: bool
    ) -> None:
        campaign = attended.campaign
        assert campaign.closure is not None
        text, blocks = closures.message(voice(admin), attended, by, replies_lost=replies_lost)
        named = closure_subject(campaign.id, campaign.closure, admin.id)
        only_edit = campaign.closure.answer is not None or not closures.is_open(campaign)
        self._wait(
            self._posts.show(Post(member=admin, subject=named, text=text, blocks=blocks, only_edit=only_edit))
        )

    def show_retention(self, member: Member, asked: Asked) -> None:
        for post in about_retention(member, asked):
            self._wait(self._posts.show(post))

    def show_nudge(self, reader: Member, attended: Attended, asked: datetime | None) -> None:
        text, blocks = nudges.message(voice(reader), attended, asked)
        named = nudge_subject(attended.campaign, reader.id)
        post = Post(member=reader, subject=named, text=text, blocks=blocks, only_edit=asked is None)
        self._wait(self._posts.show(post))

    def _last(self, member: Member, contact_list: ContactList) -> Campaign | None:
        """What *same as last time* repeats; a file that waits is another list's."""
        list_id = contact_list.waiting.list_id if contact_list.waiting else contact_list.id
        return model(self.store.campaigns.all(member.workspace), member, list_id)

    def show_question(self, member: Member, campaign: Campaign, question: Question) -> None:
        text, blocks = settling.question(voice(member), campaign, question)
        if question.doubts:
            blocks = self._helped(member, blocks, kit.Target(id=campaign.id))
        named, still_asks = subject(campaign.id), bool(question.doubts)
        post = Post(member=member, subject=named, text=text, blocks=blocks, only_edit=not still_asks)
        self._wait(self._posts.show(post))
        if not still_asks:
            for ref in self.store.messages.of(member.workspace, named):
                self.store.messages.forget(member.workspace, ref)

    def show_plea(self, to: str, plea: Plea, asker: Member, language: Language) -> ports.MessageRef:
        return self._wait(self._pleas.show(to, plea, asker, language))

    def add_to_plea(self, spot: Spot, plea: Plea, line: Line, language: Language) -> None:
        self._wait(self._pleas.add(spot, plea, line, language))

    def show_support(self, member: Member, plea: Plea, number: int) -> ports.MessageRef | None:
        return self._wait(self._pleas.tell(member, plea, number))

    def send_file(self, member: Member, file: ports.OutgoingFile, said: Sentence) -> None:
        text = voice(member).mrkdwn(said)
        post = Post(member=member, text=text, subject=file.about)
        self._wait(self._posts.upload(post, file.name, file.content))

    def blank(self, member: Member, subject: str, said: Sentence) -> None:
        self._wait(self._traces.blank(member, subject, voice(member).mrkdwn(said)))

    def delete_files(self, workspace: WorkspaceId, about: str) -> int:
        return self._wait(self._traces.delete_files(workspace, about))

    def permalink(self, file_id: str) -> str:
        return self._wait(self._traces.permalink(file_id))

    async def settle(self) -> None:
        """Shutdown: what still waits for its turn is shown now."""
        await self._pace.settle(is_late=self._is_late)

    def cut(self) -> int:
        """Shutdown has waited enough: who waits for Slack finds it `Unreachable`, and so does who comes
        after them. What they had to say stays owed. Their number."""
        with self._lock:
            self._is_cut = True
            waited_for = list(self._waited_for)
        given_up = sum(future.cancel() for future in waited_for)
        self._is_late = given_up > 0
        return given_up

    def _begun(self, work: Coroutine[object, object, T]) -> concurrent.futures.Future[T]:
        with self._lock:
            if self._is_cut:
                work.close()
                raise ports.Unreachable(LEAVING)
            future = asyncio.run_coroutine_threadsafe(work, self.loop)
            self._waited_for.add(future)
        return future

    def _wait(self, work: Coroutine[object, object, T]) -> T:
        """From a thread of the services. Slack's refusals and absences become `Unreachable`."""
        future = self._begun(work)
        try:
            return future.result(PATIENCE)
        except concurrent.futures.CancelledError as cut:
            raise ports.Unreachable(LEAVING) from cut
        except SlackApiError as refused:
            raise ports.Unreachable(str(refused.response.get("error"))) from refused
        except concurrent.futures.TimeoutError as late:
            future.cancel()
            raise ports.Unreachable("timeout") from late
        except (ClientError, OSError) as away:
            raise ports.Unreachable(type(away).__name__) from away
        finally:
            with self._lock:
                self._waited_for.discard(future)
