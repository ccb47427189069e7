"""A campaign whose letters left, as its message tells it: answers first, then what became of the letters."""

from datetime import datetime

from bot.core import answers, links, planning
from bot.core.answers import Known, Source
from bot.core.campaigns import Campaign, State
from bot.core.delivery import Progress
from bot.core.doctor import diagnose
from bot.core.figures import Figures, figures, waves
from bot.core.questionnaires import NAMES
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.campaign_counts import bar, going, left, notes, pace, reasons, worth_telling
from handlers.blocks.moments import clock, day, stamp, time
from handlers.blocks.reminders import departed
from handlers.blocks.totals import openings, totals

REASONS = 3  # of failures, in the field of four


def is_live(campaign: Campaign, progress: Progress) -> bool:
    """Is there more to tell than letters? Of a trial to oneself, and of a ledger that does not read, there
    is not."""
    return bool(campaign.departed_at and progress.people and not campaign.to_myself) and not (
        progress.is_unreadable
    )


def numbers(say: Say, campaign: Campaign, progress: Progress) -> kit.Block:
    """The four that people ask for."""
    found = figures(campaign, progress)
    return kit.fields(
        [
            _answers(say, campaign, found), _delivered(say, progress, found), _failed(say, progress),
            _left_for_good(say, progress),
        ]
    )  # fmt: skip


def _answers(say: Say, campaign: Campaign, found: Figures) -> str:
    if found.answered is None:
        is_awaited = campaign.answers_by == Source.WEBHOOK
        return say("live.answers.none_yet" if is_awaited else "live.answers.unknown")
    told = say("live.answers", n=found.answered) if found.answered else say("live.answers.none")
    return "\n".join([told, _share(say, found)])


def _share(say: Say, found: Figures) -> str:
    """Of whom: delivered ones, or accepted ones where more is not known."""
    percent = found.percent
    if percent is None or not found.answered:
        return say("live.answers.so_far")
    return say(f"live.answers.{found.of}", percent=_percent(say, percent))


def _percent(say: Say, percent: int) -> str:
    return say("live.percent.less") if percent < 0 else say("campaigns.percent", percent=percent)


def _delivered(say: Say, progress: Progress, found: Figures) -> str:
    if progress.is_unheard:
        of = sum(wave.accepted for wave in waves(progress))
        if found.delivered is None:
            return say("live.accepted.unheard", n=of)
        return say("live.delivered.total", n=found.delivered, of=of)
    if found.delivered is None:
        return say("live.accepted", n=found.taken) if found.taken else say("live.accepted.none")
    return say("live.delivered", n=found.delivered, of=found.taken)


def _failed(say: Say, progress: Progress) -> str:
    if not progress.failed:
        return say("live.failed.none")
    return "\n".join([say("live.failed", n=progress.failed), reasons(say, progress, REASONS)])


def _left_for_good(say: Say, progress: Progress) -> str:
    if not progress.unsubscribed:
        return say("live.unsubscribed.none")
    return say("live.unsubscribed", n=progress.unsubscribed)


def details(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """Under the four numbers, a section each."""
    found = figures(campaign, progress)
    pending = sum(wave.pending for wave in waves(progress))
    is_stopped = campaign.state is State.STOPPED and pending
    return [
        *([_answer_bar(say, found)] if found.percent is not None else []),
        *([say("campaigns.told.stopped", n=pending)] if is_stopped else []),
        *_under_way(say, campaign, progress),
        *_section([*_aside(say, progress, found), *_reasons(say, progress)]),
        *_section([*departed(say, campaign, progress), *_closing(say, campaign, progress)]),
        *totals(say, progress),
        *notes(say, progress),
    ]


def _closing(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """Until when the questionnaire takes answers, or since when it does not."""
    if campaign.closing_at is None:
        return []
    key = "live.closed" if planning.is_closed(campaign, progress.at) else "live.closes"
    return [say(key, moment=stamp(say, campaign.closing_at))]


def _section(lines: list[str]) -> list[str]:
    return ["\n".join(lines)] if lines else []


def _answer_bar(say: Say, found: Figures) -> str:
    words = say("live.answered", percent=_percent(say, found.percent or 0))
    return f"{bar((found.answered or 0) / found.base)} {words}"


def _under_way(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    is_going = campaign.state is State.SENDING
    told = [going(say, campaign, progress)] if is_going else []
    told += worth_telling(say, campaign, progress)
    for wave in waves(progress) if is_going else ():
        told += pace(say, wave)
    return _section(told)


def _aside(say: Say, progress: Progress, found: Figures) -> list[str]:
    told = [say("live.on_way", n=found.on_way)] if found.on_way else []
    if progress.clicked:
        told.append(say("live.clicked", n=progress.clicked))
    if progress.scanned:
        told.append(say("live.scanned", n=progress.scanned))
    if told or found.delivered is not None or progress.openings:
        told.append(openings(say, progress))
    line = " · ".join(told)
    return [line[:1].upper() + line[1:]] if line else []


def _reasons(say: Say, progress: Progress) -> list[str]:
    """All of them, where the field could not hold them."""
    if len(progress.failures) <= REASONS:
        return []
    return [say("counts.failed", n=progress.failed, reasons=reasons(say, progress))]


def _now(campaign: Campaign, progress: Progress) -> datetime:
    now = progress.at or campaign.departed_at
    assert now is not None
    return now


# --- one line -----------------------------------------------------------------------------------------


def brief(say: Say, campaign: Campaign, progress: Progress) -> str:
    """The same numbers, for Home, "campagnes" and a notification; no markup."""
    return " · ".join(_brief(say, campaign, progress, is_counted=False))


def _brief(say: Say, campaign: Campaign, progress: Progress, *, is_counted: bool) -> list[str]:
    """`is_counted`: an equation above tells how many letters were accepted; where none was, there is nothing
    to say of answers."""
    found = figures(campaign, progress)
    told = [_brief_answers(say, campaign, found)] if found.taken or not is_counted else []
    if found.delivered is not None:
        told.append(say("live.brief.delivered", n=found.delivered))
    elif not is_counted:
        told.append(say("campaigns.count.accepted", n=found.taken))
    if found.failed:
        told.append(say("live.brief.failed", n=found.failed))
    one = planning.upcoming(campaign, _now(campaign, progress))
    if one is not None:
        told.append(say("live.brief.reminder", number=one.number, day=day(say, one.moment)))
    return told


def _brief_answers(say: Say, campaign: Campaign, found: Figures) -> str:
    if not found.answered:
        is_unknown = found.answered is None and campaign.answers_by != Source.WEBHOOK
        return say("live.brief.unknown" if is_unknown else "live.brief.none")
    if found.percent is None:
        return say("live.brief.answers", n=found.answered)
    return say("live.brief.share", n=found.answered, percent=_percent(say, found.percent))


def standing(say: Say, campaign: Campaign, progress: Progress) -> list[str]:
    """How far it is, in a list of campaigns."""
    told = [going(say, campaign, progress)] if campaign.state is State.SENDING else []
    counted = worth_telling(say, campaign, progress) if left(progress) else []
    line = " · ".join(_brief(say, campaign, progress, is_counted=bool(counted)))
    return [*told, *counted, *([line[:1].upper() + line[1:]] if line else [])]


# --- how all this is known ----------------------------------------------------------------------------


def known(say: Say, campaign: Campaign, progress: Progress, *, may_tell: bool) -> str:
    """By whom answers are told, who else may stop the campaign, and when all this was true. `may_tell`: a
    button of the message lets its owner say who answered."""
    words = [_source(say, campaign, may_tell=may_tell)]
    if campaign.deputy:
        words.append(say("live.deputy", who=f"<@{campaign.deputy}>"))
    if progress.at:
        words.append(say("live.updated", moment=time(say, progress.at)))
    return " · ".join(words)


def _source(say: Say, campaign: Campaign, *, may_tell: bool) -> str:
    last = answers.latest(campaign.answers)
    if last is not None:
        return _told_by(say, campaign, last)
    if campaign.answers_by == Source.WEBHOOK:
        return say("live.source.awaited", tool=escaped(_tool(say, campaign)))
    return say("live.source.ask" if may_tell else "live.source.unknown")


def _told_by(say: Say, campaign: Campaign, last: Known) -> str:
    key = f"live.source.{last.source.value}"
    return say(key, tool=escaped(_tool(say, campaign)), moment=clock(say, last.at))


def _tool(say: Say, campaign: Campaign) -> str:
    """Whose link every recipient has of their own, nobody can name."""
    if not campaign.link:
        return say("live.tool")
    return NAMES.get(diagnose(campaign.link).tool) or links.host(campaign.link)
