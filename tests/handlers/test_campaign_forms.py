"""Submissions made up by hand: a sentence at the field, never a defect."""

from typing import Any

import pytest

from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"


async def at(town: Town, step: str) -> dict[str, Any]:
    """Claire's dialog at this step."""
    claire = town.claire
    await claire.drops(french_excel_csv())
    await claire.sees("Liste gardée")
    if step == "parameters":
        await claire.clicks("campaigns.new")
        await town.dialog(claire, "campaigns.parameters")
        await claire.clicks("campaigns.options")
        await claire.sees("Paramètre du lien")
    else:
        await town.reaches(claire, step, LINK)
    assert claire.dialog
    return dict(claire.dialog)


def changed(view: dict[str, Any], block_id: str, **state: Any) -> dict[str, Any]:
    """The dialog as sent, with something in this field that it does not offer."""
    values = {block: dict(elements) for block, elements in view["state"]["values"].items()}
    (action_id,) = values[block_id]
    values[block_id] = {action_id: values[block_id][action_id] | state}
    return {**view, "state": {"values": values}}


async def sends(town: Town, view: dict[str, Any]) -> dict[str, Any]:
    who = {"team": {"id": town.slack.identity.team_id}, "user": {"id": "U0CLAIRE"}}
    answer = await town.claire.acts({"type": "view_submission", **who, "view": view})
    assert answer.body
    return dict(answer.body)


async def test_a_language_nobody_offers(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    view = changed(await at(town, "parameters"), "link", value=LINK)
    forged = changed(view, "language", selected_option={"value": "tlh"})
    answer = await sends(town, forged)
    assert answer["errors"] == {"language": "Choisissez une des langues proposées."}
    assert "unexpected error" not in caplog.text


@pytest.mark.parametrize("seconds", [10**20, 253402300799, 2**33, -(10**12), True, "soon", 1e300])
async def test_a_moment_outside_every_calendar(
    town: Town, caplog: pytest.LogCaptureFixture, seconds: object
) -> None:
    view = await at(town, "when")
    later = changed(view, "when", selected_option={"value": "later"})
    answer = await sends(town, changed(later, "send_at", selected_date_time=seconds))
    assert set(answer["errors"]) == {"send_at"}
    assert "unexpected error" not in caplog.text
