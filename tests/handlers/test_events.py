"""The error door and the catch-all: Slack always hears 200, except where nothing could be written down."""

from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town


async def dispatched(town: Town, body: dict[str, Any]) -> BoltResponse:
    who = {"team_id": town.slack.identity.team_id, "api_app_id": "A1", "token": "old"}
    request = AsyncBoltRequest(body={**who, **body}, mode="socket_mode")
    return await town.bot.slack.async_dispatch(request)


def click(action_id: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": "U0CLAIRE", "team_id": "T0DEMO"},
        "trigger_id": "1.1",
        "container": {"type": "message", "channel_id": "D0CLAIRE", "message_ts": "1.1"},
        "actions": [{"type": "button", "block_id": "b", "action_id": action_id, "action_ts": "1.1"}],
    }


async def test_a_listener_that_breaks_before_its_answer_is_a_200(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks() -> None:
        raise RuntimeError("a defect")

    town.bot.slack.action("tests.break")(breaks)
    answer = await dispatched(town, click("tests.break"))
    assert answer.status == 200
    assert "a listener failed" in caplog.text


async def test_an_unknown_event_is_a_200(town: Town) -> None:
    event = {"type": "reaction_added", "user": "U0CLAIRE", "event_ts": "1.1"}
    answer = await dispatched(town, {"type": "event_callback", "event_id": "Ev1", "event": event})
    assert answer.status == 200


async def test_a_defect_behind_a_click_is_told_with_a_reference(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*args: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(type(town.bot.services.lists), "page", breaks)
    await town.claire.says("aide")
    await town.claire.sees("Ce que je sais faire")
    await town.claire.forges("lists.view", "lst_x:1")
    await town.claire.sees("donnez la référence")
    assert "unexpected error reference=" in caplog.text


async def test_a_file_without_an_id_does_not_take_the_others_with_it(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    stored = town.slack._ws.files.add(*french_excel_csv(), user_id="U0CLAIRE", created=1)
    files = [{"name": "nobody.csv"}, town.slack._ws.files.as_json(stored)]
    event = {
        "type": "message", "subtype": "file_share", "channel_type": "im", "channel": town.claire.profile.dm,
        "user": "U0CLAIRE", "text": "", "ts": "1.1", "files": files,
    }  # fmt: skip
    answer = await town.slack.emits(event)
    assert answer.ok
    await town.claire.sees("Liste gardée")
    assert "files without an id were left aside n=1" in caplog.text


async def test_a_message_nobody_could_read_is_asked_for_again(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U0CLAIRE", "files": ["not a file"]}
    answer = await dispatched(town, {"type": "event_callback", "event_id": "Ev2", "event": event})
    assert answer.status == 503
    assert "unexpected error reference=" in caplog.text
