"""Letters' counts as people read them: equations that add up, and what each doubtful number means."""

from collections.abc import Iterator

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.figures import under_way, waves
from bot.texts import Say
from handlers.blocks.moments import stamp
from handlers.blocks.wizard_recipients import equation

WIDTH = 20


def left(progress: Progress) -> int:
    """Letters of which nobody has an outcome yet; those under way may have gone."""
    return sum(map(_left, waves(progress)))


def _left(wave: Progress) -> int:
    return wave.pending + wave.submitting


def stopping(say: Say, progress: Progress) -> list[str]:
    """What a stop can keep back, and what it cannot: a request under way counts as gone."""
    gone = sum(wave.accepted + wave.uncertain + wave.submitting for wave in waves(progress))
    pending = sum(wave.pending for wave in waves(progress))
    told = [say("campaigns.stop.gone", n=gone) if gone else say("campaigns.stop.none_gone")]
    return [*told, *([say("campaigns.stop.left", n=pending)] if pending else [])]


def account(say: Say, progress: Progress) -> str:
    """Who was written to, and what became of the letters."""
    lines = []
    if gone := sum(progress.removed.values()):
        total = progress.people + gone
        people = say("words.people", n=progress.people)
        lines.append(
            say("campaigns.account.people", people=people, equation=equation(say, total, progress.removed))
        )
    return "\n".join([*lines, letters(say, progress)])


def letters(say: Say, wave: Progress) -> str:
    counts = {
        "accepted": wave.accepted,
        "submitting": wave.submitting,
        "pending": wave.pending,
        "uncertain": wave.uncertain,
        "rejected": wave.rejected,
        "skipped": wave.skipped,
    }
    terms = [say(f"campaigns.count.{name}", n=n) for name, n in counts.items() if n or name == "accepted"]
    every = say("campaigns.count.letters", n=wave.people)
    return say("campaigns.account.letters", letters=every, terms=" + ".join(terms))


def accounts(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """The invitation's, then each reminder's by its number."""
    return [told for told, _ in _accounts(say, campaign, progress)]


def worth_telling(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """The equations that say more than that every letter was accepted."""
    return [told for told, is_plain in _accounts(say, campaign, progress) if not is_plain]


def plain(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """The others, for who looks for them."""
    return [told for told, is_plain in _accounts(say, campaign, progress) if is_plain]


def _accounts(say: Say, campaign: Campaign, progress: Progress) -> Iterator[tuple[str, bool]]:
    yield account(say, progress), not progress.removed and progress.accepted == progress.people
    for wave, counts in enumerate(progress.later, 1):
        words = letters(say, counts)
        told = say("live.reminder", number=_number(campaign, wave), equation=words)
        yield told, counts.accepted == counts.people


def _number(campaign: Campaign, wave: int) -> int:
    """Of the reminder that left as this wave: those skipped count, too."""
    return next((number for number, one in enumerate(campaign.reminders, 1) if one.wave == wave), wave)


def notes(say: Say, progress: Progress) -> list[str]:
    """What the numbers alone would not tell."""
    told = []
    for name in ("uncertain", "rejected"):
        if n := sum(getattr(wave, name) for wave in waves(progress)):
            told.append(say(f"campaigns.note.{name}", n=n))
    if progress.complained:
        told.append(say("counts.complained", n=progress.complained))
    return told


def reasons(say: Say, progress: Progress, most: int | None = None) -> str:
    """Why letters did not arrive, the commonest first; of more than `most`, the rest in one."""
    found = sorted(progress.failures.items(), key=lambda pair: (-pair[1], pair[0]))
    kept = found if most is None or len(found) <= most else found[:most]
    words = [say(f"counts.why.{why}", n=n) for why, n in kept]
    if others := sum(n for _, n in found[len(kept) :]):
        words.append(say("counts.why.others", n=others))
    return say.joined(words)


def pace(say: Say, wave: Progress) -> list[str]:
    """Of a wave under way: how long it will take, and what holds it up."""
    told = []
    if wave.per_hour and wave.ends_at:
        told.append(say("pace.live", count=wave.per_hour, moment=stamp(say, wave.ends_at)))
    if wave.failing_since and _left(wave):
        told.append(say("pace.live.away", moment=stamp(say, wave.failing_since)))
    return told


def going(say: Say, campaign: Campaign, progress: Progress) -> str:
    """How far the wave under way is."""
    wave = under_way(campaign, progress)
    share = 1 - _left(wave) / wave.people if wave.people else 1.0
    percent = int(share * 100)
    words = say("live.gone", percent=percent)
    if wave is not progress:
        words = say("live.gone.reminder", number=_number(campaign, campaign.wave), percent=percent)
    return f"{bar(share)} {words}"


def bar(share: float) -> str:
    """In twenty steps; empty and full mean exactly that."""
    full = int(share * WIDTH)
    if 0 < share < 1:
        full = min(max(full, 1), WIDTH - 1)
    return f"`{'█' * full}{'░' * (WIDTH - full)}`"
