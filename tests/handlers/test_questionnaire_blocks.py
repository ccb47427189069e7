"""Step 1's other choices, the public link proposed, the dialog of another link: as they are drawn."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.core.letters import Sender
from bot.core.questionnaires import Placement
from bot.texts import Say
from handlers.blocks import questionnaires as blocks
from handlers.blocks import wizard_answers
from handlers.blocks.campaigns import message
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_parameters import Offer, Typed, parameters
from tests.handlers.campaign_records import (
    EN,
    FR,
    NOW,
    PING,
    WIDEST,
    W,
    a_campaign,
    a_member,
    a_progress,
    buttons,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
SENDERS = ("enquetes@studio-nova.example", "avis@studio-nova.example", "@studio-nova.example")
LARGE = Offer(
    senders=[f"{n}{W * 190}@example.com" for n in range(60)] + [f"@{n}{W * 250}" for n in range(60)],
    columns=[f"{n}{W * 400}" for n in range(300)], counted=W * 400, redirects=True,
)  # fmt: skip


def shown(say: Say = FR, **changes: Any) -> Shown:
    return Shown(say=say, member=a_member(say), draft=a_campaign(revision=3, **changes), options=True)


def inputs(view: Any) -> list[str]:
    return [one["block_id"] for one in view["blocks"] if one["type"] == "input"]


def block(view: Any, block_id: str) -> Any:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


def options(view: Any, block_id: str) -> list[str]:
    return [one["text"]["text"] for one in block(view, block_id)["element"]["options"]]


@BOTH
@pytest.mark.parametrize("placement", ["", "auto", *list(Placement)])
@pytest.mark.parametrize("changes", [{}, {**WIDEST, "closing_at": NOW, "link_column": W * 400}])
def test_slack_takes_every_choice(say: Say, placement: str, changes: dict[str, Any], fits: Fits) -> None:
    for link in (
        "https://forms.example/" + W * 1_900,
        "https://forms.gle/W",
        "https://tally.so/r/W?POSTILLON",
    ):
        for sender in ("", LARGE.senders[3][:149] + "…", LARGE.senders[70][:149] + "…"):
            typed = Typed(link=link, field="value.7", sender=sender, placement=placement, column=W)
            fits(parameters(shown(say, **changes), LARGE, typed))


@BOTH
def test_slack_takes_the_dialog_of_another_link(say: Say, fits: Fits) -> None:
    widest = {**WIDEST, "name": W * 80, "closing_at": NOW}
    fits(blocks.change(say, a_campaign(State.SENT, revision=3, **widest)))
    for changes in ({}, widest):
        view = blocks.change(say, a_campaign(State.SENT, revision=3, redirects=True, **changes))
        fits(view)
        fits(blocks.proposing(say, view, "https://forms.example/" + W * 1_900))
        fits(blocks.holding(view, "https://forms.example/" + W * 1_900))


def test_another_link_asks_when_it_closes_where_it_does() -> None:
    assert inputs(blocks.change(FR, a_campaign(State.SENT, redirects=True))) == ["link"]
    view = blocks.change(FR, a_campaign(State.SENT, redirects=True, closing_at=NOW))
    assert inputs(view) == ["link", "closing"]
    assert block(view, "closing")["element"]["initial_date_time"] == int(NOW.timestamp())


def test_one_sender_alone_is_no_choice() -> None:
    for offered in ((), SENDERS[:1]):
        assert "sender" not in inputs(parameters(shown(), Offer(senders=offered)))
    view = parameters(shown(), Offer(senders=SENDERS))
    assert inputs(view)[2:4] == ["sender", "sender_name"]
    assert options(view, "sender") == [*SENDERS[:2], "Une autre adresse @studio-nova.example"]
    assert block(view, "sender")["element"]["initial_option"]["value"] == SENDERS[0]


def test_at_a_domain_the_address_is_typed() -> None:
    view = parameters(shown(), Offer(senders=SENDERS), Typed(sender="@studio-nova.example"))
    assert inputs(view)[2:5] == ["sender", "sender_address", "sender_name"]
    other = shown(sender=Sender(address="Zoe@Studio-Nova.example"))
    view = parameters(other, Offer(senders=SENDERS))
    assert block(view, "sender_address")["element"]["initial_value"] == "Zoe@Studio-Nova.example"


def test_a_sender_no_more_offered_is_shown_as_it_is() -> None:
    view = parameters(shown(sender=Sender(address="old@gone.example")), Offer(senders=SENDERS))
    assert block(view, "sender")["element"]["initial_option"]["value"] == "old@gone.example"


@BOTH
def test_what_suits_the_tool_comes_first(say: Say) -> None:
    view = parameters(shown(say), Offer(), Typed(link="https://form.typeform.com/to/x"))
    first = block(view, "placement")["element"]["initial_option"]
    assert first["value"] == "auto"
    assert words(first).endswith("#")
    assert "Typeform" in words(block(view, "tool"))
    assert "link_parameter" in inputs(view)


def test_a_column_is_offered_only_where_there_is_one() -> None:
    without = block(parameters(shown(), Offer()), "placement")["element"]["options"]
    assert [one["value"] for one in without] == ["auto", "parameter", "fragment", "prefilled"]
    view = parameters(
        shown(), Offer(columns=("Lien", "Segment"), counted="3"), Typed(link="x", placement="column")
    )
    assert options(view, "link_column") == ["Lien", "Segment"]
    assert "link_parameter" not in inputs(view)


def test_three_hundred_columns_come_in_groups() -> None:
    view = parameters(shown(), LARGE, Typed(link="x", placement="column"))
    groups = block(view, "link_column")["element"]["option_groups"]
    assert [len(one["options"]) for one in groups] == [100, 100, 100]
    assert words(groups[1]["label"]) == "101–200"


@pytest.mark.parametrize(
    ("link", "placement", "said"),
    [
        ("https://forms.gle/x", Placement.PARAMETER, "ce lien est le même pour tous"),
        ("https://forms.office.com/r/x", Placement.PARAMETER, "Obtenir l'URL préremplie"),
        ("https://forms.gle/x?e=POSTILLON", Placement.PREFILLED, "prend la place de POSTILLON"),
        ("https://form.typeform.com/to/x", Placement.FRAGMENT, "champ caché"),
        ("https://tally.so/r/x", Placement.PARAMETER, "champ caché"),
        ("https://www.surveymonkey.com/r/x", Placement.PARAMETER, "variable personnalisée"),
        ("https://x.limesurvey.net/123456", Placement.PARAMETER, "Intégration de panel"),
        ("https://x.qualtrics.com/jfe/form/SV_d0aMpul3tB1wJ1Q", Placement.PARAMETER, "donnée intégrée"),
        ("https://forms.example/s", Placement.PARAMETER, "forms.example · le lien"),
        ("https://forms.example/s", Placement.COLUMN, "colonne « &lt;!channel&gt; &amp; &lt;@U1&gt; »"),
    ],
)
def test_each_tool_has_its_recipe(link: str, placement: Placement, said: str) -> None:
    told = wizard_answers.told(FR, link, placement, "postillon", PING)
    assert said in told.replace("\u00a0", " ")


def test_the_public_link_takes_the_place_of_the_other() -> None:
    view = parameters(shown())
    proposed = blocks.proposing(FR, view, "https://tally.so/r/81dRPA")
    assert words(buttons(proposed)["campaigns.public_link"]) == "Prendre tally.so/r/81dRPA"
    held = blocks.holding(
        blocks.proposing(FR, proposed, "https://tally.so/r/81dRPA"), "https://tally.so/r/81dRPA"
    )
    element = block(held, "link")["element"]
    assert (element["action_id"], element["initial_value"]) == ("value.1", "https://tally.so/r/81dRPA")
    assert "campaigns.public_link" not in buttons(held)
    assert block(blocks.holding(held, "https://x.example"), "link")["element"]["action_id"] == "value.2"
    assert inputs(held) == inputs(view)


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED, State.SENT, State.STOPPED])
def test_another_link_is_offered_only_where_it_does_something(state: State) -> None:
    campaign = a_campaign(state, redirects=True)
    assert "campaigns.link" in buttons(message(FR, campaign, a_progress()))
    for changes in ({"redirects": False}, {"placement": Placement.COLUMN}):
        direct = a_campaign(state, **{"redirects": True, **changes})
        assert "campaigns.link" not in buttons(message(FR, direct, a_progress()))


@pytest.mark.parametrize(("say", "words"), [(FR, "Changer la fermeture"), (EN, "Change the closing")])
def test_where_only_the_closing_can_change_the_dialog_asks_for_it_alone(say: Say, words: str) -> None:
    closing = datetime(2026, 12, 1, 9, tzinfo=UTC)
    direct = a_campaign(State.PAUSED, redirects=False, closing_at=closing)
    shown = message(say, direct, a_progress())
    assert "campaigns.link" in buttons(shown)
    assert words in str(shown)
    view = blocks.change(say, direct)
    assert inputs(view) == ["closing"]
    assert view["title"]["text"] == words


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.CANCELLED, State.FAILED])
def test_before_departure_the_link_is_edited(state: State) -> None:
    assert "campaigns.link" not in buttons(message(FR, a_campaign(state, redirects=True), a_progress()))
