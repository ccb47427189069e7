"""Two spellings of one address, and a hash that only its secret's holder can ask."""

import pytest

from bot.core.addresses import canonical, keyed_hash


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("Zoe@Example.COM", "zoe@example.com"),
        ("  zoe@example.com ", "zoe@example.com"),
        ("zoe@Éxemple.fr", "zoe@xn--xemple-9ua.fr"),
        ("zoe+news@example.com", "zoe+news@example.com"),
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
