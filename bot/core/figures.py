"""What a campaign's numbers allow to be said, and what nobody knows: never a nought for the unknown."""

from dataclasses import dataclass

from bot.core.campaigns import Campaign
from bot.core.delivery import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Of people, whatever the wave; None is what nobody told.

    `taken`: whose letter the mail service took, as far as is known: of whom something was told, it did.
    `taken` = `delivered` + `failed` + `on_way`, where `on_way` is told. `base`: of whom `answered` is a part,
    delivered ones where `is_of_delivered`.
    """

    taken: int
    delivered: int | None
    failed: int
    on_way: int | None
    answered: int | None
    base: int
    is_of_delivered: bool

    @property
    def of(self) -> str:
        """What `base` counts: all the people, where fewer are known to be accepted."""
        if self.is_of_delivered:
            return "delivered"
        return "accepted" if self.base == self.taken else "people"

    @property
    def percent(self) -> int | None:
        """Rounded, but 0 and 100 mean exactly that: -1 stands for less than one."""
        if self.answered is None or not self.base:
            return None
        if 0 < self.answered < self.base:
            return min(99, round(100 * self.answered / self.base)) or -1
        return 100 * self.answered // self.base


def figures(campaign: Campaign, progress: Progress) -> Figures:
    told = progress.delivered + progress.failed
    taken = max(progress.accepted, progress.taken, told)
    heard = progress.delivered if told and not progress.is_unheard else None
    answered = progress.answered if campaign.answers or progress.answered else None
    is_of_delivered = bool(heard) and (answered or 0) <= (heard or 0)
    # whose letter is in doubt may answer, too
    base = heard if is_of_delivered and heard else next(
        (one for one in (taken, progress.people) if one >= (answered or 0)), 0
    )  # fmt: skip
    return Figures(
        taken=taken, delivered=progress.delivered_total if progress.is_unheard else heard,
        failed=progress.failed, on_way=None if heard is None else taken - told, answered=answered, base=base,
        is_of_delivered=is_of_delivered,
    )  # fmt: skip


def waves(progress: Progress) -> tuple[Progress, ...]:
    """Each with its own letters, the invitation first."""
    return (progress, *progress.later)


def left(progress: Progress) -> int:
    """Letters that have not gone, of every wave; those under way may have."""
    return sum(wave.pending + wave.submitting for wave in waves(progress))


def in_doubt(progress: Progress) -> int:
    """Letters to check, of every wave."""
    return sum(wave.uncertain for wave in waves(progress))


def under_way(campaign: Campaign, progress: Progress) -> Progress:
    """The letters of the wave that goes, or went last."""
    every = waves(progress)
    return every[min(campaign.wave, len(every) - 1)]
