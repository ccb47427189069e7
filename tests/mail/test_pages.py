"""The HTML of letters: sound, accessible, and what mail readers need of it."""

from __future__ import annotations

import re

import html5lib
import pytest

from bot.core.letters import Composed, weight
from bot.core.people import Language
from bot.mail.letters import MarkdownLetters

from .bodies import BODIES, PICTURE, TITLES, letter, reader
from .conftest import LINK, as_read, values
from .test_awkward import Seen

every_body = pytest.mark.parametrize(("language", "name", "body"), BODIES, ids=TITLES)


def read(language: Language, body: str, **changes: object) -> Composed:
    return as_read(MarkdownLetters().compose(letter(language, body, **changes)), reader())


def page(body: str) -> Seen:
    return Seen.of(read(Language.FRENCH, body).html)


@every_body
def test_a_strict_parser_finds_nothing_to_mend(language: Language, name: str, body: str) -> None:
    html5lib.HTMLParser(strict=True).parse(read(language, body).html)


@every_body
def test_a_letter_can_be_listened_to(language: Language, name: str, body: str) -> None:
    tree = html5lib.parse(read(language, body).html, namespaceHTMLElements=False)
    assert tree.get("lang") == language.value
    assert tree.get("dir") == "ltr"
    assert "".join(tree.find("head/title").itertext()).strip()
    prose = {
        table for cell in tree.iter("td") if cell.get("class") == "prose" for table in cell.iter("table")
    }
    for table in tree.iter("table"):
        if table in prose:
            assert [heading.get("scope") for heading in table.iter("th")] == ["col"] * len(
                [*table.iter("th")]
            )
        else:
            assert table.get("role") == "presentation"
    assert all("alt" in image.attrib for image in tree.iter("img"))
    levels = [int(one.tag[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    steps = zip([0, *levels], levels, strict=False)
    assert all(level <= above + 1 for above, level in steps), "no level is left out"
    for link in tree.iter("a"):
        words = "".join(link.itertext()).strip() or "".join(i.get("alt", "") for i in link.iter("img"))
        assert words, "every link says something"


@every_body
def test_plain_text_keeps_every_link(language: Language, name: str, body: str) -> None:
    made = read(language, body)
    seen = Seen.of(made.html)
    for address in seen.values("a", "href"):
        assert address.removeprefix("mailto:") in made.text, address
    for source in set(seen.values("img", "src")):
        assert source in made.text
    assert LINK in made.text
    assert "contacts" in made.text.rpartition("\n-- \n")[2]


@every_body
def test_nothing_but_its_own_pictures_is_fetched(language: Language, name: str, body: str) -> None:
    made = read(language, body).html
    assert not re.findall(r"<(?:link|script|iframe|form)\b|@import|url\(", made)
    assert set(Seen.of(made).values("img", "src")) <= {PICTURE}


def test_a_letter_asks_readers_for_both_lights() -> None:
    made = read(Language.FRENCH, "Bonjour").html
    for name in ("color-scheme", "supported-color-schemes"):
        assert f'<meta name="{name}" content="light dark"' in made
    assert "@media (prefers-color-scheme: dark)" in made


def test_old_outlook_gets_a_table_of_600_pixels() -> None:
    made = read(Language.FRENCH, "Bonjour").html
    assert 'width="600"' in made
    assert made.count("<!--[if mso | IE]>") == len(
        re.findall(r"<!--\[if mso \| IE\]>.*?<!\[endif\]-->", made)
    )
    assert "max-width:600px" in made


def test_the_inbox_shows_the_preheader_and_none_of_the_letter() -> None:
    seen = Seen.of(read(Language.FRENCH, "Bonjour, ceci est la lettre.").html)
    shown = "".join(seen.words[next(i for i, w in enumerate(seen.words) if w.startswith("Quelques")) :])
    before = shown.partition("Bonjour")[0]
    assert before.startswith("Quelques questions, et c'est fini.")
    assert len(before) > 200, "more than any inbox shows"
    assert not before.removeprefix("Quelques questions, et c'est fini.").strip("\u034f\u200c\u00a0 \n")
    assert "\u034f" not in read(Language.FRENCH, "Bonjour", preheader="").html


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("### A", [1]), ("## A\n\n#### B\n\n## C", [1, 2, 1]), ("# A\n\n## B\n\n### C", [1, 2, 3]),
        ("# A\n\n##### B\n\n###### C", [1, 2, 3]), ("### A\n\n# B\n\n###### C", [1, 1, 2]),
        ("# A\n\n## B\n\n### C\n\n#### D", [1, 2, 3, 3]),
    ],
)  # fmt: skip
def test_headings_follow_each_other(typed: str, levels: list[int]) -> None:
    found = [int(tag[0][1]) for tag in page(typed).tree if re.fullmatch("h[1-6]", tag[0])]
    assert found == levels


@pytest.mark.parametrize(
    "source", ["logo.png", "data:image/png;base64,AAAA", "javascript:x", "cid:logo", "/l.png"]
)
def test_a_picture_that_nobody_could_fetch_is_its_words(source: str) -> None:
    made = read(Language.FRENCH, f"![Notre logo]({source})")
    assert "<img" not in made.html
    assert "Notre logo" in made.html
    assert "Notre logo" in made.text


def test_a_table_keeps_its_words_and_its_alignments() -> None:
    made = read(Language.FRENCH, "| Nom | Prix |\n|:--|--:|\n| {{nom}} | 12 |").html
    assert re.search(r'<td align="left" class="loose" [^>]*>Wolf', made), "nobody knows how long a name is"
    assert re.search(r'<td align="right" style=[^>]*>12<', made)
    assert Seen.of(made).values("table", "class") == []
    assert page("|a|b|c|d|e|f|g|h|\n" + "|-" * 8 + "|\n|" + "mot|" * 8).values("table", "class") == ["wide"]


# --- fields from other columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["{{Segment}}", "{{ segment }}", "{{SEGMENT|x}}", "{{ date de visite }}", "{{Date_de-visite}}"]
)
def test_a_column_is_a_field(typed: str) -> None:
    made = read(Language.FRENCH, f"Voici : {typed}.", subject=f"{typed} !")
    assert made.subject in ("VIP !", "12 octobre !")
    assert "Voici : VIP." in made.text or "Voici : 12 octobre." in made.text


def test_a_column_without_a_value_leaves_its_place_to_the_default() -> None:
    composed = MarkdownLetters().compose(letter(Language.FRENCH, "Visite {{date de visite | bientôt}}."))
    for extras in ((), ("VIP",), ("VIP", " ")):
        assert "Visite bientôt." in as_read(composed, reader(extras=extras)).text


def test_the_preview_says_what_the_letter_says() -> None:
    words = letter(
        Language.FRENCH, "{{Segment}} {{prénom}} [site]({{Site web}})\n\n{{lien}}", subject="{{Segment}}"
    )
    subject, body = MarkdownLetters().preview(words, reader(), LINK)
    made = as_read(MarkdownLetters().compose(words), reader())
    assert subject == made.subject == "VIP"
    assert made.text.startswith(body)
    assert "site <https://www.nova.example/équipe>" in body


# --- weight ----------------------------------------------------------------------------------------------


def test_a_letter_s_weight_is_known_before_it_leaves() -> None:
    for language, _, body in BODIES:
        composed = MarkdownLetters().compose(letter(language, body))
        weighed = weight(composed, values(composed, reader()))
        assert weighed == len(as_read(composed, reader()).html.encode()), body


def test_a_letter_of_hundreds_of_links_weighs_what_its_links_do() -> None:
    body = "\n\n".join("[Répondre]({{lien}})" for _ in range(300))
    composed = MarkdownLetters().compose(letter(Language.FRENCH, body))
    known = values(composed, reader())
    assert weight(composed, known) == len(as_read(composed, reader()).html.encode())


def test_what_gmail_would_cut_is_seen() -> None:
    light = MarkdownLetters().compose(letter(Language.FRENCH, "Bonjour {{prénom}}."))
    heavy = MarkdownLetters().compose(letter(Language.FRENCH, "| a |\n|-|\n" + "| b |\n" * 2_500))
    assert weight(light, values(light, reader())) < 20_000
    assert weight(heavy, values(heavy, reader())) > 102_000
    plain = Composed(subject="", html="é-x.0h--x.0h-", text="", tags=())
    assert weight(plain, {"-x.0h-": "Zoé"}) == 2 + 2 * 4
