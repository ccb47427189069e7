"""Awkward values in every place of a letter, as the mail service expands it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from bot.core.contacts import Contact
from bot.core.envelopes import Envelopes
from bot.core.letters import Composed, Letter, Sender, Unsubscribe
from bot.mail.letters import MarkdownLetters
from bot.mail.sendgrid import SendGridMailer
from bot.playground.sendgrid import expansion, records

from .awkward import AWKWARD, BODY, PREHEADER, SEED, SUBJECT, Case
from .conftest import LINK, contact, written

PAGE = "https://bot.example/u/tok"
COLUMNS = ("Segment", "Note", "Ville préférée")


@pytest.fixture(scope="module")
def mailer() -> Iterator[SendGridMailer]:
    made = SendGridMailer(api_key="SG.none", api_url="http://127.0.0.1:9")
    yield made
    made.close()


def letter(body: str = BODY, **changes: object) -> Letter:
    told = {"subject": SUBJECT, "preheader": PREHEADER, "seed": SEED, "columns": COLUMNS, **changes}
    return written(body, **told)


def arrived(
    mailer: SendGridMailer, sent: Letter, composed: Composed, people: Sequence[Contact]
) -> list[records.Letter]:
    """What these people receive of one request, through the very bytes that leave."""
    envelopes = Envelopes(composed.tags, link=(LINK, ""), seed=sent.seed, mailto=sent.unsubscribe.mailto)
    addressed = [
        envelopes.address(person, number=number, token="", unsubscribe_url=PAGE)
        for number, person in enumerate(people)
    ]
    body = orjson.loads(mailer.build(sent, composed, addressed, campaign="cmp_1", wave=0).body)
    envelope = expansion.Envelope(
        message_id="m", base_url="https://mail.example", now=datetime(2026, 11, 23, tzinfo=UTC)
    )
    return list(expansion.letters(body, envelope))


@dataclass
class Seen(HTMLParser):
    """A page as a browser understands it: its tree without words, its words, its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree: list[tuple[str, ...]] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.append((tag, *(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.tree.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.comments.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)

    @classmethod
    def of(cls, page: str) -> Seen:
        seen = cls()
        seen.feed(page)
        seen.close()
        return seen

    def values(self, tag: str, name: str) -> list[str]:
        return [value for one, attribute, value in self.attributes if (one, attribute) == (tag, name)]


def with_note(value: str) -> Contact:
    return contact(extras=("VIP", value, "Lyon"))


@pytest.mark.parametrize("case", AWKWARD, ids=[repr(one.value)[:40] for one in AWKWARD])
def test_a_value_is_written_for_where_it_lands(mailer: SendGridMailer, case: Case) -> None:
    sent = letter()
    [got] = arrived(mailer, sent, MarkdownLetters().compose(sent), [with_note(case.value)])
    assert got.subject == f"A{case.text}Z"
    _reads_as_text(got.text, case)
    _stands_in_html(got.html, case)
    assert got.headers == {
        "List-Unsubscribe": f"<{PAGE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _reads_as_text(text: str, case: Case) -> None:
    value, url = case.text, case.url
    for line in (
        f"titre {value} fin",
        f"texte {value} fin, mots {value} fin <https://l.example/mots>",
        f"entre <https://l.example/q?n={url}&z=1> chemin <https://l.example/p/{url}/z>",
        f"tout <{case.address}>",
        f"alt {value} fin <https://l.example/i.png> image <https://l.example/{url}.png> {case.address}",
        f"- puce {value} fin",
        f"> cité {value} fin",
        f"A {value} | B",
        f"c {value} fin | d",
        f"code {value} fin et gras {value} fin",
        f"Je réponds, {value}",
        f"{LINK}&n={url}",
    ):
        assert f"\n{line}\n" in f"\n{text}", line


def _stands_in_html(page: str, case: Case) -> None:
    value, whole = case.html, html.escape(case.address)
    for written_ in (
        f"<title>A{value}Z</title>",
        f">avant {value}&#847;",
        f">titre {value} fin</h1>",
        f'>texte {value} fin, <a href="https://l.example/mots"',
        f">mots {value} fin</a>",
        f'<a href="https://l.example/q?n={case.url}&amp;z=1"',
        f'<a href="https://l.example/p/{case.url}/z"',
        f'<a href="{whole}" ',
        f'alt="alt {value} fin"',
        f'<img src="https://l.example/{case.url}.png"',
        f'<img src="{whole}" alt=""',
        f">puce {value} fin</li>",
        f">cité {value} fin</p>",
        f">A {value}</th>",
        f">c {value} fin</td>",
        f">code {value} fin</code>",
        f"<strong>gras {value} fin</strong>",
        f">Je réponds, {value}</a>",
        f'<a href="{html.escape(LINK)}&amp;n={case.url}"',
    ):
        assert written_ in page, written_


def test_fifty_awkward_values_at_least() -> None:
    assert len({case.value for case in AWKWARD}) >= 50


def test_ten_thousand_characters_are_shown_in_part(mailer: SendGridMailer) -> None:
    """Nobody's long value keeps a thousand others from their letters."""
    sent = letter()
    composed = MarkdownLetters().compose(sent)
    long, other = arrived(mailer, sent, composed, [with_note("Très long & " * 834), with_note("Zoé")])
    assert long.subject.startswith("ATrès long & Très long & ")
    assert long.subject.endswith("…Z")
    assert "Très long &amp; Très long &amp; " in long.html
    assert Seen.of(long.html).tree == Seen.of(other.html).tree
    assert other.subject == "AZoéZ"


NAMES = [
    ("Zoé\r\nBcc: x@evil.example", "Zoé Bcc: x@evil.example"),
    ('Zoé" <x@evil.example>,', "Zoé x@evil.example"),
    ("Zoé\u202e; \u2028Dupont", "Zoé Dupont"),
    ("\x00", ""),
    ("M" * 500, "M" * 120),
]


@pytest.mark.parametrize(("given_", "name"), NAMES)
def test_names_beside_addresses_are_names_and_nothing_else(
    mailer: SendGridMailer, given_: str, name: str
) -> None:
    sender = Sender(address="enquetes@nova.example", name=given_)
    sent = letter("Bonjour", sender=sender, reply_to=replace(sender, address="claire@nova.example"))
    composed = MarkdownLetters().compose(sent)
    [got] = arrived(mailer, sent, composed, [contact(first_name=given_, last_name="")])
    assert (got.to, got.to_name) == ("p0@client.example", name)
    assert got.sender == "enquetes@nova.example"
    assert got.sender_name.startswith(name)
    assert got.reply_to == "claire@nova.example"
    assert "evil" not in str(got.headers)


# --- whatever the values ---------------------------------------------------------------------------------

HOSTILE = some.text(max_size=30) | some.lists(
    some.sampled_from(
        [
            *"<>\"'&-=/:#?{}[]()|*_` \n\r\t\x00",
            *("<b>", "</td>", "-->", "<!--", "{{nom}}", "{{lien}}", "javascript:", "https://"),
            *(f"-{SEED}.", f"-{SEED}", SEED, SEED[:3], SEED[3:], ".0t-", ".1h-", ".2u-", "0t-", "-"),
            *("<%asm_group_unsubscribe_raw_url%>", "\u202e", "\u2028", "\ud83d", "&lt;", "&#60;", "%3C"),
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip
PLACES = (
    BODY
    + """
{{prénom}}{{nom}}{{entreprise}} {{Segment}}-{{Ville préférée}} [{{prénom}}{{nom}}]({{Segment}})

[x](https://{{ville}}.l.example/{{prénom}}{{nom}}?{{fonction}}#{{Note}})
![{{ville}}{{fonction}}]({{Ville préférée}})
"""
)
ATTRIBUTES = ("first_name", "last_name", "company", "location", "job_title")
NEUTRAL = [
    contact(0, **{name: f"Neutre{name}" for name in ATTRIBUTES}, extras=("s", "n", "v")),
    contact(1, **{name: f"Autre{name}" for name in ATTRIBUTES}, extras=("t", "m", "w")),
]


def shape(text: str) -> Mapping[str, object]:
    """What no value may change in a page."""
    seen = Seen.of(text)
    return {"tree": seen.tree, "comments": seen.comments, "styles": seen.values("td", "style")}


@given(some.lists(HOSTILE, min_size=8, max_size=8))
@settings(max_examples=150, deadline=None)
@example([f"-{SEED[:4]}", f"{SEED[4:]}.0t-", "-", SEED, ".1h-", "-", "-", f"{SEED}.0t-"])
def test_no_value_opens_anything(mailer: SendGridMailer, values: list[str]) -> None:
    """Not a tag, an attribute, a header, another field, or what is another person's."""
    sent = letter(PLACES, unsubscribe=Unsubscribe(page=True, mailto="stop@nova.example"))
    composed = MarkdownLetters().compose(sent)
    told = dict(zip(ATTRIBUTES, values[:5], strict=True))
    hostile = contact(2, **told, extras=tuple(values[5:]))
    first, second, got = arrived(mailer, sent, composed, [*NEUTRAL, hostile])
    assert [first, second] == arrived(mailer, sent, composed, NEUTRAL), "others' letters stay as they are"
    assert shape(got.html) == shape(first.html) == shape(second.html)
    assert got.text.count("\n") == first.text.count("\n")
    assert "\n" not in got.subject + got.to_name
    assert got.subject.encode(), "nothing that cannot be written"
    assert got.headers == first.headers
    everything = got.subject + got.html + got.text
    assert re.search(rf"-{SEED}\.\w+-", everything) is None, "no tag is left, and none was made"
    seen = Seen.of(got.html)
    for address in seen.values("a", "href") + seen.values("img", "src"):
        assert address.startswith(("https://", "http://", "mailto:")) or address == "#", address
    assert seen.values("a", "href").count(PAGE) == 1
    assert got.text.count(LINK) >= 1
