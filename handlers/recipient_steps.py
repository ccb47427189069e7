"""Step 2 of the campaign dialog, sent."""

from bot.core.campaigns import Campaign, Step
from handlers import recipient_forms as forms
from handlers.submissions import Submission


async def settled(sent: Submission) -> Campaign:
    """The step sent: judged, and kept with where the person goes on."""
    async with sent.edge.windows.turn(sent.view) as window:
        sent.target = window.brought_up(sent.target)
        campaigns = sent.services.campaigns
        draft = await sent.edge.run(campaigns.draft, sent.member, sent.target.id, sent.target.revision)
        then = Step.CHECK if sent.target.argument == Step.CHECK.value else Step.MESSAGE
        saved = await sent.edge.toil(
            campaigns.set_recipients, sent.member, draft.id, draft.revision,
            forms.list_id(sent.state, draft), forms.selection(sent.state, draft), then=then,
        )  # fmt: skip
        window.saved(sent.target.revision, saved.revision)
        return saved
