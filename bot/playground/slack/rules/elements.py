"""One line per kind of interactive element, and where each may stand."""

from collections.abc import Iterator, Mapping

from bot.playground.slack.rules.richtext import RICH_TEXT
from bot.playground.slack.rules.shapes import (
    Check,
    Fault,
    anything,
    both,
    flag,
    kind_of,
    listing,
    one_of,
    plain,
    shape,
    text,
    whole,
    words,
)

ACTION = {"action_id": text(255, least=1)}
URL = text(3000, pattern=r"^[a-z][a-z0-9+.-]*:")
STYLE = one_of("primary", "danger")
CONFIRM = {
    "confirm": shape(
        {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
    )
}
FOCUS = {"focus_on_load": flag}
HINTED = {"placeholder": plain(150)}
DISPATCH = {
    "dispatch_action_config": shape(
        {}, {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"))}
    )
}
PICKER = {**ACTION, **CONFIRM, **FOCUS}
SELECT = {**PICKER, **HINTED}
WRITER = {**ACTION, **FOCUS, **HINTED, **DISPATCH}
MANY = {"max_selected_items": whole(1)}

OPTION = shape({"text": plain(75), "value": text(150, least=1)}, {"description": plain(75)})
MARKED_OPTION = shape({"text": words(75), "value": text(150, least=1)}, {"description": words(75)})
LINKED_OPTION = shape(
    {"text": plain(75), "value": text(150, least=1)}, {"description": plain(75), "url": text(3000)}
)
GROUP = shape({"label": plain(75), "options": listing(OPTION, most=100)})
OFFERED = {"options": listing(OPTION, most=100), "option_groups": listing(GROUP, most=100)}


def offers(value: object, path: str) -> Iterator[Fault]:
    """Options are given once, differ by their value, and the initial ones are exactly among them."""
    assert isinstance(value, dict)
    groups = value.get("option_groups", [])
    if bool(groups) == ("options" in value):
        yield Fault(path=path, message="give either options or option_groups")
    options = [*value.get("options", []), *(option for group in groups for option in group["options"])]
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        yield Fault(path=f"{path}/options", message="option values must be unique")
    initial = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    if any(option not in options for option in initial):
        yield Fault(path=path, message="the initial option must be exactly one of the options")


def limits(value: object, path: str) -> Iterator[Fault]:
    """An initial value fits the bounds its own field sets."""
    assert isinstance(value, dict)
    low, high = value.get("min_value"), value.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        yield Fault(path=path, message="min_value must not be more than max_value")
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield Fault(path=path, message="min_length must not be more than max_length")
    if len(value.get("initial_value", "")) > value.get("max_length", 3000):
        yield Fault(path=f"{path}/initial_value", message="initial_value is longer than max_length")


def pictured(value: object, path: str) -> Iterator[Fault]:
    assert isinstance(value, dict)
    if ("image_url" in value) == ("slack_file" in value):
        yield Fault(path=path, message="give either image_url or slack_file")


PICTURE = {"image_url": text(3000, pattern="^https?://"), "slack_file": anything}
IMAGE = both(shape({"alt_text": text(2000, least=1)}, PICTURE), pictured)
NUMERAL = text(pattern=r"^-?\d+(\.\d+)?$")
TIME = text(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

ELEMENTS: Mapping[str, Check] = {
    "button": shape(
        {"text": plain(75)},
        {
            **ACTION,
            **CONFIRM,
            "url": URL,
            "value": text(2000, least=1),
            "style": STYLE,
            "accessibility_label": text(75),
        },
    ),
    "overflow": both(shape({"options": listing(LINKED_OPTION, most=5)}, {**ACTION, **CONFIRM}), offers),
    "checkboxes": both(
        shape(
            {"options": listing(MARKED_OPTION, most=10)},
            {**PICKER, "initial_options": listing(MARKED_OPTION, most=10)},
        ),
        offers,
    ),
    "radio_buttons": both(
        shape({"options": listing(MARKED_OPTION, most=10)}, {**PICKER, "initial_option": MARKED_OPTION}),
        offers,
    ),
    "static_select": both(shape({}, {**SELECT, **OFFERED, "initial_option": OPTION}), offers),
    "multi_static_select": both(
        shape({}, {**SELECT, **OFFERED, **MANY, "initial_options": listing(OPTION, most=100)}), offers
    ),
    "external_select": shape({}, {**SELECT, "initial_option": OPTION, "min_query_length": whole(0)}),
    "multi_external_select": shape(
        {}, {**SELECT, **MANY, "initial_options": listing(OPTION, most=100), "min_query_length": whole(0)}
    ),
    "users_select": shape({}, {**SELECT, "initial_user": text()}),
    "multi_users_select": shape({}, {**SELECT, **MANY, "initial_users": listing(text(), least=0)}),
    "conversations_select": shape(
        {},
        {
            **SELECT,
            "initial_conversation": text(),
            "default_to_current_conversation": flag,
            "filter": anything,
        },
    ),
    "multi_conversations_select": shape(
        {}, {**SELECT, **MANY, "initial_conversations": listing(text(), least=0), "filter": anything}
    ),
    "channels_select": shape({}, {**SELECT, "initial_channel": text()}),
    "multi_channels_select": shape({}, {**SELECT, **MANY, "initial_channels": listing(text(), least=0)}),
    "datepicker": shape({}, {**SELECT, "initial_date": text(pattern=r"^\d{4}-\d{2}-\d{2}$")}),
    "timepicker": shape({}, {**SELECT, "initial_time": TIME, "timezone": text()}),
    "datetimepicker": shape({}, {**PICKER, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": both(
        shape(
            {},
            {
                **WRITER,
                "initial_value": text(3000),
                "multiline": flag,
                "min_length": whole(0, 3000),
                "max_length": whole(1, 3000),
            },
        ),
        limits,
    ),
    "email_text_input": shape({}, {**WRITER, "initial_value": text()}),
    "url_text_input": shape({}, {**WRITER, "initial_value": text()}),
    "number_input": both(
        shape(
            {"is_decimal_allowed": flag},
            {**WRITER, "initial_value": NUMERAL, "min_value": NUMERAL, "max_value": NUMERAL},
        ),
        limits,
    ),
    "rich_text_input": shape(
        {},
        {
            **WRITER,
            "initial_value": kind_of({"rich_text": RICH_TEXT}),
            "min_lines": whole(1, 100),
            "max_lines": whole(1, 100),
        },
    ),
    "file_input": shape({}, {**ACTION, "filetypes": listing(text(least=1)), "max_files": whole(1, 10)}),
    "image": IMAGE,
}

_PICKERS = (
    "checkboxes",
    "radio_buttons",
    "static_select",
    "multi_static_select",
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "multi_conversations_select",
    "channels_select",
    "multi_channels_select",
    "datepicker",
    "timepicker",
)


def _some(*kinds: str) -> Check:
    return kind_of({kind: ELEMENTS[kind] for kind in kinds})


IN_ACTIONS = _some("button", "overflow", "datetimepicker", *_PICKERS)
IN_SECTION = _some("button", "overflow", "image", *_PICKERS)
IN_INPUT = _some(
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    *_PICKERS,
)
IN_CONTEXT = kind_of({"image": IMAGE, "plain_text": plain(), "mrkdwn": words()})
