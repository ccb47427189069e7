"""What the mail service counted, where it does not tell what became of each letter; and openings."""

from bot.core.delivery import Progress
from bot.texts import Say


def totals(say: Say, progress: Progress) -> list[str]:
    """Nothing before a letter was accepted."""
    if not progress.accepted:
        return []
    total = progress.delivered_total
    counted = [say("polling.delivered", n=total, of=progress.accepted)] if total is not None else []
    return [*counted, say("polling.unknown" if counted else "polling.unknown.all")]


def openings(say: Say, progress: Progress) -> list[str]:
    return [say("openings.note", n=progress.openings)] if progress.openings is not None else []
