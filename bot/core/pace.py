"""How fast letters leave: as fast as the mail service takes them, or so many an hour, a few a minute.

A wave that is paced has smaller batches, one after the other: what an hour holds is what its claims say, so
that neither a restart nor a second visit makes it more.
"""

from datetime import datetime, timedelta

SPEEDS = (10_000, 5_000, 1_000, 200)  # letters an hour a person may choose; 0: as fast as they are taken
MINUTES = 60


def batch_size(per_hour: int) -> int:
    """A minute's letters; 0, the largest request there is, where nobody asked for less."""
    return max(1, per_hour // MINUTES) if per_hour else 0


def spacing(batch: int, per_hour: int) -> timedelta:
    """Between two claims of a paced wave."""
    return timedelta(hours=batch / per_hour) if per_hour else timedelta()


def next_turn(last_claim: datetime, every: timedelta, now: datetime) -> datetime:
    """When the next batch of a paced wave may be claimed. After a clock was set back, at once: nobody waits
    until it has caught up."""
    return last_claim + every if last_claim <= now else now


def ends_at(start: datetime, people: int, per_hour: int) -> datetime | None:
    """When the last letters of so many people leave; None where nobody can tell."""
    batch = min(batch_size(per_hour), people)
    if not batch:
        return None
    return start + spacing(batch_size(per_hour), per_hour) * ((people - 1) // batch)
