"""What some of the people would read, and those who are not there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.core import fields
from bot.core.campaigns import Step
from bot.core.contacts import Field, invented
from bot.core.lint.records import Case, Finding, blocking, warning
from bot.core.sentences import Sentence, sentence

QUOTED = 60  # characters of the sentence as it would be read
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+|[*_~`\\]+")


def nobody(case: Case) -> Iterator[Finding]:
    if not case.count:
        yield blocking(Step.RECIPIENTS, "lint.nobody")


def blanks(case: Case) -> Iterator[Finding]:
    """A subject that would be empty is refused with the whole request; a greeting to nobody is not."""
    if rows := case.survey.untitled:
        yield blocking(Step.MESSAGE, "lint.subject.blank", n=len(rows), rows=_listed(rows))
    for name, lacking in sorted(case.survey.blanks.items(), key=lambda one: -one[1]):
        where = bare(case, name) if lacking else ""
        if not where:
            continue
        what, read = named(name, case.columns), as_read(case, name, where)
        key = "lint.blank" if read else "lint.blank.whole"
        said = warning(Step.MESSAGE, key, n=lacking, what=what, read=read)
        yield replace(said, blank="" if name.startswith("column") else name)
    if case.survey.unlinked:
        yield warning(Step.PARAMETERS, "lint.link.missing", n=case.survey.unlinked)


def long_values(case: Case) -> Iterator[Finding]:
    for name, rows in case.survey.long.items():
        what = named(name, case.columns)
        yield warning(Step.RECIPIENTS, "lint.value.long", n=len(rows), what=what, rows=_listed(rows))


def named(name: str, columns: Sequence[str]) -> Sentence:
    """A field within a sentence: "prénom", "first name"; another column by its title."""
    if name in {one.value for one in Field}:
        return sentence(f"lint.field.{name}")
    title = next((title for place, title in enumerate(columns) if fields.column_name(place) == name), name)
    return sentence("lint.column", title=title)


def bare(case: Case, name: str) -> str:
    """The first line in which the field stands without a default; empty where there is none."""
    draft = case.draft
    words = fields.Vocabulary(case.columns)
    for line in (draft.subject, *draft.body.split("\n"), draft.preheader):
        if any(words.read(match) == (name, "") for match in fields.PLACEHOLDER.finditer(line)):
            return line
    return ""


def as_read(case: Case, name: str, line: str) -> str:
    """The line as somebody without that value reads it, the other fields filled as an example."""
    example = replace(invented(), extras=tuple(case.columns))
    words = fields.Vocabulary(case.columns)
    at = 0

    def filled(match: "re.Match[str]") -> str:
        nonlocal at
        meant, default = words.read(match)
        if meant == name:
            at = at or match.start()
            return default
        if meant in (None, fields.LINK):
            return default
        return fields.reader(str(meant))(example) or default

    said = fields.PLACEHOLDER.sub(filled, _LINK.sub(r"\1", line))
    return _around(_MARKS.sub("", said).strip(), at)


def _around(text: str, at: int) -> str:
    """As much of it as a sentence can quote, where the blank is."""
    if len(text) <= QUOTED:
        return text
    start = max(0, min(at - QUOTED // 2, len(text) - QUOTED))
    head, tail = "…" if start else "", "…" if start + QUOTED < len(text) else ""
    return head + text[start : start + QUOTED].strip() + tail


def with_default(text: str, name: str, defaults: Mapping[bool, str], columns: Sequence[str]) -> str:
    """The text with a default wherever the field stood without one. `defaults`: what to say at the start
    of a line (True), and within one."""
    words = fields.Vocabulary(columns)

    def filled(match: "re.Match[str]") -> str:
        if words.read(match) != (name, ""):
            return match[0]
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        return "{{" + f"{match[1]} | {defaults[not _MARKS.sub('', line).strip()]}" + "}}"

    return fields.PLACEHOLDER.sub(filled, text)


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
