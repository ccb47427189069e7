"""Two spellings of one address, and a hash that only its secret's holder can ask."""

import pytest

from bot.core.addresses import canonical, former, in_letters, keyed_hash
from bot.reading.addresses import Addresses, Good


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("Zoe@Example.COM", "zoe@example.com"),
        ("  zoe@example.com ", "zoe@example.com"),
        ("zoe@Éxemple.fr", "zoe@xn--xemple-9ua.fr"),
        ("zoe+news@example.com", "zoe+news@example.com"),
        ("zoe@STRAßE.example", "zoe@xn--strae-oqa.example"),
        ("zoe@strasse.example", "zoe@strasse.example"),
        ("he\u0301le\u0300ne@Cafe\u0301.example", "hélène@xn--caf-dma.example"),
        ("zoe@ＥＸＡＭＰＬＥ。com", "zoe@example.com"),
        ("İpek@Example.com", "i\u0307pek@example.com"),
    ],
)
def test_one_person_one_form(written: str, known_as: str) -> None:
    assert canonical(written) == known_as
    assert canonical(known_as) == known_as
    assert keyed_hash(b"s" * 32, written) == keyed_hash(b"s" * 32, known_as)


def test_the_hash_is_short_and_needs_the_secret() -> None:
    ours = keyed_hash(b"s" * 32, "zoe@example.com")
    assert len(ours) == 8
    assert ours != keyed_hash(b"t" * 32, "zoe@example.com")
    assert ours != keyed_hash(b"s" * 32, "zoe@example.org")


@pytest.mark.parametrize(
    "domain", ["straße.example", "café.example", "βόλος.example", "εxemple.fr", "日本.example"]
)
def test_a_domain_is_written_as_the_reader_writes_it(domain: str) -> None:
    verdict = Addresses().judge(f"zoe@{domain}")
    assert isinstance(verdict, Good)
    assert canonical(f"zoe@{domain}") == verdict.address
    assert canonical(in_letters(verdict.address)) == verdict.address


def test_what_was_noted_by_the_former_rule_is_known() -> None:
    assert former(canonical("zoe@straße.example")) == "zoe@strasse.example"
    assert former(canonical("zoe@café.example")) == ""
    assert former("zoe@strasse.example") == ""
    assert former("zoe@xn--.example") == ""
