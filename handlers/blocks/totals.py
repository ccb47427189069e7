"""What the mail service counted, where it does not tell what became of each letter; and openings."""

from bot.core.delivery import Progress
from bot.core.figures import waves
from bot.texts import Say


def totals(say: Say, progress: Progress) -> list[str]:
    """What nobody knows; nothing before a letter was accepted."""
    if not progress.is_unheard or not any(wave.accepted for wave in waves(progress)):
        return []
    return [say("polling.unknown" if progress.delivered_total is not None else "polling.unknown.all")]


def openings(say: Say, progress: Progress) -> str:
    if progress.openings is None:
        return say("live.unopened")
    return say("openings.note", n=progress.openings)
