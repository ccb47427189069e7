"""Everything a person can do, and the payload each act sends."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.playground.slack_setting import (
    Json,
    Setting,
    a_setting,
    actions,
    button,
    cell,
    choice,
    field_of,
    home,
    modal,
    options,
    plain,
    section,
    writing,
)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as setting:
        yield setting
        assert setting.slack.refusals == []
        assert setting.slack.unanswered == []


async def posts(setting: Setting, *blocks: Json) -> Json:
    answer = await setting.client.chat_postMessage(channel="U0CLAIRE", text="t", blocks=list(blocks))
    return dict(answer["message"])


def users(action_id: str) -> Json:
    return {"type": action_id, "action_id": action_id}


EVERY_FIELD = [
    writing("plain_text_input"),
    {"type": "email_text_input", "action_id": "email_text_input"},
    {"type": "url_text_input", "action_id": "url_text_input"},
    {"type": "number_input", "action_id": "number_input", "is_decimal_allowed": False},
    {"type": "rich_text_input", "action_id": "rich_text_input"},
    choice("static_select", action_id="static_select"),
    choice("radio_buttons", action_id="radio_buttons"),
    choice("checkboxes", action_id="checkboxes"),
    choice("multi_static_select", action_id="multi_static_select"),
    users("users_select"),
    users("multi_users_select"),
    users("datepicker"),
    users("timepicker"),
    users("datetimepicker"),
    users("file_input"),
]
OPTION = {"text": {**plain("Option 1"), "emoji": True}, "value": "v1"}
RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "*Bonjour*\n{{prenom}}"}]}
    ],
}
# simple value -> the field of the state, and what stands in it; untouched, the last
STATES: dict[str, tuple[Any, str, Any, Any]] = {
    "plain_text_input": ("words", "value", "words", None),
    "email_text_input": ("a@b.example", "value", "a@b.example", None),
    "url_text_input": ("https://a.example", "value", "https://a.example", None),
    "number_input": (4, "value", "4", None),
    "rich_text_input": ("*Bonjour*\n{{prenom}}", "rich_text_value", RICH, None),
    "static_select": ("v1", "selected_option", OPTION, None),
    "radio_buttons": ("Option 1", "selected_option", OPTION, None),
    "checkboxes": (["v1"], "selected_options", [OPTION], []),
    "multi_static_select": (["v1"], "selected_options", [OPTION], []),
    "users_select": ("U0BOB", "selected_user", "U0BOB", None),
    "multi_users_select": (["U0BOB"], "selected_users", ["U0BOB"], []),
    "datepicker": ("2026-12-01", "selected_date", "2026-12-01", None),
    "timepicker": ("10:00", "selected_time", "10:00", None),
    "datetimepicker": (1_790_000_000, "selected_date_time", 1_790_000_000, None),
}


def every_field() -> Json:
    return modal(*(field_of(element, element["type"], optional=True) for element in EVERY_FIELD))


async def test_an_untouched_dialog_submits_every_field(setting: Setting) -> None:
    await setting.opens(every_field())
    await setting.claire.submits()
    values = setting.last("view_submission")["view"]["state"]["values"]
    expected = {kind: {kind: {"type": kind, field: empty}} for kind, (_, field, _, empty) in STATES.items()}
    assert values == expected | {"file_input": {"file_input": {"type": "file_input", "files": []}}}
    assert setting.claire.dialog is None


@pytest.mark.parametrize("kind", STATES)
async def test_a_field_filled_in(setting: Setting, kind: str) -> None:
    value, field, state, _ = STATES[kind]
    view = await setting.opens(every_field())
    await setting.claire.fill(view["id"], kind, kind, value)
    assert not [payload for payload in setting.bot.heard if payload.get("type") == "block_actions"]
    await setting.claire.submits()
    values = setting.last("view_submission")["view"]["state"]["values"]
    assert values[kind][kind] == {"type": kind, field: state}


async def test_a_file_put_in_a_dialog(setting: Setting) -> None:
    element = {"type": "file_input", "action_id": "file", "filetypes": ["csv"], "max_files": 1}
    await setting.opens(modal(field_of(element, "file")))
    await setting.claire.uploads("file", ("photo.png", b"x"))
    assert "file" in setting.claire.errors
    await setting.claire.uploads("file", ("clients.csv", b"a@b.example"))
    assert setting.claire.errors == {}
    await setting.claire.submits()
    (file,) = setting.last("view_submission")["view"]["state"]["values"]["file"]["file"]["files"]
    assert file["name"] == "clients.csv"
    assert setting.slack.file(file["id"]).content == b"a@b.example"
    assert (await setting.client.files_info(file=file["id"]))["file"]["size"] == 11


async def test_a_choice_that_dispatches_tells_the_bot_at_once(setting: Setting) -> None:
    await setting.opens(modal(field_of(choice("static_select"), "audience", dispatch_action=True)))
    await setting.claire.selects("audience", "v1")
    payload = setting.last("block_actions")
    (action,) = payload["actions"]
    assert (action["block_id"], action["action_id"], action["selected_option"]) == (
        "audience",
        "pick",
        OPTION,
    )
    assert payload["container"] == {"type": "view", "view_id": setting.claire.dialog["id"]}
    assert payload["view"]["state"]["values"]["audience"]["pick"]["selected_option"] == OPTION
    assert "message" not in payload
    assert "response_url" not in payload


async def test_the_same_names_keep_what_was_typed_and_new_ones_do_not(setting: Setting) -> None:
    view = await setting.opens(modal(field_of(writing("body.1", initial_value="template"), "body")))
    await setting.claire.types("body", "typed")
    kept = modal(section("above"), field_of(writing("body.1", initial_value="other"), "body"))
    await setting.client.views_update(view_id=view["id"], view=kept)
    await setting.claire.sees("typed")
    fresh = modal(field_of(writing("body.2", initial_value="other"), "body"))
    await setting.client.views_update(view_id=view["id"], view=fresh)
    await setting.claire.sees("other")
    setting.claire.doesnt_see("typed")


async def test_a_choice_no_longer_offered_is_forgotten(setting: Setting) -> None:
    view = await setting.opens(modal(field_of(choice("static_select", 3), "list")))
    await setting.claire.selects("list", "v2")
    await setting.client.views_update(
        view_id=view["id"], view=modal(field_of(choice("static_select", 2), "list"))
    )
    assert await setting.claire.submits() is None
    assert setting.claire.errors == {"list": "Veuillez remplir ce champ obligatoire."}


CLIENT_COMPLAINTS: dict[str, tuple[Json, object, str]] = {
    "nothing": (writing(), "", "Please complete this required field."),
    "only spaces in rich text": (
        {"type": "rich_text_input", "action_id": "name"},
        "  ",
        "Please complete this required field.",
    ),
    "no address": (
        {"type": "email_text_input", "action_id": "name"},
        "claire",
        "Please enter a valid email address.",
    ),
    "no link": ({"type": "url_text_input", "action_id": "name"}, "a link", "Please enter a valid URL."),
    "no number": (
        {"type": "number_input", "action_id": "name", "is_decimal_allowed": False},
        "1.5",
        "Please enter a valid number.",
    ),
    "a number too high": (
        {"type": "number_input", "action_id": "name", "is_decimal_allowed": False, "max_value": "5"},
        6,
        "Value must be at most 5.",
    ),
    "too short": (writing(min_length=3), "ab", "Enter at least 3 characters."),
    "too long": (writing(max_length=3), "abcd", "Enter at most 3 characters."),
}


@pytest.mark.parametrize("name", CLIENT_COMPLAINTS)
async def test_slack_complains_before_anything_is_sent(setting: Setting, name: str) -> None:
    element, value, complaint = CLIENT_COMPLAINTS[name]
    view = await setting.opens(modal(field_of(element)), setting.bob)
    await setting.bob.fill(view["id"], "name", "name", value)
    assert await setting.bob.submits() is None
    assert setting.bob.errors == {"name": complaint}
    assert not [payload for payload in setting.bot.heard if payload.get("type") == "view_submission"]
    await setting.bob.sees(complaint)


async def test_what_a_submission_may_answer(setting: Setting) -> None:
    asks = modal(field_of(writing(initial_value="a")))
    await setting.opens(asks)
    setting.bot.answers_next({"response_action": "errors", "errors": {"name": "no"}})
    assert await setting.claire.submits() == {"response_action": "errors", "errors": {"name": "no"}}
    assert setting.claire.errors == {"name": "no"}
    setting.bot.answers_next({"response_action": "push", "view": modal(section("on top"))})
    await setting.claire.submits()
    assert len(setting.claire.dialogs) == 2
    setting.bot.answers_next({"response_action": "update", "view": modal(section("instead"))})
    await setting.claire.submits()
    await setting.claire.sees("instead")
    setting.bot.answers_next({"response_action": "clear"})
    await setting.claire.submits()
    assert setting.claire.dialogs == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "no"}},
        {"response_action": "errors", "errors": {"words": "no"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(section("t"), title=plain("x" * 25))},
        {"response_action": "shrug"},
    ],
    ids=["unknown block", "no input block", "no errors", "bad view", "unknown action"],
)
async def test_what_a_submission_may_not_answer(setting: Setting, answer: Json) -> None:
    await setting.opens(modal(section("t", block_id="words"), field_of(writing(initial_value="a"))))
    setting.bot.answers_next(answer)
    await setting.claire.submits()
    assert setting.claire.dialog is not None
    assert setting.claire.trouble
    (refused,) = setting.slack.refusals
    assert refused.method == "view_submission"
    setting.slack.refusals.clear()


async def test_a_submission_nobody_answers_leaves_the_dialog(setting: Setting) -> None:
    await setting.opens(modal(field_of(writing(initial_value="a"))))
    setting.bot.answers_next(status=500)
    await setting.claire.submits()
    assert setting.claire.dialog is not None
    assert setting.claire.trouble
    setting.slack.unanswered.clear()


async def test_closing_tells_the_bot_only_when_asked(setting: Setting) -> None:
    await setting.opens(modal(section("quiet")))
    await setting.claire.closes()
    assert not [payload for payload in setting.bot.heard if payload.get("type") == "view_closed"]
    await setting.opens(modal(section("told"), notify_on_close=True, private_metadata="cmp_1"))
    await setting.claire.closes()
    payload = setting.last("view_closed")
    assert payload["view"]["private_metadata"] == "cmp_1"
    assert payload["is_cleared"] is False


async def test_closing_uncovers_the_dialog_below(setting: Setting) -> None:
    await setting.opens(modal(section("below")))
    await setting.client.views_push(trigger_id=await setting.trigger(), view=modal(section("above")))
    await setting.claire.closes()
    assert setting.claire.dialog is not None
    await setting.claire.sees("below")
    cover = modal(section("above"), clear_on_close=True, notify_on_close=True)
    await setting.client.views_push(trigger_id=await setting.trigger(), view=cover)
    await setting.claire.closes()
    assert setting.claire.dialogs == []
    assert setting.last("view_closed")["is_cleared"] is True


async def test_a_click_finds_the_nearest_button(setting: Setting) -> None:
    await setting.client.views_publish(user_id="U0CLAIRE", view=home(actions(button(value="home"))))
    await posts(setting, actions(button(value="old")))
    newest = await posts(setting, actions(button(value="new", style="danger")))

    async def pressed(**how: Any) -> str:
        await setting.claire.clicks("go", **how)
        return str(setting.last("block_actions")["actions"][0]["value"])

    assert await pressed() == "new"
    assert await pressed(nth=1) == "old"
    assert await pressed(value="home") == "home"
    assert await pressed(where="home") == "home"
    assert await pressed(where=newest["ts"]) == "new"
    await setting.opens(modal(actions(button(value="dialog"))))
    assert await pressed() == "dialog"
    assert await pressed(where="messages") == "new"
    with pytest.raises(AssertionError, match=r"0 buttons 'lists.view'.*elements in sight.*/go"):
        await setting.claire.clicks("lists.view")


async def test_a_click_carries_where_it_was_made(setting: Setting) -> None:
    message = await posts(setting, section("t"), actions(button(value="lst_1:2", url="https://a.example")))
    await setting.claire.clicks("go")
    payload = setting.last("block_actions")
    assert payload["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "D0CLAIRE",
        "is_ephemeral": False,
    }
    assert payload["message"]["blocks"] == message["blocks"]
    assert payload["channel"] == {"id": "D0CLAIRE", "name": "directmessage"}
    assert payload["user"] == {"id": "U0CLAIRE", "username": "claire", "name": "claire", "team_id": "T0DEMO"}
    (action,) = payload["actions"]
    assert {"type", "block_id", "action_id", "text", "value", "url", "action_ts"} == set(action)


async def test_an_ephemeral_message_does_not_come_with_its_click(setting: Setting) -> None:
    await setting.client.chat_postEphemeral(
        channel="D0CLAIRE", user="U0CLAIRE", text="t", blocks=[actions(button(value="a"))]
    )
    await setting.claire.clicks("go")
    payload = setting.last("block_actions")
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


async def test_a_menu_and_a_choice_in_a_message(setting: Setting) -> None:
    await posts(setting, actions(choice("overflow", action_id="more"), choice("static_select")))
    await setting.claire.clicks("more", value="v1")
    assert setting.last("block_actions")["actions"][0]["selected_option"] == OPTION
    await setting.claire.selects("pick", "Option 1")
    payload = setting.last("block_actions")
    assert payload["actions"][0]["selected_option"] == OPTION
    (state,) = payload["state"]["values"].values()
    assert state["pick"]["selected_option"] == OPTION


async def test_the_page_touches_exactly_one_element(setting: Setting) -> None:
    first = await posts(setting, actions(button(value="one"), block_id="acts"))
    await posts(setting, actions(button(value="two"), block_id="acts"))
    surface = {"kind": "message", "ts": first["ts"]}
    await setting.claire.act_on(surface, {"block_id": "acts", "action_id": "go"})
    assert setting.last("block_actions")["actions"][0]["value"] == "one"

    await setting.client.views_publish(
        user_id="U0CLAIRE", view=home(actions(choice("static_select"), block_id="acts"))
    )
    chosen = {"block_id": "acts", "action_id": "pick", "selected_option": options(2)[1]}
    await setting.claire.act_on({"kind": "home"}, chosen)
    assert setting.last("block_actions")["actions"][0]["selected_option"] == OPTION

    view = await setting.opens(modal(section("t", block_id="s", accessory=choice("checkboxes"))))
    checked = {"block_id": "s", "action_id": "pick", "value": ["v0", "v1"]}
    await setting.claire.act_on({"kind": "view", "id": view["id"]}, checked)
    assert len(setting.last("block_actions")["actions"][0]["selected_options"]) == 2


async def test_suggestions_come_from_the_bot(setting: Setting) -> None:
    element = {"type": "external_select", "action_id": "people", "min_query_length": 2}
    await setting.opens(modal(field_of(element, "people")))
    setting.bot.answers_next({"options": options(3)})
    found = await setting.claire.suggests("people", "cl")
    assert [option["value"] for option in found] == ["v0", "v1", "v2"]
    payload = setting.last("block_suggestion")
    assert (payload["value"], payload["action_id"], payload["block_id"]) == ("cl", "people", "people")
    with pytest.raises(AssertionError, match="under 2 characters"):
        await setting.claire.suggests("people", "c")
    await setting.claire.selects("people", "v2")
    await setting.claire.submits()
    state = setting.last("view_submission")["view"]["state"]["values"]["people"]["people"]
    assert state["selected_option"]["value"] == "v2"


async def test_too_many_suggestions_are_refused(setting: Setting) -> None:
    element = {"type": "external_select", "action_id": "people", "min_query_length": 0}
    await setting.opens(modal(field_of(element, "people")))
    setting.bot.answers_next({"options": options(101)})
    assert await setting.claire.suggests("people", "") == []
    assert [one.method for one in setting.slack.refusals] == ["block_suggestion"]
    setting.slack.refusals.clear()


async def test_edits_and_deletions_are_events(setting: Setting) -> None:
    await setting.claire.says("helo")
    await setting.claire.edits_last("hello")
    event = setting.bot.heard[-1]["event"]
    assert (event["subtype"], event["message"]["text"]) == ("message_changed", "hello")
    assert event["previous_message"]["text"] == "helo"
    await setting.claire.deletes_last()
    assert setting.bot.heard[-1]["event"]["subtype"] == "message_deleted"
    assert setting.claire.messages == []


async def test_shortcuts_carry_the_message(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a"))
    await setting.claire.shortcut("lists.import", setting.claire.messages[0]["ts"])
    payload = setting.last("message_action")
    assert payload["callback_id"] == "lists.import"
    assert payload["message"]["files"][0]["name"] == "clients.csv"
    await setting.claire.shortcut("lists.all")
    assert setting.last("shortcut")["callback_id"] == "lists.all"


async def test_home_opens_with_what_stands_in_it(setting: Setting) -> None:
    await setting.bob.opens_home()
    assert "view" not in setting.bot.heard[-1]["event"]
    await setting.client.views_publish(user_id="U0BOB", view=home(section("lists")))
    await setting.bob.opens_home()
    event = setting.bot.heard[-1]["event"]
    assert (event["type"], event["tab"], event["view"]["type"]) == ("app_home_opened", "home", "home")
    await setting.bob.opens_messages()
    assert setting.bot.heard[-1]["event"]["tab"] == "messages"


async def test_a_changed_language_is_told(setting: Setting) -> None:
    await setting.bob.speaks("fr-FR")
    event = setting.bot.heard[-1]["event"]
    assert (event["type"], event["user"]["locale"]) == ("user_change", "fr-FR")
    assert setting.bob.profile.locale == "fr-FR"


async def test_forged_acts_reach_the_bot_as_such(setting: Setting) -> None:
    await setting.bob.forges("lists.delete", "lst_1:1")
    payload = setting.last("block_actions")
    assert (payload["user"]["id"], payload["actions"][0]["value"]) == ("U0BOB", "lst_1:1")
    values = {"name": {"name": {"type": "plain_text_input", "value": "mine"}}}
    await setting.bob.forges_submission("lists.rename", "lst_1", values)
    view = setting.last("view_submission")["view"]
    assert (view["callback_id"], view["private_metadata"]) == ("lists.rename", "lst_1")
    assert view["state"]["values"] == values
    await setting.bob.acts({"type": "block_actions", "actions": []})
    assert setting.last("block_actions")["actions"] == []
    assert setting.bob.messages == []


async def test_what_a_person_reads(setting: Setting) -> None:
    table = {"type": "table", "rows": [[cell("Row"), {"type": "raw_number", "value": 18}]]}
    await posts(
        setting,
        section("*412 contacts* + _6 à corriger_ · <@U0BOB> · <!date^1790000000^{date}|le 21> &lt;3"),
        table,
        actions(
            button(
                "Nouvelle\u00a0campagne",
                confirm={
                    "title": plain("Sûr ?"),
                    "text": plain("Vraiment"),
                    "confirm": plain("Oui"),
                    "deny": plain("Non"),
                },
            )
        ),
    )
    for words in ("412 contacts + 6 à corriger · @Bob · le 21 <3", "Row\n18", "Nouvelle campagne"):
        await setting.claire.sees(words)
    setting.claire.doesnt_see("Vraiment")


async def test_a_snapshot_holds_all_that_is_in_sight(setting: Setting) -> None:
    await setting.claire.drops(("clients.csv", b"a"), comment="voilà")
    await posts(setting, section("words", block_id="s"))
    await setting.opens(modal(field_of(writing(initial_value="a"))))
    await setting.client.views_publish(user_id="U0CLAIRE", view=home(section("home")))
    shot = setting.claire.snapshot()
    assert shot["person"]["locale"] == "fr-FR"
    mine, theirs = shot["messages"][0], shot["messages"][1]
    assert (mine["from"]["is_bot"], mine["text"], mine["files"][0]["name"]) == (False, "voilà", "clients.csv")
    assert (theirs["from"]["name"], theirs["blocks"][0]["block_id"]) == ("Postillon", "s")
    (dialog,) = shot["dialogs"]
    assert dialog["values"]["name"]["name"]["value"] == "a"
    assert dialog["view"]["title"]["text"] == "Title"
    assert shot["home"]["view"]["blocks"][0]["text"]["text"] == "home"
    assert shot["trouble"] is None
