"""The questionnaire's link: what a browser could open, and nothing that breaks where it is quoted."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.doctor import diagnose
from bot.core.links import around, ascii_link, check_link, personal
from bot.core.questionnaires import Placement, Tool, check_closing, is_closed, kept, preset, tells_apart
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


def test_what_is_copied_of_a_message_with_its_words_is_no_link() -> None:
    with pytest.raises(Refusal, match=r"link\.signs"):
        check_link("<https://forms.example/s/1|forms.example>")


def test_the_word_stands_once() -> None:
    with pytest.raises(Refusal, match=r"link\.twice") as refused:
        check_link("https://forms.example/s/1?x=POSTILLON&y=POSTILLON")
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


PREFILLED = "https://docs.google.com/forms/d/e/1x/viewform?usp=pp_url&entry.1=POSTILLON&entry.2=fr#top"


@pytest.mark.parametrize(
    ("link", "placement", "becomes"),
    [
        ("https://f.example/to/x", Placement.FRAGMENT, "https://f.example/to/x#postillon=tok"),
        (
            "https://f.example/to/x?a=1#b=2",
            Placement.FRAGMENT,
            "https://f.example/to/x?a=1#b=2&postillon=tok",
        ),
        (
            "https://f.example/to/x#postillon=xxxxx",
            Placement.FRAGMENT,
            "https://f.example/to/x#postillon=tok",
        ),
        (PREFILLED, Placement.PREFILLED, PREFILLED.replace("POSTILLON", "tok")),
        ("https://f.example/s", Placement.PREFILLED, "https://f.example/s?postillon=tok"),
        ("https://f.example/s", Placement.PARAMETER, "https://f.example/s?postillon=tok"),
        ("https://f.example/s?a=1", Placement.COLUMN, "https://f.example/s?a=1"),
    ],
)
def test_where_the_token_goes(link: str, placement: Placement, becomes: str) -> None:
    assert personal(link, "postillon", placement, "tok") == becomes


@pytest.mark.parametrize(
    ("link", "placement"),
    [
        ("https://form.typeform.com/to/x", Placement.FRAGMENT),
        ("https://tally.so/r/x", Placement.PARAMETER),
        (PREFILLED, Placement.PREFILLED),
        ("https://forms.gle/x", Placement.PARAMETER),
        ("https://forms.example/s?code=POSTILLON", Placement.PREFILLED),
        ("https://forms.example/s", Placement.PARAMETER),
    ],
)
def test_each_tool_has_its_own_way(link: str, placement: Placement) -> None:
    assert preset(diagnose(link).tool, link) is placement


def test_answers_of_pre_filled_tools_say_whom_they_come_from_only_with_the_word() -> None:
    assert not tells_apart(Tool.GOOGLE, Placement.PARAMETER)
    assert tells_apart(Tool.GOOGLE, Placement.PREFILLED)
    assert tells_apart(Tool.MICROSOFT, Placement.COLUMN)
    assert tells_apart(Tool.TALLY, Placement.PARAMETER)


def test_a_choice_outlives_its_link_as_long_as_it_fits() -> None:
    assert kept(Placement.FRAGMENT, Tool.OTHER, Tool.OTHER, "https://f.example/2") is Placement.FRAGMENT
    assert kept(Placement.PARAMETER, Tool.TALLY, Tool.TYPEFORM, "https://f.example/2") is Placement.FRAGMENT
    assert kept(Placement.PREFILLED, Tool.GOOGLE, Tool.GOOGLE, "https://forms.gle/x") is Placement.PARAMETER
    assert kept(Placement.PARAMETER, Tool.GOOGLE, Tool.GOOGLE, PREFILLED) is Placement.PREFILLED


@pytest.mark.parametrize(
    ("link", "spelled"),
    [
        ("https://f.example/s?a=[1|2]&b=%C3%A9#x=1", "https://f.example/s?a=[1|2]&b=%C3%A9#x=1"),
        (
            "https://exemple.fr/enquête/été?q=à#ç",
            "https://exemple.fr/enqu%C3%AAte/%C3%A9t%C3%A9?q=%C3%A0#%C3%A7",
        ),
        ("https://enquête.example:8443/s", "https://xn--enqute-lva.example:8443/s"),
    ],
)
def test_as_it_goes_into_a_header(link: str, spelled: str) -> None:
    assert ascii_link(check_link(link)) == spelled
    assert ascii_link(spelled) == spelled


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_questionnaire_closes_after_its_letters_left() -> None:
    later = NOW + timedelta(days=3)
    assert check_closing(None, NOW, later) is None
    assert check_closing(later, NOW) == later
    assert is_closed(later, later)
    assert not is_closed(None, later)
    for closing, departs, why in ((NOW, None, "past"), (later, later, "early")):
        with pytest.raises(Refusal, match=f"questionnaires.closing.{why}") as refused:
            check_closing(closing, NOW, departs)
        assert refused.value.field == "closing"
