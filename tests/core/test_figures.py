"""What may be said of a campaign's numbers: only what its ledger says, and nothing of what nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import Known, Source
from bot.core.campaigns import State
from bot.core.delivery import Fold, Progress
from bot.core.facts import Accepted, Claimed, Events, Fact, Happened, Item, Settled, Uncertain, WaveOpened
from bot.core.figures import figures, in_doubt, left, under_way, waves
from bot.core.places import places
from bot.core.reminders import Reminder
from tests.handlers.campaign_records import a_campaign, a_progress

NOW = datetime(2026, 11, 23, 14, 14, tzinfo=UTC)
CAMPAIGN = a_campaign(State.SENT)
TOLD = replace(CAMPAIGN, answers=(Known(source=Source.EXPORT, at=NOW),))


def test_what_nobody_told_is_not_nought() -> None:
    found = figures(CAMPAIGN, a_progress())
    assert (found.answered, found.delivered, found.on_way, found.percent) == (None, None, None, None)
    assert found.taken == 391


def test_a_source_that_told_of_nobody_is_nought() -> None:
    assert figures(TOLD, a_progress(delivered=386)).answered == 0


def test_answers_are_a_part_of_the_delivered() -> None:
    found = figures(TOLD, a_progress(delivered=386, bounced=3, answered=87))
    assert (found.base, found.is_of_delivered, found.percent, found.on_way) == (386, True, 23, 2)


@pytest.mark.parametrize(
    ("answered", "percent"), [(0, 0), (1, -1), (5, -1), (6, 1), (995, 99), (999, 99), (1_000, 100)]
)
def test_none_and_all_mean_exactly_that(answered: int, percent: int) -> None:
    counts = a_progress(people=1_000, accepted=1_000, delivered=1_000, answered=answered)
    assert figures(TOLD, counts).percent == percent


def test_more_answers_than_news_of_deliveries_are_a_part_of_the_accepted() -> None:
    """Mail events may be late, or not come at all: never 120 % of anything."""
    found = figures(TOLD, a_progress(delivered=50, answered=60))
    assert (found.base, found.is_of_delivered) == (391, False)
    assert figures(TOLD, a_progress(people=10, accepted=0, answered=60)).percent is None


def test_where_the_service_tells_nothing_its_total_is_no_base() -> None:
    found = figures(TOLD, a_progress(is_unheard=True, delivered_total=390, bounced=1, answered=87))
    assert (found.delivered, found.on_way, found.is_of_delivered, found.base) == (390, None, False, 391)


def test_the_wave_under_way_is_the_last_that_left() -> None:
    reminded = a_campaign(State.SENDING, reminders=(Reminder(days=4, wave=1), Reminder(days=8)))
    counts = a_progress(later=(Progress(people=304, pending=104, accepted=200),))
    assert under_way(reminded, counts).people == 304
    assert under_way(CAMPAIGN, counts).people == 391
    assert [wave.people for wave in waves(counts)] == [391, 304]


# --- the ledger's counts, whatever was told -----------------------------------------------------------

SIZE = 12
BITS = [Happened.DELIVERED, Happened.BOUNCED, Happened.BLOCKED, Happened.DROPPED, Happened.ANSWERED,
        Happened.CLICKED, Happened.SCANNED, Happened.UNSUBSCRIBED]  # fmt: skip
ITEMS: st.SearchStrategy[Item] = st.tuples(
    st.integers(0, SIZE - 1), st.sampled_from([int(bit) for bit in BITS]), st.integers(0, 2_000_000_000)
)


def facts(outcome: str) -> list[Fact]:
    """Three requests of four letters, the last of which had this outcome."""
    found: list[Fact] = [WaveOpened(wave=0, at=NOW, audience_size=SIZE, batch_size=4)]
    for batch in range(3):
        found.append(Claimed(wave=0, batch=batch, at=NOW))
        if batch < 2 or outcome == "accepted":
            found.append(Accepted(wave=0, batch=batch, at=NOW))
        elif outcome in ("uncertain", "settled"):
            found.append(Uncertain(wave=0, batch=batch, at=NOW, why="reset"))
            if outcome == "settled":
                found.append(Settled(wave=0, batch=batch, at=NOW, gone=True, by="events"))
    return found


@given(
    outcome=st.sampled_from(["accepted", "uncertain", "settled", "submitting"]),
    items=st.lists(ITEMS, max_size=60), told=st.booleans(),
)  # fmt: skip
def test_figures_are_those_of_the_ledger(outcome: str, items: list[Item], told: bool) -> None:
    fold = Fold()
    for fact in facts(outcome):
        assert fold.allows(fact)
        fold.apply(fact)
    for item in items:
        fold.apply(Events(wave=0, items=(item,)))
    progress = fold.progress()
    found = figures(TOLD if told else CAMPAIGN, progress)

    having = [{bit for bit in BITS if bits & bit} for bits in fold.bits]
    answered = sum(Happened.ANSWERED in one for one in having)
    assert found.answered == (answered if told or answered else None)
    delivered = sum(Happened.DELIVERED in one and Happened.BOUNCED not in one for one in having)
    failed = sum(
        bool(one & {Happened.BOUNCED, Happened.BLOCKED, Happened.DROPPED})
        and (Happened.DELIVERED not in one or Happened.BOUNCED in one)
        for one in having
    )
    assert (progress.delivered, found.failed) == (delivered, failed)
    assert found.delivered == (delivered if delivered or failed else None)
    assert sum(progress.failures.values()) == failed
    if found.on_way is not None:
        assert found.taken == delivered + failed + found.on_way
        assert found.on_way >= 0
    assert progress.accepted <= found.taken <= SIZE
    assert progress.clicked == sum(Happened.CLICKED in one for one in having)
    assert progress.scanned == sum(Happened.SCANNED in one and Happened.CLICKED not in one for one in having)
    dated = {item[0] for item in items if item[1] == Happened.ANSWERED and item[2] > 0}
    assert sum(progress.answers.values()) == len(dated), "each answer at its first moment, once"
    assert found.percent is None or -1 <= found.percent <= 100


# --- over all the waves -------------------------------------------------------------------------------


def reminded(*, of_invitation: bool) -> Fold:
    """An invitation to twelve in doubt, or its last four; then a reminder to all but the first."""
    fold, first = Fold(), 0 if of_invitation else 2
    told = list[Fact]([WaveOpened(wave=0, at=NOW, audience_size=SIZE, batch_size=4)])
    for batch in range(3):
        told.append(Claimed(wave=0, batch=batch, at=NOW))
        outcome = Accepted(wave=0, batch=batch, at=NOW)
        told.append(outcome if batch < first else Uncertain(wave=0, batch=batch, at=NOW, why="reset"))
    told.append(WaveOpened(wave=1, at=NOW, audience_size=SIZE, removed={"answered": (0,)}))
    told += [Claimed(wave=1, batch=0, at=NOW), Accepted(wave=1, batch=0, at=NOW)]
    for fact in told:
        assert fold.allows(fact)
        fold.apply(fact)
    return fold


@pytest.mark.parametrize(("of_invitation", "taken"), [(True, SIZE - 1), (False, SIZE)])
def test_a_person_is_taken_once_whatever_the_wave(of_invitation: bool, taken: int) -> None:
    fold = reminded(of_invitation=of_invitation)
    progress = fold.progress()
    assert figures(TOLD, progress).taken == progress.taken == places(fold).accepted == taken
    assert in_doubt(progress) == places(fold).to_check == (SIZE if of_invitation else 4)
    assert left(progress) == 0


def test_answers_of_letters_in_doubt_are_a_part_of_the_people() -> None:
    found = figures(TOLD, a_progress(people=3, accepted=0, uncertain=3, answered=1))
    assert (found.taken, found.base, found.of, found.percent) == (0, 3, "people", 33)
    assert figures(TOLD, a_progress(answered=1)).of == "accepted"
    assert figures(TOLD, a_progress(delivered=386, answered=1)).of == "delivered"
