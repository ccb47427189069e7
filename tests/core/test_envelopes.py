"""What each person's letter is filled with, whoever was addressed before."""

import html
import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core.contacts import Contact, Field
from bot.core.envelopes import Envelopes, own_link
from bot.core.fields import LINK, Form, Tag, address, column_name, one_line
from bot.core.letters import Addressed

SEED = "5eed5eed"
TYPED = some.text(max_size=12) | some.sampled_from(
    ["", " ", "O'Brien", "<b>&", "Été  à\tLyon", "\u2028\x07", "\ud800", "a\u202eb", "M. X"]
)
FIELDS = [
    (Field.FIRST_NAME, "l'ami"),
    (Field.FIRST_NAME, ""),
    (Field.COMPANY, "<vous>"),
    (column_name(1), ""),
]
TAGS = [
    Tag(text=f"-{SEED}.{order}{form}-", name=name, default=default, form=form)
    for order, (name, default) in enumerate(FIELDS)
    for form in Form
] + [
    Tag(text=f"-{SEED}.9{form}-", name=LINK, default="", form=form)
    for form in (Form.TEXT, Form.HTML, Form.URL)
]
WRITTEN = {
    Form.TEXT: lambda value: value,
    Form.HTML: html.escape,
    Form.URL: lambda value: quote(value, safe=""),
    Form.ADDRESS: lambda value: address(value) or "#",
    Form.HREF: lambda value: html.escape(address(value)) or "#",
}


@some.composite
def contacts(draw: some.DrawFn) -> Contact:
    extras = tuple(draw(some.lists(TYPED, max_size=3)))
    return Contact(row=2, email="zoe@example.com", first_name=draw(TYPED), company=draw(TYPED), extras=extras)


def expected(tag: Tag, person: Contact, link: str) -> str:
    values = {
        LINK: link, Field.FIRST_NAME: person.first_name, Field.COMPANY: person.company,
        column_name(1): person.extras[1] if len(person.extras) > 1 else "",
    }  # fmt: skip
    value = values[tag.name] if tag.name == LINK else one_line(values[tag.name]) or tag.default
    return WRITTEN[tag.form](value)


def seen(value: str) -> str:
    """Without what nobody sees, and an address as it is understood."""
    return unquote(value.replace("\u2060", ""))


@given(some.lists(contacts(), min_size=1, max_size=5), some.sampled_from(["", "tok-en_1"]))
def test_every_tag_says_what_the_person_s_row_says(people: list[Contact], token: str) -> None:
    link = "https://f.example/?a=1&b='2'&p=", "#é"
    envelopes = Envelopes(TAGS, link=link, seed=SEED, mailto="")
    for number, person in enumerate([*people, *people]):
        made = envelopes.address(person, number=number, token=token, unsubscribe_url="")
        said = {tag: seen(value) for tag, value in made.substitutions.items()}
        assert said == {tag.text: seen(expected(tag, person, token.join(link))) for tag in TAGS}
        assert made.headers == {}


def test_only_fields_that_the_letter_uses_are_sent() -> None:
    person = Contact(row=2, email="zoe@example.com", first_name="Zoé", company="Nova", job_title="Chef")
    used = [Tag(text="-5eed.0t-", name=Field.FIRST_NAME, default="", form=Form.TEXT)]
    envelopes = Envelopes(used, link=("l", ""), seed="5eed", mailto="")
    made = envelopes.address(person, number=0, token="", unsubscribe_url="")
    assert made.substitutions == {"-5eed.0t-": "Zoé"}


def test_everybody_has_a_way_out_of_their_own() -> None:
    envelopes = Envelopes((), link=("", ""), seed="5eed", mailto="stop@nova.example")
    person = Contact(row=2, email="zoe@example.com")
    made = envelopes.address(person, number=0, token="", unsubscribe_url="https://bot.example/u/t0")
    assert made.substitutions == {"-5eed.unsubscribe-": "https://bot.example/u/t0"}
    assert made.headers == {
        "List-Unsubscribe": "<https://bot.example/u/t0>, <mailto:stop@nova.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


# --- personal links from a column -----------------------------------------------------------------------

LINK_TAGS = [
    Tag(text=f"-{SEED}.0{form}-", name=LINK, default="", form=form) for form in (Form.TEXT, Form.HTML)
]
COMMON = "https://forms.example/q?a=1"


def with_own_link(value: str, *others: str) -> Addressed:
    envelopes = Envelopes(LINK_TAGS, link=(COMMON, ""), seed=SEED, mailto="", personal=0)
    person = Contact(row=2, email="zoe@example.com", extras=(value, *others) if value else ())
    return envelopes.address(person, number=0, token="", unsubscribe_url="")


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("https://forms.example/r/abc-", "https://forms.example/r/abc-"),
        (" https://forms.example/r/abc?x=1&y='2' ", "https://forms.example/r/abc?x=1&y='2'"),
        ("HTTP://FORMS.EXAMPLE/r", "HTTP://FORMS.EXAMPLE/r"),
        ("https://sondage.société.fr/é", "https://sondage.société.fr/é"),
        ("", COMMON),
        ("   ", COMMON),
        ("\u00a0", COMMON),
        ("abc", COMMON),
        ("forms.example/r/abc", COMMON),
        ("javascript:alert(1)", COMMON),
        ("data:text/html,x", COMMON),
        ("ftp://forms.example/r", COMMON),
        ("https://", COMMON),
        ("https://[", COMMON),
        ("https://forms.example/a b", COMMON),
        ('https://forms.example/"onclick=', COMMON),
        ("https://forms.example/<script>", COMMON),
        ("https://bank.example@evil.example/", COMMON),
        (f"https://forms.example/-{SEED}.0t-", COMMON),
        ("https://forms.example/" + "x" * 3_000, COMMON),
    ],
)
def test_a_column_gives_everybody_a_link_of_their_own(value: str, link: str) -> None:
    made = with_own_link(value)
    assert made.substitutions == {f"-{SEED}.0t-": link, f"-{SEED}.0h-": html.escape(link)}


def test_what_a_column_holds_is_a_link_or_nothing() -> None:
    assert own_link("  https://forms.example/r/1\n") == "https://forms.example/r/1"
    assert own_link("non communiqué") == ""


# --- long values ----------------------------------------------------------------------------------------


@given(
    some.lists(
        some.text(alphabet="aé<&\"'👩\u200d👩 ", max_size=40).map(lambda t: t * 300), min_size=6, max_size=6
    )
)
def test_nobody_s_values_are_more_than_the_mail_service_takes(values: list[str]) -> None:
    names = [Field.FIRST_NAME, Field.LAST_NAME, Field.COMPANY, column_name(0), column_name(1), column_name(2)]
    tags = [
        Tag(text=f"-{SEED}.{order}{form}-", name=name, default="d" * 9_000, form=form)
        for order, name in enumerate(names)
        for form in Form
    ]
    first, last, company, *extras = values
    person = Contact(
        row=2, email="z@example.com", first_name=first, last_name=last, company=company, extras=tuple(extras)
    )
    envelopes = Envelopes([*tags, *LINK_TAGS], link=(COMMON, ""), seed=SEED, mailto="")
    made = envelopes.address(
        person, number=0, token="t" * 60, unsubscribe_url="https://b.example/u/" + "t" * 80
    )
    assert sum(len((tag + value).encode()) for tag, value in made.substitutions.items()) <= 10_000


def test_a_long_value_is_cut_between_words_and_signs() -> None:
    tags = [Tag(text="-5eed.0t-", name=Field.COMPANY, default="", form=form) for form in (Form.TEXT,)]
    envelopes = Envelopes(tags, link=("", ""), seed="5eed", mailto="")
    person = Contact(row=2, email="z@example.com", company="Société générale " * 1_000)
    shown = envelopes.address(person, number=0, token="", unsubscribe_url="").substitutions["-5eed.0t-"]
    assert len(shown.encode()) <= 10_000
    assert re.fullmatch(r"(?:Société générale )+[\w ]*\S…", shown)
