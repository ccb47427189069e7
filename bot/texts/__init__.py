"""Every sentence a person reads, in French and in English, and the one translator.

The catalogues are gettext's: `fr/NOUN.po` and `en/NOUN.po`, whose msgids are names (`lists.renamed`), so
that both languages are translations and neither is the code. They are read with Babel at start: nobody
builds `.mo` files in a clone. Values stand between braces: `{count}`. A value `n` chooses the plural:

    msgid "lists.count"
    msgid_plural "lists.count"
    msgstr[0] "{n} contact"
    msgstr[1] "{n} contacts"
"""

import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

from babel import Locale
from babel.dates import format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.core.people import Language
from bot.core.sentences import Sentence

Value = str | int | float | datetime | Sentence
LOCALES = {Language.FRENCH: "fr_FR", Language.ENGLISH: "en_US"}
DAYS = {Language.FRENCH: "EEEE d MMMM", Language.ENGLISH: "EEEE, MMMM d"}
TIMES = {Language.FRENCH: "H:mm", Language.ENGLISH: "h:mm a"}
MOMENTS = {Language.FRENCH: "EEEE d MMMM 'à' H:mm", Language.ENGLISH: "EEEE, MMMM d 'at' h:mm a"}


class Untranslated(KeyError):
    """A sentence that a catalogue lacks: a defect, which a test over the whole code finds first."""


class Say:
    """The translator bound to one reader: a language and a time zone.

    `say(key, **values)` gives plain text; `say.mrkdwn(key, **values)` the same for Slack's mrkdwn, with
    `&`, `<` and `>` of every value escaped: a first name `<!channel>` must not ping everybody.
    """

    def __init__(self, language: Language, zone: tzinfo = UTC) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self.zone = zone

    def __call__(self, key: str | Sentence, /, **values: Value) -> str:
        return self._fill(_named(key, values), escape=False)

    def mrkdwn(self, key: str | Sentence, /, **values: Value) -> str:
        return self._fill(_named(key, values), escape=True)

    def has(self, key: str) -> bool:
        """Is there such a sentence? For families of names (`reading.cause.…`) with a general answer."""
        catalogue = _catalogue(self.language)
        return catalogue.gettext(key) != key or catalogue.ngettext(key, key, 1) != key

    def number(self, number: float) -> str:
        return str(format_decimal(number, locale=self.locale))

    def moment(self, moment: datetime, pattern: str | None = None) -> str:
        """In the reader's zone; `pattern` is CLDR's."""
        local = moment.astimezone(self.zone)
        wanted = pattern or MOMENTS[self.language]
        if self.language is Language.FRENCH and local.day == 1:
            wanted = wanted.replace("d MMM", "d'er' MMM")
        return str(format_datetime(local, wanted, locale=self.locale))

    def city(self, zone: tzinfo) -> str:
        """What the zone is called after: `Europe/London` is Londres to French readers."""
        name = str(zone)
        with suppress(LookupError):  # a zone without a name of its own
            name = str(get_timezone_location(name, locale=self.locale, return_city=True))
        return name.rpartition("/")[2].replace("_", " ")

    def country(self, code: str) -> str:
        return str(Locale.parse(self.locale).territories.get(code, code))

    def joined(self, words: Iterable[str]) -> str:
        return ", ".join(words)

    def _fill(self, said: Sentence, *, escape: bool) -> str:
        words = _words(self.language, said.key, said.values.get("n"))
        shown = {name: self._shown(value, escape=escape) for name, value in said.values.items()}
        return words.format_map(shown)

    def _shown(self, value: Value, *, escape: bool) -> str:
        match value:
            case Sentence():
                return self.mrkdwn(value) if escape else self(value)
            case int() | float():
                return self.number(value)
            case datetime():
                return _Moment(self, value)
            case _:
                return escaped(value) if escape else value


class _Moment(str):
    """Of a sentence: `{at}` is the whole moment, `{at:day}` and `{at:time}` are its parts."""

    __slots__ = ("_parts",)
    _parts: Mapping[str, str]

    def __new__(cls, say: Say, moment: datetime) -> "_Moment":
        said = super().__new__(cls, say.moment(moment))
        day, time = DAYS[say.language], TIMES[say.language]
        said._parts = {"day": say.moment(moment, day), "time": say.moment(moment, time)}
        return said

    def __format__(self, part: str) -> str:
        return self._parts[part] if part else str(self)


def _named(key: str | Sentence, values: Mapping[str, Value]) -> Sentence:
    if isinstance(key, str):
        return Sentence(key, values)
    return Sentence(key.key, {**key.values, **values}) if values else key


def escaped(text: str) -> str:
    """For mrkdwn and top-level text, as Slack asks: these three characters and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(language: Language, key: str, n: object) -> str:
    catalogue = _catalogue(language)
    words = catalogue.ngettext(key, key, n) if isinstance(n, int) else catalogue.gettext(key)
    if words == key:
        # a sentence without plural forms may still be given an n
        words = catalogue.gettext(key)
    if words == key:
        raise Untranslated(f"{language.value}: {key}")
    return words


@cache
def _catalogue(language: Language) -> GNUTranslations:
    """All nouns of one language as one catalogue; a name in two files is refused."""
    folder = files("bot.texts") / language.value
    merged = None
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".po"):
            continue
        noun = read_po(io.BytesIO(file.read_bytes()), locale=LOCALES[language], abort_invalid=True)
        if merged is None:
            merged = noun
            continue
        for message in noun:
            if not message.id:
                continue
            if message.id in merged:
                raise ValueError(f"{language.value}: {message.id} stands in two catalogues")
            merged[message.id] = message
    assert merged is not None
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
