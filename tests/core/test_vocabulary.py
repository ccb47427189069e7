"""Every column of a list has a name that means it alone, and what is offered always works."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bot.core import campaigns, fields
from bot.core.fields import Vocabulary, column_name, placeholders, renamed
from bot.core.people import Language
from bot.core.sentences import Refusal

TWINS = ("Note", "note", "lien", "a|b", "a b", "Location", "{}|")
TITLES = some.text(alphabet="abAB éÉ-_.'#°%|{}()\\\n\u00a0", max_size=6) | some.sampled_from(
    ["lien", "Lien", "lien (colonne)", "link", "Prénom", "prenom", "ville (column)", "a (1)", "(2)"]
)


@pytest.mark.parametrize(
    ("written", "place"),
    [("Note", 0), ("note", 1), (" note ", 1), ("NOTE", 0), ("lien (colonne)", 2), ("LIEN (column)", 2),
     ("a b", 4), ("a b (4)", 3), ("location (column)", 5), ("(7)", 6)],
)  # fmt: skip
def test_capitals_tell_columns_apart_where_nothing_else_does(written: str, place: int) -> None:
    assert Vocabulary(TWINS).name(written) == column_name(place)


def test_our_own_names_stay_ours() -> None:
    assert [Vocabulary(TWINS).name(one) for one in ("lien", "Location", "")] == ["link", "location", None]


@given(some.lists(TITLES, max_size=8, unique=True))
@example(["A\\\\{", "A"])
def test_what_is_offered_for_a_column_means_that_column(titles: list[str]) -> None:
    words = Vocabulary(titles)
    for place in range(len(titles)):
        written = "{{" + words.written(column_name(place)) + "}}"
        assert [one.name for one in placeholders(written, titles)] == [column_name(place)], written
        assert not words.rivals(written.strip("{}")), "it is nobody else's"


@given(some.lists(TITLES, max_size=8, unique=True), TITLES)
def test_what_is_said_to_be_meant_is_known(titles: list[str], typed: str) -> None:
    words = Vocabulary(titles)
    meant = words.nearest(typed)
    assert not meant or words.name(meant) is not None
    assert all(words.name(one) for one in words.rivals(typed))


def test_a_letter_scheduled_before_reads_as_it_did() -> None:
    before = Vocabulary(TWINS, tells_case=False)
    assert [before.name(one) for one in ("Note", "note", "a b", "lien")] == [
        column_name(0), column_name(0), column_name(4), "link",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "default"),
    [
        ("{{a|b}}", column_name(1), ""), ("{{ A|B | vous }}", column_name(1), "vous"),
        ("{{c|b}}", column_name(0), "b"), ("{{prenom|b}}", "first_name", "b"),
    ],
)  # fmt: skip
def test_a_title_may_hold_the_sign_of_a_default(text: str, name: str, default: str) -> None:
    found = placeholders(text, ("c", "a|b", "c|b"))
    assert [(one.name, one.default) for one in found] == [(name, default)]


def test_an_unknown_field_is_answered_with_names_that_work() -> None:
    with pytest.raises(Refusal) as refused:
        campaigns.check_body("{{xyzzy}}", TWINS)
    offered = str(refused.value.sentence.values["columns"]).split(", ")
    assert offered == ["Note", "note", "lien (colonne)", "a b (4)", "a b", "Location (column)", "(7)"]
    assert campaigns.check_body(" ".join(f"{{{{{one}}}}}" for one in offered), TWINS)


def test_a_title_too_long_for_a_sentence_is_not_cut_into_one_that_fails() -> None:
    with pytest.raises(Refusal) as refused:
        campaigns.check_body("{{xyzzy}}", ("w" * 60, "Segment"))
    assert refused.value.sentence.values["columns"] == "Segment"
    assert fields.titles(("w" * 60,)) == []


ALIASES = {"Ville (bureau)": "location", "Boîte": "company", "Courriel": "email", "Nom complet": ""}


@pytest.mark.parametrize(
    ("language", "text", "becomes"),
    [
        (Language.FRENCH, "à {{Ville (bureau)}}", "à {{ville}}"),
        (Language.ENGLISH, "in {{ ville (BUREAU)|your city }}", "in {{location | your city}}"),
        (Language.FRENCH, "{{boite}} {{prenom|x}}", "{{entreprise}} {{prenom|x}}"),
        (Language.FRENCH, "{{Courriel}} {{Nom complet}} {{xyz}}", "{{Courriel}} {{Nom complet}} {{xyz}}"),
    ],
)
def test_the_file_s_own_title_of_one_of_our_fields_means_it(
    language: Language, text: str, becomes: str
) -> None:
    assert renamed(text, ALIASES, ("Segment",), language) == becomes


def test_a_column_that_another_list_has_beside_goes_first() -> None:
    assert renamed("{{Boîte}}", ALIASES, ("Boîte",), Language.FRENCH) == "{{Boîte}}"
