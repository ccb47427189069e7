"""Which column is which, as a person says it: a title of the file for each of our fields, "" for none."""

from collections.abc import Mapping

from bot.core.contacts import Field
from bot.core.lists import Report
from bot.core.sentences import Refusal, Sentence

FULL_NAME = "full_name"  # first and last name in one column, to be split
KEYS = (Field.EMAIL.value, Field.FIRST_NAME.value, Field.LAST_NAME.value, FULL_NAME,
        Field.COMPANY.value, Field.LOCATION.value, Field.JOB_TITLE.value)  # fmt: skip


def label(key: str) -> Sentence:
    return Sentence("columns.full_name" if key == FULL_NAME else f"reading.column.{key}")


def proposed(report: Report, remembered: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """What the choice starts from: as before, else as it was read."""
    if chosen := remembered or report.mapping:
        return chosen
    own = {name: title for name, title in report.columns.items() if title != report.full_name}
    return own | ({FULL_NAME: report.full_name} if report.full_name else {})


def checked(mapping: Mapping[str, str]) -> Mapping[str, str]:
    """Raises Refusal at the field to blame. One column for first and last name is a full name."""
    given = {key: mapping.get(key, "") for key in KEYS}
    if not given[Field.EMAIL]:
        raise Refusal("columns.missing.email", field=Field.EMAIL.value)
    for name in (Field.FIRST_NAME, Field.LAST_NAME):
        if not given[name] and not given[FULL_NAME]:
            raise Refusal("columns.missing.name", field=name.value)
    _check_twice(given)
    if given[FULL_NAME] and given[Field.FIRST_NAME] and given[Field.LAST_NAME]:
        raise Refusal("columns.both_ways", field=FULL_NAME)
    return given


def _check_twice(given: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key, title in given.items():
        if not title:
            continue
        first = taken.setdefault(title, key)
        if first != key and (first, key) != (Field.FIRST_NAME, Field.LAST_NAME):
            raise Refusal("columns.twice", field=key, other=label(first))
