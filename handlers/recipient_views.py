"""Step 2 of the campaign dialog: asks the services what it shows."""

from dataclasses import replace

from bot.services.audiences import Look
from handlers.blocks import kit
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_recipients import Choice, recipients
from handlers.edge import Edge


async def step(edge: Edge, shown: Shown, *, counting: bool = True) -> kit.View:
    """Without `counting`, what is known at once."""
    look = edge.services.audiences.look
    pool = edge.toil if counting else edge.run
    seen = await pool(look, shown.member, shown.draft, counting=counting)
    if counting:
        edge.later(edge.toil(edge.services.facets.prepare, shown.member, shown.draft))
    if seen.refusal and not shown.told:
        shown = replace(shown, told=shown.say.mrkdwn(seen.refusal.sentence))
    return recipients(shown, _choice(seen))


def _choice(seen: Look) -> Choice:
    return Choice(
        lists=seen.lists, chosen=seen.chosen, others=seen.others, only=seen.only, offer=seen.offer,
        picked=seen.picked, reach=seen.reach, days=seen.days,
    )  # fmt: skip
