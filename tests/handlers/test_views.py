"""Dialogs that Slack refuses for a block it does not know are shown with the blocks it has always known."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from handlers.blocks import kit
from handlers.views import open_view, publish_view, push_view, update_view
from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town
from tests.playground.slack_setting import Setting, a_setting

LINK = "https://forms.example/s/1"
TOLD = "Rien n'est parti."
VIEW = kit.modal("tests.told", "Postillon", [kit.alert(TOLD) | {"block_id": "alert"}, kit.section("Suite")])


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as opened:
        yield opened


def shown(setting: Setting) -> list[Any]:
    """The types of the blocks in Claire's dialog."""
    assert setting.claire.dialog
    return [block["type"] for block in setting.claire.dialog["blocks"]]


@pytest.mark.parametrize("error", ["invalid_arguments", "invalid_blocks", "internal_error"])
async def test_an_alert_that_slack_refuses_is_opened_as_a_section(
    setting: Setting, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    setting.slack.break_next("views.open", error)
    view_id = await open_view(setting.client, await setting.trigger(), VIEW)
    assert setting.claire.dialog
    assert view_id == setting.claire.dialog["id"]
    assert shown(setting) == ["section", "section"]
    await setting.claire.sees(TOLD)
    assert f"slack refused a view with an alert ({error})" in caplog.text


async def test_what_slack_takes_stays_as_it_is(setting: Setting) -> None:
    await open_view(setting.client, await setting.trigger(), VIEW)
    assert shown(setting) == ["alert", "section"]


async def test_an_update_and_a_dialog_on_top_alike(setting: Setting) -> None:
    view_id = await open_view(setting.client, await setting.trigger(), VIEW)
    setting.slack.break_next("views.update", "invalid_blocks")
    await update_view(setting.client, view_id, VIEW)
    assert shown(setting) == ["section", "section"]
    setting.slack.break_next("views.push", "invalid_blocks")
    await push_view(setting.client, await setting.trigger(), VIEW)
    assert [len(view["blocks"]) for view in setting.claire.dialogs] == [2, 2]
    assert shown(setting) == ["section", "section"]


@pytest.mark.parametrize("error", ["not_found", "hash_conflict", "expired_trigger_id"])
async def test_another_refusal_is_not_tried_again(setting: Setting, error: str) -> None:
    setting.slack.break_next("views.open", error)
    with pytest.raises(SlackApiError, match=error):
        await open_view(setting.client, await setting.trigger(), VIEW)
    assert len([call for call in setting.slack.calls if call.method == "views.open"]) == 1


async def test_a_view_without_alerts_is_not_tried_again(setting: Setting) -> None:
    setting.slack.break_next("views.publish", "invalid_blocks")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await publish_view(setting.client, "U0CLAIRE", kit.home([kit.section("Vos listes")]))
    await publish_view(setting.client, "U0CLAIRE", kit.home([kit.section("Vos listes")]))
    await setting.claire.sees("Vos listes")


async def test_a_dialog_refused_twice_is_told_of(setting: Setting) -> None:
    setting.slack.break_next("views.open", "invalid_arguments")
    setting.slack.break_next("views.open", "expired_trigger_id")
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await open_view(setting.client, await setting.trigger(), VIEW)


async def test_a_click_is_answered_all_the_same(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    await town.composes(claire, LINK)
    town.slack.break_next("views.update", "invalid_blocks")  # the sentence that the test is on its way
    await claire.clicks("campaigns.test")
    await claire.sees("Test envoyé à claire@studio-nova.example")
    assert "sent with a section instead" in caplog.text
    await claire.submits()
    await claire.sees("rogrammée")


def test_the_words_and_the_place_stay() -> None:
    block = kit.alert(TOLD) | {"block_id": "alert"}
    plain = kit.plainer_alert(block)
    assert plain == kit.section(f":warning: {TOLD}", block_id="alert")
    assert kit.plainer_alert(plain) == plain
