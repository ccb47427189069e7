"""What the workspace remembers and when it changes its mind: triggers, hashes, files, retries, absences."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.slack import Profile, SlackStandIn
from tests.playground.slack_setting import (
    Json,
    Setting,
    Watch,
    a_setting,
    actions,
    button,
    field_of,
    home,
    modal,
    section,
    writing,
)

SOME = modal(section("words"))


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as setting:
        yield setting


async def fetched(url: str, token: str | None = None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


# dialogs


async def test_a_trigger_serves_once(setting: Setting) -> None:
    trigger = await setting.trigger()
    assert await setting.error("views.open", {"trigger_id": trigger, "view": SOME}) == ""
    assert await setting.error("views.open", {"trigger_id": trigger, "view": SOME}) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(setting: Setting) -> None:
    trigger = await setting.trigger()
    setting.watch.passes(seconds=3)
    assert await setting.error("views.open", {"trigger_id": trigger, "view": SOME}) == ""
    trigger = await setting.trigger()
    setting.watch.passes(seconds=3.1)
    assert await setting.error("views.open", {"trigger_id": trigger, "view": SOME}) == "expired_trigger_id"


async def test_an_update_with_an_old_hash_loses(setting: Setting) -> None:
    view = await setting.opens(SOME)
    call = {"view_id": view["id"], "view": modal(section("newer")), "hash": view["hash"]}
    assert await setting.error("views.update", call) == ""
    assert await setting.error("views.update", call) == "hash_conflict"
    assert await setting.error("views.update", {**call, "hash": setting.claire.dialog["hash"]}) == ""
    assert [one.error for one in setting.slack.declined] == ["hash_conflict"]
    assert setting.slack.refusals == []


async def test_a_home_with_an_old_hash_loses(setting: Setting) -> None:
    first = await setting.client.views_publish(user_id="U0CLAIRE", view=home(section("one")))
    await setting.client.views_publish(user_id="U0CLAIRE", view=home(section("two")))
    call = {"user_id": "U0CLAIRE", "view": home(section("three")), "hash": first["view"]["hash"]}
    assert await setting.error("views.publish", call) == "hash_conflict"
    await setting.claire.sees("two")


async def test_three_dialogs_at_most_lie_on_each_other(setting: Setting) -> None:
    await setting.opens(SOME)
    for _ in range(2):
        await setting.client.views_push(trigger_id=await setting.trigger(), view=SOME)
    call = {"trigger_id": await setting.trigger(), "view": SOME}
    assert await setting.error("views.push", call) == "push_limit_reached"
    root, middle, top = setting.claire.dialogs
    assert (middle["previous_view_id"], top["previous_view_id"]) == (root["id"], middle["id"])
    assert {view["root_view_id"] for view in setting.claire.dialogs} == {root["id"]}


async def test_an_external_id_names_one_view(setting: Setting) -> None:
    await setting.opens(modal(section("one"), external_id="check"))
    answer = await setting.client.views_update(external_id="check", view=modal(section("two")))
    assert answer["view"]["external_id"] == "check"
    call = {
        "trigger_id": await setting.trigger(setting.bob),
        "view": modal(section("t"), external_id="check"),
    }
    assert await setting.error("views.open", call) == "duplicate_external_id"


# messages


async def test_a_message_to_a_person_opens_their_dm(setting: Setting) -> None:
    posted = await setting.client.chat_postMessage(channel="U0BOB", text="hi &amp; <https://a.example|hello>")
    assert posted["channel"] == "D0BOB"
    await setting.bob.sees("hi & hello")
    setting.claire.doesnt_see("hello")
    opened = await setting.client.conversations_open(users="U0BOB")
    assert opened["channel"]["id"] == "D0BOB"
    link = await setting.client.chat_getPermalink(channel="D0BOB", message_ts=posted["ts"])
    assert posted["ts"].replace(".", "") in link["permalink"]


async def test_stamps_only_grow(setting: Setting) -> None:
    stamps = [(await setting.client.chat_postMessage(channel="U0BOB", text=f"{n}"))["ts"] for n in range(5)]
    assert all(earlier < later for earlier, later in pairwise(stamps))


async def test_an_edit_keeps_the_blocks_it_does_not_name(setting: Setting) -> None:
    posted = await setting.client.chat_postMessage(channel="U0BOB", text="a", blocks=[section("words")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await setting.client.chat_update(**where, text="b")
    assert [block["type"] for block in setting.bob.messages[0]["blocks"]] == ["section"]
    await setting.client.chat_update(**where, text="b", blocks=[])
    assert setting.bob.messages[0]["blocks"] == []
    assert await setting.error("chat.update", where) == "no_text"
    await setting.client.chat_delete(**where)
    assert setting.bob.messages == []


async def test_a_whisper_is_seen_by_one_and_cannot_be_edited(setting: Setting) -> None:
    setting.slack.add_channel("C0TEAM", name="team")
    said = await setting.client.chat_postEphemeral(channel="C0TEAM", user="U0BOB", text="psst")
    await setting.bob.sees("psst")
    setting.claire.doesnt_see("psst")
    call = {"channel": "C0TEAM", "ts": said["message_ts"], "text": "t"}
    assert await setting.error("chat.update", call) == "message_not_found"


async def test_the_bot_is_not_everywhere(setting: Setting) -> None:
    setting.slack.add_channel("C0FAR", name="far", has_bot=False)
    assert await setting.error("chat.postMessage", {"channel": "C0FAR", "text": "t"}) == "not_in_channel"
    await setting.claire.drops(("far.csv", b"a@b.example"), where="C0FAR")
    (message,) = setting.slack.messages_in("C0FAR")
    (file,) = message["files"]
    assert await setting.error("files.info", {"file": file["id"]}) == "file_not_found"
    _, kind, body = await fetched(file["url_private_download"], setting.slack.bot_token)
    assert kind == "text/html"
    assert b"a@b.example" not in body


async def test_history_goes_back_page_by_page(setting: Setting) -> None:
    for n in range(5):
        await setting.claire.says(f"word {n}")
        setting.watch.passes(minutes=1)
    page = await setting.client.conversations_history(channel="D0CLAIRE", limit=2)
    assert [one["text"] for one in page["messages"]] == ["word 4", "word 3"]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    page = await setting.client.conversations_history(channel="D0CLAIRE", limit=3, cursor=cursor)
    assert [one["text"] for one in page["messages"]] == ["word 2", "word 1", "word 0"]
    assert not page["has_more"]
    oldest = page["messages"][1]["ts"]
    page = await setting.client.conversations_history(channel="D0CLAIRE", oldest=oldest)
    assert [one["text"] for one in page["messages"]] == ["word 4", "word 3", "word 2"]
    page = await setting.client.conversations_history(channel="D0CLAIRE", oldest=oldest, inclusive=True)
    assert len(page["messages"]) == 4


async def test_a_response_url_serves_five_times_within_thirty_minutes(setting: Setting) -> None:
    await setting.claire.commands("/contacts")
    respond = AsyncWebhookClient(setting.last("command")["response_url"])
    for n in range(5):
        assert (await respond.send(text=f"answer {n}")).status_code == 200
    assert (await respond.send(text="answer 5")).status_code == 404
    await setting.claire.sees("answer 4")
    await setting.claire.commands("/contacts")
    setting.watch.passes(minutes=31)
    late = AsyncWebhookClient(setting.last("command")["response_url"])
    assert (await late.send(text="late")).status_code == 404
    assert [one.error for one in setting.slack.refusals] == ["used_url", "expired_url"]


async def test_a_response_url_changes_the_message_it_came_from(setting: Setting) -> None:
    await setting.client.chat_postMessage(channel="U0CLAIRE", text="t", blocks=[actions(button())])
    await setting.claire.clicks("go")
    respond = AsyncWebhookClient(setting.last("block_actions")["response_url"])
    await respond.send(text="done", blocks=[section("done")], replace_original=True)
    await setting.claire.sees("done")
    await respond.send(delete_original=True)
    assert setting.claire.messages == []


# files


async def test_a_file_opens_to_the_bots_token_alone(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a@b.example"))
    (file,) = setting.bot.heard[-1]["event"]["files"]
    url = file["url_private_download"]
    assert await fetched(url, setting.slack.bot_token) == (200, "text/csv", b"a@b.example")
    for token in (None, "xoxb-other"):
        status, kind, body = await fetched(url, token)
        assert (status, kind) == (200, "text/html")
        assert b"a@b.example" not in body
    assert [one.error for one in setting.slack.refusals] == ["not_authed", "invalid_auth"]


async def test_a_file_may_first_come_as_a_stub(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a@b.example"), looks="stub")
    (stub,) = setting.bot.heard[-1]["event"]["files"]
    assert stub["file_access"] == "check_file_info"
    assert "url_private_download" not in stub
    whole = (await setting.client.files_info(file=stub["id"]))["file"]
    assert (whole["name"], whole["size"]) == ("clients.csv", 11)


async def test_a_file_may_come_before_its_scan_or_after_its_end(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a"), looks="scanning")
    (file,) = setting.bot.heard[-1]["event"]["files"]
    assert (file["mimetype"], file["filetype"], file["size"]) == ("", "", 1)
    await setting.claire.drops(("clients.csv", b"a"), looks="tombstone")
    (file,) = setting.bot.heard[-1]["event"]["files"]
    assert file["mode"] == "tombstone"
    assert await setting.error("files.info", {"file": file["id"]}) == "file_deleted"


async def test_several_files_are_one_event(setting: Setting) -> None:
    await setting.claire.drops(("a.csv", b"a"), ("b.xlsx", b"b"), comment="here & there")
    (payload,) = setting.bot.heard
    assert [file["filetype"] for file in payload["event"]["files"]] == ["csv", "xlsx"]
    assert payload["event"]["text"] == "here &amp; there"


async def test_an_upload_is_shared_afterwards(setting: Setting) -> None:
    answer = await setting.client.files_upload_v2(
        channel="D0CLAIRE", filename="contacts.csv", content="é", title="Contacts", initial_comment="Here"
    )
    assert "ts" not in answer["files"][0]
    await setting.claire.sees("contacts.csv")
    await setting.claire.sees("Here")
    (file,) = setting.claire.files
    assert file.content == "é".encode()
    assert await setting.error("files.delete", {"file": file.id}) == ""
    setting.claire.doesnt_see("contacts.csv")


async def test_an_upload_to_a_persons_id_fails(setting: Setting) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await setting.client.files_upload_v2(channel="U0CLAIRE", filename="a.csv", content="a")


async def test_a_bot_deletes_no_file_of_a_person(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a"))
    assert await setting.error("files.delete", {"file": setting.claire.files[0].id}) == "cant_delete_file"


async def test_an_upload_brings_what_was_announced(setting: Setting) -> None:
    place = await setting.client.files_getUploadURLExternal(filename="a.csv", length=3)
    async with aiohttp.ClientSession() as http, http.post(place["upload_url"], data=b"1234") as response:
        assert response.status == 400
    call = {"files": [{"id": place["file_id"]}], "channel_id": "D0CLAIRE"}
    assert await setting.error("files.completeUploadExternal", call) == "file_not_found"


# people


async def test_a_profile_tells_its_language_only_when_asked(setting: Setting) -> None:
    user = (await setting.client.users_info(user="U0BOB"))["user"]
    assert "locale" not in user
    assert (user["tz"], user["profile"]["email"]) == ("America/New_York", "bob@studio-nova.example")
    user = (await setting.client.users_info(user="U0BOB", include_locale=True))["user"]
    assert user["locale"] == "en-US"


async def test_a_profile_may_have_no_address() -> None:
    ada = Profile(
        id="U0ADA", name="ada", real_name="Ada L", first_name="Ada", is_stranger=True, team_id="T0X"
    )
    async with a_setting(people=[ada]) as setting:
        user = (await setting.client.users_info(user="U0ADA"))["user"]
        assert "email" not in user["profile"]
        assert user["team_id"] == "T0X"
        await setting.slack.person("U0ADA").commands("/contacts")
        assert setting.bot.heard[-1]["team_id"] == "T0X"


# troubles


async def test_a_throttled_call_says_when_to_come_back(setting: Setting) -> None:
    setting.slack.throttle("chat.postMessage", 7)
    with pytest.raises(SlackApiError) as refused:
        await setting.client.chat_postMessage(channel="U0BOB", text="t")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    await setting.client.chat_postMessage(channel="U0BOB", text="t")
    assert setting.slack.refusals == []


async def test_a_call_broken_on_purpose_is_no_fault_of_the_bot(setting: Setting) -> None:
    setting.slack.break_next("chat.postMessage", "internal_error")
    call = {"channel": "U0BOB", "text": "t"}
    assert await setting.error("chat.postMessage", call) == "internal_error"
    assert await setting.error("chat.postMessage", call) == ""
    assert setting.slack.refusals == []
    assert [one.method for one in setting.slack.calls] == ["chat.postMessage"] * 2


async def test_slack_away_breaks_connections(setting: Setting) -> None:
    await setting.slack.away()
    with pytest.raises(aiohttp.ClientError):
        await setting.client.auth_test()
    setting.slack.back()
    assert (await setting.client.auth_test())["ok"]


async def test_an_event_refused_comes_again_under_the_same_id(setting: Setting) -> None:
    setting.bot.answers_next(status=503)
    await setting.claire.says("hello")
    first, second = setting.bot.heard
    assert first["event_id"] == second["event_id"]
    assert setting.bot.retries == [None, "1"]
    assert [(one.reason, one.attempt) for one in setting.slack.unanswered] == [("http_error", 0)]
    assert setting.claire.trouble is None
    await setting.slack.redeliver_last_event()
    assert setting.bot.retries == [None, "1", "2"]
    await setting.claire.says("hello")
    assert setting.bot.heard[-1]["event_id"] != first["event_id"]


async def test_a_click_refused_does_not_come_again(setting: Setting) -> None:
    await setting.client.chat_postMessage(channel="U0CLAIRE", text="t", blocks=[actions(button())])
    await setting.slack.until(lambda: setting.bot.heard)
    setting.bot.answers_next(status=404)
    await setting.claire.clicks("go")
    assert [one["type"] for one in setting.bot.heard if one["type"] == "block_actions"] == ["block_actions"]
    assert "n’a pas répondu" in (setting.claire.trouble or "")
    assert [one.kind for one in setting.slack.unanswered] == ["interactive"]
    await setting.claire.clicks("go")
    assert setting.claire.trouble is None


async def test_the_second_opinion_is_written_down(setting: Setting) -> None:
    seen: list[str] = []

    def check(payload: object, kind: str) -> list[str]:
        seen.append(kind)
        return ["WARNING: no matter", "wrong"] if kind == "home" else []

    async with a_setting(check=check) as setting:
        await setting.client.chat_postMessage(channel="U0BOB", text="t", blocks=[section("t")])
        await setting.client.views_publish(user_id="U0BOB", view=home(section("t")))
        await setting.opens(modal(field_of(writing(initial_value="a"))))
        setting.bot.answers_next({"response_action": "clear"})
        await setting.claire.submits()
    assert seen == ["message", "home", "modal", "view_ack"]
    assert [(one.method, one.detail) for one in setting.slack.refusals] == [("views.publish", "wrong")]


async def test_a_wait_that_fails_tells_what_everybody_sees(setting: Setting) -> None:
    await setting.bob.says("good morning")
    with pytest.raises(AssertionError, match=r"bob sees\ngood morning"):
        await setting.bob.sees("good evening", timeout=0.01)


async def test_watchers_hear_whose_sight_changed(setting: Setting) -> None:
    heard: list[str] = []
    stop = setting.slack.subscribe(heard.append)
    await setting.client.chat_postMessage(channel="U0BOB", text="t")
    assert "U0BOB" in heard
    assert "U0CLAIRE" not in heard
    stop()
    heard.clear()
    await setting.client.chat_postMessage(channel="U0BOB", text="t")
    assert heard == []


# Socket Mode


class Ear:
    """A Socket Mode client of one's own: answers what it is told to, or nothing."""

    def __init__(self, slack: SlackStandIn, *, answers: bool = True) -> None:
        web = AsyncWebClient(base_url=slack.api_url)
        self.heard: list[Json] = []
        self.client = SocketModeClient(app_token=slack.app_token, web_client=web, ping_interval=0.1)
        self.client.socket_mode_request_listeners.append(self._hear)
        self._answers = answers

    async def _hear(self, client: Any, request: Any) -> None:
        self.heard.append({"type": request.type, "retry": request.retry_attempt, **request.payload})
        if self._answers:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))


@pytest.fixture
async def socketed() -> AsyncIterator[SlackStandIn]:
    watch = Watch()
    slack = SlackStandIn(now=lambda: watch.now, monotonic=lambda: watch.seconds, patience=0.2)
    await slack.start()
    yield slack
    await slack.close()


async def test_any_one_connection_gets_each_payload(socketed: SlackStandIn) -> None:
    ears = [Ear(socketed), Ear(socketed)]
    for ear in ears:
        await ear.client.connect()
    for n in range(4):
        await socketed.person("U0BOB").says(f"{n}")
    texts = [[payload["event"]["text"] for payload in ear.heard] for ear in ears]
    assert sorted(texts[0] + texts[1]) == ["0", "1", "2", "3"]
    assert texts[0]
    assert texts[1]
    for ear in ears:
        await ear.client.close()


async def test_no_more_than_ten_connections(socketed: SlackStandIn) -> None:
    ears = [Ear(socketed) for _ in range(10)]
    for ear in ears:
        await ear.client.connect()
    await socketed.until(lambda: socketed.connections == 10)
    opened = await AsyncWebClient(base_url=socketed.api_url).apps_connections_open(
        app_token=socketed.app_token
    )
    async with aiohttp.ClientSession() as http, http.ws_connect(opened["url"]) as eleventh:
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
    for ear in ears:
        await ear.client.close()


async def test_an_event_nobody_acknowledges_comes_again(socketed: SlackStandIn) -> None:
    ear = Ear(socketed, answers=False)
    await ear.client.connect()
    await socketed.person("U0BOB").says("hello")
    assert [payload["retry"] for payload in ear.heard] == [0, 1]
    assert ear.heard[0]["event_id"] == ear.heard[1]["event_id"]
    assert [one.reason for one in socketed.unanswered] == ["http_timeout", "http_timeout"]
    await ear.client.close()


async def test_a_bot_that_left_hears_nothing_and_one_that_comes_back_may(socketed: SlackStandIn) -> None:
    ear = Ear(socketed)
    await ear.client.connect()
    await socketed.until(lambda: socketed.connections == 1)
    await ear.client.close()
    await socketed.until(lambda: socketed.connections == 0)
    await socketed.person("U0BOB").says("hello")
    assert [one.reason for one in socketed.unanswered] == ["no_connection"]
    again = Ear(socketed)
    await again.client.connect()
    await socketed.redeliver_last_event()
    assert again.heard[0]["event"]["text"] == "hello"
    await again.client.close()


async def test_a_bot_asked_to_reconnect_misses_nothing(socketed: SlackStandIn) -> None:
    ear = Ear(socketed)
    await ear.client.connect()
    await socketed.until(lambda: socketed.connections == 1)
    opened = len(socketed.calls)
    await socketed.disconnect()
    await socketed.until(lambda: len(socketed.calls) > opened)
    await socketed.person("U0BOB").says("hello")
    assert ear.heard[-1]["event"]["text"] == "hello"
    await ear.client.close()


async def test_a_person_waits_for_a_bot_on_its_way(socketed: SlackStandIn) -> None:
    speaking = asyncio.create_task(socketed.person("U0BOB").says("hello"))
    await socketed.until(lambda: socketed.person("U0BOB").messages)
    ear = Ear(socketed)
    await ear.client.connect()
    await speaking
    assert ear.heard[0]["event"]["text"] == "hello"
    await ear.client.close()


async def test_time_is_the_workspaces_own(setting: Setting) -> None:
    await setting.claire.says("now")
    setting.watch.passes(days=2)
    await setting.claire.says("later")
    first, second = (float(message["ts"]) for message in setting.claire.messages)
    assert second - first == pytest.approx(timedelta(days=2).total_seconds(), abs=1)
