"""From Markdown to the letter a person reads."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.fields import Form
from bot.core.letters import Composed, Sender, Unsubscribe, unsubscribe_tag
from bot.core.people import Language
from bot.core.sentences import Refusal
from bot.mail.letters import MarkdownLetters

from .conftest import LINK, as_read, contact, written


def read(body: str, person: dict[str, str] | None = None, **changes: object) -> Composed:
    return as_read(MarkdownLetters().compose(written(body, **changes)), contact(**(person or {})))


def links(page: str) -> list[tuple[str, str]]:
    """(address, words) of every link of the page, as a browser understands them."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, flags=re.DOTALL)
    return [(html.unescape(address), html.unescape(re.sub("<[^>]+>", "", words))) for address, words in found]


def test_a_letter_says_who_writes_why_and_how_to_stop() -> None:
    letter = read("Bonjour.", unsubscribe=Unsubscribe(page=True, mailto="stop@studio-nova.example"))
    footer = (
        "-- \nEnvoyé par Studio Nova, 12 rue des Lilas, 75011 Paris\n"
        "Vous figurez parmi les contacts de Studio Nova.\n"
        "Pour ne plus recevoir ces e-mails : https://bot.example/u/tok"
        " ou écrivez à stop@studio-nova.example\n"
    )
    assert letter.text.endswith(footer)
    assert "Envoyé par Studio Nova, 12 rue des Lilas, 75011 Paris<br>" in letter.html
    assert ("https://bot.example/u/tok", "Ne plus recevoir ces e-mails") in links(letter.html)
    assert ("mailto:stop@studio-nova.example", "stop@studio-nova.example") in links(letter.html)


def test_the_frame_speaks_the_language_of_the_letter() -> None:
    french, english = read("Bonjour"), read("Hello", language=Language.ENGLISH)
    assert '<html lang="fr"' in french.html
    assert '<html lang="en"' in english.html
    assert "Sent by Studio Nova" in english.text
    assert (LINK, "Answer the survey") in links(english.html)
    assert (LINK, "Répondre au questionnaire") in links(french.html)


def test_the_questionnaire_is_always_one_click_away() -> None:
    letter = read("Bonjour {{prénom}}.")
    assert links(letter.html)[0] == (LINK, "Répondre au questionnaire")
    assert f"Bonjour Zoé.\n\nRépondre au questionnaire\n{LINK}\n" in letter.text


@pytest.mark.parametrize(
    "body",
    ["[Je réponds]({{lien}})", "**[Je réponds]({{ Lien }})**", "Bonjour,\n\n[Je réponds]({{link}})\n\nMerci"],
)
def test_a_link_alone_in_its_paragraph_is_the_button(body: str) -> None:
    letter = read(body)
    assert [entry for entry in links(letter.html) if entry[0] == LINK] == [(LINK, "Je réponds")]
    assert re.search(r'<td[^>]*class="go"', letter.html)
    assert f"Je réponds\n{LINK}" in letter.text


def test_a_link_within_a_sentence_stays_there() -> None:
    letter = read("Merci de [répondre]({{lien}}) vite. Ou bien {{lien}}.")
    assert [entry for entry in links(letter.html) if entry[0] == LINK] == [(LINK, "répondre"), (LINK, LINK)]
    assert 'class="go"' not in letter.html
    assert f"Merci de répondre <{LINK}> vite. Ou bien {LINK}." in letter.text


def test_fields_are_escaped_for_the_place_where_they_land() -> None:
    person = {"first_name": 'Zoé <b> "&"', "company": "Dupont & Fils", "location": "Saint-Étienne d'Orves"}
    letter = read(
        "Bonjour {{prénom}}, [voir](https://x.example/?c={{entreprise}}&v={{ville}}) {{entreprise}}",
        person,
        subject="{{entreprise}} : {{prénom}}",
    )
    assert letter.subject == 'Dupont & Fils : Zoé <b> "&"'
    assert "Bonjour Zoé &lt;b&gt; &quot;&amp;&quot;," in letter.html
    address = "https://x.example/?c=Dupont%20%26%20Fils&v=Saint-%C3%89tienne%20d%27Orves"
    assert (address, "voir") in links(letter.html)
    assert f'Bonjour Zoé <b> "&", voir <{address}> Dupont & Fils' in letter.text


@pytest.mark.parametrize(
    ("first_name", "seen"),
    [("Zoé", "Bonjour Zoé !"), ("", "Bonjour cher client !"), ("  ", "Bonjour cher client !")],
)
def test_a_blank_value_leaves_its_place_to_the_default(first_name: str, seen: str) -> None:
    letter = read("Bonjour {{ PRENOM | cher client }} !", {"first_name": first_name})
    assert seen in letter.text
    assert seen in letter.html


def test_the_preheader_is_hidden_and_personal() -> None:
    letter = read("Bonjour", preheader="3 minutes, {{prénom}} & c'est fini")
    said = re.escape("3 minutes, Zoé &amp; c&#x27;est fini")
    hidden = rf"<div style=\"display:none[^>]*>{said}(?:&#847;&zwnj;&nbsp;){{90}}</div>"
    assert re.search(hidden, letter.html)


def test_a_test_says_so_in_its_subject() -> None:
    assert read("Bonjour", is_test=True).subject == "[Test] Votre avis, Zoé"


@pytest.mark.parametrize(
    ("typed", "gone", "seen"),
    [
        ("<script>alert(1)</script>", "<script>alert", "<script>alert(1)</script>"),
        ("[x](javascript:alert(1))", 'href="javascript', "x"),
        ("<img src=x onerror=alert(1)>", "<img src=x", "<img src=x onerror=alert(1)>"),
        ("</div></td></table><h1>", "</table><h1>", "</div></td></table><h1>"),
        ("&lt;script&gt;", "<script>", "<script>"),
        ("${parts} $footer 100 % {x}", "<mj-", "${parts} $footer 100 % {x}"),
    ],
)
def test_html_is_words_and_no_script_gets_through(typed: str, gone: str, seen: str) -> None:
    page = read(typed).html
    assert gone not in page
    assert seen in html.unescape(page)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("[x](www.exemple.fr)", "https://www.exemple.fr"),
        ("[x](claire@studio-nova.example)", "mailto:claire@studio-nova.example"),
        ("[x](mailto:a@b.example)", "mailto:a@b.example"),
        ("[x]({{lien}}&p={{prénom}})", f"{LINK}&p=Zo%C3%A9"),
        ("https://x.example/?n={{nom}}.", "https://x.example/?n=No%C3%ABl"),
    ],
)
def test_links_lead_where_the_person_meant(typed: str, address: str) -> None:
    assert address in [where for where, _ in links(read(typed).html)]


def test_what_people_type_is_not_taken_for_code_or_titles() -> None:
    letter = read("Première ligne\nSeconde ligne\n\n    Un alinéa\n\nMerci\n---\nClaire")
    assert re.search(r"Première ligne<br\s*/?>\s*Seconde ligne", letter.html)
    assert "<pre" not in letter.html
    assert "<h2" not in letter.html
    assert "Merci\n\n------------------------\n\nClaire" in letter.text


def test_plain_text_reads_as_typed() -> None:
    body = (
        "# Bonjour\n\nTrois **raisons** :\n- *une*\n- deux\n  - et demie\n\n1. a\n2. b\n\n"
        "> citée\n> deux fois\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n`code` ![logo](https://x.example/l.png)"
    )
    assert read(body + "\n\n{{lien}}").text.startswith(
        "Bonjour\n\nTrois raisons :\n\n- une\n- deux\n  - et demie\n\n1. a\n2. b\n\n"
        "> citée\n> deux fois\n\nA | B\n1 | 2\n\n"
        "code logo <https://x.example/l.png>\n\nRépondre au questionnaire\n"
    )


def test_a_sender_without_a_name_is_an_address() -> None:
    letter = read("Bonjour", sender=Sender(address="enquetes@studio-nova.example"), reason="")
    assert "Envoyé par enquetes@studio-nova.example, 12 rue" in letter.text


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"body": "{{societe}}"}, "campaigns.field.unknown"),
        ({"body": " \n"}, "campaigns.body.empty"),
        ({"subject": "{{surnom}}"}, "campaigns.field.nearest"),
        ({"body": "{{segmnt}}", "columns": ("Segment",)}, "campaigns.field.nearest"),
        ({"body": "{{x}}", "columns": ("Segment",)}, "campaigns.field.unknown_too"),
        ({"subject": "\n"}, "campaigns.subject.empty"),
    ],
)
def test_words_that_make_no_letter_are_refused(changes: dict[str, str], key: str) -> None:
    with pytest.raises(Refusal) as refused:
        MarkdownLetters().compose(written(**changes))
    assert refused.value.sentence.key == key


def test_each_tag_stands_in_the_letter_and_nothing_else_differs() -> None:
    letter = written("{{prénom}} {{nom}} {{ville}} [x](https://x.example/{{ville}})", preheader="{{nom}}")
    composed = MarkdownLetters().compose(letter)
    everything = composed.subject + composed.html + composed.text
    assert all(tag.text in everything for tag in composed.tags)
    assert {tag.form for tag in composed.tags} == {Form.TEXT, Form.HTML, Form.URL}
    assert unsubscribe_tag(letter.seed) in composed.html
    assert unsubscribe_tag(letter.seed) in composed.text
    assert MarkdownLetters().compose(letter) == composed, "a wave half sent is composed again after a restart"


def test_the_preview_is_the_letter_without_its_footer() -> None:
    subject, words = MarkdownLetters().preview(
        written("Bonjour {{prénom}}, [allez]({{lien}})."), contact(), LINK
    )
    assert subject == "Votre avis, Zoé"
    assert words == f"Bonjour Zoé, allez <{LINK}>."


PIECES = [
    *"ab*_[]()<>&\"'`#-|!\\ \n\té1.:/@",
    "{{prénom}}",
    "{{ville|x}}",
    "{{lien}}",
    "](",
    "https://",
    "\n\n> ",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40))
def test_whatever_is_typed_becomes_a_letter_or_a_sentence(pieces: list[str]) -> None:
    body, letters = "".join(pieces), MarkdownLetters()
    try:
        composed = letters.compose(written(body))
    except Refusal:
        return
    read_by_zoe = as_read(composed, contact())
    assert "k3v9" not in read_by_zoe.html + read_by_zoe.text, "every tag has its value"
    assert re.search(r"\bq[0-9a-f]{8}n\d+[qul]", composed.html + composed.text) is None, (
        "every mark came back"
    )
    assert any(where.startswith(LINK) for where, _ in links(read_by_zoe.html))
    assert LINK in read_by_zoe.text


def test_nothing_in_the_letter_is_fetched_from_elsewhere() -> None:
    """A font or a picture from a third party would tell it who reads, and when."""
    page = read("Bonjour.").html
    assert not re.findall(r"<(?:link|img|script|iframe)\b|@import|url\(", page)
