"""Step 3 as a dialog, with what lies beside the letter; and the letter as the check shows it."""

from collections.abc import Mapping

from bot.core.campaigns import Campaign
from bot.core.people import Member
from bot.core.templates import Words
from bot.services.proofs import Reading
from handlers import payloads
from handlers.blocks import kit
from handlers.blocks.previews import Read
from handlers.blocks.wizard import MORE, Shown
from handlers.blocks.wizard_message import Desk, message
from handlers.edge import Edge


async def step(edge: Edge, shown: Shown) -> kit.View:
    services, member = edge.services, shown.member
    columns = await edge.run(services.audiences.columns, member, shown.draft)
    offered = await edge.run(services.templates.offered, member)
    return message(shown, Desk(columns=columns, mine=offered.mine, shared=offered.shared))


async def put_aside(edge: Edge, member: Member, draft: Campaign, typed: Mapping[str, object]) -> Campaign:
    """The draft goes on as it is; what else somebody typed in a window that came too late is not lost."""
    now = Words(subject=draft.subject, body=draft.body, preheader=draft.preheader)
    words = Words(
        subject=str(typed["subject"]), body=str(typed["body"]),
        preheader=str(typed.get("preheader", draft.preheader)),
    )  # fmt: skip
    if words == now or not words.body.strip():
        return draft
    campaigns = edge.services.campaigns
    return await edge.run(campaigns.go_to, member, draft.id, draft.revision, draft.step, replaced=words)


def read(reading: Reading) -> Read:
    return Read(
        contact=reading.contact, place=reading.place, places=reading.places, subject=reading.subject,
        words=reading.words, preheader=reading.preheader, poorest=reading.poorest, is_open=reading.is_open,
    )  # fmt: skip


def has_options(view: payloads.Body) -> bool:
    """Was *More options* pressed? The button is there until then."""
    buttons = (one for block in view.get("blocks", []) for one in block.get("elements", []))
    return not any(one.get("action_id") == MORE for one in buttons)
