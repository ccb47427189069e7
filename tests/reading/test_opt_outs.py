"""People who said no: found by the column's name and the cell's value."""

import pytest

from bot.core.lists import OptOuts
from bot.reading.opt_outs import refuses, speaks
from tests.fixtures.reading import read

NAMES = (
    "EMAIL_BLACKLISTED|BLACKLIST|BLACKLISTED|UNSUB_TIME|Email Opt Out|Unsubscribed|emailstatus|"
    "Do not contact|Ne pas contacter|Désabonné|Person - Marketing status"
)
YES = "yes|YES|1|x|X|true|VRAI|oui|unsubscribed|Désabonné|désinscrit|Opted out|2026-11-23|23/11/2026"
YES += "|2026-11-23 10:05:00|23 Nov 2026|Nov 23, 2026|1763892000"
NO = "|0|no|non|false|FAUX|subscribed|Abonné|Opted in|0000-00-00 00:00:00|-|null"
ASK = "maybe|à voir|7|bounced|12/2026|pending"


@pytest.mark.parametrize("name", NAMES.split("|"))
def test_names(name: str) -> None:
    assert speaks(name)
    assert speaks(name.upper())


@pytest.mark.parametrize("name", ["Email", "Newsletter", "Statut", "Contact", "Note", ""])
def test_other_names_say_nothing(name: str) -> None:
    assert not speaks(name)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *[(value, True) for value in YES.split("|")],
        *[(value, False) for value in NO.split("|")],
        *[(value, None) for value in ASK.split("|")],
    ],
)
def test_values(value: str, said: bool | None) -> None:
    assert refuses(value) is said


def test_marked_people_are_contacts_and_named_beside() -> None:
    reading = read(
        b"Email,First name,Last name,Unsubscribed\n"
        b"a@b.fr,A,B,yes\nc@d.fr,C,D,no\ne@f.fr,E,F,perhaps\na@b.fr,A,B,no\nC@d.fr,C,D,1\njean@,J,D,yes\n"
    )
    assert reading.emails == ["a@b.fr", "c@d.fr", "e@f.fr"]
    assert reading.contacts[0].extras == ("yes",)
    marked = [line for line in reading.records if line[0] in "ou"]
    assert marked == [["o", 2, "a@b.fr", "yes"], ["u", 4, "e@f.fr", "perhaps"], ["o", 6, "C@d.fr", "1"]]
    assert reading.report.opt_outs == OptOuts(
        count=2, columns=("Unsubscribed",), doubtful=1, unknown=("perhaps",)
    )


def test_any_of_several_columns_is_enough() -> None:
    reading = read(
        b"Email,First name,Last name,Opt out,UNSUB_TIME\na@b.fr,A,B,what,2026-01-01\nc@d.fr,C,D,0,\n"
    )
    assert reading.report.opt_outs == OptOuts(count=1, columns=("Opt out", "UNSUB_TIME"))


def test_a_file_without_such_a_column_says_nothing() -> None:
    assert read(b"Email,First name,Last name\na@b.fr,A,B\n").report.opt_outs is None
