"""A wave's counts as people read them: equations that add up, and what each doubtful number means."""

from bot.core.delivery import Progress
from bot.texts import Say
from handlers.blocks.moments import stamp
from handlers.blocks.totals import openings, totals
from handlers.blocks.wizard_recipients import equation

WIDTH = 20


def left(progress: Progress) -> int:
    """Letters of which nobody has an outcome yet; those under way may have gone."""
    return progress.pending + progress.submitting


def stopping(say: Say, progress: Progress) -> list[str]:
    """What a stop can keep back, and what it cannot: a request under way counts as gone."""
    gone = progress.accepted + progress.uncertain + progress.submitting
    told = [say("campaigns.stop.gone", n=gone) if gone else say("campaigns.stop.none_gone")]
    return [*told, *([say("campaigns.stop.left", n=progress.pending)] if progress.pending else [])]


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
        "submitting": progress.submitting,
        "pending": progress.pending,
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
    told = fates(say, progress)
    if progress.uncertain:
        told.append(say("campaigns.note.uncertain", n=progress.uncertain))
    if progress.rejected:
        told.append(say("campaigns.note.rejected", n=progress.rejected))
    if progress.unsubscribed:
        told.append(say("campaigns.note.unsubscribed", n=progress.unsubscribed))
    if progress.complained:
        told.append(say("counts.complained", n=progress.complained))
    return told


def fates(say: Say, progress: Progress) -> list[str]:
    """What became of the letters that were accepted, once anything was told of them: in one section."""
    told = totals(say, progress) if progress.is_unheard else []
    if not progress.is_unheard and (progress.delivered or progress.failed):
        told.append(say("counts.delivered", n=progress.delivered, of=progress.accepted))
    if progress.failed:
        told.append(say("counts.failed", n=progress.failed, reasons=reasons(say, progress)))
    told += openings(say, progress)
    return ["\n".join(told)] if told else []


def reasons(say: Say, progress: Progress) -> str:
    """Why letters did not arrive, the commonest first."""
    found = sorted(progress.failures.items(), key=lambda pair: (-pair[1], pair[0]))
    return say.joined(say(f"counts.why.{why}", n=n) for why, n in found)


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
