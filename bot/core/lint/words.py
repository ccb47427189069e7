"""The subject, the preheader and the body."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.core import campaigns as rules
from bot.core import fields
from bot.core.campaigns import Campaign, Step
from bot.core.lint.records import Finding, blocking, refused, texts, warning
from bot.core.sentences import Refusal, sentence

SUBJECT_SHOWN = 60  # characters; a telephone shows fewer
EXCLAMATIONS = 2  # from here on
EXAMPLE = "Camille"  # about as long as what a field becomes
LETTERS = 8  # a subject with fewer of them is no shouting
LOUD = 0.7  # of the letters are capitals
CLIPPED = 102 * 1024  # bytes of HTML that Gmail shows; the rest stands behind a link
_ANSWER = re.compile(r"\s*(re|ré|fw|fwd|tr|rép)\s*:", re.IGNORECASE)
_PLAIN = re.compile(r"http://[^\s<>()\[\]\"']+", re.IGNORECASE)


def mistakes(draft: Campaign, columns: Sequence[str]) -> Iterator[Finding]:
    """What no letter can be made of."""
    yield from _judged(Step.MESSAGE, lambda: rules.check_subject(draft.subject, columns))
    yield from _judged(Step.MESSAGE, lambda: rules.check_body(draft.body, columns))
    yield from _judged(Step.MESSAGE, lambda: rules.check_preheader(draft.preheader, columns))
    for reminder in draft.reminders:
        for text in filter(None, (reminder.subject, reminder.body)):
            if piece := fields.broken(text) or fields.excess(text):
                yield blocking(Step.WHEN, "lint.reminder.field", name=piece, days=reminder.days)
            elif strange := fields.unknown(text, columns):
                yield blocking(Step.WHEN, "lint.reminder.field", name=strange[0][:40], days=reminder.days)


def _judged(step: Step, judge: Callable[[], object]) -> Iterator[Finding]:
    try:
        judge()
    except Refusal as refusal:
        yield refused(step, refusal)


def rivals(draft: Campaign, columns: Sequence[str]) -> Iterator[Finding]:
    """Fields whose name is that of another column too, but for its capitals, or because it is one of ours."""
    words, said = fields.Vocabulary(columns), set[str]()
    theirs = (
        fields.column_name(list(columns).index(draft.link_column)) if draft.link_column in columns else ""
    )
    for step, text in texts(draft):
        for match in fields.PLACEHOLDER.finditer(text):
            name, written = words.name(match[1]), match[1].strip()
            if name is None or written in said:
                continue
            said.add(written)
            others = [
                one for one in words.rivals(written) if (name, one) != (fields.LINK, words.written(theirs))
            ]
            if others:
                meant = words.written(name)
                yield _rival(step, written, name, meant, others[0])


def _rival(step: Step, written: str, name: str, meant: str, other: str) -> Finding:
    values = {"field": f"{{{{{written}}}}}", "other": f"{{{{{other}}}}}"}
    if meant:
        return warning(step, "lint.field.rivals", **values, meant=meant)
    if name == fields.LINK:
        return warning(step, "lint.field.rivals.link", **values)
    return warning(step, "lint.field.rivals.ours", **values, what=sentence(f"lint.field.{name}"))


def subject(draft: Campaign) -> Iterator[Finding]:
    text = draft.subject
    bare = fields.PLACEHOLDER.sub("", text)
    shown = fields.PLACEHOLDER.sub(EXAMPLE, text)
    if any(one.name == fields.LINK for one in fields.placeholders(text)):
        yield warning(Step.MESSAGE, "lint.subject.link")
    if _ANSWER.match(text):
        yield warning(Step.MESSAGE, "lint.subject.answer", start=text.split(":")[0].strip())
    if _is_loud(bare):
        yield warning(Step.MESSAGE, "lint.subject.loud")
    if bare.count("!") >= EXCLAMATIONS:
        yield warning(Step.MESSAGE, "lint.subject.exclaims", n=bare.count("!"))
    if len(shown) > SUBJECT_SHOWN:
        yield warning(Step.MESSAGE, "lint.subject.long", n=len(shown), shown=SUBJECT_SHOWN)


def _is_loud(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= LETTERS and sum(map(str.isupper, letters)) >= LOUD * len(letters)


def way_in(draft: Campaign, columns: Sequence[str]) -> Iterator[Finding]:
    """The questionnaire's own address in the body is nobody's in particular."""
    if draft.link and _stands(draft.link, draft.body):
        yield warning(Step.MESSAGE, "lint.link.bare")
    elif not any(one.name == fields.LINK for one in fields.placeholders(draft.body, columns)):
        yield warning(Step.MESSAGE, "lint.link.none")


def _stands(link: str, text: str) -> bool:
    """Whole: not as the beginning of a longer one."""
    return re.search(re.escape(link.rstrip("/")) + r"/?(?![\w/?#&=%-])", text) is not None


def plain_links(draft: Campaign) -> Iterator[Finding]:
    if found := _PLAIN.search(draft.body):
        yield warning(Step.MESSAGE, "lint.link.plain", link=found[0][:60])


def untested(draft: Campaign) -> Iterator[Finding]:
    if not draft.is_tested and not draft.to_myself:
        yield warning(Step.MESSAGE, "lint.untested")


def size(weight: int) -> Iterator[Finding]:
    if weight > CLIPPED:
        yield warning(Step.MESSAGE, "lint.size", size=round(weight / 1024), most=CLIPPED // 1024)
