"""Every sentence exists in French and in English, is used, and stands nowhere but in the catalogues."""

import ast
import io
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.core.people import Language
from bot.core.sentences import Sentence, sentence
from bot.texts import Say, Untranslated

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "bot" / "texts"
CODE = sorted(
    path
    for folder in ("bot", "handlers", "storage")
    for path in (ROOT / folder).rglob("*.py")
    if "playground" not in path.parts
)
SPEAKS = {"say", "sentence", "Refusal", "Stale", "Sentence", "mrkdwn", "has"}
KEY = re.compile(r"[a-z_]+(\.[a-zA-Z0-9_-]+)+")


@cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """msgid -> its translations, over all nouns."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((TEXTS / language).glob("*.po")):
        for message in read_po(io.BytesIO(file.read_bytes())):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                assert key not in found, f"{language}: {key} twice"
                words = message.string if isinstance(message.string, tuple) else (message.string,)
                found[key] = tuple(words)
    return found


def names_in(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert catalogue("fr").keys() == catalogue("en").keys()


def test_english_quotes_are_curly_but_around_what_is_typed() -> None:
    """As printers have them; a command keeps those that a shell knows."""
    straight = [
        (key, quoted)
        for key, words in catalogue("en").items()
        for quoted in re.findall(r'"([^"]*)"?', " ".join(words))
        if not quoted.startswith(("postillon ", ".damaged-"))
    ]
    assert straight == []


def test_no_translation_is_empty() -> None:
    empty = [(lang, key) for lang in ("fr", "en") for key, words in catalogue(lang).items() if not all(words)]
    assert empty == []


def test_both_languages_name_the_same_values() -> None:
    differing = {
        key: (french, english)
        for key in catalogue("fr")
        if (french := set().union(*map(names_in, catalogue("fr")[key])))
        != (english := set().union(*map(names_in, catalogue("en")[key])))
    }
    assert differing == {}


def spoken(tree: ast.AST) -> Iterator[str]:
    """Names of sentences that a call says: whole ones, and `prefix.*` for computed ones."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SPEAKS and node.args:
            yield from _names(node.args[0])


def _names(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)) if KEY.fullmatch(key):
            yield key
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if "." in start:
            yield start + "*"
        case ast.IfExp(body=body, orelse=orelse):
            yield from _names(body)
            yield from _names(orelse)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_that_the_code_says_exists(language: str) -> None:
    known = catalogue(language)
    missing = {
        f"{path.relative_to(ROOT)}: {key}"
        for path in CODE
        for key in spoken(ast.parse(path.read_text("utf-8")))
        if not (any(k.startswith(key[:-1]) for k in known) if key.endswith("*") else key in known)
    }
    assert missing == set()


def test_every_sentence_is_used() -> None:
    """A sentence nobody says is a sentence nobody keeps true."""
    code = "\n".join(path.read_text("utf-8") for path in CODE)
    starts = set(re.findall(r'f"([a-z_]+(?:\.[a-zA-Z0-9_]+)*\.)\{', code))
    starts |= set(re.findall(r'f"([a-z_]+(?:\.[a-zA-Z0-9_]+)*_)\{', code))
    unused = [key for key in catalogue("fr") if f'"{key}"' not in code and not key.startswith(tuple(starts))]
    assert unused == []


SENTENCE = re.compile(r"[A-Za-zÀ-ÿ]{2,}[ \u00a0]+[A-Za-zÀ-ÿ]{2,}")
BEFORE_THE_LANGUAGE_IS_KNOWN = {"Un instant… · One moment…"}


def literal_sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Constants that read like words for a person: not docstrings, not what goes to the log."""
    exempt: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            exempt.add(id(body[0].value))
        if _logs(node):
            exempt.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.Raise | ast.Assert):
            exempt.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            exempt.update(id(inner) for inner in ast.walk(node.annotation))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in exempt:
            continue
        if SENTENCE.search(node.value) and node.value not in BEFORE_THE_LANGUAGE_IS_KNOWN:
            yield node.lineno, node.value


def _logs(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "log"


def test_no_handler_holds_a_sentence() -> None:
    files = sorted((ROOT / "handlers").rglob("*.py"))
    held = [
        f"{path.relative_to(ROOT)}:{line} {words!r}"
        for path in files
        for line, words in literal_sentences(ast.parse(path.read_text("utf-8")))
    ]
    assert held == []


def test_the_check_above_sees_a_sentence() -> None:
    tree = ast.parse('def f():\n    """A docstring is fine."""\n    return post("Votre liste est prête")')
    assert list(literal_sentences(tree)) == [(3, "Votre liste est prête")]


def test_values_of_people_cannot_ping_everybody() -> None:
    say = Say(Language.ENGLISH)
    hostile = sentence("lists.deleted", title="<!channel> & co")
    assert "<!channel>" in say(hostile)
    assert "&lt;!channel&gt; &amp; co" in say.mrkdwn(hostile)


def test_numbers_and_plurals_follow_the_language() -> None:
    assert Say(Language.FRENCH)("words.people", n=12_345) == "12\u202f345 personnes"
    assert Say(Language.ENGLISH)("words.people", n=12_345) == "12,345 people"
    assert Say(Language.FRENCH)("words.people", n=0) == "0 personne"
    assert Say(Language.ENGLISH)("words.people", n=0) == "0 people"


def test_a_missing_sentence_is_a_defect_not_a_blank() -> None:
    with pytest.raises(Untranslated):
        Say(Language.FRENCH)(Sentence("nothing.like_this", {}))
