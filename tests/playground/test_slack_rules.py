"""Each rule of Slack: the request that keeps it is taken, the nearest one that breaks it is refused."""

from collections.abc import AsyncIterator, Callable
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
    mrkdwn,
    options,
    plain,
    section,
    table,
    writing,
)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as setting:
        yield setting


def letters(build: Callable[[str], Json]) -> Callable[[int], Json]:
    return lambda size: build("x" * size)


def several(build: Callable[..., Json], one: Callable[[int], Json]) -> Callable[[int], Json]:
    return lambda size: build(*(one(n) for n in range(size)))


def confirmed(**words: str) -> Json:
    said = {"title": "Sure?", "text": "Really?", "confirm": "Yes", "deny": "No"} | words
    return actions(button(confirm={name: plain(text) for name, text in said.items()}))


def described(text: str) -> Json:
    return {"text": plain("a"), "value": "a", "description": plain(text)}


def chart(points: int = 1, **extra: Any) -> Json:
    labels = [f"{n}" for n in range(points)]
    series = {"name": "answers", "data": [{"label": label, "value": 1} for label in labels]}
    body = {"type": "bar", "series": [series], "axis_config": {"categories": labels}} | extra
    return {"type": "data_visualization", "title": "Answers", "chart": body}


def data_table(rows: int, columns: int = 1, letters: str = "x") -> Json:
    cells = [[cell(letters) for _ in range(columns)] for _ in range(rows)]
    return {"type": "data_table", "caption": "People", "rows": cells}


def small_divider(n: int) -> Json:
    return {"type": "divider", "block_id": f"d{n}"}


MESSAGE_LIMITS: dict[str, tuple[int, Callable[[int], Json | list[Json]]]] = {
    "blocks in a message": (50, lambda size: [small_divider(n) for n in range(size)]),
    "letters of a section": (3000, letters(section)),
    "letters of a field": (2000, letters(lambda text: {"type": "section", "fields": [mrkdwn(text)]})),
    "fields of a section": (10, lambda size: {"type": "section", "fields": [mrkdwn("f")] * size}),
    "letters of a header": (150, letters(lambda text: {"type": "header", "text": plain(text)})),
    "letters of a button": (75, letters(lambda text: actions(button(text)))),
    "value of a button": (2000, letters(lambda text: actions(button(value=text)))),
    "url of a button": (3000, lambda size: actions(button(url="https:" + "x" * (size - 6)))),
    "action_id": (255, letters(lambda text: actions(button(action_id=text)))),
    "block_id": (255, letters(lambda text: {"type": "divider", "block_id": text})),
    "elements of an actions block": (25, several(actions, lambda n: button(action_id=f"b{n}"))),
    "elements of a context": (10, lambda size: {"type": "context", "elements": [mrkdwn("c")] * size}),
    "options of a select": (100, lambda size: actions(choice("static_select", size))),
    "options of checkboxes": (10, lambda size: actions(choice("checkboxes", size))),
    "options of radio buttons": (10, lambda size: actions(choice("radio_buttons", size))),
    "options of an overflow": (5, lambda size: actions(choice("overflow", size))),
    "text of an option": (
        75,
        letters(lambda text: actions(choice("static_select", options=[{"text": plain(text), "value": "v"}]))),
    ),
    "value of an option": (
        150,
        letters(lambda text: actions(choice("static_select", options=[{"text": plain("t"), "value": text}]))),
    ),
    "description of an option": (
        75,
        letters(lambda text: actions(choice("static_select", options=[described(text)]))),
    ),
    "placeholder": (
        150,
        letters(lambda text: actions(choice("static_select", placeholder=plain(text)))),
    ),
    "title of a confirmation": (100, letters(lambda text: confirmed(title=text))),
    "text of a confirmation": (300, letters(lambda text: confirmed(text=text))),
    "confirm of a confirmation": (30, letters(lambda text: confirmed(confirm=text))),
    "deny of a confirmation": (30, letters(lambda text: confirmed(deny=text))),
    "rows of a table": (100, lambda size: table(rows=size)),
    "columns of a table": (20, lambda size: table(columns=size)),
    "letters of a table": (10_000, lambda size: table(letters="x" * size)),
    "rows of a data_table": (201, lambda size: data_table(size)),
    "letters of a data_table": (10_000, lambda size: data_table(2, letters="x" * size)),
    "letters of a markdown block": (12_000, letters(lambda text: {"type": "markdown", "text": text})),
    "letters of all markdown blocks": (
        6_000,
        lambda size: [{"type": "markdown", "text": "x" * size}, {"type": "markdown", "text": "x" * 6_000}],
    ),
    "points of a chart": (20, lambda size: chart(size)),
    "charts of a message": (2, lambda size: [chart() for _ in range(size)]),
    "elements with focus": (
        1,
        lambda size: [field_of(writing(focus_on_load=True), f"b{n}") for n in range(size)],
    ),
}


def as_blocks(built: Json | list[Json]) -> list[Json]:
    return built if isinstance(built, list) else [built]


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
async def test_a_limit_of_messages(setting: Setting, name: str) -> None:
    limit, build = MESSAGE_LIMITS[name]
    call = {"channel": "U0CLAIRE", "text": "t"}
    assert await setting.error("chat.postMessage", {**call, "blocks": as_blocks(build(limit))}) == ""
    assert setting.slack.refusals == []
    error = await setting.error("chat.postMessage", {**call, "blocks": as_blocks(build(limit + 1))})
    assert error == "invalid_blocks"
    assert [one.method for one in setting.slack.refusals] == ["chat.postMessage"]


REFUSED_BLOCKS: dict[str, list[Any]] = {
    "an unknown kind of block": [{"type": "carousel_of_dreams"}],
    "an unknown kind of element": [actions({"type": "slider", "action_id": "a"})],
    "an unknown property": [{"type": "divider", "colour": "red"}],
    "null for a property": [section("t", accessory=None)],
    "null for a block": [None],
    "no type": [{"text": mrkdwn("t")}],
    "a section without words": [{"type": "section"}],
    "an empty text": [section("")],
    "an empty table cell": [{"type": "table", "rows": [[cell("")]]}],
    "an empty rich text cell": [{"type": "table", "rows": [[{"type": "rich_text", "elements": []}]]}],
    "a button in a table cell": [{"type": "table", "rows": [[button()]]}],
    "a header in mrkdwn": [{"type": "header", "text": mrkdwn("t")}],
    "a button in mrkdwn": [actions({"type": "button", "action_id": "a", "text": mrkdwn("t")})],
    "a button without text": [actions({"type": "button", "action_id": "a"})],
    "an empty button value": [actions(button(value=""))],
    "an unknown button style": [actions(button(style="blue"))],
    "an actions block without elements": [actions()],
    "two blocks of one block_id": [small_divider(1), small_divider(1)],
    "two elements of one action_id": [actions(button(), button())],
    "two options of one value": [actions(choice("static_select", options=options(1) * 2))],
    "an initial option that only looks like one": [
        actions(choice("static_select", initial_option={"text": plain("Other"), "value": "v0"}))
    ],
    "initial options that are none": [
        actions(choice("checkboxes", initial_options=[{"text": plain("x"), "value": "x"}]))
    ],
    "options and option_groups": [
        actions(choice("static_select", option_groups=[{"label": plain("g"), "options": options(1)}]))
    ],
    "a select without options": [actions({"type": "static_select", "action_id": "a"})],
    "a moment as text": [
        actions({"type": "datetimepicker", "action_id": "a", "initial_date_time": "2026-11-23"})
    ],
    "a moment in milliseconds": [
        actions({"type": "datetimepicker", "action_id": "a", "initial_date_time": 1_790_000_000_000})
    ],
    "a date that is none": [actions({"type": "datepicker", "action_id": "a", "initial_date": "23/11/2026"})],
    "a time that is none": [actions({"type": "timepicker", "action_id": "a", "initial_time": "25:00"})],
    "a text field outside an input": [actions(writing())],
    "a datetimepicker beside a section": [
        section("t", accessory={"type": "datetimepicker", "action_id": "a"})
    ],
    "an alert": [{"type": "alert", "text": plain("t")}],
    "a file_input": [field_of({"type": "file_input", "action_id": "f"})],
    "an image of nothing": [{"type": "image", "alt_text": "a"}],
    "an image without alt_text": [{"type": "image", "image_url": "https://a.example/b.png"}],
    "data_table rows of two lengths": [
        {"type": "data_table", "caption": "c", "rows": [[cell("a")], [cell("a"), cell("b")]]}
    ],
    "data_table without a caption": [{"type": "data_table", "rows": [[cell("a")], [cell("b")]]}],
    "chart labels beside the categories": [chart(axis_config={"categories": ["other"]})],
    "a link without url in rich text": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "text": "x"}]}],
        }
    ],
}


@pytest.mark.parametrize("name", REFUSED_BLOCKS)
async def test_blocks_a_message_cannot_hold(setting: Setting, name: str) -> None:
    call = {"channel": "U0CLAIRE", "text": "t", "blocks": REFUSED_BLOCKS[name]}
    assert await setting.error("chat.postMessage", call) == "invalid_blocks"
    (refused,) = setting.slack.refusals
    assert "json-pointer:/" in refused.detail
    assert setting.claire.messages == []


async def test_one_table_a_message(setting: Setting) -> None:
    call = {"channel": "U0CLAIRE", "text": "t", "blocks": [table(), table()]}
    assert await setting.error("chat.postMessage", call) == "only_one_table_allowed"


MODAL_LIMITS: dict[str, tuple[int, Callable[[int], Json]]] = {
    "blocks in a dialog": (100, lambda size: modal(*(small_divider(n) for n in range(size)))),
    "letters of a title": (24, letters(lambda text: modal(small_divider(1), title=plain(text)))),
    "letters of a submit": (24, letters(lambda text: modal(small_divider(1), submit=plain(text)))),
    "letters of a close": (24, letters(lambda text: modal(small_divider(1), close=plain(text)))),
    "private_metadata": (3000, letters(lambda text: modal(small_divider(1), private_metadata=text))),
    "callback_id": (255, letters(lambda text: modal(small_divider(1), callback_id=text))),
    "external_id": (255, letters(lambda text: modal(small_divider(1), external_id=text))),
    "max_length of a text field": (3000, lambda size: modal(field_of(writing(max_length=size)))),
    "initial value of a text field": (
        3000,
        letters(lambda text: modal(field_of(writing(initial_value=text)))),
    ),
    "label of an input": (2000, letters(lambda text: modal(field_of(writing(), label=plain(text))))),
    "hint of an input": (2000, letters(lambda text: modal(field_of(writing(), hint=plain(text))))),
    "files of a file_input": (
        10,
        lambda size: modal(field_of({"type": "file_input", "action_id": "f", "max_files": size})),
    ),
    "letters of an alert": (200, letters(lambda text: modal({"type": "alert", "text": plain(text)}))),
}


@pytest.mark.parametrize("name", MODAL_LIMITS)
async def test_a_limit_of_dialogs(setting: Setting, name: str) -> None:
    limit, build = MODAL_LIMITS[name]
    call = {"trigger_id": await setting.trigger(), "view": build(limit)}
    assert await setting.error("views.open", call) == ""
    call = {"trigger_id": await setting.trigger(), "view": build(limit + 1)}
    assert await setting.error("views.open", call) == "invalid_arguments"
    assert [one.method for one in setting.slack.refusals] == ["views.open"]


REFUSED_MODALS: dict[str, Json] = {
    "a table": modal(table()),
    "a data_table": modal(data_table(2)),
    "a markdown block": modal({"type": "markdown", "text": "t"}),
    "a chart": modal(chart()),
    "a container": modal({"type": "container", "child_blocks": []}),
    "a carousel": modal({"type": "carousel", "elements": []}),
    "an input and no submit": {
        name: part for name, part in modal(field_of(writing())).items() if name != "submit"
    },
    "no title": {"type": "modal", "blocks": [small_divider(1)]},
    "no blocks": modal(),
    "a Home": home(small_divider(1)),
    "an unknown property": modal(small_divider(1), colour="red"),
    "null for its close": modal(small_divider(1), close=None),
    "min_value over max_value": modal(
        field_of(
            {
                "type": "number_input",
                "action_id": "n",
                "is_decimal_allowed": False,
                "min_value": "5",
                "max_value": "1",
            }
        )
    ),
    "a number field that does not say whether decimals": modal(
        field_of({"type": "number_input", "action_id": "n"})
    ),
    "a file_input that dispatches": modal(
        field_of({"type": "file_input", "action_id": "f"}, dispatch_action=True)
    ),
    "a rich text field with plain words": modal(
        field_of({"type": "rich_text_input", "action_id": "r", "initial_value": "words"})
    ),
    "a label in mrkdwn": modal(field_of(writing(), label=mrkdwn("*l*"))),
    "a button as an input": modal(field_of(button())),
}


@pytest.mark.parametrize("name", REFUSED_MODALS)
async def test_what_a_dialog_cannot_be(setting: Setting, name: str) -> None:
    call = {"trigger_id": await setting.trigger(), "view": REFUSED_MODALS[name]}
    assert await setting.error("views.open", call) == "invalid_arguments"
    assert setting.claire.dialog is None


async def test_a_view_is_at_most_250_kb(setting: Setting) -> None:
    wide = [section("é" * 3000, block_id=f"s{n}") for n in range(20)]
    call = {"trigger_id": await setting.trigger(), "view": modal(*wide)}
    assert await setting.error("views.open", call) == "view_too_large"


@pytest.mark.parametrize(
    "block",
    [
        table(),
        data_table(2),
        {"type": "markdown", "text": "t"},
        {"type": "alert", "text": plain("t")},
        chart(),
    ],
    ids=lambda block: block["type"],
)
async def test_what_a_home_cannot_hold(setting: Setting, block: Json) -> None:
    call = {"user_id": "U0CLAIRE", "view": home(block)}
    assert await setting.error("views.publish", call) == "invalid_arguments"
    assert setting.claire.home is None


async def test_a_home_holds_a_hundred_blocks(setting: Setting) -> None:
    call = {"user_id": "U0CLAIRE", "view": home(*(small_divider(n) for n in range(100)))}
    assert await setting.error("views.publish", call) == ""
    call["view"] = home(*(small_divider(n) for n in range(101)))
    assert await setting.error("views.publish", call) == "invalid_arguments"


async def test_a_view_refusal_says_what_and_where(setting: Setting) -> None:
    view = modal(small_divider(1), title=plain("x" * 25))
    try:
        await setting.client.views_open(trigger_id=await setting.trigger(), view=view)
    except Exception as refused:
        response = refused.response  # type: ignore[attr-defined]
    assert response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


CALLS: dict[str, tuple[str, Json, str]] = {
    "a method nobody knows": ("reactions.add", {"channel": "D0CLAIRE"}, "unknown_method"),
    "nothing to say": ("chat.postMessage", {"channel": "U0CLAIRE"}, "no_text"),
    "a table and no words": ("chat.postMessage", {"channel": "U0CLAIRE", "blocks": [table()]}, "no_text"),
    "too much to say": ("chat.postMessage", {"channel": "U0CLAIRE", "text": "x" * 40_001}, "msg_too_long"),
    "nowhere to say it": ("chat.postMessage", {"text": "t"}, "invalid_arguments"),
    "an unknown place": ("chat.postMessage", {"channel": "D0NOBODY", "text": "t"}, "channel_not_found"),
    "blocks that are no JSON": (
        "chat.postMessage",
        {"channel": "U0CLAIRE", "text": "t", "blocks": "[{"},
        "invalid_blocks_format",
    ),
    "an edit through a person's id": (
        "chat.update",
        {"channel": "U0CLAIRE", "ts": "1.0", "text": "t"},
        "channel_not_found",
    ),
    "an edit of nothing": (
        "chat.update",
        {"channel": "D0CLAIRE", "ts": "1.0", "text": "t"},
        "message_not_found",
    ),
    "a deletion of nothing": ("chat.delete", {"channel": "D0CLAIRE", "ts": "1.0"}, "message_not_found"),
    "a whisper to somebody elsewhere": (
        "chat.postEphemeral",
        {"channel": "D0CLAIRE", "user": "U0BOB", "text": "t"},
        "user_not_in_channel",
    ),
    "a stranger's profile": ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    "a file that is none": ("files.info", {"file": "F0"}, "file_not_found"),
    "an empty file": ("files.getUploadURLExternal", {"filename": "a.csv", "length": 0}, "invalid_arguments"),
    "an upload nobody announced": (
        "files.completeUploadExternal",
        {"files": [{"id": "F0"}]},
        "file_not_found",
    ),
    "a trigger made up": (
        "views.open",
        {"trigger_id": "1.2", "view": modal(small_divider(1))},
        "invalid_trigger_id",
    ),
    "a dialog without trigger": ("views.open", {"view": modal(small_divider(1))}, "invalid_arguments"),
    "an update of a closed view": (
        "views.update",
        {"view_id": "V0", "view": modal(small_divider(1))},
        "not_found",
    ),
    "an update of no view": ("views.update", {"view": modal(small_divider(1))}, "invalid_arguments"),
    "a Home for nobody": (
        "views.publish",
        {"user_id": "U0", "view": home(small_divider(1))},
        "user_not_found",
    ),
    "Socket Mode with the bot's token": ("apps.connections.open", {}, "not_allowed_token_type"),
    "several people at once": ("conversations.open", {"users": "U0CLAIRE,U0BOB"}, "invalid_user_combination"),
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_slack_refuses(setting: Setting, name: str) -> None:
    method, args, error = CALLS[name]
    assert await setting.error(method, args) == error
    (refused,) = [*setting.slack.refusals, *setting.slack.declined]
    assert (refused.method, refused.error) == (method, error)


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-other", "invalid_auth"), ("xapp-stand-in", "not_allowed_token_type"), ("", "not_authed")],
)
async def test_a_token_slack_refuses(setting: Setting, token: str, error: str) -> None:
    setting.client.token = token
    assert await setting.error("auth.test", {}) == error


async def test_an_edit_holds_4000_letters_of_the_bots_own(setting: Setting) -> None:
    posted = await setting.client.chat_postMessage(channel="U0CLAIRE", text="t")
    call = {"channel": posted["channel"], "ts": posted["ts"]}
    assert await setting.error("chat.update", {**call, "text": "x" * 4000}) == ""
    assert await setting.error("chat.update", {**call, "text": "x" * 4001}) == "msg_too_long"
    await setting.claire.says("mine")
    theirs = {"channel": "D0CLAIRE", "ts": setting.claire.messages[-1]["ts"]}
    assert await setting.error("chat.update", {**theirs, "text": "t"}) == "cant_update_message"
    assert await setting.error("chat.delete", theirs) == "cant_delete_message"


@pytest.mark.parametrize("scopes", [("chat:write",)])
async def test_a_missing_scope(scopes: tuple[str, ...]) -> None:
    async with a_setting(scopes=scopes) as setting:
        assert await setting.error("users.info", {"user": "U0CLAIRE"}) == "missing_scope"
        answer = await setting.client.auth_test()
        assert answer.headers["x-oauth-scopes"] == "chat:write"
