"""Who the letter is from: an address that the mail service allows, and a name before it."""

from collections.abc import Sequence

from handlers.blocks import kit
from handlers.blocks.wizard import VALUE, Shown

SENDER, SENDER_ADDRESS, SENDER_NAME = "sender", "sender_address", "sender_name"
CHOOSE = "campaigns.sender"
OFFERED = 100  # Slack's limit of options
KEY = 150  # and of an option's value


def sender(shown: Shown, offered: Sequence[str], typed: str) -> list[kit.Block]:
    """`offered`: addresses and `@domains`; `typed`, the one chosen in the dialog. Hidden where there is no
    choice; at a domain, the address is typed."""
    known = shown.draft.sender.address
    choices = _choices(known, offered)
    if len(choices) < 2:
        return [_name(shown)]
    chosen = found(typed, choices) or _first(known, choices)
    options = {one: kit.option(_words(shown, one), one) for one in choices}
    element = kit.select(CHOOSE, list(options.values()), options[chosen])
    blocks = [kit.labelled(SENDER, shown.say("questionnaires.sender"), element, dispatch=True)]
    if is_domain(chosen):
        blocks.append(_address(shown, chosen))
    return [*blocks, _name(shown)]


def is_domain(chosen: str) -> bool:
    return chosen.startswith("@")


def found(value: str, offered: Sequence[str]) -> str:
    """What an option's value stands for: a long address is cut in it."""
    return next((one for one in offered if value and kit.cut(one, KEY) == value), "")


def _choices(known: str, offered: Sequence[str]) -> list[str]:
    """The draft's own is always among them, by its address or by its domain."""
    choices = list(offered[:OFFERED])
    if offered and not _first(known, choices):
        choices = [known, *choices[: OFFERED - 1]]
    return choices


def _first(known: str, choices: Sequence[str]) -> str:
    """The address itself rather than its domain."""
    known = known.lower()
    domain = "@" + known.rpartition("@")[2]
    return next((one for name in (known, domain) for one in choices if one.lower() == name), "")


def _words(shown: Shown, one: str) -> str:
    return shown.say("questionnaires.sender.domain", domain=one) if is_domain(one) else one


def _address(shown: Shown, domain: str) -> kit.Block:
    say, known = shown.say, shown.draft.sender.address
    initial = known if known.lower().endswith(domain.lower()) else ""
    element = kit.text_input(VALUE, initial, limit=254, placeholder=domain)
    hint = say("questionnaires.sender.address.hint", domain=domain)
    return kit.labelled(SENDER_ADDRESS, say("questionnaires.sender.address"), element, hint=hint)


def _name(shown: Shown) -> kit.Block:
    say, known = shown.say, shown.draft.sender
    element = kit.text_input(VALUE, known.name, limit=100)
    hint = say("campaigns.parameters.sender.hint", address=known.address)
    return kit.labelled(SENDER_NAME, say("campaigns.parameters.sender"), element, hint=hint, optional=True)
