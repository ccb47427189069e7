"""What may be passed on, to whom, and what is still owed of it."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.discretion import HIDDEN, masked, redacted, titles
from bot.core.ids import CampaignId, MemberId, PleaId, WorkspaceId
from bot.core.lists import Column, Report
from bot.core.sentences import Refusal, sentence
from bot.core.support import LONGEST, MOST, Due, Plea, Spot, asked, heard, of_report, of_sentence, owed
from bot.core.tokens import Bearer, answer_token, link_token

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA, SAM, TOM = MemberId("U1"), MemberId("U2"), MemberId("U3")


BEARER = Bearer(workspace=WorkspaceId("T1"), campaign=CampaignId("cmp_1"), recipient=7, wave=1)


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
        ("de claire.dupont＠ex.com, hier", "de …, hier"),
        ("claire.dupont﹫ex．com", "…"),
        ("claire.dupont (at) ex.com ne reçoit rien", "… ne reçoit rien"),
        ("Anna (AT) example.com", "…"),
        ("claire[at]ex.com et zoe {a} ex.com", "… et …"),
        ("zoe (arobase) ex (point) com", "…"),
        ("zoe arobase ex point com", "…"),
        ("claire.dupont at ex.com bounced", "… bounced"),
        ("have a look at example.com", "have a look at example.com"),
        ("claire.dupont @ ex.com", "…"),
        ("claire@ ex.com, zoe @ex.com", "…, …"),
        ("claire%40ex.com claire&#64;ex.com", "… …"),
        ('"claire dupont"@ex.com merci', "… merci"),
        ("<mailto:zoe%40x.fr|Zoé>", "<…>"),
        ("www.forms.example/s?postillon=aABCDEFGHIJKLMNOPQRSTUVWXYZ012", "www.forms.example/…"),
        ("(forms.example/r/aABCDEFGHIJKLMNOPQRSTUVWXYZ012)", "(forms.example/…)"),
        ("forms.example?p=1 forms.example#p", "forms.example/… forms.example/…"),
        ("forms.example:8443/r/x", "forms.example/…"),
        ("forms.example, 24.11/2026, et/ou v1.2/3", "forms.example, 24.11/2026, et/ou v1.2/3"),
        ("<https://bot.example/r/TOK|TOK>", "<https://bot.example/…>"),
        ("<https://bot.example|bot.example/r/TOK>", "<https://bot.example/…>"),
        ("le code aABCDEFGHIJKLMNOPQRSTUVWXYZ012 ne va pas", "le code … ne va pas"),
        (f"code={link_token(b'k' * 32, BEARER)}.", "code=…."),
        ("anticonstitutionnellement, l'arrondissement", "anticonstitutionnellement, l'arrondissement"),
    ],
)
def test_typed_words_lose_addresses_codes_and_the_end_of_links(typed: str, passed: str) -> None:
    assert masked(typed) == passed


@given(st.emails(), st.text(max_size=20), st.text(max_size=20))
def test_no_address_survives(address: str, before: str, after: str) -> None:
    told = masked(f"{before} {address} {after}")
    assert address not in told


@given(
    st.sampled_from(["＠", "﹫", " @ ", " (at) ", "[at]", " (AT)", "{ at }", "(a)", " arobase ", "%40"]),
    st.from_regex(r"[a-z]{1,9}\.[a-z]{1,9}", fullmatch=True), st.text(max_size=20),
)  # fmt: skip
def test_however_an_at_is_written(at: str, name: str, before: str) -> None:
    told = masked(f"{before} {name}{at}exemple.fr")
    assert name not in told[len(before) :]
    assert "exemple.fr" not in told


@given(st.integers(-1, 10**6), st.sampled_from(["", " ", "=", "<", "/", "|", "é", "\n"]))
def test_no_code_of_ours_survives(number: int, beside: str) -> None:
    bearer = replace(BEARER, recipient=number)
    for token in (link_token(b"k" * 32, bearer), answer_token(b"k" * 32, bearer)):
        assert token not in masked(f"x{beside}{token}{beside}y" if beside else token)


def test_words_are_masked_in_no_time() -> None:
    for hostile in ("a." * 20_000, '"' * 20_000, "a (at" * 8_000, "@ " * 20_000, "a" * 40_000, "a-" * 20_000):
        began = time.monotonic()
        masked(hostile)
        assert time.monotonic() - began < 2


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
    told = heard(answered, next(owed(answered)))
    assert list(owed(told)) == [Due(number=1, spot=None)], "who has it is known now"
    assert list(owed(heard(told, Due(number=1, spot=None)))) == []


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
