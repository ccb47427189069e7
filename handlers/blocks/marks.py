"""People whom a column marks as not to be written to: what a list says of them, and the question when its
columns are read again."""

from collections.abc import Sequence

from bot.core.columns import KEYS
from bot.core.lists import ContactList, Exclude, OptOuts
from bot.core.sentences import Sentence, sentence
from bot.texts import Say
from handlers.blocks import columns, kit

MARKS = "lists.marks"
EXCLUDE = "exclude"  # the input's block_id
NAMED = 5  # titles or values of each kind
SHORT = 40  # characters of one


def shown(say: Say, contact_list: ContactList) -> list[kit.Block]:
    """What was answered about those its file marks, or, where nothing was, a warning."""
    found = contact_list.report.opt_outs
    if found is None or not (found.count or found.doubtful):
        return []
    titles, values = say.joined(found.columns), say.joined(found.unknown)
    marked = sentence("reading.opt_outs", n=found.count, columns=titles)
    doubtful = sentence("reading.doubtful", n=found.doubtful, columns=titles, values=values)
    answer = contact_list.exclude
    lines = [
        _mark(say, marked, found.count, answer, (Exclude.MARKED, Exclude.DOUBTFUL)),
        _mark(say, doubtful, found.doubtful, answer, (Exclude.DOUBTFUL,)),
        say("lists.marked") if answer is None else "",
    ]
    return [kit.section("\n".join(filter(None, lines)))]


def _mark(say: Say, said: Sentence, n: int, answer: Exclude | None, meant: Sequence[Exclude]) -> str:
    """`meant`: the answers that exclude these people."""
    if not n:
        return ""
    if answer is None:
        return say.mrkdwn(said)
    key = "questions.are_excluded" if answer in meant else "questions.are_not_excluded"
    return say.mrkdwn(key, said=said, n=n)


def asked(say: Say, name: str, found: OptOuts) -> list[str]:
    """The question, what it means, and what nobody understands."""
    titles, values = quoted(say, found.columns), quoted(say, found.unknown)
    meaning = say("questions.meaning")
    if not found.count:
        doubt = say.mrkdwn(
            "questions.doubtful_only", n=found.doubtful, name=name, columns=titles, values=values
        )
        return [doubt, meaning]
    told = [say.mrkdwn("questions.marked", n=found.count, name=name, columns=titles), meaning]
    if found.doubtful:
        told.append(say.mrkdwn("questions.doubtful", n=found.doubtful, values=values))
    return told


def choices(say: Say, found: OptOuts) -> list[tuple[Exclude, str]]:
    """What it can be answered with, the usual answer first."""
    nobody = (Exclude.NOBODY, say("questions.nobody"))
    if not found.count:
        return [(Exclude.DOUBTFUL, say("questions.exclude_these", n=found.doubtful)), nobody]
    marked = (Exclude.MARKED, say("questions.exclude", n=found.count))
    if not found.doubtful:
        return [marked, nobody]
    return [marked, (Exclude.DOUBTFUL, say("questions.exclude_too", n=found.doubtful)), nobody]


def dialog(
    say: Say, contact_list: ContactList, revision: int, places: Sequence[str], found: OptOuts
) -> kit.View:
    """Before a list is read with other columns; `places`: what was chosen, as `columns.KEYS` order it."""
    aim = kit.Target(id=contact_list.id, revision=revision, argument=",".join(places))
    options = [kit.option(words, answer.value) for answer, words in choices(say, found)]
    initial = options[0] if found.count else None
    element = kit.select("value", options, initial, say("questions.exclude_choose"))
    return kit.modal(
        MARKS, say("columns.title"),
        [kit.section("\n".join(asked(say, contact_list.title, found))),
         kit.labelled(EXCLUDE, say("questions.exclude_label"), element)],
        metadata=str(aim), submit=say("columns.submit"), close=say("lists.rename.cancel"),
    )  # fmt: skip


def mapping(aim: kit.Target, contact_list: ContactList) -> dict[str, str]:
    """What was chosen before the question."""
    chosen = dict(zip(KEYS, aim.argument.split(","), strict=False))
    return columns.mapping(chosen, contact_list.report.headers)


def quoted(say: Say, words: Sequence[str]) -> str:
    """Plain: whoever says it escapes it."""
    more = ["…"] if len(words) > NAMED else []
    each = [say("questions.quoted", word=kit.cut(word, SHORT)) for word in words[:NAMED]]
    return say.joined([*each, *more])
