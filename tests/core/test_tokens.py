"""Tokens: opaque, unforgeable, and readable for years."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.ids import CampaignId, WorkspaceId, new_campaign_id
from bot.core.tokens import Bearer, answer_token, link_token, read_token

SECRET = bytes(range(32))
ZOE = Bearer(workspace=WorkspaceId("T0123456789"), campaign=CampaignId("cmp_a2b3c4d5e6f7"), recipient=41)
ZOE_WAVE = Bearer(workspace=ZOE.workspace, campaign=ZOE.campaign, recipient=41, wave=2)


@given(some.integers(-1, 10_000_000), some.none() | some.integers(0, 5))
def test_a_token_stands_for_its_bearer(recipient: int, wave: int | None) -> None:
    bearer = Bearer(workspace=ZOE.workspace, campaign=new_campaign_id(), recipient=recipient, wave=wave)
    token = answer_token(SECRET, bearer) if wave is None else link_token(SECRET, bearer)
    assert read_token(SECRET, token) == bearer


def test_letters_written_years_ago_are_still_read() -> None:
    """These strings stand in letters: they may never change."""
    assert answer_token(SECRET, ZOE) == ANSWER
    assert link_token(SECRET, ZOE_WAVE) == LINK
    assert read_token(SECRET, ANSWER) == ZOE
    assert read_token(SECRET, LINK) == ZOE_WAVE


ANSWER = "a__ZKID3mrW9tlFuc5qKUDXcOi5AXwwFyGi6re47SaXdM9eHanHlHcYu9xrx1Log"
LINK = "lFR4NZeIh1mmCJuaNTbZoxolnZmWkXg8LB_lMWXuF7-mMe65Us5qaaKkQikIRDq-ANA"


def test_no_identifier_can_be_read_in_a_token() -> None:
    neighbour = Bearer(workspace=ZOE.workspace, campaign=ZOE.campaign, recipient=42)
    alike = sum(
        a == b for a, b in zip(answer_token(SECRET, ZOE), answer_token(SECRET, neighbour), strict=True)
    )
    assert alike < 12  # of about 70: by chance


def test_the_answer_token_is_the_same_in_every_wave() -> None:
    assert answer_token(SECRET, ZOE) == answer_token(SECRET, ZOE_WAVE)


@given(some.data())
def test_no_changed_character_passes(data: some.DataObject) -> None:
    token = link_token(SECRET, ZOE_WAVE)
    place = data.draw(some.integers(0, len(token) - 1))
    other = data.draw(some.sampled_from("abcXYZ019-_=. é"))
    forged = token[:place] + other + token[place + 1 :]
    assert read_token(SECRET, forged) == (ZOE_WAVE if forged == token else None)


@given(some.text(max_size=120))
def test_nothing_else_is_a_token(text: str) -> None:
    assert read_token(SECRET, text) is None
    assert read_token(SECRET, "a" + text) is None


@pytest.mark.parametrize("change", ["{}=", "{}A", "{} ", " {}", "{}\n", "x{}"])
def test_a_token_has_one_spelling(change: str) -> None:
    assert read_token(SECRET, change.format(answer_token(SECRET, ZOE))) is None


def test_an_answer_token_is_no_link_token() -> None:
    answer, link = answer_token(SECRET, ZOE), link_token(SECRET, ZOE_WAVE)
    assert read_token(SECRET, "l" + answer[1:]) is None
    assert read_token(SECRET, "a" + link[1:]) is None


def test_another_secret_reads_nothing() -> None:
    assert read_token(b"another secret, 32 bytes long...", answer_token(SECRET, ZOE)) is None


def test_a_token_fits_into_a_link() -> None:
    token = link_token(SECRET, ZOE_WAVE)
    assert len(token) < 90
    assert token.replace("-", "").replace("_", "").isalnum()
