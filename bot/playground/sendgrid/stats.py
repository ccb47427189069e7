"""What the account counted of each category, a day each: no address, no letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from aiohttp import web

from .answers import Refused, given
from .events import Happening
from .records import Letter, Problem

COUNTED = {"delivered": "delivered", "processed": "processed", "bounce": "bounces", "block": "blocks"}
MOST_CATEGORIES = 10


class Stats:
    def __init__(
        self, *, sent: Callable[[], Sequence[Letter]], story: Callable[[Letter], Sequence[Happening]],
        today: Callable[[], date],
    ) -> None:  # fmt: skip
        self._sent = sent
        self._story = story
        self._today = today

    async def of_categories(self, request: web.Request) -> web.Response:
        """`start_date` is required, and so is at least one category."""
        categories = request.query.getall("categories", [])
        if not 0 < len(categories) <= MOST_CATEGORIES:
            raise Refused(
                400, Problem(message="Between 1 and 10 categories are asked for.", field="categories")
            )
        start = _date(request, "start_date", None)
        end = _date(request, "end_date", self._today())
        counted = self._counted(set(categories))
        return given([_day(day, categories, counted) for day in _days(start, end)])

    def _counted(self, categories: set[str]) -> dict[tuple[date, str], Counter[str]]:
        found: dict[tuple[date, str], Counter[str]] = defaultdict(Counter)
        for letter in self._sent():
            for category in categories.intersection(letter.categories):
                for happened in self._story(letter):
                    if metric := COUNTED.get(happened.kind):
                        found[happened.at.date(), category][metric] += 1
        return found


def _day(
    day: date, categories: Sequence[str], counted: dict[tuple[date, str], Counter[str]]
) -> dict[str, object]:
    stats = [
        {
            "type": "category",
            "name": name,
            "metrics": {metric: counted.get((day, name), Counter())[metric] for metric in COUNTED.values()},
        }
        for name in categories
    ]
    return {"date": day.isoformat(), "stats": stats}


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += timedelta(days=1)


def _date(request: web.Request, name: str, default: date | None) -> date:
    value = request.query.get(name)
    if value is None and default is not None:
        return default
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        raise Refused(400, Problem(message="A date is YYYY-MM-DD.", field=name)) from None
