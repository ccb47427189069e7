"""To Slack: posted once, edited in place, posted again when gone, plainer where refused, at Slack's pace."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import ports
from bot.core.campaigns import State
from bot.core.delivery import Progress
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.core.sentences import sentence
from bot.core.timeline import QUARTER
from bot.playground.slack import Person, SlackStandIn
from handlers.messenger import SlackMessenger
from handlers.pacing import Pace
from storage import open_store
from tests.handlers.campaign_records import a_campaign
from tests.handlers.test_lists_blocks import a_list

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TEAM = WorkspaceId("T0DEMO")
LIST = a_list(workspace=TEAM, owner=MemberId("U0CLAIRE"))
FILE = ports.OutgoingFile(name="clients.csv", content=b"Email\r\na@b.fr\r\n")


@dataclass(kw_only=True)
class Desk:
    slack: SlackStandIn
    messenger: SlackMessenger
    store: ports.Store
    claire: Person
    member: Member

    async def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """As the services do: from a thread."""
        return await asyncio.to_thread(act, *args, **kwargs)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    slack = SlackStandIn(now=lambda: NOW)
    await slack.start()
    store = open_store(f"tinydb:{tmp_path / 'data'}")
    client = AsyncWebClient(
        token=slack.identity.bot_token,
        base_url=slack.api_url,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    policy = ports.Policy(
        mail_from=Sender(address="a@b.example"), reply_to=None, postal_address="", unsubscribe_to="",
        public_url="", default_language=Language.ENGLISH, senders=(), admins=(), max_file_bytes=1,
        undo_seconds=0, secret=b"",
    )  # fmt: skip
    messenger = SlackMessenger(client=client, loop=asyncio.get_running_loop(), store=store, policy=policy)
    member = Member(workspace=TEAM, id=MemberId("U0CLAIRE"), locale=Language.FRENCH, zone="Europe/Paris")
    claire = slack.person("U0CLAIRE")
    yield Desk(slack=slack, messenger=messenger, store=store, claire=claire, member=member)
    await messenger.settle()
    store.close()
    await slack.close()


async def test_who_somebody_is(desk: Desk) -> None:
    claire = await desk.does(desk.messenger.profile, TEAM, MemberId("U0CLAIRE"))
    assert (claire.name, claire.first_name, claire.email) == (
        "Claire Martin", "Claire", "claire@studio-nova.example",
    )  # fmt: skip
    assert (claire.locale, claire.zone, claire.is_admin, claire.is_guest) == (
        Language.FRENCH, "Europe/Paris", True, False,
    )  # fmt: skip
    people = desk.slack._ws.people
    people["U0BOB"] = replace(people["U0BOB"], is_restricted=True, email=None, tz="Europe/Paris")
    people["U0SAMIR"] = replace(people["U0SAMIR"], is_stranger=True, team_id="T0OTHER")
    bob = await desk.does(desk.messenger.profile, TEAM, MemberId("U0BOB"))
    samir = await desk.does(desk.messenger.profile, TEAM, MemberId("U0SAMIR"))
    assert bob.is_guest
    assert bob.email == ""
    assert samir.is_guest
    assert samir.workspace == TEAM
    with pytest.raises(ports.Unreachable, match="user_not_found"):
        await desk.does(desk.messenger.profile, TEAM, MemberId("U0NOBODY"))


async def test_a_sentence_in_the_language_of_its_reader(desk: Desk) -> None:
    await desk.does(desk.messenger.say, desk.member, sentence("lists.deleted", title="<!channel>"))
    await desk.claire.sees("« <!channel> » est supprimée.")
    assert "<!channel>" not in desk.claire.messages[-1]["text"], "a title pings nobody"


async def test_a_list_is_posted_once_and_edited_after(desk: Desk) -> None:
    await desk.does(desk.messenger.show_list, desk.member, LIST)
    await desk.does(desk.messenger.show_list, desk.member, replace(LIST, title="Clients 2027"))
    await desk.claire.sees("Clients 2027 · 412 contacts")
    assert len(desk.claire.messages) == 1
    assert desk.claire.messages[0]["edited"]


async def test_a_message_that_is_gone_is_posted_again_and_remembered(desk: Desk) -> None:
    await desk.does(desk.messenger.show_list, desk.member, LIST)
    first = desk.claire.messages[0]["ts"]
    await desk.messenger.client.chat_delete(channel=desk.claire.profile.dm, ts=first)
    await desk.does(desk.messenger.show_list, desk.member, LIST)
    await desk.does(desk.messenger.show_list, desk.member, replace(LIST, title="Encore"))
    await desk.claire.sees("Encore · 412 contacts")
    assert len(desk.claire.messages) == 1
    assert [ref.ts for ref in desk.store.messages.of(TEAM, LIST.id)] == [desk.claire.messages[0]["ts"]]


async def test_only_edit_posts_nothing(desk: Desk) -> None:
    await desk.does(desk.messenger.show_list, desk.member, LIST, only_edit=True)
    assert desk.claire.messages == []
    assert desk.store.messages.of(TEAM, ListId(LIST.id)) == []


@pytest.mark.parametrize("error", ["invalid_blocks", "internal_error"])
async def test_a_refused_block_is_left_out(desk: Desk, error: str, caplog: pytest.LogCaptureFixture) -> None:
    desk.slack.break_next("chat.postMessage", error)
    await desk.does(desk.messenger.show_list, desk.member, LIST)
    await desk.claire.sees("412 contacts")
    kinds = [block["type"] for block in desk.claire.messages[-1]["blocks"]]
    assert "table" not in kinds
    assert "actions" in kinds
    assert "refused a message with a table block" in caplog.text


ANSWERED = Progress(
    people=9, accepted=9, delivered=8, answered=5, clicked=6, at=NOW,
    answers={int(NOW.timestamp()) // QUARTER - hour * 4: 1 for hour in range(5)},
)  # fmt: skip


async def test_where_slack_knows_no_charts_their_words_stand_instead(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused once, and remembered: not each edit is refused first."""
    desk.slack.unlearns("data_visualization")
    campaign = a_campaign(State.SENT, workspace=TEAM, departed_at=NOW - timedelta(days=1))
    await desk.does(desk.messenger.show_campaign, desk.member, campaign, ANSWERED)
    await desk.claire.sees("De la lettre à la réponse")
    await desk.claire.sees("Ont ouvert le lien 6 → Ont répondu 5")
    await desk.claire.sees("▁▁")
    assert [block["type"] for block in desk.claire.messages[-1]["blocks"]].count("data_visualization") == 0
    posted = sum(call.method == "chat.postMessage" for call in desk.slack.calls)
    assert posted == 2, "with charts, then in words"

    changed = replace(campaign, revision=campaign.revision + 1)
    await desk.does(desk.messenger.show_campaign, desk.member, changed, replace(ANSWERED, answered=6))
    await desk.claire.sees("Ont répondu 6")
    assert updates(desk) == 1
    assert caplog.text.count("refused a message with a data_visualization block") == 1


async def test_charts_are_drawn_where_slack_knows_them(desk: Desk) -> None:
    campaign = a_campaign(State.SENT, workspace=TEAM, departed_at=NOW - timedelta(days=1))
    await desk.does(desk.messenger.show_campaign, desk.member, campaign, ANSWERED)
    kinds = [block["type"] for block in desk.claire.messages[-1]["blocks"]]
    assert kinds.count("data_visualization") == 2


async def test_what_is_throttled_goes_again(desk: Desk) -> None:
    desk.slack.throttle("chat.postMessage", 1)
    await desk.does(desk.messenger.say, desk.member, sentence("lists.unknown"))
    await desk.claire.sees("Je ne trouve pas cette liste")


async def test_an_edit_that_is_throttled_goes_again_when_slack_says(desk: Desk) -> None:
    """A 429 to one edit holds every edit for as long as it says, and none is lost; a new message is none."""
    await desk.does(desk.messenger.show_list, desk.member, LIST)
    desk.slack.throttle("chat.update", 1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    changed = [replace(LIST, title="Clients 2027"), replace(LIST, id=ListId("lst_2"))]
    await asyncio.gather(*(desk.does(desk.messenger.show_list, desk.member, one) for one in changed))
    await desk.claire.sees("Clients 2027 · 412 contacts")
    assert updates(desk) == 2, "the one that was refused, and the same again"
    assert loop.time() - began >= 1


def updates(desk: Desk) -> int:
    return sum(call.method == "chat.update" for call in desk.slack.calls)


async def test_where_edits_are_rare_a_files_progress_is_left_out(desk: Desk) -> None:
    desk.messenger._pace.budget.most = desk.messenger._pace.budget.spare + 1
    pending = ports.PendingImport(
        workspace=TEAM, member=desk.member.id, channel="", file=ports.RemoteFile(id="F1"), received_at=NOW
    )
    for key in ("progress.arriving", "progress.arriving", "progress.arriving"):
        await desk.does(desk.messenger.show_import, desk.member, pending, sentence(key))
    assert updates(desk) == 1, "the first was posted, the second edited, and the third waits for nobody"
    said = sentence("questions.reading", name="clients.csv")
    await desk.does(desk.messenger.show_import, desk.member, pending, said)
    await desk.claire.sees("clients.csv")
    assert updates(desk) == 2, "what stands for good is shown"


async def test_a_sentence_in_a_channel(desk: Desk) -> None:
    desk.slack.add_channel("C0GENERAL", name="general")
    await desk.does(desk.messenger.post, "C0GENERAL", sentence("delivery.told.nobody"), Language.ENGLISH)
    call = desk.slack.calls[-1]
    assert (call.method, call.args["channel"]) == ("chat.postMessage", "C0GENERAL")
    assert "please tell them" in str(call.args["text"])
    with pytest.raises(ports.Unreachable, match="channel_not_found"):
        await desk.does(desk.messenger.post, "C0NOWHERE", sentence("lists.unknown"), Language.FRENCH)


async def test_slack_away_is_unreachable(desk: Desk) -> None:
    await desk.slack.away()
    with pytest.raises(ports.Unreachable):
        await desk.does(desk.messenger.say, desk.member, sentence("lists.unknown"))
    desk.slack.back()
    await desk.does(desk.messenger.say, desk.member, sentence("lists.unknown"))
    await desk.claire.sees("Je ne trouve pas cette liste")


async def test_a_file_follows_its_sentence_and_then_carries_it(desk: Desk) -> None:
    """The first upload knows no D… id: the sentence goes first, and its answer tells."""
    said = sentence("lists.download.here", n=1, title="Clients")
    await desk.does(desk.messenger.send_file, desk.member, FILE, said)
    await desk.slack.until(lambda: len(desk.claire.files) == 1)
    assert desk.claire.files[0].content == FILE.content
    assert [bool(one.get("files")) for one in desk.claire.messages] == [False, True]

    await desk.does(desk.messenger.send_file, desk.member, FILE, said)
    await desk.slack.until(lambda: len(desk.claire.files) == 2)
    last = desk.claire.messages[-1]
    assert len(desk.claire.messages) == 3
    assert "Clients" in last["text"]


async def test_what_was_asked_of_a_campaign_that_goes_on_has_no_button_left(desk: Desk) -> None:
    paused = a_campaign(State.PAUSED, workspace=TEAM, owner=desk.member.id)
    said = sentence("delivery.repaired", n=3, name=paused.name)
    for _ in range(2):
        await desk.does(desk.messenger.ask, desk.member, paused, Progress(people=3, pending=3), said)
    await desk.does(desk.messenger.show_campaign, desk.member, paused, Progress(people=3, pending=3))
    before = [str(one).count("campaigns.resume") for one in desk.claire.messages]
    assert before == [1, 1, 1], "it still asks"
    going = replace(paused, state=State.SENDING, revision=paused.revision + 1, why=None)
    await desk.does(desk.messenger.show_campaign, desk.member, going, Progress(people=3, pending=3))
    first, second, own = desk.claire.messages
    assert "campaigns.pause" in str(own)
    for asked in (first, second):
        assert "campaigns." not in str(asked["blocks"])
        assert "l'envoi a suivi son cours" in str(asked["blocks"])


async def test_a_change_is_told_to_home_once_and_counts_are_not(desk: Desk) -> None:
    told: list[Member] = []
    desk.messenger.on_change = told.append
    desk.messenger._pace.gap = 0.0
    sending = a_campaign(State.SENDING, workspace=TEAM, owner=desk.member.id)
    for accepted in (0, 1, 2):
        counts = Progress(people=3, accepted=accepted, pending=3 - accepted)
        await desk.does(desk.messenger.show_campaign, desk.member, sending, counts)
    assert told == [desk.member]
    sent = replace(sending, state=State.SENT, revision=sending.revision + 1)
    await desk.does(desk.messenger.show_campaign, desk.member, sent, Progress(people=3, accepted=3))
    assert told == [desk.member] * 2


async def test_who_waits_for_slack_at_a_shutdown_goes_on(desk: Desk) -> None:
    desk.slack.throttle("chat.postMessage", 60)
    waiting = asyncio.create_task(desk.does(desk.messenger.say, desk.member, sentence("lists.unknown")))
    await desk.slack.until(lambda: any(call.method == "chat.postMessage" for call in desk.slack.calls))
    assert desk.messenger.cut() == 1
    with pytest.raises(ports.Unreachable, match="leaving"):
        await asyncio.wait_for(waiting, 5)
    with pytest.raises(ports.Unreachable, match="leaving"):
        await desk.does(desk.messenger.say, desk.member, sentence("lists.unknown"))
    assert desk.messenger.cut() == 0
    assert desk.claire.messages == []


# --- pace ---------------------------------------------------------------------------------------------


class Wall:
    """What was shown, in order."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.changed = asyncio.Event()

    def show(self, what: str) -> Callable[[], Any]:
        async def work() -> None:
            self.shown.append(what)
            self.changed.set()

        return work


async def test_counts_wait_for_their_turn_and_only_the_last_are_shown() -> None:
    wall, pace = Wall(), Pace(gap=60)
    for count in range(5):
        await pace.run("cmp_1", 3, wall.show(f"{count} letters"))
    assert wall.shown == ["0 letters"]
    await pace.settle()
    assert wall.shown == ["0 letters", "4 letters"]


async def test_a_turn_comes_by_itself() -> None:
    wall, pace = Wall(), Pace(gap=0.02)
    await pace.run("cmp_1", 3, wall.show("first"))
    wall.changed.clear()
    await pace.run("cmp_1", 3, wall.show("second"))
    async with asyncio.timeout(5):
        await wall.changed.wait()
    assert wall.shown == ["first", "second"]


async def test_a_new_state_is_shown_at_once_and_what_waited_is_dropped() -> None:
    wall, pace = Wall(), Pace(gap=60)
    await pace.run("cmp_1", 3, wall.show("sending"))
    await pace.run("cmp_1", 3, wall.show("sending, 10 gone"))
    await pace.run("cmp_1", 4, wall.show("sent"))
    await pace.run("cmp_1", 3, wall.show("late"))
    await pace.settle()
    assert wall.shown == ["sending", "sent"]


async def test_one_campaign_does_not_wait_for_another() -> None:
    wall, pace = Wall(), Pace(gap=60)
    await pace.run("cmp_1", 1, wall.show("one"))
    await pace.run("cmp_2", 1, wall.show("two"))
    assert wall.shown == ["one", "two"]


async def test_an_edit_that_fails_later_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    wall, pace = Wall(), Pace(gap=60)

    async def fails() -> None:
        raise ConnectionError("gone")

    await pace.run("cmp_1", 1, wall.show("one"))
    await pace.run("cmp_1", 1, fails)
    await pace.settle()
    assert "a paced edit failed" in caplog.text
