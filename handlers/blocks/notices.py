"""Small views: a sentence in a dialog, and the screen shown while the bot looks something up."""

from bot.core.sentences import Sentence
from bot.texts import Say
from handlers.blocks import kit

WAITING = "notices.loading"
NOTICE = "notices.sentence"


def loading(say: Say | None = None) -> kit.View:
    """Before the first contact the reader's language is unknown: both are shown."""
    words = say("notices.loading") if say else "Un instant… · One moment…"
    return kit.modal(WAITING, "Postillon", [kit.section(words)])


def notice(say: Say, said: Sentence) -> kit.View:
    return kit.modal(NOTICE, "Postillon", [kit.section(say.mrkdwn(said))], close=say("notices.close"))


def with_alert(view: kit.View, text: str, level: str = "warning") -> kit.View:
    """The same dialog with the sentence on top; what was typed stays (ids are kept)."""
    blocks = [block for block in view.get("blocks", []) if block.get("block_id") != "alert"]  # type: ignore[attr-defined]
    told = kit.alert(text, level) | {"block_id": "alert"}
    return {**view, "blocks": [told, *blocks][:100]}
