"""Help: what can be done, in the order a person meets it, and the words to say."""

from bot.core.support import Standing
from bot.texts import Say
from handlers.blocks import kit, support
from handlers.blocks.listing import import_buttons


def help_message(
    say: Say, standing: Standing = Standing.NOBODY, *, looks_after: bool = False
) -> tuple[str, list[kit.Block]]:
    """The words in it are those that work. `standing`: who would hear them ask for help;
    `looks_after`: the reader looks after the bot."""
    blocks = [
        kit.header(say("people.help.title")),
        kit.section(say("people.help.steps")),
        kit.section(say("people.help.words")),
        kit.section("\n".join([say("help.addresses"), say("help.admins" if looks_after else "help.person")])),
        import_buttons(say, primary=True),
        kit.context(say("people.help.context")),
    ]
    return say("people.help.title"), support.offered(say, blocks, standing)
