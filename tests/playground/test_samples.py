"""The page's first step: files that show the bot at its best, and at its politest."""

import pytest

from bot.core.people import Language
from bot.playground.samples import samples
from tests.fixtures.reading import read


@pytest.mark.parametrize("language", Language)
def test_one_is_clean_one_has_mistakes_one_is_no_contact_file(language: Language) -> None:
    clean, excel, other = (read(sample.content, sample.name) for sample in samples(language))
    assert (clean.report.accepted, clean.report.problems) == (5, ())
    assert (excel.report.accepted, excel.report.rejected, excel.report.duplicates) == (4, 1, 1)
    assert (excel.report.encoding, excel.report.delimiter) == ("cp1252", ";")
    assert excel.report.language == language.value
    assert other.error == "reading.error.convert"
    assert len({sample.name for sample in samples(language)}) == 3
    assert all(sample.about for sample in samples(language))
