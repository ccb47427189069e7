"""What a campaign's message says of letters that left: arrived, failed and why, complained of."""

import pytest

from bot.core.campaigns import State
from bot.core.delivery import Progress
from bot.core.events import WHYS
from bot.texts import Say
from handlers.blocks import campaigns, live
from handlers.blocks.campaign_counts import notes, reasons
from tests.handlers.campaign_records import EN, FR, MILLION, WIDEST, a_campaign, a_progress, words
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
FAILED = a_progress(
    delivered=386, bounced=2, blocked=1, dropped=1, complained=1, unsubscribed=2,
    failures={"full": 1, "unknown": 2, "content": 1},
)  # fmt: skip


def fields(say: Say, progress: Progress) -> list[str]:
    """Of a campaign that was sent, with plain spaces."""
    shown = live.numbers(say, a_campaign(State.SENT), progress)
    return words(shown["fields"]).split("\n")


def test_failures_are_said_in_words_the_commonest_first() -> None:
    assert fields(FR, FAILED)[2:6] == [
        "*386 distribuées*", "sur 391 acceptées",
        "*4 en échec*", "2 adresses inexistantes, 1 refusée pour son contenu, 1 boîte pleine",
    ]  # fmt: skip
    assert fields(EN, FAILED)[2:6] == [
        "*386 delivered*", "of 391 accepted",
        "*4 failed*", "2 addresses that do not exist, 1 refused for its content, 1 mailbox full",
    ]  # fmt: skip


def test_one_of_each_is_not_said_as_many() -> None:
    alone = a_progress(people=2, accepted=2, delivered=1, bounced=1, failures={"unknown": 1}, complained=1)
    assert fields(FR, alone)[2:6] == [
        "*1 distribuée*", "sur 2 acceptées", "*1 en échec*", "1 adresse inexistante",
    ]  # fmt: skip
    assert "cette personne a signalé" in notes(FR, alone)[-1]


def test_of_letters_nothing_is_known_of_nothing_is_said() -> None:
    assert fields(FR, a_progress())[2:6] == [
        "*391 acceptées*", "arrivée pas encore confirmée", "*Aucun échec*", "à ma connaissance",
    ]  # fmt: skip


def test_reasons_that_find_no_room_are_said_below() -> None:
    many = {"unknown": 5, "full": 4, "blocked": 3, "content": 2, "other": 1}
    shown = words(campaigns.message(FR, a_campaign(State.SENT), a_progress(blocked=15, failures=many)))
    assert "3 refusées par le serveur, 3 pour d'autres raisons" in shown
    assert "*15 en échec* : 5 adresses inexistantes, 4 boîtes pleines" in shown
    assert "2 refusées pour leur contenu, 1 raison non précisée" in shown


@BOTH
def test_every_reason_has_its_words(say: Say) -> None:
    for n in (1, 2):
        every = Progress(failures=dict.fromkeys(WHYS, n))
        assert len(set(reasons(say, every).split(", "))) == len(WHYS)


@BOTH
@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.STOPPED, State.PAUSED])
def test_slack_takes_it_at_its_largest(say: Say, state: State, fits: Fits) -> None:
    large = a_progress(
        people=MILLION, accepted=MILLION, delivered=MILLION, bounced=MILLION, complained=MILLION,
        unsubscribed=MILLION, uncertain=MILLION, failures=dict.fromkeys(WHYS, MILLION),
    )  # fmt: skip
    shown = campaigns.message(say, a_campaign(state, **WIDEST), large)
    fits(shown)
    said = words(shown)
    assert said.index({FR: "distribuées", EN: "delivered"}[say]) < said.index(
        {FR: "plaintes", EN: "complaints"}[say]
    )
