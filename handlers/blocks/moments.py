"""Moments and spans as people read them."""

from datetime import datetime, timedelta

from bot.texts import Say, escaped

DAY, HOUR = 86_400, 3_600


def stamp(say: Say, moment: datetime) -> str:
    """In each reader's own zone; messages are read in several."""
    when = say("moments.stamp", date="{date_long_pretty}", time="{time}")
    return f"<!date^{int(moment.timestamp())}^{when}|{escaped(say.moment(moment))}>"


def place(say: Say) -> str:
    """The zone's city: `Europe/Paris` is Paris."""
    return str(say.zone).rpartition("/")[2].replace("_", " ")


def distance(say: Say, span: timedelta) -> str:
    """`18 h 46`, `3 d 4 h`; less than a minute is one."""
    seconds = max(60, int(span.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // 60
    if days:
        return say("moments.days", days=days, hours=hours)
    return (
        say("moments.hours", hours=hours, minutes=f"{minutes:02}")
        if hours
        else say("moments.minutes", minutes=minutes)
    )
