"""Step 4 of the campaign dialog, sent."""

from bot.core.campaigns import Campaign
from handlers import departure_forms as forms
from handlers.submissions import Submission


async def settled(sent: Submission) -> Campaign:
    """The step sent: judged, and kept."""
    async with sent.edge.windows.turn(sent.view) as window:
        sent.target = window.brought_up(sent.target)
        campaigns = sent.services.campaigns
        draft = await sent.edge.run(campaigns.draft, sent.member, sent.target.id, sent.target.revision)
        known = forms.sent(sent.view, draft, campaigns.clock.now())
        saved = await sent.edge.run(
            campaigns.set_when, sent.member, draft.id, draft.revision, known.when, known.send_at, known.speed,
            readers_zone=known.readers_zone, reminders=known.reminders,
        )  # fmt: skip
        window.saved(sent.target.revision, saved.revision)
        return saved
