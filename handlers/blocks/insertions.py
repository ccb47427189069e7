"""Fields to put into a letter: two selects, one for its subject and one for its text."""

from collections.abc import Sequence

from bot.core import fields
from bot.core.people import Language
from bot.texts import Say
from handlers.blocks import kit

INTO_SUBJECT, INTO_BODY = "campaigns.field_subject", "campaigns.field_body"
OFFERED = 100  # options of a select; more columns are searched for
OURS = {
    Language.FRENCH: {
        "first_name": "prenom", "last_name": "nom", "company": "entreprise", "location": "ville",
        "job_title": "fonction", "link": "lien",
    },
    Language.ENGLISH: {
        name: name for name in ("first_name", "last_name", "company", "location", "job_title", "link")
    },
}  # fmt: skip


def selects(say: Say, columns: Sequence[str]) -> list[kit.Block]:
    """The text first: it is where most fields go."""
    return [
        _select(say, INTO_BODY, columns, say("message.insert.body")),
        _select(say, INTO_SUBJECT, columns, say("message.insert.subject")),
    ]


def _select(say: Say, action_id: str, columns: Sequence[str], placeholder: str) -> kit.Block:
    found = options(say, columns, into_subject=action_id == INTO_SUBJECT)
    if len(found) > OFFERED:
        return {
            "type": "external_select", "action_id": action_id, "min_query_length": 0,
            "placeholder": kit.plain(placeholder, 150),
        }  # fmt: skip
    return kit.select(action_id, found, placeholder=placeholder)


def options(say: Say, columns: Sequence[str], *, into_subject: bool, query: str = "") -> list[kit.Block]:
    """Our fields, then the other columns; a value names a field as `core.fields` does."""
    ours = [
        kit.option(say(f"message.field.{name}"), name)
        for name in OURS[Language.ENGLISH]
        if not (into_subject and name == fields.LINK)
    ]
    known = fields.Vocabulary(columns)
    others = [
        kit.option(_shown(title, known.written(fields.column_name(place))), fields.column_name(place))
        for place, title in enumerate(columns)
    ]
    wanted = query.strip().casefold()
    return [one for one in (*ours, *others) if wanted in str(one["text"]["text"]).casefold()]  # type: ignore[index]


def written(language: Language, columns: Sequence[str], name: str, *, into_subject: bool) -> str:
    """The field as it is typed in a letter; empty for one there is not. The link comes as a button."""
    if name == fields.LINK and not into_subject:
        return "[" + Say(language)("message.button") + "]({{" + OURS[language][name] + "}})"
    if name in OURS[language] and name != fields.LINK:
        return "{{" + OURS[language][name] + "}}"
    shown = fields.Vocabulary(columns).written(name)
    return "{{" + shown + "}}" if shown else ""


def _shown(title: str, written: str) -> str:
    """A column's title, and where that is also something else's name, what it is called instead."""
    return title if written == fields.typed(title) else written


def inserted(text: str, field: str) -> str:
    """At the end: Slack tells nobody where the cursor stands. A button stands on a line of its own."""
    if field.startswith("["):
        return f"{text.rstrip()}\n\n{field}" if text.strip() else field
    return f"{text}{'' if not text or text[-1].isspace() else ' '}{field}"
