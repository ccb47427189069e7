"""What may be passed on, to whom, and what is still owed of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.discretion import HIDDEN, masked, redacted, titles
from bot.core.ids import MemberId, PleaId, WorkspaceId
from bot.core.lists import Column, Report
from bot.core.sentences import Refusal, sentence
from bot.core.support import LONGEST, MOST, Due, Plea, Spot, asked, heard, of_report, of_sentence, owed

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA, SAM, TOM = MemberId("U1"), MemberId("U2"), MemberId("U3")


def plea(*spots: str) -> Plea:
    opened = Plea(
        workspace=WorkspaceId("T"), id=PleaId("hlp_a"), member=ANNA, subject="", at=NOON,
        facts=(sentence("support.fact.size", n=3),),
    )  # fmt: skip
    return asked(opened, tuple(Spot(to=one) for one in spots), "Bonjour", NOON)


def posted(one: Plea, to: str) -> Plea:
    due = next(due for due in owed(one) if due.spot and due.spot.to == to)
    return heard(one, due, Spot(to=to, channel=f"D{to}", ts="1.0"))


@pytest.mark.parametrize(
    ("typed", "passed"),
    [
        ("à zoe.leroy@exemple.fr, merci", "à …, merci"),
        ("<mailto:zoe@x.fr|zoe@x.fr>", "<…>"),
        ("voir https://forms.example/r/SECRET?x=1#y", "voir https://forms.example/…"),
        ("https://zoe:pass@forms.example/a", "https://forms.example/…"),
        ("HTTP://FORMS.EXAMPLE:8080/a@b", "HTTP://FORMS.EXAMPLE/…"),
        ("rien de spécial, 10 % @ 3", "rien de spécial, 10 % @ 3"),
    ],
)
def test_typed_words_lose_addresses_and_the_end_of_links(typed: str, passed: str) -> None:
    assert masked(typed) == passed


@given(st.emails(), st.text(max_size=20), st.text(max_size=20))
def test_no_address_survives(address: str, before: str, after: str) -> None:
    told = masked(f"{before} {address} {after}")
    assert address not in told


def test_a_sentence_keeps_its_numbers_and_hides_what_people_wrote() -> None:
    inner = sentence("reading.file.pdf", name="Martinet.pdf")
    said = sentence("x.y", why=inner, n=3, at=NOON, rows="18, 77, 203…", name="Zoé", phone="06 12 34 56 78")
    hidden = redacted(said)
    assert dict(hidden.values) == {
        "why": sentence("reading.file.pdf", name=HIDDEN), "n": 3, "at": NOON, "rows": "18, 77, 203…",
        "name": HIDDEN, "phone": HIDDEN,
    }  # fmt: skip
    code, _ = of_sentence(said)
    assert code.values["code"] == "x.y > reading.file.pdf"


def test_titles_are_told_where_they_are_titles() -> None:
    headers = tuple(
        Column(title=one, samples=("zoe@x.fr",)) for one in ("E-mail", "a@b.fr", "06 12 34 56 78")
    )
    known = Report(headers=headers, columns={"email": "E-mail"}, kind="csv")
    assert titles(known) == ["E-mail", HIDDEN, HIDDEN]
    assert list(titles(Report(headers=headers, kind="csv"))) == [], "somebody's row, perhaps"
    assert "zoe@x.fr" not in str(list(of_report(known)))


def test_the_asker_is_told_once_somebody_has_it() -> None:
    one = plea("C1")
    assert list(owed(one)) == [Due(number=0, spot=Spot(to="C1"))]
    one = posted(one, "C1")
    assert list(owed(one)) == [Due(number=0, spot=None)]
    assert list(owed(heard(one, Due(number=0, spot=None)))) == []


def test_each_line_reaches_everybody_but_who_said_it() -> None:
    one = heard(posted(plea("C1"), "C1"), Due(number=0, spot=None))
    replied = one.said(SAM, "Me voici", NOON)
    assert [(due.number, due.spot.to if due.spot else ANNA) for due in owed(replied)] == [
        (1, "C1"),
        (1, ANNA),
    ]
    answered = one.said(ANNA, "zoe@x.fr", NOON)
    assert [(due.number, due.spot.to if due.spot else ANNA) for due in owed(answered)] == [(1, "C1")]
    assert answered.lines[-1].words == HIDDEN


def test_where_the_channel_does_not_hear_it_admins_are_asked_and_then_nobody() -> None:
    one = plea("C1")
    lost = heard(one, next(owed(one)), Spot(to="C1", is_lost=True), [SAM, TOM])
    assert [due.spot.to for due in owed(lost) if due.spot] == [SAM, TOM]
    for who in (SAM, TOM):
        due = next(due for due in owed(lost) if due.spot and due.spot.to == who)
        lost = heard(lost, due, Spot(to=who, is_lost=True), [SAM, TOM])
    assert lost.is_lost
    assert list(owed(lost)) == [Due(number=0, spot=None)], "and that is said"


def test_an_exchange_has_its_limits() -> None:
    one = plea("C1")
    with pytest.raises(Refusal, match=r"support\.empty"):
        one.said(SAM, "  ", NOON)
    with pytest.raises(Refusal, match=r"support\.long"):
        one.said(SAM, "x" * (LONGEST + 1), NOON)
    for _ in range(MOST - 1):
        one = one.said(SAM, "x", NOON)
    with pytest.raises(Refusal, match=r"support\.enough"):
        one.said(SAM, "x", NOON)


def test_it_is_forgotten_after_a_month() -> None:
    assert not plea("C1").is_over(NOON + timedelta(days=29))
    assert plea("C1").is_over(NOON + timedelta(days=31))
