"""What was probably meant: offered beside a rejected row or a warning, never taken."""

import pytest

from bot.core.lists import Level
from bot.reading.addresses import Addresses
from bot.reading.domains import meant
from bot.reading.proposals import proposal
from tests.fixtures.reading import read


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("jean..dupont@exemple.fr", "jean.dupont@exemple.fr"),
        ("jean@exem ple.fr", "jean@exemple.fr"),
        ("jean dupont@exemple.fr", "jeandupont@exemple.fr"),
        ("jean,dupont@exemple.fr", "jean.dupont@exemple.fr"),
        ("jean@exemple,fr", "jean@exemple.fr"),
        ("jean@@exemple.fr", "jean@exemple.fr"),
        (".jean@exemple.fr", "jean@exemple.fr"),
        ("jean.@exemple.fr", "jean@exemple.fr"),
        ("jean@.exemple.fr", "jean@exemple.fr"),
        ("jean(at)exemple.fr", "jean@exemple.fr"),
        ("jean [at] exemple [dot] fr", "jean@exemple.fr"),
        ("jean arobase exemple point fr", "jean@exemple.fr"),
        ("zoé@exemple.fr", "zoe@exemple.fr"),
        ("jean@gmail", "jean@gmail.com"),
        ("jean@wanadoo", "jean@wanadoo.fr"),
        ("jean.dupont.gmail.com", "jean.dupont@gmail.com"),
        ("jean.yahoo.co.uk", "jean@yahoo.co.uk"),
        ("jean@", ""),
        ("jean", ""),
        ("@exemple.fr", ""),
        ("", ""),
        ("x" * 400, ""),
    ],
)
def test_proposals(written: str, offered: str) -> None:
    assert proposal(written, Addresses().valid) == offered


@pytest.mark.parametrize(
    ("domain", "better"),
    [
        ("gmial.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmail.fr", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("hotmial.fr", "hotmail.fr"),
        ("hotmai.com", "hotmail.com"),
        ("yaho.com", "yahoo.com"),
        ("outlok.fr", "outlook.fr"),
        ("orangee.fr", "orange.fr"),
        ("lapost.net", "laposte.net"),
        ("wanado.fr", "wanadoo.fr"),
        ("exemple.cmo", "exemple.com"),
        ("gmail.com", ""),
        ("mail.com", ""),
        ("ymail.com", ""),
        ("hotmail.be", ""),
        ("free.fr", ""),
        ("fre.fr", ""),
        ("exemple.fr", ""),
    ],
)
def test_domains_typed_in_haste(domain: str, better: str) -> None:
    assert meant(domain) == better


def test_a_misspelt_domain_is_suggested_and_kept_as_it_is() -> None:
    reading = read(b"Email,First name,Last name\na@gmial.com,A,B\n")
    assert reading.emails == ["a@gmial.com"]
    [problem] = reading.report.problems
    assert (problem.level, problem.details) == (Level.WARNING, ("a@gmial.com → gmail.com",))


def test_a_rejected_row_carries_its_proposal() -> None:
    [line] = read(b"Email,First name,Last name\na..b@c.fr,A,B\n").records
    assert line == ["r", 2, "impossible_address", "email", "a..b@c.fr", ["a..b@c.fr", "A", "B"], "a.b@c.fr"]
