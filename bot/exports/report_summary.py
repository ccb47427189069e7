"""The first sheet of a report: the numbers of the campaign's message, and two charts of them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Font

from bot.core.figures import Figures, figures, waves
from bot.core.planning import worded
from bot.core.progress import Progress
from bot.core.reports import Report
from bot.core.timeline import Timeline, Unit, timeline
from bot.exports.workbooks import sheet_name, text_cell
from bot.texts import Say

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Line = tuple[str, str | int]
Lines = list[Line]
Chart = BarChart | LineChart
FORMATS = {Unit.HOUR: "%Y-%m-%d %H:%M", Unit.DAY: "%Y-%m-%d"}
WIDTH, HEIGHT = 16, 8  # of a chart, in centimetres


def summary(book: Workbook, say: Say, report: Report) -> None:
    sheet = book.create_sheet(sheet_name(say("report.sheet.summary")))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 38, 30
    written = Written(sheet)
    found = figures(report.campaign, report.progress)
    written.block(report.campaign.name, list(_about(say, report)))
    written.block(say("report.summary.numbers"), list(_numbers(say, report, found)))
    reasons = list(_reasons(say, report))
    if reasons:
        written.block(say("report.summary.failures"), reasons)
    funnel = written.block(say("report.summary.funnel"), list(_funnel(say, report, found)))
    sheet.add_chart(_chart(BarChart(), say("report.summary.funnel"), sheet, funnel), "D2")
    if course := _course(say, report):
        rows = written.block(say("report.summary.course"), course)
        sheet.add_chart(_chart(LineChart(), say("report.summary.course"), sheet, rows), "D20")


class Written:
    """Blocks of two columns, one below the other."""

    def __init__(self, sheet: "WriteOnlyWorksheet") -> None:
        self._sheet, self._row = sheet, 0

    def block(self, title: str, lines: Sequence[Line]) -> tuple[int, int]:
        """The first and the last row of its lines."""
        if self._row:
            self._append([])
        head = text_cell(self._sheet, title)
        head.font = Font(bold=True)
        self._append([head])
        first = self._row + 1
        for label, value in lines:
            told = value if isinstance(value, int) else text_cell(self._sheet, value)
            self._append([text_cell(self._sheet, label), told])
        return first, self._row

    def _append(self, cells: Sequence[Cell | int]) -> None:
        self._sheet.append(cells)
        self._row += 1


def _about(say: Say, report: Report) -> Iterator[Line]:
    campaign = report.campaign
    yield say("report.about.state"), say(f"campaigns.is.{campaign.state.value}")
    yield say("report.about.list"), campaign.list_title
    yield say("report.about.sender"), str(campaign.sender)
    yield say("report.about.link"), campaign.link
    if campaign.departed_at:
        yield say("report.about.departed"), say.moment(campaign.departed_at)
    for number, one in enumerate(waves(report.progress)[1:], 1):
        reminder = worded(campaign, number)
        moment = one.begun_at or (reminder.left_at if reminder else None)
        left = say.moment(moment) if moment else say("report.unknown")
        if one.people and not one.accepted + one.uncertain:
            left = say("report.letter.pending")
        yield (
            say("report.about.reminder", number=number),
            f"{left} · {say('campaigns.count.accepted', n=one.accepted)}",
        )
    yield say("report.about.at"), say.moment(report.at)


def _numbers(say: Say, report: Report, found: Figures) -> Iterator[Line]:
    """What nobody told is said to be unknown; a nought is a nought."""
    progress, unknown = report.progress, say("report.unknown")
    told: dict[str, str | int | None] = {
        "audience": report.campaign.audience_size,
        "left_out": sum(progress.removed.values()) + progress.skipped,
        "accepted": found.taken, "delivered": found.delivered, "on_way": found.on_way,
        "failed": found.failed, **_to_check(progress), "rejected": progress.rejected,
        "clicked": progress.clicked if report.campaign.redirects else None,
        "robots": progress.scanned if report.campaign.redirects else None,
        "answered": found.answered, "unsubscribed": progress.unsubscribed, "complained": progress.complained,
    }  # fmt: skip
    if progress.openings is not None:
        told["opened"] = progress.openings
    for name, value in told.items():
        yield say(f"report.number.{name}"), unknown if value is None else value
    if found.percent is not None:
        percent = say("live.percent.less") if found.percent < 0 else say(
            "campaigns.percent", percent=found.percent
        )  # fmt: skip
        yield say(f"report.number.share.{found.of}"), percent


def _to_check(progress: Progress) -> dict[str, int]:
    """Letters, of which one person may have several: by mailing, where there were more than one."""
    if not progress.later:
        return {"uncertain": progress.uncertain}
    reminders = sum(one.uncertain for one in progress.later)
    return {"uncertain.invitation": progress.uncertain, "uncertain.reminders": reminders}


def _reasons(say: Say, report: Report) -> Iterator[Line]:
    for why, n in sorted(report.progress.failures.items(), key=lambda pair: (-pair[1], pair[0])):
        key = f"report.why.{why}"
        yield say(key if say.has(key) else "report.why.other"), n


def _funnel(say: Say, report: Report, found: Figures) -> Iterator[Line]:
    yield say("live.chart.people"), report.progress.people
    yield say("live.chart.accepted"), found.taken
    if found.delivered is not None and not report.progress.is_unheard:
        yield say("live.chart.delivered"), found.delivered
    if report.campaign.redirects:
        yield say("live.chart.clicked"), report.progress.clicked
    if found.answered is not None:
        yield say("live.chart.answered"), found.answered


def _course(say: Say, report: Report) -> Lines:
    since = report.campaign.departed_at
    found: Timeline | None = None
    if since is not None:
        found = timeline(report.progress.answers, since, report.at, say.zone)
    if found is None or len(found.slices) < 2:
        return []
    return [(one.start.strftime(FORMATS[found.unit]), one.count) for one in found.slices]


def _chart(chart: Chart, title: str, sheet: "WriteOnlyWorksheet", rows: tuple[int, int]) -> Chart:
    first, last = rows
    chart.title, chart.legend, chart.width, chart.height = title, None, WIDTH, HEIGHT
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    for axis in (chart.x_axis, chart.y_axis):  # openpyxl hides both unless told
        axis.delete = False
    return chart
