"""The questionnaire's link: what a browser could open, and nothing that breaks where it is quoted."""

import pytest

from bot.core.links import around, check_link
from bot.core.sentences import Refusal


@pytest.mark.parametrize(
    "link",
    [
        "https://forms.example/s/1",
        "  <https://forms.example/s/1>  ",
        "http://localhost:8080/q?a=1&b=#part",
        "https://forms.example/s/1?name=O'Brien&x=[a|b]",
        "https://exemple.fr/enquête/été",
    ],
)
def test_links_as_people_paste_them(link: str) -> None:
    assert check_link(link) == link.strip().strip("<>")


@pytest.mark.parametrize("sign", [" ", "\t", "\u00a0", '"', "<", ">", "{", "}", "{{x}}", "\\", "`"])
def test_signs_that_no_link_holds(sign: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_link(f"https://forms.example/s?q={sign}&r=1")
    assert refused.value.sentence.key == "campaigns.link.signs"
    assert refused.value.field == "link"


@pytest.mark.parametrize(
    "link", ["mon questionnaire", "https://", "ftp://forms.example", "https://a@forms.example"]
)
def test_what_is_no_link(link: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_link(link)
    assert refused.value.sentence.key == "campaigns.link.bad"


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ("https://f.example/s", "https://f.example/s?postillon=tok"),
        ("https://f.example/s?lang=fr", "https://f.example/s?lang=fr&postillon=tok"),
        ("https://f.example/s?postillon=old&a=%C3%A9&&b", "https://f.example/s?a=%C3%A9&b&postillon=tok"),
        ("https://f.example/s?a=1#/page?x=1", "https://f.example/s?a=1&postillon=tok#/page?x=1"),
    ],
)
def test_a_personal_link_keeps_what_stood_in_it(link: str, becomes: str) -> None:
    before, after = around(link, "postillon")
    assert f"{before}tok{after}" == becomes
