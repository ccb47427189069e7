"""What the bot says of itself: the hello, said once, and the short answer to what it did not understand."""

from bot.core.people import Member
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.listing import import_buttons


def hello(say: Say, member: Member) -> tuple[str, list[kit.Block]]:
    """The first screen. *Try it on myself* needs the person's address, which a profile may not tell."""
    buttons = [kit.button(say("lists.import.button"), "lists.import", style="primary")]
    if member.email:
        buttons.append(kit.button(say("lists.try.button"), "lists.try"))
    buttons.append(kit.button(say("lists.sample.button"), "lists.sample"))
    header = say("people.hello.header", name=member.first_name) if member.first_name else ""
    blocks = [
        kit.header(header or say("people.hello.nameless")),
        kit.section(say("people.hello.body")),
        kit.actions(buttons),
        kit.context(say("people.hello.context")),
    ]
    return say("people.hello.text"), blocks


def not_understood(say: Say) -> tuple[str, list[kit.Block]]:
    text = say("people.not_understood")
    return text, [kit.section(text), import_buttons(say)]
