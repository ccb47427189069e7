"""Step 3: the words of the letter."""

from bot.core.campaigns import SUBJECT_LENGTH, Step
from handlers.blocks import kit
from handlers.blocks.richtext_drafts import rich_text
from handlers.blocks.wizard import VALUE, Shown, buttons, first_words, frame, onward

SUBJECT, PREHEADER, BODY = "subject", "preheader", "body"


def message(shown: Shown) -> kit.View:
    say, draft = shown.say, shown.draft
    first_subject, first_body = first_words(shown.member, draft.language)
    subject = kit.text_input(VALUE, draft.subject or first_subject, limit=SUBJECT_LENGTH)
    body: kit.Block = {
        "type": "rich_text_input",
        "action_id": VALUE,
        "initial_value": rich_text(draft.body or first_body),
    }
    blocks = [
        kit.labelled(SUBJECT, say("campaigns.message.subject"), subject),
        *([_preheader(shown)] if shown.options else []),
        kit.labelled(BODY, say("campaigns.message.body"), body, hint=say("campaigns.message.body.hint")),
        kit.context(say(f"campaigns.message.fields.{draft.language.value}")),
        buttons(shown, more=True),
    ]
    return frame(shown, Step.MESSAGE, blocks, submit=onward(shown))


def _preheader(shown: Shown) -> kit.Block:
    say = shown.say
    element = kit.text_input(VALUE, shown.draft.preheader, limit=150)
    hint = say("campaigns.message.preheader.hint")
    return kit.labelled(PREHEADER, say("campaigns.message.preheader"), element, hint=hint, optional=True)
