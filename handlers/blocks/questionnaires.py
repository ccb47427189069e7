"""The public link proposed in place of another, and the dialog that changes the link of letters that left."""

from collections.abc import Mapping
from typing import Any

from bot.core import links
from bot.core.campaigns import Campaign
from bot.core.closing import button
from bot.core.redirects import may_change_closing, may_change_link
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.wizard import REUSE, VALUE
from handlers.blocks.wizard_answers import closing_at
from handlers.blocks.wizard_parameters import LINK

CHANGE = "campaigns.link"
USE = "campaigns.public_link"
PROPOSED = "public"  # the block of its button
Found = Mapping[str, Any]


def change_button(say: Say, campaign: Campaign) -> list[kit.Block]:
    """Only where it does something."""
    if not may_change_closing(campaign):
        return []
    target = kit.Target(id=campaign.id, revision=campaign.revision)
    return [kit.button(say(button(campaign)), CHANGE, target)]


def change(say: Say, campaign: Campaign) -> kit.View:
    """The metadata's argument counts the changes there were: another one meanwhile is not written over."""
    if not may_change_link(campaign):
        return _change_closing(say, campaign)
    aim = kit.Target(id=campaign.id, revision=campaign.revision, argument=str(len(campaign.past_links)))
    element = kit.text_input(VALUE, campaign.link, limit=links.LENGTH)
    blocks = [
        kit.labelled(LINK, say("campaigns.parameters.link"), element),
        *([closing_at(say, campaign, say("questionnaires.change.closing"))] if campaign.closing_at else []),
        kit.context(say.mrkdwn("questionnaires.change.about", name=campaign.name)),
    ]
    return kit.modal(
        CHANGE, say("questionnaires.change.title"), blocks, metadata=str(aim), submit=say("campaigns.save"),
        close=say("campaigns.close"),
    )  # fmt: skip


def _change_closing(say: Say, campaign: Campaign) -> kit.View:
    """Of letters that lead straight to the questionnaire, or to everybody's own link."""
    aim = kit.Target(id=campaign.id, revision=campaign.revision)
    about = kit.context(say.mrkdwn("closing.change.about", name=campaign.name))
    return kit.modal(
        CHANGE, say("closing.change"), [closing_at(say, campaign, say("closing.change.hint")), about],
        metadata=str(aim), submit=say("campaigns.save"), close=say("campaigns.close"),
    )  # fmt: skip


# --- a dialog as it stands, with something changed in it ----------------------------------------------


def proposing(say: Say, view: kit.View, public: str) -> kit.View:
    """With a button under the link that puts the public one there."""
    words = say("questionnaires.public.use", link=kit.cut(public.partition("//")[2], 60))
    button = kit.actions([kit.button(words, USE)], PROPOSED)
    return {**view, "blocks": [
        shown
        for block in _blocks(view) if block.get("block_id") != PROPOSED
        for shown in ([block, button] if block.get("block_id") == LINK else [block])
    ]}  # fmt: skip


def holding(view: kit.View, link: str) -> kit.View:
    """With this link in its field, and without what proposed it. Slack keeps what was typed under a kept
    action_id: the field gets another one."""
    left = (block for block in _blocks(view) if block.get("block_id") not in (PROPOSED, "alert"))
    blocks = (_without_reuse(block) for block in left)
    return {**view, "blocks": [_filled(block, link) for block in blocks if block]}


def _filled(block: Found, link: str) -> kit.Block:
    if block.get("block_id") != LINK:
        return dict(block)
    element = block["element"]
    fresh = {**element, "action_id": following(str(element["action_id"])), "initial_value": link}
    return {**block, "element": fresh}


def following(field: str) -> str:
    """`value`, `value.1`, `value.2`…"""
    number = field.rpartition(".")[2]
    return f"{VALUE}.{int(number) + 1 if number.isdecimal() else 1}"


def _without_reuse(block: Found) -> Found | None:
    """A row of buttons less the one that was pressed; nothing where it stood alone."""
    if block.get("type") != "actions":
        return block
    left = [element for element in block["elements"] if element.get("action_id") != REUSE]
    return {**block, "elements": left} if left else None


def _blocks(view: kit.View) -> list[Found]:
    """None where a forged submission brings no dialog."""
    blocks = view.get("blocks")
    return blocks if isinstance(blocks, list) else []
