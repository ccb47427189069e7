"""Step 2: which list, and who of it is left out."""

from collections.abc import Mapping, Sequence

from bot.core.campaigns import Step
from bot.core.lists import ContactList
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.wizard import Shown, buttons, frame, onward

LIST = "list"
CHOOSE = "campaigns.list"
OFFERED = 100  # Slack's limit of options


def recipients(
    shown: Shown, lists: Sequence[ContactList], chosen: ContactList | None, left_out: Mapping[str, int]
) -> kit.View:
    """`chosen` is always among the lists offered; None where the draft's list is gone."""
    say = shown.say
    known = list(lists[:OFFERED])
    if chosen and chosen.id not in {one.id for one in known}:
        known = [chosen, *known[: OFFERED - 1]]
    if not known:
        empty = [kit.section(say("campaigns.no_list")), buttons(shown)]
        return frame(shown, Step.RECIPIENTS, empty)
    options = {one.id: _option(say, one) for one in known}
    element = kit.select(CHOOSE, list(options.values()), options[chosen.id] if chosen else None)
    blocks = [kit.labelled(LIST, say("campaigns.recipients.list"), element, dispatch=True)]
    if chosen:
        blocks.append(kit.section(reach(say, chosen.count, left_out), block_id="reach"))
    blocks += [kit.context(say("campaigns.recipients.everybody")), buttons(shown)]
    return frame(shown, Step.RECIPIENTS, blocks, submit=onward(shown))


def _option(say: Say, contact_list: ContactList) -> kit.Block:
    count = say("words.contacts", n=contact_list.count)
    return kit.option(f"{kit.cut(contact_list.title, 72 - len(count))} · {count}", contact_list.id)


def reach(say: Say, total: int, left_out: Mapping[str, int]) -> str:
    """The count, and the equation behind it where somebody is left out."""
    people = f"*{say('words.people', n=total - sum(left_out.values()))}*"
    return f"{people} = {equation(say, total, left_out)}" if left_out else people


def equation(say: Say, total: int, left_out: Mapping[str, int]) -> str:
    """`412 − 14 unsubscribed`."""
    terms = [say(f"campaigns.left_out.{cause}", n=count) for cause, count in left_out.items()]
    return " − ".join([say.number(total), *terms])
