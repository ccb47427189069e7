"""What was probably meant: offered beside a rejected row or a warning, never taken."""

import pytest

from bot.core.lists import Level
from bot.reading.addresses import Addresses
from bot.reading.domains import meant
from bot.reading.proposals import proposal
from tests.fixtures import files
from tests.fixtures.reading import read


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("jean..dupont@exemple.fr", "jean.dupont@exemple.fr"),
        ("jean@exem ple.fr", "jean@exemple.fr"),
        ("jean dupont@exemple", ""),
        ("jean dupont@exemple ,fr", "jeandupont@exemple.fr"),
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
    "written",
    [
        "Jean Dupont jean@x.fr",
        "jean@x.fr - Paris",
        "jean@x.fr Paris",
        "jean@x.fr, Marie",
        "jean@x.fr,A,B",
        "jean@x.fr (bureau)",
        "jean@x.fr|note",
        "invalid / jean@x.fr",
        "E-mail: jean@x.fr",
        "email : jean@x.fr",
        "à jean@x.fr",
        "tél 0612 jean@x.fr",
        "jean@x.fr?",
        "jean@x.fr*",
        "‘jean@x.fr’",
        "jean@x.fr ou jean",
        "<jean@x.fr> Jean Dupont",
        "Jean jean@x.fr JEAN@X.FR",
        "Paris jean@@x.fr",
    ],
)
def test_of_several_words_the_one_that_is_an_address(written: str) -> None:
    assert proposal(written, Addresses().valid).lower() == "jean@x.fr"


@pytest.mark.parametrize("written", ["jean@x.fr = marie@x.fr", "jean@x.fr (marie@x.fr)"])
def test_of_two_addresses_nobody_knows_which(written: str) -> None:
    assert proposal(written, Addresses().valid) == ""


SAYS_NO = [
    "NE PLUS ECRIRE jean@x.fr",
    "ne pas contacter : jean@x.fr",
    "jean@x.fr désabonné",
    "jean@x.fr (DÉSINSCRITE le 3 mai)",
    "unsubscribed <jean@x.fr>",
    "Jean - do not mail <jean@x.fr>",
    "jean@x.fr don’t contact",
    "jean@x.fr STOP",
    "plus de mails jean@x.fr",
]


@pytest.mark.parametrize("written", SAYS_NO)
def test_words_that_ask_for_no_mail_are_heard(written: str) -> None:
    """Neither taken for a name around the address, nor offered without them."""
    reading = read(files.csv_bytes([("Email", "Prénom", "Nom"), (written, "Jean", "Roy")]))
    [line] = reading.records
    assert line[:4] == ["r", 2, "no_mail", "email"]
    assert line[6] == ""


@pytest.mark.parametrize("written", ["Stop Affaires <a@x.fr>", "Marie Refusnik <a@x.fr>", "stop@x.fr "])
def test_names_that_only_sound_like_it_are_names(written: str) -> None:
    assert read(files.csv_bytes([("Email", "Prénom", "Nom"), (written, "A", "B")])).report.accepted == 1


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
