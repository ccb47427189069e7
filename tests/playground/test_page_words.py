"""The page's own sentences: both languages, none missing, none left over."""

import re

from bot.playground.page import ASSETS
from bot.playground.sendgrid.fates import FATES

WORD = re.compile(r'^  (\w+): \["(.*)", "(.*)"\],$', re.MULTILINE)
ASKED = re.compile(r'say\((?:[^()]*\? )?"(\w+)"(?: : "(\w+)")?|data-(?:say|label)="(\w+)"')
TABLED = re.compile(r'"((?:was|has|if|at|no)[A-Z]\w+)"')


def texts(*patterns: str) -> str:
    files = [path for pattern in patterns for path in sorted(ASSETS.glob(pattern))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "words.js")


def test_every_sentence_is_there_in_both_languages() -> None:
    table = (ASSETS / "words.js").read_text(encoding="utf-8")
    rows = WORD.findall(table)
    assert len(rows) == len(re.findall(r"^  \w+: ", table, re.MULTILINE))
    for name, french, english in rows:
        assert french.strip(), name
        assert english.strip(), name
        assert set(re.findall(r"\{\w+\}", french)) == set(re.findall(r"\{\w+\}", english)), name


def test_every_sentence_asked_for_exists_and_the_reverse() -> None:
    known = {name for name, _, _ in WORD.findall((ASSETS / "words.js").read_text(encoding="utf-8"))}
    asked = {name for found in ASKED.findall(texts("*.js", "*.html")) for name in found if name}
    # asked for by a variable: the tools, the parts of a letter, the near days
    asked |= {"bold", "italic", "strike", "list", "html", "text", "yesterday", "today", "tomorrow"}
    # what happens to letters, told by tables of their own
    asked |= set(TABLED.findall(texts("story.js", "surprises.js")))
    assert asked == known


def test_every_mailbox_with_a_surprise_is_offered_and_the_reverse() -> None:
    table = re.search(r"const MAILBOXES = \{(.*?)\};", texts("surprises.js"), re.DOTALL)
    assert table is not None
    assert set(re.findall(r"(\w+): \"", table[1])) == set(FATES)
