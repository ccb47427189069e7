"""What somebody types after a word, and who may lift what."""

from datetime import UTC, datetime

import pytest

from bot.core.ids import MemberId, WorkspaceId
from bot.core.people import Member
from bot.core.rights import REASON, address_in, may_lift, reason_in
from bot.core.sentences import Refusal
from bot.core.suppressions import Cause, Suppression

BOB = Member(workspace=WorkspaceId("T1"), id=MemberId("U1BOB"))


@pytest.mark.parametrize(
    "typed",
    [
        "Zoe@Example.com", " zoe@example.com. ",
        "<mailto:zoe@example.com|zoe@example.com>", "<mailto:Zoe@example.com>",
        "'zoe@example.com'", "(zoe@example.com)", "“zoe@example.com”", "« zoe@example.com »",
        "`zoe@example.com`",
        "*zoe@example.com*", "_zoe@example.com_", "*`zoe@example.com`*.", "‘zoe@example.com’,",
        "[zoe@example.com];",
        "*<mailto:zoe@example.com|zoe@example.com>*", "mailto:zoe@example.com?subject=x", "zoe@example.com!",
        "&lt;<mailto:zoe@example.com|zoe@example.com>&gt;", "<zoe@example.com>", '"zoe@example.com"',
        "Zoé Leroy <zoe@example.com>", "Zoe &lt;zoe@example.com&gt;", "zoe@example.com (asked by phone)",
        "zoe@example.com please", "zoe@example.com ZOE@example.com", "zoe@example.com'",
    ],
)  # fmt: skip
def test_an_address_is_read_as_slack_hands_it_over(typed: str) -> None:
    assert address_in(typed) == "zoe@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "", "zoe", "zoe@example", "a@b.fr,c@d.fr", "a@b.fr c@d.fr", "a@b.fr/c@d.fr", "<a@b.fr> c@d.fr",
        "@example.com", "0123456789abcdef", "zoe@exa mple.com", "zoe@", "zoe..leroy@example.com",
        "zoe@-x.com", "zoe<leroy@example.com",
        "zoe@example.com'x", "zo(e@example.com", "zoe@examp`le.com", "mailto:", "a@b.fr c@d",
        "writing to my colleagues and tell zoe@example.com",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        address_in(typed)
    assert refused.value.sentence.key == "rights.address"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("'zoe@example.com", "'zoe@example.com"), ("_zoe@example.com", "_zoe@example.com"),
        ("o'zoe@example.com", "o'zoe@example.com"), ("'o'zoe@example.com'", "o'zoe@example.com"),
        ("zoe@Straße.example", "zoe@xn--strae-oqa.example"),
        ("he\u0301le\u0300ne@example.com", "hélène@example.com"),
    ],
)  # fmt: skip
def test_what_may_be_a_part_of_the_address_stays(typed: str, meant: str) -> None:
    assert address_in(typed) == meant


def standing(cause: Cause, origin: str = "cmp_a") -> Suppression:
    return Suppression(address="a@b.fr", cause=cause, at=datetime(2026, 11, 1, tzinfo=UTC), origin=origin)


def test_what_people_asked_for_takes_an_admin() -> None:
    for cause in (Cause.UNSUBSCRIBED, Cause.COMPLAINED, Cause.OBJECTED):
        assert not may_lift(BOB, standing(cause), is_admin=False)
        assert may_lift(BOB, standing(cause), is_admin=True)
    assert may_lift(BOB, standing(Cause.BOUNCED), is_admin=False)
    assert may_lift(BOB, standing(Cause.OBJECTED, BOB.id), is_admin=False), "their own word"


def test_a_reason_is_needed_and_is_short() -> None:
    assert reason_in("  by\nphone ") == "by phone"
    for typed in ("", "  ", "x" * (REASON + 1)):
        with pytest.raises(Refusal) as refused:
            reason_in(typed)
        assert refused.value.field == "reason"
