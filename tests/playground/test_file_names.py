"""File names as people have them are no paths: the bot fetches each by the address it was told."""

import pytest

from tests.fixtures.files import french_excel_csv
from tests.journeys.conftest import town
from tests.journeys.harness import Town

__all__ = ["town"]

CONTENT = french_excel_csv()[1]


@pytest.mark.parametrize(
    "name",
    ["a/b.csv", "{{prenom}}.csv", "../../up.csv", "50 % & plus?.csv", "été #1.csv", "a\\b.csv", "%2F.csv"],
)
async def test_a_dropped_file_is_fetched_whatever_its_name(town: Town, name: str) -> None:
    await town.claire.drops((name, CONTENT))
    await town.claire.sees("Liste gardée")
