"""The setting that has letters tell when they are opened: off unless its consent is confirmed."""

from bot.core.spaces import Openings
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import stamp

SETTING = "openings.setting"
ASK = "openings.ask"
CONSENT = "consent"
ON, OFF = "on", "off"


def offer(say: Say) -> tuple[str, list[kit.Block]]:
    """In the DM a dialog needs a click."""
    words = say("openings.offer")
    return words, [kit.section(words), kit.actions([kit.button(say("openings.open"), ASK)])]


def setting(say: Say, state: tuple[Openings, str] | None) -> kit.View:
    """The metadata says what its button does."""
    blocks = [_state(say, state), kit.section(say("openings.law")), kit.context(say("openings.worth"))]
    if state is None:
        box = kit.option(say("openings.consent"), CONSENT)
        element: kit.Block = {"type": "checkboxes", "action_id": CONSENT, "options": [box]}
        blocks.append(kit.labelled(CONSENT, say("openings.consent.label"), element))
    wanted = OFF if state else ON
    return kit.modal(
        SETTING, say("openings.title"), blocks, metadata=str(kit.Target(argument=wanted)),
        submit=say(f"openings.switch_{wanted}"), close=say("notices.close"),
    )  # fmt: skip


def _state(say: Say, state: tuple[Openings, str] | None) -> kit.Block:
    if state is None:
        return kit.section(say("openings.is_off"))
    openings, name = state
    return kit.section(say.mrkdwn("openings.is_on", who=name) + " " + stamp(say, openings.at))
