"""Get help: its button under whatever went wrong, what it passes on, and the answers there and back.

Ids, builders and form readers. Who helps reads codes and counts; who asks reads, before, what they will.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.campaigns import Campaign, State
from bot.core.discretion import masked
from bot.core.lists import ContactList
from bot.core.people import Member
from bot.core.support import FIELD, LONGEST, Line, Plea, Standing
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.support_facts import told as told_fact

ASK, REPLY, ANSWER = (f"support.{verb}" for verb in ("ask", "reply", "answer"))  # actions and dialogs
VALUE = "value"
STUCK = frozenset({State.PAUSED, State.HELD, State.FAILED})
QUOTED = 300  # characters of the last words, over an answer
BUTTONS = 25  # Slack's limit of an actions block
BLOCKS = 50  # and of a message


def button(say: Say, target: kit.Target) -> kit.Block:
    return kit.button(say("support.button"), ASK, target)


def beneath(say: Say, blocks: Sequence[kit.Block], target: kit.Target) -> list[kit.Block]:
    """The same message with "Get help" as its last button."""
    wanted = button(say, target)
    for place in range(len(blocks) - 1, -1, -1):
        elements = blocks[place].get("elements")
        if blocks[place].get("type") == "actions" and isinstance(elements, list) and len(elements) < BUTTONS:
            joined = {**blocks[place], "elements": [*elements, wanted]}
            return [*blocks[:place], joined, *blocks[place + 1 :]]
    return [*blocks, kit.actions([wanted])]


def offered(say: Say, blocks: Sequence[kit.Block], standing: Standing) -> list[kit.Block]:
    """Where nothing in particular is wrong: the button, or whom to ask."""
    match standing:
        case Standing.HEARD:
            return beneath(say, blocks, kit.Target())
        case Standing.YOURS:
            return [*blocks, kit.context(say("support.yours"))]
        case Standing.NOBODY:
            return [*blocks, kit.context(say("support.whom"))]


def of_list(contact_list: ContactList) -> kit.Target | None:
    """Where there are rows to fix."""
    if contact_list.waiting is not None or contact_list.deleted_at is not None:
        return None
    return kit.Target(id=contact_list.id) if contact_list.report.rejected else None


def of_campaign(campaign: Campaign) -> kit.Target | None:
    return kit.Target(id=campaign.id) if campaign.state in STUCK else None


def of_findings(campaign: Campaign, keys: Sequence[str]) -> kit.Target:
    """Their names go with the button: what is wrong with a draft is not kept."""
    return kit.Target(id=campaign.id, argument=",".join(keys))


# --- asked --------------------------------------------------------------------------------------------


def ask(say: Say, plea: Plea, helpers: Sequence[str], said: Say) -> kit.View:
    """`said`: the voice in which it is passed on."""
    lead = say("support.about", who=say.joined(_named(one) for one in helpers))
    element = kit.text_input(VALUE, multiline=True, limit=LONGEST, placeholder=say("support.words.example"))
    blocks = [
        kit.section(lead),
        kit.labelled(FIELD, say("support.words"), element, hint=say("support.words.hint"), optional=True),
        kit.section(say("support.passed_on" if said.language is say.language else "support.passed_on.other")),
        quoted("\n".join(facts(said, plea))),
        kit.context(say("support.never")),
    ]
    return kit.modal(
        ASK, say("support.title"), blocks, metadata=str(kit.Target(id=plea.id, revision=plea.revision)),
        submit=say("support.submit"), close=say("campaigns.close"),
    )  # fmt: skip


def facts(say: Say, plea: Plea) -> list[str]:
    """Plain words: they stand in a quote, where nothing can become a mention."""
    return [told_fact(say, one) for one in plea.facts]


def _named(one: str) -> str:
    return f"<@{one}>" if is_member(one) else f"<#{one}>"


def is_member(one: str) -> bool:
    """By its id: a member's begins with U or W, a channel's with C or G."""
    return one[0] in "UW"


def quoted(words: str) -> kit.Block:
    """As rich text: nothing in it can become a mention or a style of ours."""
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": words or "–"}]}
    return {"type": "rich_text", "elements": [quote]}


def words(state: Mapping[str, dict[str, Any]]) -> str:
    return str(state.get(FIELD, {}).get("value") or "")


# --- who helps ----------------------------------------------------------------------------------------


def plea(say: Say, asked: Plea, asker: Member, *, in_dm: bool) -> tuple[str, list[kit.Block]]:
    """In the support channel, or to an admin."""
    speaks = say(f"support.language.{asker.language.value}")
    head = say("support.asks", who=f"<@{asker.id}>", language=speaks, zone=escaped(asker.zone))
    said = asked.lines[0].words
    return say.mrkdwn("support.asks.text", who=asker.first_name or asker.name or asker.id), [
        kit.section(head),
        *([quoted(said)] if said else []),
        kit.section(say("support.facts")),
        quoted("\n".join(facts(say, asked))),
        kit.actions([kit.button(say("support.reply"), REPLY, kit.Target(id=asked.id), style="primary")]),
        kit.context(say("support.thread.dm" if in_dm else "support.thread")),
    ]


def in_thread(say: Say, asked: Plea, line: Line) -> tuple[str, list[kit.Block]]:
    is_asker = line.by == asked.member
    head = say("support.says" if is_asker else "support.replied", who=f"<@{line.by}>")
    more = [kit.button(say("support.reply"), REPLY, kit.Target(id=asked.id))] if is_asker else []
    shown = quoted(masked(line.words))  # an address that who helps typed is for the person's eyes
    return head, [kit.section(head), shown, *([kit.actions(more)] if more else [])]


def reply(say: Say, asked: Plea, asker: Member, channel: str) -> kit.View:
    """The metadata's argument is where it stands."""
    target = kit.Target(id=asked.id, revision=asked.revision, argument=channel)
    last = next((one.words for one in reversed(asked.lines) if one.by == asked.member and one.words), "")
    speaks = say(f"support.language.{asker.language.value}")
    lead = say("support.reply.about", who=f"<@{asker.id}>", language=speaks)
    return _writing(say, REPLY, "support.reply.title", lead, last, target)


# --- who asked ----------------------------------------------------------------------------------------


def told(say: Say, asked: Plea, number: int) -> tuple[str, list[kit.Block]]:
    if number == 0:
        heard = [_named(spot.to) for spot in asked.spots if spot.ts]
        text = say("support.told", who=say.joined(heard)) if heard else say("support.lost")
        return text, [kit.section(text)]
    line = asked.lines[number]
    head = say("support.answered", who=f"<@{line.by}>")
    back = kit.button(say("support.answer"), ANSWER, kit.Target(id=asked.id), style="primary")
    return head, [kit.section(head), quoted(line.words), kit.actions([back])]


def answered(say: Say, line: Line) -> tuple[str, list[kit.Block]]:
    """What they said, and who has it."""
    heard = [_named(to) for to in line.heard if to != line.by]
    head = say("support.answered_back", who=say.joined(heard))
    return head, [kit.section(head), quoted(line.words)]


def answered_under(say: Say, shown: Sequence[kit.Block], line: Line) -> list[kit.Block] | None:
    """The same, in the message of what they answer: over its button, which stays. None where there is no such
    message any more, or no room in it."""
    _, more = answered(say, line)
    if not shown or len(shown) + len(more) > BLOCKS:
        return None
    return [*shown[:-1], *more, shown[-1]]


def answer(say: Say, asked: Plea) -> kit.View:
    target = kit.Target(id=asked.id, revision=asked.revision)
    last = next((one for one in reversed(asked.lines) if one.by != asked.member), None)
    who = f"<@{last.by}>" if last else say("support.somebody")
    lead = say("support.answer.about", who=who)
    return _writing(say, ANSWER, "support.answer.title", lead, last.words if last else "", target)


def _writing(say: Say, callback: str, title: str, lead: str, last: str, target: kit.Target) -> kit.View:
    element = kit.text_input(VALUE, multiline=True, limit=LONGEST)
    blocks = [
        kit.section(lead),
        *([quoted(kit.cut(last, QUOTED))] if last else []),
        kit.labelled(FIELD, say("support.answer.words"), element),
    ]
    return kit.modal(
        callback, say(title), blocks, metadata=str(target), submit=say("support.send"),
        close=say("campaigns.close"),
    )  # fmt: skip
