"""What is passed on with a call for help, in the words of who reads it; the code beside them in brackets,
for who looks for it."""

from collections.abc import Mapping

from bot.core.campaigns import Step
from bot.core.reading import DELIMITERS
from bot.core.sentences import Sentence
from bot.texts import Say

STEPS = [step.value for step in Step]
NOTHING = "–"


def told(say: Say, fact: Sentence) -> str:
    """Plain words. Facts are kept as codes and counts: their words follow the reader."""
    values = {name: str(value) for name, value in fact.values.items()}
    match fact.key:
        case "support.fact.file":
            return _file(say, fact, values)
        case "support.fact.fields":
            fields = values["fields"].split(", ")
            return say(fact, fields=say.joined(_words(say, f"exports.column.{one}") for one in fields))
        case "support.fact.problem":
            level = _words(say, f"support.level.{values['level']}")
            key, count = f"reading.cause.{values['cause']}", fact.values["count"]
            return say(fact, level=level, words=say(key, n=count) if say.has(key) else values["count"])
        case "support.fact.question":
            return say(fact, words=_words(say, f"support.question.{values['kind']}"))
        case "support.fact.campaign":
            words = _words(say, f"campaigns.is.{values['state']}")
            return say(fact, words=words, number=STEPS.index(values["step"]) + 1)
        case _:
            return say(fact)


def _file(say: Say, fact: Sentence, values: Mapping[str, str]) -> str:
    """A workbook has neither encoding nor delimiter."""
    if values["encoding"] == NOTHING:
        return say("support.fact.workbook", kind=values["kind"], row=values["row"])
    written = {"tab": "\t"}.get(values["delimiter"], values["delimiter"])
    delimiter = say(f"reading.delimiter.{DELIMITERS.get(written, 'none')}")
    return say(fact, delimiter=delimiter, encoding=_words(say, f"reading.encoding.{values['encoding']}"))


def _words(say: Say, key: str) -> str:
    """A code that has no words is told as it is."""
    return say(key) if say.has(key) else key.rpartition(".")[2]
