"""How answers come back: the select of step 1 and the line of the last check."""

from typing import Any

import pytest

from bot.core.answers import Source
from bot.core.campaigns import Campaign
from bot.core.questionnaires import Placement
from bot.core.reminders import Reminder
from bot.core.sentences import Refusal
from bot.texts import Say
from handlers import campaign_forms as forms
from handlers.blocks import answers
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_parameters import Offer, Typed, parameters
from tests.handlers.campaign_records import EN, FR, PING, WIDEST, a_campaign, a_member, words
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
TALLY, OTHER = "https://tally.so/r/81dRPA", "https://forms.example/s/1"
ADDRESS = "https://bot.example/answers"
WIDE: dict[str, Any] = {**WIDEST, "revision": 3}


def select(say: Say = FR, *, link: str = TALLY, address: str = ADDRESS, **changes: Any) -> Any:
    draft = a_campaign(revision=3, **{"link": link, **changes})
    shown = Shown(say=say, member=a_member(say), draft=draft, options=True)
    view: Any = parameters(shown, Offer(answers_address=address), Typed(link=link))
    return next(block for block in view["blocks"] if block.get("block_id") == answers.ANSWERS_BY)


def values(block: Any) -> list[str]:
    return [one["value"] for one in block["element"]["options"]]


def initial(block: Any) -> Any:
    return block["element"]["initial_option"]


@BOTH
def test_what_the_link_lets_expect_comes_first(say: Say) -> None:
    block = select(say)
    assert values(block) == ["auto", "webhook", "export", "unknown"]
    assert initial(block)["value"] == "auto"
    assert words(initial(block)).endswith(say("answers.by.webhook"))
    assert ADDRESS in words(block["hint"])
    assert words(initial(select(say, link=OTHER))).endswith(say("answers.by.unknown"))


def test_without_a_secret_no_tool_can_tell() -> None:
    block = select(address="")
    assert values(block) == ["auto", "export", "unknown"]
    assert words(initial(block)).endswith(FR("answers.by.export"))
    kept = select(address="", answers_by="webhook")
    assert initial(kept)["value"] == "auto", "what was possible once is not any more"


def test_a_choice_is_shown_again_and_another_link_is_guessed_anew() -> None:
    assert initial(select(answers_by="export"))["value"] == "export"
    assert initial(select(answers_by="webhook"))["value"] == "auto"
    draft = a_campaign(link=OTHER, answers_by="export")
    shown = Shown(say=FR, member=a_member(FR), draft=draft, options=True)
    assert initial(answers.answers_by(shown, TALLY, Placement.PARAMETER, ADDRESS))["value"] == "auto"


@BOTH
@pytest.mark.parametrize("address", ["", "https://" + "w" * 1_900 + "/answers"])
def test_it_fits_at_its_largest(say: Say, address: str, fits: Fits) -> None:
    draft = a_campaign(**WIDE)
    shown = Shown(say=say, member=a_member(say), draft=draft, options=True)
    fits(parameters(shown, Offer(answers_address=address, columns=(PING,))))


# --- the last check -----------------------------------------------------------------------------------


def checked(say: Say = FR, **changes: Any) -> str:
    return answers.checked(say, a_campaign(**changes)).replace("\u00a0", " ")


@BOTH
@pytest.mark.parametrize("known", ["webhook", "export", "unknown", ""])
def test_the_check_says_how_answers_come_back(say: Say, known: str) -> None:
    told = checked(say, link=TALLY, answers_by=known)
    assert told == say(f"answers.check.{known or 'export'}", tool="Tally").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("known", "asks"),
    [
        ("webhook", "Tant qu'il n'a rien dit, chaque relance"),
        ("export", "Chaque relance"),
        ("unknown", "Chaque relance"),
    ],
)
def test_or_that_reminders_will_ask(known: str, asks: str) -> None:
    told = checked(link=TALLY, answers_by=known, reminders=(Reminder(days=4),))
    assert told.endswith(f". {asks} vous demandera avant de partir.")


def test_a_tool_nobody_knows_is_called_by_its_host() -> None:
    assert "forms.example" in checked(link=OTHER, answers_by="webhook")


# --- what is sent -------------------------------------------------------------------------------------


def sent(draft: Campaign, link: str, chosen: str | None) -> Source | None:
    state: dict[str, Any] = {
        "name": {"value": "Avis"},
        "link": {"value": link},
        "answers_by": {"selected_option": {"value": chosen}},
    }
    if chosen is None:
        del state["answers_by"]
    return forms.parameters(state, draft)["answers_by"]


def test_what_was_chosen_is_read() -> None:
    draft = a_campaign(link=TALLY, answers_by="webhook")
    assert sent(draft, TALLY, "export") is Source.EXPORT
    assert sent(draft, TALLY, "auto") is None
    with pytest.raises(Refusal) as refused:
        sent(draft, TALLY, "pigeon")
    assert (refused.value.field, refused.value.sentence.key) == ("answers_by", "answers.by.bad")


def test_what_was_not_shown_holds_as_long_as_its_link() -> None:
    draft = a_campaign(link=TALLY, answers_by="unknown")
    assert sent(draft, TALLY, None) is Source.UNKNOWN
    assert sent(draft, OTHER, None) is None
    assert sent(a_campaign(link=TALLY), TALLY, None) is None
