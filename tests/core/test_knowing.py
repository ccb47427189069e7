"""When it is known who answered, and when it only looks so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.answers import Known, Source
from bot.core.campaigns import Campaign, State
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.knowing import WORKING, is_known, is_likely
from bot.core.letters import Sender
from bot.core.people import Language
from bot.core.reminders import Reminder

LEFT = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOW = LEFT + timedelta(days=8)
TYPEFORM, TALLY = "https://nova.typeform.com/to/abc", "https://tally.so/r/abc"
OWN, OTHERS_OWN = "https://forms.example/s/1", "https://survey.example/s/1"


def sent(name: str = "cmp_1", **changes: Any) -> Campaign:
    values: dict[str, Any] = {
        "workspace": WorkspaceId("T1"), "id": CampaignId(name), "owner": MemberId("U1"), "seed": "5eed",
        "created_at": LEFT, "language": Language.FRENCH, "zone": "Europe/Paris", "state": State.SENT,
        "sender": Sender(address="a@nova.example"), "departed_at": LEFT, "ended_at": LEFT, "link": TYPEFORM,
    }  # fmt: skip
    return Campaign(**{**values, **changes})


def told(source: Source, ago: timedelta, count: int = 1) -> tuple[Known, ...]:
    return (Known(source=source, at=NOW - ago, count=count),)


def test_nobody_told_anything() -> None:
    assert not is_known(sent(), [sent()], NOW)


def test_one_answer_by_the_tool_shows_that_it_tells() -> None:
    assert is_known(sent(answers=told(Source.WEBHOOK, timedelta(days=7))), [], NOW)
    assert not is_known(sent(answers=told(Source.WEBHOOK, timedelta(days=7), count=0)), [], NOW)


def test_what_a_tool_told_long_ago_says_nothing_of_now() -> None:
    assert is_known(sent(answers=told(Source.WEBHOOK, timedelta(days=30))), [], NOW)
    assert not is_known(sent(answers=told(Source.WEBHOOK, timedelta(days=31))), [], NOW)


@pytest.mark.parametrize(
    ("expects", "people", "ago", "knows"),
    [
        (Source.EXPORT, 1, timedelta(hours=1), False),
        (Source.UNKNOWN, 2, timedelta(hours=1), False),
        (Source.UNKNOWN, 3, timedelta(hours=1), True),
        (Source.UNKNOWN, 300, timedelta(days=31), False),
        (Source.WEBHOOK, 1, timedelta(hours=1), True),
    ],
    ids=["one visitor", "two", "three", "long ago", "expected"],
)
def test_who_opened_the_thank_you_page_answers_for_themselves(
    expects: Source, people: int, ago: timedelta, knows: bool
) -> None:
    campaign = sent(answers_by=expects.value, answers=told(Source.PAGE, ago, people))
    assert is_known(campaign, [campaign], NOW) is knows
    # of another campaign with the same tool, whose owner expects it to tell
    other = sent("cmp_2", answers_by=Source.WEBHOOK.value)
    assert is_known(other, [campaign, other], NOW) is knows
    if ago < WORKING:
        assert is_likely(campaign) is knows


@pytest.mark.parametrize("source", [Source.EXPORT, Source.HAND])
@pytest.mark.parametrize(
    ("ago", "knows"),
    [(timedelta(hours=1), True), (timedelta(hours=72), True), (timedelta(hours=73), False)],
)
def test_what_a_person_told_is_true_for_three_days(source: Source, ago: timedelta, knows: bool) -> None:
    assert is_known(sent(answers=told(source, ago, count=0)), [], NOW) is knows


def test_an_export_from_before_the_last_reminder_says_nothing_of_after_it() -> None:
    reminded = sent(reminders=(Reminder(days=4, wave=1, left_at=NOW - timedelta(hours=20)),))
    before = replace(reminded, answers=told(Source.EXPORT, timedelta(hours=21)))
    after = replace(reminded, answers=told(Source.EXPORT, timedelta(hours=19)))
    assert (is_known(before, [], NOW), is_known(after, [], NOW)) == (False, True)


@pytest.mark.parametrize(
    ("expects", "link", "ago", "knows"),
    [
        (Source.WEBHOOK, TYPEFORM, timedelta(days=29), True),
        (Source.WEBHOOK, TYPEFORM, timedelta(days=31), False),
        (Source.WEBHOOK, TALLY, timedelta(days=1), False),
        (Source.EXPORT, TYPEFORM, timedelta(days=1), False),
    ],
    ids=["it works", "it worked once", "another tool's", "not expected"],
)
def test_silence_of_a_tool_that_tells_of_others(
    expects: Source, link: str, ago: timedelta, knows: bool
) -> None:
    other = sent("cmp_2", link=link, answers=told(Source.WEBHOOK, ago))
    assert is_known(sent(answers_by=expects.value), [other], NOW) is knows


@pytest.mark.parametrize(("link", "knows"), [(OWN, True), (OTHERS_OWN, False)])
def test_tools_without_a_name_are_known_by_their_host(link: str, knows: bool) -> None:
    other = sent("cmp_2", link=link, answers=told(Source.WEBHOOK, timedelta(days=1)))
    mine = sent(link="https://forms.example/s/2", answers_by=Source.WEBHOOK.value)
    assert is_known(mine, [other], NOW) is knows
