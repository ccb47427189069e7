"""How answers come back: asked in step 1, said in the last check."""

from bot.core import answers as rules
from bot.core import links
from bot.core.answers import Source
from bot.core.campaigns import Campaign
from bot.core.doctor import diagnose
from bot.core.questionnaires import NAMES, Placement
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.wizard import VALUE, Shown

ANSWERS_BY = "answers_by"
AUTO = "auto"


def answers_by(shown: Shown, link: str, placement: Placement, address: str) -> kit.Block:
    """What the link lets expect comes first. `address`: where a questionnaire's tool can tell answers; empty
    where it cannot."""
    say, draft = shown.say, shown.draft
    wanted = rules.guess(diagnose(link).tool, placement, has_webhook=bool(address))
    how = say(f"answers.by.{wanted.value}")
    options = {AUTO: kit.option(say("answers.by.auto", how=how), AUTO)}
    for one in rules.offered(has_webhook=bool(address)):
        options[one.value] = kit.option(say(f"answers.by.{one.value}"), one.value)
    is_kept = draft.link == link and draft.answers_by != wanted
    now = draft.answers_by if is_kept and draft.answers_by in options else AUTO
    element = kit.select(VALUE, list(options.values()), options[now])
    hint = say("answers.by.hint.webhook", address=address) if address else say("answers.by.hint")
    return kit.labelled(ANSWERS_BY, say("answers.by"), element, hint=hint)


def checked(say: Say, draft: Campaign) -> str:
    """One line: who will tell, or that reminders will ask."""
    found = diagnose(draft.link).tool
    known = draft.answers_by or rules.guess(found, draft.placement, has_webhook=False)
    words = say(f"answers.check.{known}", tool=NAMES.get(found) or escaped(links.host(draft.link)))
    if not draft.reminders:
        return words
    asks = say("answers.check.asks_first") if known == Source.WEBHOOK else say("answers.check.asks")
    return f"{words} {asks}"
