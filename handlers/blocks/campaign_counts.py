"""A wave's counts as people read them: equations that add up, and what each doubtful number means."""

from bot.core.delivery import Progress
from bot.texts import Say
from handlers.blocks.moments import stamp
from handlers.blocks.wizard_recipients import equation

WIDTH = 20


def left(progress: Progress) -> int:
    """Letters that have not gone."""
    return progress.pending + progress.submitting


def account(say: Say, progress: Progress) -> str:
    """Who was written to, and what became of the letters."""
    lines = []
    if gone := sum(progress.removed.values()):
        total = progress.people + gone
        people = say("words.people", n=progress.people)
        lines.append(
            say("campaigns.account.people", people=people, equation=equation(say, total, progress.removed))
        )
    counts = {
        "accepted": progress.accepted,
        "pending": left(progress),
        "uncertain": progress.uncertain,
        "rejected": progress.rejected,
        "skipped": progress.skipped,
    }
    terms = [say(f"campaigns.count.{name}", n=n) for name, n in counts.items() if n or name == "accepted"]
    letters = say("campaigns.count.letters", n=progress.people)
    lines.append(say("campaigns.account.letters", letters=letters, terms=" + ".join(terms)))
    return "\n".join(lines)


def notes(say: Say, progress: Progress) -> list[str]:
    """What the numbers alone would not tell."""
    told = []
    if progress.uncertain:
        told.append(say("campaigns.note.uncertain", n=progress.uncertain))
    if progress.rejected:
        told.append(say("campaigns.note.rejected", n=progress.rejected))
    if progress.unsubscribed:
        told.append(say("campaigns.note.unsubscribed", n=progress.unsubscribed))
    return told


def pace(say: Say, progress: Progress) -> list[str]:
    """Of a wave under way: how long it will take, and what holds it up."""
    told = []
    if progress.per_hour and progress.ends_at:
        told.append(say("pace.live", count=progress.per_hour, moment=stamp(say, progress.ends_at)))
    if progress.failing_since and left(progress):
        told.append(say("pace.live.away", moment=stamp(say, progress.failing_since)))
    return told


def bar(say: Say, progress: Progress) -> str:
    """How much of the wave is done, in twenty steps."""
    share = 1 - left(progress) / progress.people if progress.people else 1.0
    full = int(share * WIDTH)
    return f"`{'█' * full}{'░' * (WIDTH - full)}` {say('campaigns.percent', percent=int(share * 100))}"
