"""Step 1 as a dialog, and the public link proposed in one: asks the services what they show."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from bot.core.doctor import diagnose
from bot.core.people import Member
from bot.core.questionnaires import Placement
from bot.core.sentences import Refusal
from handlers import payloads
from handlers.blocks import kit, notices, questionnaires, wizard_answers
from handlers.blocks.voice import Say
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_parameters import LINK, Offer, Typed, parameters
from handlers.clicks import editable
from handlers.edge import Edge

PATIENCE = 0.8  # seconds to wait for the account's senders: whatever comes later is shown the next time


async def step_one(
    edge: Edge, member: Member, shown: Shown, typed: Typed | None = None, *, counts: bool = True
) -> kit.View:
    """`counts` False: a long list is not read now."""
    redirects = bool(edge.policy.public_url)
    if not shown.options:
        return parameters(shown, Offer(redirects=redirects), typed)
    columns = await edge.run(edge.services.questionnaires.columns, member, shown.draft)
    column = wizard_answers.now_column(shown.draft, columns, typed.column if typed else "")
    offer = Offer(
        senders=edge.services.senders.offered(), columns=columns, redirects=redirects,
        answers_address=edge.policy.answers_address,
        counted=await _counted(edge, member, shown, column) if counts and _is_column(shown, typed) else "",
    )  # fmt: skip
    return parameters(shown, offer, typed)


def _is_column(shown: Shown, typed: Typed | None) -> bool:
    link, value = (typed.link, typed.placement) if typed else (shown.draft.link, "")
    return wizard_answers.chosen(shown.draft, link, value) is Placement.COLUMN


async def _counted(edge: Edge, member: Member, shown: Shown, column: str) -> str:
    if not column:
        return ""
    try:
        found = await edge.toil(edge.services.questionnaires.personal, member, shown.draft, column)
    except Refusal:  # the list is gone: the next step says so
        return ""
    return wizard_answers.counted(shown.say, found.people, found.without)


async def senders_asked(edge: Edge, patience: float = PATIENCE) -> None:
    """Ask the account who may send, unless it was a moment ago, and wait a little for its answer."""
    senders = edge.services.senders
    if senders.is_fresh():
        return
    told = asyncio.Event()

    async def ask() -> None:
        try:
            await edge.toil(senders.ask)
        finally:
            told.set()

    edge.later(ask())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await told.wait()


def proposed(say: Say, view: Mapping[str, Any], refusal: Refusal) -> kit.View | None:
    """The same dialog, with the public link a click away; None where the refusal is about something else, or
    no public link follows from the one given."""
    link = payloads.text(payloads.values(view), LINK).strip()
    public = diagnose(link).public if refusal.field == LINK else ""
    if not public:
        return None
    told = notices.with_alert(editable(view), say.mrkdwn(refusal.sentence))
    return questionnaires.proposing(say, told, public)
