"""What is passed on with a call for help, in the words of who reads it."""

import pytest

from bot.core.campaigns import State, Step
from bot.core.lists import Level, Problem, Report
from bot.core.people import Language
from bot.core.questions import Asked
from bot.core.support import fact, of_report, of_versions
from bot.texts import Say
from handlers.blocks.support_facts import told

FR, EN = Say(Language.FRENCH), Say(Language.ENGLISH)


def said(say: Say, report: Report) -> list[str]:
    return [told(say, one).replace("\u00a0", " ") for one in of_report(report)]


def test_a_csv_in_words_and_the_code_in_brackets() -> None:
    report = Report(
        kind="csv", encoding="cp1252", delimiter=";", header_row=1,
        columns={"email": "Courriel", "first_name": "Prénom"},
        problems=(Problem(level=Level.REJECTED, cause="incomplete_address", count=4),),
    )  # fmt: skip
    assert said(FR, report) == [
        "Fichier : csv à point-virgule, Windows, titres à la ligne 1",
        "Reconnues : Email, Prénom",
        "À corriger : 4 adresses incomplètes (incomplete_address)",
    ]
    assert said(EN, report) == [
        "File: csv, semicolon, Windows, titles in row 1",
        "Recognised: Email, First name",
        "To fix: 4 incomplete addresses (incomplete_address)",
    ]


def test_a_workbook_has_neither_encoding_nor_delimiter() -> None:
    assert said(FR, Report(kind="xlsx", header_row=3)) == ["Fichier : xlsx, titres à la ligne 3"]


def test_one_column_and_tabs() -> None:
    assert "à une colonne" in said(FR, Report(kind="csv", encoding="utf-8"))[0]
    assert "à tabulation" in said(FR, Report(kind="csv", encoding="utf-8", delimiter="\t"))[0]


def test_what_has_no_words_is_told_as_it_is() -> None:
    odd = Report(problems=(Problem(level=Level.WARNING, cause="brand_new", count=2),))
    assert said(FR, odd) == ["À savoir : 2 (brand_new)"]


@pytest.mark.parametrize("say", [FR, EN], ids=["fr", "en"])
def test_every_code_of_ours_has_words(say: Say) -> None:
    for kind in Asked:
        assert say.has(f"support.question.{kind.value}")
        assert say(f"support.question.{kind.value}") in told(say, fact("question", kind=kind.value))
    for level in Level:
        assert say.has(f"support.level.{level.value}")
    for state in State:
        line = told(say, fact("campaign", id="cmp_1", state=state.value, step=Step.CHECK.value))
        assert f"{say(f'campaigns.is.{state.value}')} ({state.value})" in line
        assert "5" in line


def test_a_version_nobody_knows_is_said_so() -> None:
    assert told(EN, of_versions(["Postillon 1.2", "Linux"])) == "Versions: Postillon 1.2, Linux"
    assert told(EN, of_versions(["Linux"])) == "Versions: Postillon of an unknown version, Linux"
