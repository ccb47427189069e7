"""What is typed in Slack's editor, and the Markdown a letter is made from."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.rules.richtext import RICH_TEXT
from handlers.blocks.richtext import markdown
from handlers.blocks.richtext_drafts import rich_text


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(nodes)}


def emoji(name: str, **more: str) -> dict[str, Any]:
    return {"type": "emoji", "name": name, **more}


def listed(*items: str, style: str = "bullet", **more: int) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(i)) for i in items], **more}


def rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(parts)}


TYPED = {
    "words typed are Markdown as they stand": (
        rich(section(text("Bonjour {{prénom}},\n\n[Répondre]({{lien}})\n**vite**"))),
        "Bonjour {{prénom}},\n\n[Répondre]({{lien}})\n**vite**",
    ),
    "styles add their marks": (
        rich(section(text("a "), text("b", bold=True), text(" c ", italic=True), text("d", strike=True))),
        "a **b** *c* ~~d~~",
    ),
    "marks touch the words": (rich(section(text(" Merci ", bold=True), text("!"))), " **Merci** !"),
    "styles that overlap": (
        rich(section(text("a", bold=True), text("b", bold=True, italic=True), text("c", italic=True))),
        "**a*b***_c_",
    ),
    "a style over two lines": (rich(section(text("a\n\nb", bold=True))), "**a**\n\n**b**"),
    "a link": (
        rich(section({"type": "link", "url": "https://a.example/x", "text": "ici"})),
        "[ici](https://a.example/x)",
    ),
    "an address alone": (
        rich(section(text("["), text("ici]("), {"type": "link", "url": "https://a.example"}, text(")"))),
        "[ici](https://a.example)",
    ),
    "a field in the link box": (
        rich(section({"type": "link", "url": "http://%7B%7Blien%7D%7D", "text": "Répondre"})),
        "[Répondre]({{lien}})",
    ),
    "lists": (
        rich(
            section(text("Trois choses\n")),
            listed("un", "deux"),
            listed("deux et demi", style="ordered", indent=1),
            listed("trois"),
            section(text("Merci")),
        ),
        "Trois choses\n- un\n- deux\n    1. deux et demi\n- trois\n\nMerci",
    ),
    "a list that goes on counting": (rich(listed("c", "d", style="ordered", offset=2)), "3. c\n4. d"),
    "a quote": (
        rich({"type": "rich_text_quote", "elements": [text("a\nb")]}, section(text("c"))),
        "> a\n> b\n\nc",
    ),
    "a block of code": (
        rich({"type": "rich_text_preformatted", "elements": [text("x = ```")]}),
        "````\nx = ```\n````",
    ),
    "an emoji": (
        rich(section(emoji("wave", unicode="1f44b"), emoji("ours"))),
        "👋:ours:",
    ),
    "nothing": (None, ""),
}


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed(name: str) -> None:
    typed, expected = TYPED[name]
    assert markdown(typed) == expected


@pytest.mark.parametrize("name", TYPED)
def test_a_resumed_draft_says_the_same(name: str) -> None:
    typed, _ = TYPED[name]
    kept = markdown(typed)
    shown = rich_text(kept)
    assert markdown(shown) == kept
    assert list(RICH_TEXT(shown, "")) == [] or not kept


def test_a_resumed_draft_looks_as_it_was_typed() -> None:
    typed = rich(
        section(text("Bonjour "), text("{{prénom}}", bold=True), text(",\nvoici :\n")),
        {**listed("un", "deux"), "indent": 0},
        section(text("À bientôt, "), {"type": "link", "url": "https://a.example/x", "text": "ici"}),
    )
    assert rich_text(markdown(typed)) == typed


WORDS = st.lists(
    st.sampled_from(
        (
            *("a", "é", " ", "\n", "*", "**", "~~", "`", "- ", "1. ", "> ", "[", "](", ")", "_", "    "),
            *("{{lien}}", "https://a.b/c"),
        )
    ),
    max_size=25,
).map("".join)


@given(WORDS)
def test_no_text_is_altered_on_its_way_through_the_editor(words: str) -> None:
    shown = rich_text(words)
    assert markdown(shown) == words
    if words:
        assert list(RICH_TEXT(shown, "")) == []


STYLES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("bold", "italic", "strike", "code"), st.just(True))
)
RUNS = st.lists(st.builds(lambda words, style: text(words, **style), st.text("ab *\n", min_size=1), STYLES))
PARTS = st.one_of(
    RUNS.map(lambda runs: section(*runs)),
    RUNS.map(lambda runs: {"type": "rich_text_quote", "elements": runs}),
    st.lists(RUNS, min_size=1).map(
        lambda items: {"type": "rich_text_list", "style": "bullet", "elements": [section(*i) for i in items]}
    ),
)


@given(st.lists(PARTS, max_size=4))
def test_whatever_the_editor_sends_is_text_that_can_be_shown_again(parts: list[dict[str, Any]]) -> None:
    kept = markdown(rich(*parts))
    assert markdown(rich_text(kept)) == kept


@pytest.mark.parametrize(
    "odd", [{}, [], "x", {"elements": "x"}, {"elements": [None, {"type": "rich_text_section"}]}]
)
def test_an_odd_payload_is_an_empty_text(odd: object) -> None:
    assert markdown(odd) == ""
