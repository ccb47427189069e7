"""One line per kind of block."""

from collections.abc import Iterator, Mapping

from bot.playground.slack import richtext
from bot.playground.slack.rules.elements import (
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    PICTURE,
    pictured,
)
from bot.playground.slack.rules.richtext import RICH_TEXT
from bot.playground.slack.rules.shapes import (
    Check,
    Fault,
    both,
    flag,
    kind_of,
    listing,
    number,
    one_of,
    plain,
    shape,
    text,
    whole,
    words,
)

NAMED = {"block_id": text(255, least=1)}


def said(value: object, path: str) -> Iterator[Fault]:
    assert isinstance(value, dict)
    if "text" not in value and "fields" not in value:
        yield Fault(path=path, message="a section needs text or fields")


def asked(value: object, path: str) -> Iterator[Fault]:
    assert isinstance(value, dict)
    if value["element"]["type"] == "file_input" and value.get("dispatch_action"):
        yield Fault(path=f"{path}/dispatch_action", message="a file_input cannot dispatch actions")


def filled(value: object, path: str) -> Iterator[Fault]:
    """A rich text cell says something: Slack refuses empty cells."""
    if not richtext.words(value).strip():
        yield Fault(path=path, message="a table cell must not be empty")


def regular(value: object, path: str) -> Iterator[Fault]:
    assert isinstance(value, dict)
    rows = value["rows"]
    if len({len(row) for row in rows}) > 1:
        yield Fault(path=f"{path}/rows", message="all rows must have the same number of cells")
    if any(cell["type"] == "rich_text" for cell in rows[0]):
        yield Fault(path=f"{path}/rows/0", message="header cells must be raw_text")
    if value.get("row_header_column_index", 0) >= len(rows[0]):
        yield Fault(path=f"{path}/row_header_column_index", message="out of range")


def drawn(value: object, path: str) -> Iterator[Fault]:
    """Series have names of their own and one point per category."""
    assert isinstance(value, dict)
    series = value.get("series", [])
    names = [one["name"] for one in series]
    if len(names) != len(set(names)):
        yield Fault(path=f"{path}/series", message="series names must be unique")
    categories = sorted(value.get("axis_config", {}).get("categories", []))
    for index, one in enumerate(series):
        if sorted(point["label"] for point in one["data"]) != categories:
            yield Fault(path=f"{path}/series/{index}", message="labels must match the categories")


CELL = kind_of(
    {
        "raw_text": shape({"text": text(least=1)}),
        "raw_number": shape({"value": number}, {"text": text(least=1)}),
        "rich_text": both(RICH_TEXT, filled),
    }
)
ROW = listing(CELL, most=20)
_SET = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def column(value: object, path: str) -> Iterator[Fault]:
    """A null leaves its column as it is: the one place where Slack takes null."""
    if value is not None:
        yield from _SET(value, path)


LABEL = text(20, least=1)
POINT = shape({"label": LABEL, "value": number})
SERIES = shape({"name": LABEL, "data": listing(POINT, most=20)})
PLOT = both(
    shape(
        {
            "series": listing(SERIES, most=12),
            "axis_config": shape(
                {"categories": listing(LABEL, most=20)}, {"x_label": text(50), "y_label": text(50)}
            ),
        }
    ),
    drawn,
)
CHART = kind_of(
    {
        "pie": shape({"segments": listing(POINT, most=12)}),
        "bar": PLOT,
        "line": PLOT,
        "area": PLOT,
    }
)

BLOCKS: Mapping[str, Check] = {
    "actions": shape({"elements": listing(IN_ACTIONS, most=25)}, NAMED),
    "alert": shape(
        {"text": words(200)}, {"level": one_of("default", "info", "warning", "error", "success"), **NAMED}
    ),
    "context": shape({"elements": listing(IN_CONTEXT, most=10)}, NAMED),
    "data_table": both(
        shape(
            {"caption": text(least=1), "rows": listing(ROW, least=2, most=201)},
            {"page_size": whole(1, 100), "row_header_column_index": whole(0, 19), **NAMED},
        ),
        regular,
    ),
    "data_visualization": shape({"title": text(50, least=1), "chart": CHART}, NAMED),
    "divider": shape({}, NAMED),
    "header": shape({"text": plain(150)}, {"level": whole(1, 4), **NAMED}),
    "image": both(
        shape({"alt_text": text(2000, least=1)}, {**PICTURE, "title": plain(2000), **NAMED}), pictured
    ),
    "input": both(
        shape(
            {"label": plain(2000), "element": IN_INPUT},
            {"hint": plain(2000), "optional": flag, "dispatch_action": flag, **NAMED},
        ),
        asked,
    ),
    "markdown": shape({"text": text(12_000, least=1)}, NAMED),
    "rich_text": RICH_TEXT,
    "section": both(
        shape(
            {},
            {
                "text": words(3000),
                "fields": listing(words(2000), most=10),
                "accessory": IN_SECTION,
                "expand": flag,
                **NAMED,
            },
        ),
        said,
    ),
    "table": shape(
        {"rows": listing(ROW, most=100)}, {"column_settings": listing(column, least=0, most=20), **NAMED}
    ),
}
