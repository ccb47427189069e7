"""The JSON shape of a mail/send body. A wrong type is answered with a bare "Bad Request"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Shape = Callable[[object], bool]


def text(value: object) -> bool:
    return isinstance(value, str)


def whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def flag(value: object) -> bool:
    return isinstance(value, bool)


def texts_by_name(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


def several(shape: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(shape(entry) for entry in value)


def record(**fields: Shape) -> Shape:
    """An object with none but these fields; which of them are required is another rule."""

    def fits(value: object) -> bool:
        return isinstance(value, dict) and all(
            name in fields and fields[name](entry) for name, entry in value.items()
        )

    return fits


ADDRESS = record(email=text, name=text)
SETTING = record(enable=flag, text=text, html=text, substitution_tag=text, enable_text=flag, threshold=whole)

PERSONALIZATION = record(
    **{
        "to": several(ADDRESS),
        "cc": several(ADDRESS),
        "bcc": several(ADDRESS),
        "from": ADDRESS,
        "subject": text,
        "headers": texts_by_name,
        "substitutions": texts_by_name,
        "dynamic_template_data": lambda value: isinstance(value, dict),
        "custom_args": texts_by_name,
        "send_at": whole,
    }
)

MAIL_SETTINGS = record(
    sandbox_mode=SETTING,
    footer=SETTING,
    bypass_list_management=SETTING,
    bypass_spam_management=SETTING,
    bypass_bounce_management=SETTING,
    bypass_unsubscribe_management=SETTING,
)
TRACKING_SETTINGS = record(
    click_tracking=SETTING, open_tracking=SETTING, subscription_tracking=SETTING, ganalytics=SETTING
)

FIELDS: dict[str, Shape] = {
    "personalizations": several(PERSONALIZATION),
    "from": ADDRESS,
    "reply_to": ADDRESS,
    "reply_to_list": several(ADDRESS),
    "subject": text,
    "content": several(record(type=text, value=text)),
    "headers": texts_by_name,
    "categories": several(text),
    "custom_args": texts_by_name,
    "send_at": whole,
    "batch_id": text,
    "asm": record(group_id=whole, groups_to_display=several(whole)),
    "ip_pool_name": text,
    "template_id": text,
    "mail_settings": MAIL_SETTINGS,
    "tracking_settings": TRACKING_SETTINGS,
}


def misshapen(body: Mapping[str, object]) -> Iterator[str]:
    """Names of the fields that SendGrid's parser would not take at all, unknown ones included."""
    for name, value in body.items():
        if name not in FIELDS or not FIELDS[name](value):
            yield name
