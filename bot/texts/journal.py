"""The log's words, the same in a message and in a file."""

from bot.core.log import Told
from bot.texts import Say

# in this order; other numbers are for machines
COUNTS = (
    "contacts", "before", "people", "letters", "uncertain", "use", "manage", "colleagues", "rows", "entries",
    "answers",
)  # fmt: skip
WORDS = ("owner", "cause", "reason", "person")


def verb(say: Say, told: Told) -> str:
    """ "imported": what nobody named in this language is shown as it was noted."""
    key = f"log.verb.{told.verb.replace(' ', '_')}"
    return say(key) if say.has(key) else told.verb


def details(say: Say, told: Told) -> str:
    """ "412 contacts, 400 before"."""
    counted = [say(f"log.count.{name}", n=told.counts[name]) for name in COUNTS if told.counts.get(name)]
    named = [
        say(f"log.word.{name}", value=_word(say, name, told.words[name]))
        for name in WORDS
        if told.words.get(name)
    ]
    return say.joined([*counted, *named])


def _word(say: Say, name: str, value: str) -> str:
    """A cause has words of its own in both languages."""
    key = f"suppressions.cause.{value}"
    return say(key).lower() if name == "cause" and say.has(key) else value
