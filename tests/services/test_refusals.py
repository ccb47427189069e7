"""A request refused whole: single people are left out where they are to blame, the rest gets its letter."""

from bot.core.campaigns import State
from bot.core.delivery import Fold
from bot.ports import NotTaken, Outcome, Refused, SomeRefused, Taken, Unknown
from tests.services.mailroom import BATCHES, EACH, NOON, NOVA, OWNER, Room, all_but, batch

REFUSED = Refused(why="letter", detail="Bad Request")
FINE = Taken(message_id="")
OURSELVES = 0  # the number under which the letter is judged by itself


def refuses(room: Room, *culprits: int, times: int = 1) -> None:
    """The mail service answers so to any request that holds one of them, and names nobody."""

    def judge(people: list[int]) -> Outcome:
        return REFUSED if set(culprits) & set(people) else FINE

    room.door.judges = judge
    for culprit in culprits:
        room.door.answers[culprit // EACH * EACH] = [REFUSED] * times


def rejected(room: Room) -> dict[int, str]:
    def question(fold: Fold) -> dict[int, str]:
        return dict(fold.waves[0].rejected)

    return room.store.ledgers.read(NOVA, room.campaign.id, question)


def test_the_one_to_blame_is_left_out_and_everybody_else_gets_one_letter(room: Room) -> None:
    refuses(room, 3 * EACH + 1)
    room.door.opens()
    room.sweeps_to_the_end()
    assert rejected(room) == {3 * EACH + 1: "Bad Request"}
    assert room.door.posted.count(batch(3)) == 1, "refused: nobody of it got a letter"
    assert room.door.posted.count(batch(3, without=[3 * EACH + 1])) == 1
    assert room.campaign.state is State.SENT
    assert room.progress.accepted == BATCHES * EACH - 1


def test_a_whole_batch_may_be_to_blame(room: Room) -> None:
    refuses(room, *range(2 * EACH, 3 * EACH))
    room.door.opens()
    room.sweeps_to_the_end()
    assert set(rejected(room)) == set(range(2 * EACH, 3 * EACH))
    assert sorted(room.door.posted) == all_but()
    assert room.campaign.state is State.SENT


def test_where_the_letter_is_to_blame_it_is_paused_and_nobody_rejected(room: Room) -> None:
    room.door.opens()
    room.door.usually = REFUSED
    room.door.judges = lambda _: REFUSED
    room.sweeps_to_the_end()
    assert room.campaign.state is State.PAUSED
    assert (room.progress.rejected, room.progress.pending) == (0, BATCHES * EACH)
    (said,) = room.told("campaigns.said.paused")
    assert said.values["why"].key == "pace.refused.letter"  # type: ignore[union-attr]
    assert len(room.door.trials) <= 4, "one question for each request under way"


def test_requests_too_large_pause_with_what_to_do(room: Room) -> None:
    room.door.opens()
    room.door.usually = Refused(why="size", detail="HTTP 413")
    room.sweeps_to_the_end()
    assert room.campaign.state is State.PAUSED
    assert room.campaign.why is not None
    assert room.campaign.why.key == "pace.refused.size"
    assert room.door.trials == []


def test_a_trial_that_delivered_leaves_its_letters_uncertain(room: Room) -> None:
    """The service did not do as it was told: whoever was in the trial may have the letter."""
    room.door.answers = {3 * EACH: [REFUSED]}
    room.door.judges = lambda people: FINE if people == [OURSELVES] else Taken(message_id="oh")
    room.door.opens()
    room.sweeps_to_the_end()
    assert (room.progress.uncertain, room.progress.accepted) == (EACH, (BATCHES - 1) * EACH)
    assert sorted(room.door.posted) == all_but()


def test_a_search_that_is_interrupted_begins_again_later(room: Room) -> None:
    refuses(room, 3 * EACH + 1, times=2)
    judge = room.door.judges
    room.door.judges = lambda people: NotTaken(seconds=90, why="busy")
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.SENDING
    assert room.store.campaigns.next_wake() is not None
    assert (room.progress.rejected, room.progress.uncertain) == (0, 0)
    room.door.judges = judge
    room.goes_by(room.store.campaigns.next_wake() - NOON)  # type: ignore[operator]
    assert set(rejected(room)) == {3 * EACH + 1}
    assert room.progress.accepted == BATCHES * EACH - 1


def test_a_trial_nobody_answered_makes_nothing_uncertain(room: Room) -> None:
    room.door.answers = {3 * EACH: [REFUSED]}
    room.door.judges = lambda people: Unknown(why="server")
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.progress.uncertain == 0
    assert room.campaign.state is State.SENDING


def test_people_refused_only_together_pause_the_campaign(room: Room) -> None:
    pair = {3 * EACH, 3 * EACH + 2}
    room.door.answers = {3 * EACH: [REFUSED]}
    room.door.judges = lambda people: REFUSED if pair <= set(people) else FINE
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.PAUSED
    assert rejected(room) == {}


def test_a_pause_in_the_middle_of_a_search_leaves_the_batch_as_it_was(room: Room) -> None:
    refuses(room, 1)

    def judge(people: list[int]) -> Outcome:
        if room.campaign.state is State.SENDING:
            room.campaigns.pause(OWNER, room.campaign.id)
        return FINE

    room.door.judges = judge
    room.door.opens()
    room.sweeps_to_the_end()
    assert room.campaign.state is State.PAUSED
    assert (room.progress.submitting, room.progress.rejected) == (0, 0)


def test_a_place_beyond_the_request_is_looked_into(room: Room) -> None:
    refuses(room, 3 * EACH)
    room.door.answers[3 * EACH] = [SomeRefused(positions={99: "no address"})]
    room.door.opens()
    room.sweeps_to_the_end()
    assert set(rejected(room)) == {3 * EACH}
