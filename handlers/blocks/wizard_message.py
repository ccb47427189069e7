"""Step 3: the words of the letter."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.campaigns import SUBJECT_LENGTH, Campaign, Step
from bot.core.templates import Template
from handlers.blocks import insertions, kit, templates
from handlers.blocks.richtext_drafts import rich_text
from handlers.blocks.wizard import BACK, MORE, VALUE, Shown, first_words, frame, onward

SUBJECT, PREHEADER, BODY = "subject", "preheader", "body"
MARKDOWN = "campaigns.markdown"
PLAIN = 3_000  # characters that a plain field holds: a longer letter stays in Slack's editor
PREHEADER_LENGTH = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What lies beside the letter: the lists' other columns, templates of one's own and of others."""

    columns: Sequence[str] = ()
    mine: Sequence[Template] = ()
    shared: Sequence[Template] = ()


def message(shown: Shown, desk: Desk | None = None) -> kit.View:
    desk = desk or Desk()
    say, draft = shown.say, shown.draft
    blocks = [
        *templates.undo(shown),
        kit.labelled(SUBJECT, say("campaigns.message.subject"), _subject(shown)),
        *([_preheader(shown)] if shown.options or draft.preheader else []),
        kit.labelled(
            BODY, say("campaigns.message.body"), _body(shown), hint=say("campaigns.message.body.hint")
        ),
        kit.actions(
            [
                *insertions.selects(say, desk.columns),
                templates.start(shown, desk.mine, desk.shared),
            ],
            f"desk.{draft.revision}",  # a select that was used is shown unused again
        ),
        kit.context(say(f"message.syntax.{draft.language.value}")),
        kit.actions(_buttons(shown, desk), "steps"),
    ]
    return frame(shown, Step.MESSAGE, blocks, submit=onward(shown))


def fresh(text: str) -> str:
    """The action_id under which a field shows these words: Slack keeps what was typed under the same one, and
    shows other words only under another."""
    return f"{VALUE}.{zlib.crc32(text.encode()):08x}"


def _subject(shown: Shown) -> kit.Block:
    subject = shown.draft.subject or first_words(shown.member, shown.draft.language)[0]
    return kit.text_input(fresh(subject), subject, limit=SUBJECT_LENGTH)


def _preheader(shown: Shown) -> kit.Block:
    say, preheader = shown.say, shown.draft.preheader
    element = kit.text_input(fresh(preheader), preheader, limit=PREHEADER_LENGTH)
    hint = say("campaigns.message.preheader.hint")
    return kit.labelled(PREHEADER, say("campaigns.message.preheader"), element, hint=hint, optional=True)


def _body(shown: Shown) -> kit.Block:
    body = words(shown)
    if is_plain(shown.draft, body):
        return kit.text_input(f"{fresh(body)}.plain", body, multiline=True, limit=PLAIN)
    return {"type": "rich_text_input", "action_id": fresh(body), "initial_value": rich_text(body)}


def words(shown: Shown) -> str:
    """The body that the step shows."""
    return shown.draft.body or first_words(shown.member, shown.draft.language)[1]


def is_plain(draft: Campaign, body: str) -> bool:
    """Is it written as Markdown, in a field that holds it?"""
    return draft.is_markdown and len(body) <= PLAIN


def _buttons(shown: Shown, desk: Desk) -> list[kit.Block]:
    say = shown.say
    row = [kit.button(say("campaigns.back"), BACK, shown.target)]
    if not shown.options:
        row.append(kit.button(say("campaigns.more"), MORE, shown.target))
    row.append(kit.button(say("templates.save"), templates.SAVE, shown.target))
    if shown.options and desk.mine:
        row.append(kit.button(say("templates.mine"), templates.MINE, shown.target))
    body = words(shown)
    if shown.options and len(body) <= PLAIN:
        other = "rich" if is_plain(shown.draft, body) else "plain"
        row.append(kit.button(say(f"message.editor.{other}"), MARKDOWN, shown.target))
    return row
