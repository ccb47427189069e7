"""What waits for a person, on Home: one line and one button each."""

from collections.abc import Sequence

from bot.core.waiting import Kind, Waits
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.moments import stamp
from handlers.blocks.retention import KEEP, day

ANSWER = "lists.ask_again"
MOST = 10  # Home holds 100 blocks


def lines(say: Say, found: Sequence[Waits]) -> list[kit.Block]:
    blocks = [kit.section(_words(say, one), accessory=_button(say, one)) for one in found[:MOST]]
    return [*blocks, *([kit.context(say("home.more", n=len(found) - MOST))] if len(found) > MOST else [])]


def _words(say: Say, one: Waits) -> str:
    who = f"<@{one.who}>" if one.who else ""
    if one.kind is Kind.RETENTION and one.until:
        return say("waiting.retention", title=escaped(one.title), n=one.n, day=day(say, one.until))
    until = stamp(say, one.until) if one.until else say("waiting.undated")
    return say(f"waiting.{one.kind.value}", title=escaped(one.title), n=one.n, who=who, until=until)


def _button(say: Say, one: Waits) -> kit.Block:
    if one.kind is Kind.RETENTION:
        return kit.button(say("waiting.keep"), KEEP, kit.Target(id=one.id, revision=one.revision))
    target = kit.Target(id=one.id, revision=one.revision, argument=one.kind.value)
    return kit.button(say("waiting.answer"), ANSWER, target, style="primary")
