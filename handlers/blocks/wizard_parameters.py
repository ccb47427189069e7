"""Step 1: the questionnaire's link and the campaign's name; the sender's side under *More options*."""

from bot.core import links
from bot.core.campaigns import NAME_LENGTH, Step
from bot.core.people import Language
from handlers.blocks import kit
from handlers.blocks.wizard import REUSE, VALUE, Shown, buttons, first_reason, frame, is_first_reason, onward

NAME, LINK, LINK_PARAMETER, SENDER, REPLY_TO, LANGUAGE, REASON = (
    "name", "link", "link_parameter", "sender", "reply_to", "language", "reason",
)  # fmt: skip
REUSED = "value.reused"  # Slack keeps what was typed under a kept action_id


def parameters(shown: Shown, *, reused: str = "") -> kit.View:
    """`reused`: the last campaign's link, put where nothing stood."""
    blocks = [_link(shown, reused), _name(shown)]
    if shown.options:
        blocks += [_sender(shown), _reply_to(shown), _language(shown), _reason(shown), _link_parameter(shown)]
    others = [] if reused else _reuse(shown)
    if others or not shown.options or shown.hub:
        blocks.append(buttons(shown, back=shown.hub, more=True, others=others))
    return frame(shown, Step.PARAMETERS, blocks, submit=onward(shown))


def _link(shown: Shown, reused: str) -> kit.Block:
    say = shown.say
    element = kit.text_input(
        REUSED if reused else VALUE, reused or shown.draft.link, limit=links.LENGTH,
        placeholder=say("campaigns.parameters.link.placeholder"),
    )  # fmt: skip
    return kit.labelled(
        LINK, say("campaigns.parameters.link"), element, hint=say("campaigns.parameters.link.hint")
    )


def _reuse(shown: Shown) -> list[kit.Block]:
    last = shown.member.last_link
    if not last or shown.draft.link:
        return []
    words = shown.say("campaigns.parameters.reuse", link=kit.cut(last.partition("//")[2], 40))
    return [kit.button(words, REUSE, shown.target)]


def _name(shown: Shown) -> kit.Block:
    say = shown.say
    element = kit.text_input(VALUE, shown.draft.name, limit=NAME_LENGTH)
    return kit.labelled(
        NAME, say("campaigns.parameters.name"), element, hint=say("campaigns.parameters.name.hint")
    )


def _sender(shown: Shown) -> kit.Block:
    say, sender = shown.say, shown.draft.sender
    element = kit.text_input(VALUE, sender.name, limit=100)
    hint = say("campaigns.parameters.sender.hint", address=sender.address)
    return kit.labelled(SENDER, say("campaigns.parameters.sender"), element, hint=hint, optional=True)


def _reply_to(shown: Shown) -> kit.Block:
    say, reply_to = shown.say, shown.draft.reply_to
    element = kit.text_input(VALUE, reply_to.address if reply_to else "", limit=254)
    hint = say("campaigns.parameters.reply_to.hint")
    return kit.labelled(REPLY_TO, say("campaigns.parameters.reply_to"), element, hint=hint, optional=True)


def _language(shown: Shown) -> kit.Block:
    say = shown.say
    options = {one: kit.option(say(f"campaigns.language.{one.value}"), one.value) for one in Language}
    element = kit.select(VALUE, list(options.values()), options[shown.draft.language])
    hint = say("campaigns.parameters.language.hint")
    return kit.labelled(LANGUAGE, say("campaigns.parameters.language"), element, hint=hint)


def _reason(shown: Shown) -> kit.Block:
    say, draft = shown.say, shown.draft
    own = "" if is_first_reason(draft.reason, draft.sender) else draft.reason
    element = kit.text_input(VALUE, own or first_reason(draft.sender, draft.language), limit=300)
    hint = say("campaigns.parameters.reason.hint")
    return kit.labelled(REASON, say("campaigns.parameters.reason"), element, hint=hint, optional=True)


def _link_parameter(shown: Shown) -> kit.Block:
    say = shown.say
    element = kit.text_input(VALUE, shown.draft.link_parameter, limit=64)
    hint = say("campaigns.parameters.link_parameter.hint")
    label = say("campaigns.parameters.link_parameter")
    return kit.labelled(LINK_PARAMETER, label, element, hint=hint, optional=True)
