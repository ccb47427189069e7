"""What a person may ask of those who write to them, as dialogs for who acts on it."""

from bot.core.rights import REASON, Standing
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import stamp

RESUME = "people.resume"
ERASE = "people.erase"
FIELD = "reason"


def resume(say: Say, standing: Standing) -> kit.View:
    """Cause, date and origin; and why it is lifted, which is noted. The metadata holds the address."""
    cause = say(f"suppressions.cause.{standing.cause.value}")
    origin = say(f"suppressions.origin.{standing.origin.value}", name=standing.name)
    told = say.mrkdwn("rights.resume.standing", address=standing.address, cause=cause, origin=origin)
    blocks = [
        kit.section(f"{told} {stamp(say, standing.at)}"),
        kit.labelled(
            FIELD, say("rights.reason"), kit.text_input(FIELD, multiline=True, limit=REASON),
            hint=say("rights.reason.hint"),
        ),
        kit.context(say(f"rights.resume.warning.{standing.cause.value}")),
    ]  # fmt: skip
    return kit.modal(
        RESUME, say("rights.resume.title"), blocks, metadata=str(kit.Target(argument=standing.address)),
        submit=say("rights.resume.submit"), close=say("notices.close"),
    )  # fmt: skip


def erase(say: Say, address: str) -> kit.View:
    blocks = [
        kit.section(say.mrkdwn("rights.forget.ask", address=address)),
        kit.section(say("rights.forget.what")),
        kit.context(say("rights.forget.stays")),
    ]
    return kit.modal(
        ERASE, say("rights.forget.title"), blocks, metadata=str(kit.Target(argument=address)),
        submit=say("rights.forget.submit"), close=say("notices.close"),
    )  # fmt: skip
