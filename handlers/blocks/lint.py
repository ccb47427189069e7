"""What was found in a draft, as blocks: what blocks above, what is only worth a look below it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign
from bot.core.lint import Finding, Level
from bot.core.people import Language
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.moments import place
from handlers.blocks.wizard import EDIT, Shown

SHOWN = 5  # the most important ones; the rest is a click away
ALL, FILL = "campaigns.findings", "campaigns.fill"
FILLED = ("first_name", "last_name", "company", "location", "job_title")  # what we know a default for
UNTESTED = "lint.untested"
SIGNS = {Level.BLOCKING: ":no_entry:", Level.WARNING: ":warning:"}


def findings(shown: Shown, found: Sequence[Finding]) -> list[kit.Block]:
    blocks = [_line(shown, one, f"finding.{place}") for place, one in enumerate(found[:SHOWN])]
    left = len(found) - SHOWN
    if left > 0:
        button = kit.button(shown.say("lint.all"), ALL, shown.target)
        blocks.append(kit.section(shown.say("lint.more", n=left), accessory=button, block_id="findings"))
    return blocks


def _line(shown: Shown, finding: Finding, block_id: str) -> kit.Block:
    return kit.section(said(shown.say, finding), accessory=_way_out(shown, finding), block_id=block_id)


def said(say: Say, finding: Finding) -> str:
    words = _there(say, finding) if finding.zone else say.mrkdwn(finding.said)
    return f"{SIGNS[finding.level]} {words}"


def _there(say: Say, finding: Finding) -> str:
    """As the clocks go where the letters are read."""
    theirs, moment = Say(say.language, ZoneInfo(finding.zone)), finding.values["moment"]
    assert isinstance(moment, datetime)
    name = {"name": theirs.country(finding.country)} if finding.country else {}
    time = theirs.moment(moment, say("when.clock"))
    return theirs.mrkdwn(finding.said, place=place(theirs, moment), time=time, **name)


def _way_out(shown: Shown, finding: Finding) -> kit.Block | None:
    """A default for the blanks, in one click; else the step where it is mended. The test has its own button
    on the check."""
    draft = shown.draft
    if finding.key == UNTESTED:
        return None
    if finding.blank:
        target = kit.Target(id=draft.id, revision=draft.revision, argument=finding.blank)
        words = default(draft.language, finding.blank, starts=False)
        return kit.button(shown.say("lint.fill", words=words), FILL, target)
    target = kit.Target(id=draft.id, revision=draft.revision, argument=finding.step.value)
    return kit.button(shown.say("campaigns.edit"), EDIT, target)


def default(language: Language, name: str, *, starts: bool) -> str:
    """What is said where a value is blank, in the letter's language. `starts`: at the start of a line."""
    return Say(language)(f"lint.default.{name}.start" if starts else f"lint.default.{name}")


def defaults(draft: Campaign, name: str) -> dict[bool, str]:
    return {starts: default(draft.language, name, starts=starts) for starts in (True, False)}


def everything(say: Say, found: Sequence[Finding]) -> kit.View:
    """All of them, over the check: to be read."""
    blocks = [kit.section(said(say, one)) for one in found[:100]]
    return kit.modal(ALL, say("lint.title"), blocks, close=say("campaigns.close"))
