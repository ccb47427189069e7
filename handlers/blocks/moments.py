"""Moments and spans as people read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaign
from bot.core.moments import comes_twice, read_alike
from bot.core.sentences import Sentence
from bot.texts import Say, escaped

DAY, HOUR, MINUTE = 86_400, 3_600, 60
PRIVATE_USE = 0xE000  # Unicode's first character that stands for nothing: a place to fill


def stamp(say: Say, moment: datetime) -> str:
    """In each reader's own zone; messages are read in several."""
    when = say("moments.stamp", date="{date_long_pretty}", time="{time}")
    return f"<!date^{int(moment.timestamp())}^{when}|{escaped(say.moment(moment))}>"


def stamped(say: Say, said: Sentence) -> str:
    """A sentence in mrkdwn whose own moments each reader sees in their zone: `today at 10:00 AM`."""
    moments = {name: value for name, value in said.values.items() if isinstance(value, datetime)}
    marks = {name: chr(PRIVATE_USE + place) for place, name in enumerate(moments)}
    text = say.mrkdwn(said, **marks)
    for name, moment in moments.items():
        text = text.replace(marks[name], stamp(say, moment))
    return text


def clock(say: Say, moment: datetime) -> str:
    """A moment that is over, shorter: `yesterday at 5:40 PM`."""
    when = say("moments.stamp", date="{date_short_pretty}", time="{time}")
    return f"<!date^{int(moment.timestamp())}^{when}|{escaped(say.moment(moment))}>"


def time(say: Say, moment: datetime) -> str:
    """Of today: the time of day alone."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{escaped(say.moment(moment, say('when.clock')))}>"


def day(say: Say, moment: datetime) -> str:
    """`lundi 30 nov.`, in the reader's zone as it is known."""
    return say.moment(moment, say("live.day"))


def place(say: Say, moment: datetime | None = None) -> str:
    """The zone's city: `Europe/Paris` is Paris. Of a time that comes twice that night, which one it is."""
    city = say.city(say.zone)
    return f"{city}, {_offset(say, moment)}" if moment and comes_twice(moment, say.zone) else city


def _offset(say: Say, moment: datetime) -> str:
    """`UTC+2`."""
    span = moment.astimezone(say.zone).utcoffset() or timedelta()
    minutes = abs(int(span.total_seconds())) // MINUTE
    hours = f"{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
    return f"UTC{'-' if span < timedelta() else '+'}{hours}"


def readers(say: Say, campaign: Campaign, moment: datetime, key: str = "when.readers") -> list[str]:
    """The moment where the letters are read, where their clocks show another time; a line of mrkdwn."""
    theirs = _theirs(say, campaign, moment)
    return [say(key, moment=theirs.moment(moment), place=place(theirs, moment))] if theirs else []


def readers_clock(say: Say, campaign: Campaign, moment: datetime) -> str:
    """The same beside a moment: their time of day alone, where the day is the same. Empty where alike."""
    theirs = _theirs(say, campaign, moment)
    if theirs is None:
        return ""
    is_same_day = moment.astimezone(say.zone).date() == moment.astimezone(theirs.zone).date()
    time = theirs.moment(moment, say("when.clock") if is_same_day else None)
    return say("when.there", time=time, place=place(theirs, moment))


def _theirs(say: Say, campaign: Campaign, moment: datetime) -> Say | None:
    if not campaign.readers_zone:
        return None
    zone = ZoneInfo(campaign.readers_zone)
    return None if read_alike(moment, say.zone, zone) else Say(say.language, zone)


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
