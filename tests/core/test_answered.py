"""Rows of an export counted for a campaign: who they name, and what is told of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answered import TEST, Addresses, Row, Tally, Told, may_hold_codes, owners
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.lists import Column, Report
from bot.core.sentences import sentence
from bot.core.tokens import Bearer, Tokens, read_token

SECRET = b"k" * 32
NOVA, MINE, OTHER = WorkspaceId("T1"), CampaignId("cmp_1"), CampaignId("cmp_2")
MAIL = Addresses(place=2, title="Votre adresse", count=9)


def read(code: str) -> Bearer | None:
    return read_token(SECRET, code)


def code(number: int, campaign: CampaignId = MINE, workspace: WorkspaceId = NOVA) -> str:
    return Tokens(SECRET, workspace, campaign).answer(number)


def row(*codes: str, address: str = "", is_finished: bool = True) -> Row:
    addresses = ((MAIL.place, address),) if address else ()
    return Row(sheet=0, codes=codes, addresses=addresses, is_finished=is_finished)


def tally() -> Tally:
    return Tally(NOVA, MINE, 3)


def test_each_row_is_told_of_once() -> None:
    rows = [
        row(code(0)), row(code(0)), row(code(2)), row(code(1), is_finished=False), row(code(TEST)),
        row(code(5)), row("a" * 40), row(), row(code(0, OTHER)), row(code(1, workspace=WorkspaceId("T2"))),
    ]  # fmt: skip
    assert tally().by_code(rows, read) == Told(
        numbers=frozenset({0, 2}), rows=9, again=1, unknown=3, without=1, tests=1, unfinished=1,
        others={OTHER: 1},
    )  # fmt: skip


def test_a_code_of_a_letter_s_link_is_no_answer() -> None:
    link = Tokens(SECRET, NOVA, MINE).link(0, 0)
    assert tally().by_code([row(link)], read).numbers == frozenset()


def test_by_address_whatever_its_capitals() -> None:
    known = {"anna@example.com": 0, "bob@example.com": 1}
    rows = [row(address="Anna@Example.com"), row(address="nobody@example.com"), row()]
    told = tally().by_address(rows, MAIL, known)
    assert (told.numbers, told.unknown, told.without) == (frozenset({0}), 1, 1)
    assert (told.by_address, told.column) == (True, "Votre adresse")


def test_whose_codes_they_are() -> None:
    rows = [
        row(code(0), code(1)),
        row(code(0, OTHER)),
        row(code(TEST)),
        row(code(0, workspace=WorkspaceId("T2"))),
    ]
    assert owners(rows, read, NOVA) == {MINE: 1, OTHER: 1}


CODES = [code(TEST), *(code(number, campaign) for number in range(5) for campaign in (MINE, OTHER))]
ROWS = st.lists(st.builds(row, st.sampled_from(CODES), is_finished=st.booleans()))


@given(ROWS)
def test_the_counts_add_up(rows: list[Row]) -> None:
    told = tally().by_code(rows, read)
    parts = len(told.numbers), told.again, told.unknown, told.without, told.tests, *told.others.values()
    assert told.rows == sum(parts)
    assert told.rows + told.unfinished == len(rows)
    assert told.numbers <= {0, 1, 2}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report(headers=(Column(title="Email", samples=("a@example.com",)),)), False),
        (Report(headers=(Column(title="Nom", samples=("Amélie Anne-Sophie de La Rochefoucauld",)),)), False),
        (Report(headers=(Column(title="Postillon"),)), True),
        (Report(headers=(Column(title="Code", samples=(code(0),)),)), True),
        (Report(headers=(Column(title="Code", samples=(f"{code(0)[:30]}…",)),)), True),
        (Report(error=sentence("reading.error.missing")), True),
        (Report(error=sentence("reading.error.damaged")), False),
    ],
)
def test_a_quick_look(report: Report, expected: bool) -> None:
    assert may_hold_codes(report, {"postillon"}) is expected
