"""Help: what can be done, in the order a person meets it, and the words to say."""

from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.listing import import_buttons


def help_message(say: Say) -> tuple[str, list[kit.Block]]:
    """The words in it are those that work."""
    blocks = [
        kit.header(say("people.help.title")),
        kit.section(say("people.help.steps")),
        kit.section(say("people.help.words")),
        import_buttons(say, primary=True),
        kit.context(say("people.help.context")),
    ]
    return say("people.help.title"), blocks
