"""Step 1: the questionnaire's link and the campaign's name; how answers come back and the sender's side
under *More options*."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import links
from bot.core.campaigns import NAME_LENGTH, Step
from bot.core.people import Language
from handlers.blocks import answers, kit, wizard_answers, wizard_sender
from handlers.blocks.deputies import deputy_block
from handlers.blocks.wizard import REUSE, VALUE, Shown, buttons, first_reason, frame, is_first_reason, onward

NAME, LINK, LINK_PARAMETER, REPLY_TO, LANGUAGE, REASON = (
    "name", "link", "link_parameter", "reply_to", "language", "reason",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What stands in a dialog that is drawn again without having been sent. `field` is the action_id of the
    link's input: kept, Slack keeps what was typed in it."""

    link: str = ""
    field: str = VALUE
    sender: str = ""  # chosen in the select
    placement: str = ""
    column: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What there is to choose from. `senders`: addresses and `@domains`, one of them alone is no choice.
    `columns`: titles of the list's other columns; `counted`, who has a link in the one chosen."""

    senders: Sequence[str] = ()
    columns: Sequence[str] = ()
    counted: str = ""
    redirects: bool = False  # letters lead to /r, which knows when the questionnaire is closed
    answers_address: str = ""  # where the questionnaire's tool can tell answers


def parameters(shown: Shown, offer: Offer | None = None, typed: Typed | None = None) -> kit.View:
    offer, typed = offer or Offer(), typed or Typed(link=shown.draft.link)
    recognised = wizard_answers.recognised(shown, typed.link, typed.placement, typed.column)
    blocks = [_link(shown, typed), *recognised, _name(shown)]
    if shown.options:
        blocks += _options(shown, offer, typed)
    others = [] if typed.link else _reuse(shown)
    back = shown.hub and bool(shown.draft.link)  # the check of a copy has nothing to show before its link
    if others or not shown.options or back:
        blocks.append(buttons(shown, back=back, more=True, others=others))
    return frame(shown, Step.PARAMETERS, blocks, submit=onward(shown))


def _options(shown: Shown, offer: Offer, typed: Typed) -> list[kit.Block]:
    placement = wizard_answers.chosen(shown.draft, typed.link, typed.placement)
    blocks = [
        *wizard_sender.sender(shown, offer.senders, typed.sender),
        _reply_to(shown),
        _language(shown),
        wizard_answers.closing(shown, redirects=offer.redirects),
        wizard_answers.placement(shown, typed.link, typed.placement, has_columns=bool(offer.columns)),
        *wizard_answers.column(shown, placement, offer.columns, typed.column, offer.counted),
    ]
    if placement in wizard_answers.NAMED:
        blocks.append(_link_parameter(shown))
    blocks.append(answers.answers_by(shown, typed.link, placement, offer.answers_address))
    return [*blocks, deputy_block(shown), _reason(shown)]


def _link(shown: Shown, typed: Typed) -> kit.Block:
    say = shown.say
    element = kit.text_input(
        typed.field, typed.link, limit=links.LENGTH, placeholder=say("campaigns.parameters.link.placeholder")
    )
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
