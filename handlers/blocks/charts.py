"""Two charts under a campaign's numbers, which Slack draws; and the same in words, where it will not."""

from collections.abc import Sequence

from bot.core.answers import PROMPT
from bot.core.campaigns import Campaign
from bot.core.delivery import Progress
from bot.core.figures import figures
from bot.core.timeline import Slice, Timeline, Unit, timeline
from bot.texts import Say
from handlers.blocks import kit

KIND = "data_visualization"
TITLE, LABEL = 50, 20  # characters, as Slack has them
LEVELS = "▁▂▃▄▅▆▇█"
Points = Sequence[tuple[str, int]]


def charts(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    """Of people on their way from the letter to the answer, and of answers over time; each once it says more
    than a number does."""
    return [*_funnel(say, campaign, progress), *_course(say, campaign, progress)]


def _funnel(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    found = figures(campaign, progress)
    if not found.answered and not progress.clicked:
        return []
    steps = {"people": progress.people, "accepted": found.taken}
    if found.delivered is not None and not progress.is_unheard:
        steps["delivered"] = found.delivered
    if progress.clicked:
        steps["clicked"] = progress.clicked
    if found.answered is not None:
        steps["answered"] = found.answered
    points = [(say(f"live.chart.{name}"), n) for name, n in steps.items()]
    return [_chart("bar", say("live.chart.funnel"), say("live.chart.series.people"), points)]


def _course(say: Say, campaign: Campaign, progress: Progress) -> list[kit.Block]:
    since, until = campaign.departed_at, progress.at
    if since is None or until is None:
        return []
    found = timeline(progress.answers, since, until, say.zone)
    if found is None or len(found.slices) < 2:
        return []
    # an export tells all its answers at once: then it is known of them when they came to be known
    is_prompt = all(one.source in PROMPT for one in campaign.answers)
    what = say("live.chart.came" if is_prompt else "live.chart.known")
    title = say(f"live.chart.by.{found.unit.value}", what=what, n=found.step)
    return [_chart("area", title, say("live.chart.series.answers"), _points(say, found))]


def _points(say: Say, found: Timeline) -> Points:
    is_one_day = found.slices[0].start.date() == found.slices[-1].start.date()
    pattern = {
        Unit.HOUR: "live.chart.hour" if is_one_day else "live.chart.day_hour",
        Unit.DAY: "live.chart.day",
    }
    if (found.slices[-1].start - found.slices[0].start).days > 300:
        pattern[Unit.DAY] = "live.chart.year"
    return _apart([(_label(say, one, pattern[found.unit]), one.count) for one in found.slices])


def _label(say: Say, one: Slice, pattern: str) -> str:
    return say.moment(one.start, say(pattern))


def _apart(points: Points) -> Points:
    """A category has a name of its own: an hour that comes twice when clocks change is marked."""
    seen, found = set[str](), []
    for label, count in points:
        name = f"{label}′" if label in seen else label
        seen.add(name)
        found.append((name, count))
    return found


def _chart(kind: str, title: str, series: str, points: Points) -> kit.Block:
    data = [{"label": kit.cut(label, LABEL), "value": value} for label, value in points]
    return {
        "type": KIND,
        "title": kit.cut(title, TITLE),
        "chart": {
            "type": kind,
            "series": [{"name": kit.cut(series, LABEL), "data": data}],
            "axis_config": {"categories": [one["label"] for one in data]},
        },
    }


# --- in words -----------------------------------------------------------------------------------------


def in_words(say: Say, block: kit.Block) -> kit.Block:
    """What a chart of ours shows, as a section; any other block as it is."""
    match block:
        case {
            "type": "data_visualization",
            "title": str(title),
            "chart": {"type": str(kind), "series": [{"data": list(data)}, *_]},
        }:
            points = [(str(one["label"]), int(one["value"])) for one in data]
            told = _spark(say, points) if kind == "area" else _steps(say, points)
            return kit.section(f"*{title}*\n{told}")
        case _:
            return block


def _steps(say: Say, points: Points) -> str:
    return " → ".join(say("live.chart.step", label=label, n=n) for label, n in points)


def _spark(say: Say, points: Points) -> str:
    """A column for each; the first, the last and the highest named."""
    most = max(n for _, n in points)
    drawn = "".join(LEVELS[-(-(n * (len(LEVELS) - 1)) // most) if most else 0] for _, n in points)
    label, n = max(points, key=lambda point: point[1])
    return say("live.chart.spark", drawn=drawn, first=points[0][0], last=points[-1][0], label=label, n=n)
