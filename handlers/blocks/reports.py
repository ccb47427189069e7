"""That a campaign's report is on its way."""

from bot.core.campaigns import Campaign
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.campaign_buttons import REPORT

CSV = "csv"


def preparing(say: Say, campaign: Campaign, kind: str) -> tuple[str, list[kit.Block]]:
    """With the other kind of file a click away."""
    if kind == CSV:
        text = say.mrkdwn("report.preparing.csv", name=campaign.name)
        return text, [kit.section(text)]
    text = say.mrkdwn("report.preparing", name=campaign.name)
    target = kit.Target(id=campaign.id, revision=campaign.revision, argument=CSV)
    return text, [kit.section(text, accessory=kit.button(say("report.as_csv"), REPORT, target))]
