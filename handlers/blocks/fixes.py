"""Rows to fix: the dialog with an input for each, the buttons of the preview, and what came of it."""

from collections.abc import Mapping, Sequence

from bot.core.campaigns import Campaign
from bot.core.lists import ContactList, Level
from bot.core.rejects import MOST, WHOLE, Layout, Rejected
from bot.core.sentences import Sentence
from bot.texts import Say
from handlers.blocks import kit, versions

FIX, REJECTS = "lists.fix", "lists.rejects"
ROW = "row_"  # an input's block_id: row_77
SHORT = 60  # characters of a name or value in a label


def buttons(say: Say, contact_list: ContactList) -> list[kit.Block]:
    """None where nothing is to fix; a file alone where there is much, or no single value would do."""
    report = contact_list.report
    if not report.rejected or not report.headers:
        return []
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision)
    as_file = kit.button(say("repairs.rejects.button"), REJECTS, aim)
    rejected = [problem for problem in report.problems if problem.level is Level.REJECTED]
    count = sum(problem.count for problem in rejected if problem.cause not in WHOLE)
    if report.rejected > MOST or not count:
        return [as_file]
    return [kit.button(say("repairs.fix.button", n=count), FIX, aim), as_file]


def fix(
    say: Say, contact_list: ContactList, layout: Layout, rows: Sequence[Rejected], others: int, seen: str
) -> kit.View:
    """`others`: how many more rows there are, that this dialog does not show; `seen`: what the rows are."""
    aim = kit.Target(id=contact_list.id, revision=contact_list.revision)
    shown = kit.Target(id=contact_list.id, revision=contact_list.revision, argument=seen)
    blocks = [
        kit.section(say.mrkdwn("repairs.fix.intro", n=len(rows), title=contact_list.title)),
        *(_input(say, layout, row) for row in rows),
    ]
    if others:
        button = kit.button(say("repairs.rejects.button"), REJECTS, aim)
        blocks.append(kit.section(say("repairs.fix.others", n=others), accessory=button))
    return kit.modal(
        FIX, say("repairs.fix.title"), blocks,
        metadata=str(shown), submit=say("repairs.fix.submit"), close=say("lists.rename.cancel"),
    )  # fmt: skip


def _input(say: Say, layout: Layout, row: Rejected) -> kit.Block:
    named = [
        say("repairs.fix.row", row=str(row.row)),
        kit.cut(layout.who(row), SHORT),
        say("repairs.fix.value", value=kit.cut(row.written, SHORT)) if row.written else "",
    ]
    cause = Sentence(f"repairs.cause.{row.cause}")
    label = say("repairs.fix.label", who=" · ".join(filter(None, named)), cause=cause)
    hint = say("repairs.fix.hint", column=kit.cut(layout.title(row.column), SHORT))
    return kit.labelled(f"{ROW}{row.row}", label, kit.text_input("value", row.initial), hint=hint,
                        optional=True)  # fmt: skip


def refilled(view: kit.View, typed: Mapping[int, str]) -> kit.View:
    """The dialog with what was typed, whatever it was drawn with."""
    inputs = {f"{ROW}{row}": value for row, value in typed.items()}
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return {**view, "blocks": [_refilled(block, inputs) for block in blocks]}


def _refilled(block: kit.Block, inputs: Mapping[str, str]) -> kit.Block:
    name, element = str(block.get("block_id")), block.get("element")
    if name not in inputs or not isinstance(element, dict):
        return block
    kept = {key: value for key, value in element.items() if key != "initial_value"}
    return {**block, "element": kept | ({"initial_value": inputs[name]} if inputs[name] else {})}


def fixed(
    say: Say, contact_list: ContactList, said: Sentence, others: Sequence[Campaign]
) -> tuple[str, list[kit.Block]]:
    """What came of it; with scheduled campaigns, whom they write to is asked."""
    text = say.mrkdwn(said)
    told = kit.section(text)
    if not others:
        return text, [told]
    _, (_, *asked) = versions.outcome(say, contact_list, others)
    return text, [told, *asked]
