"""The quick verdict is email-validator's own: no laxer, no stricter."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.addresses import canonical
from bot.reading.addresses import Addresses, Bad, Good

ODD = [
    "a@b.fr", "a.b+c@exemple.fr", "o'neil@b.ie", "a@b", "a@b.", "a@.fr", "@b.fr", "a@", "a", "",
    "a@@b.fr", "a@b@c.fr", ".a@b.fr", "a.@b.fr", "a..b@c.fr", "a b@c.fr", "a@b c.fr", "a@-b.fr",
    "a@b-.fr", "a@b_c.fr", "a@b.f", "a@1.2.3.4", "a@[1.2.3.4]", '"a b"@c.fr', "Al <a@b.fr>", "é@b.fr",
    "a@é.fr", "a@exämple.com", "a@xn--exmple-cua.com", "A@B.FR", "a@b.test", "a@b.local", "a@localhost",
    "a@b.123", "x" * 64 + "@b.fr", "x" * 65 + "@b.fr", "x" * 250 + "@b.fr", "a@" + "x" * 63 + ".fr",
    "a@" + "x" * 64 + ".fr", "a@" + "x." * 124 + "fr", "a\n@b.fr", "a@b.fr\n", "postmaster@b.fr",
    "a@b..fr", "a@b.-fr", "a@ab--cd.fr", "a@B.Com", "\u212a@b.fr", "a@\u212a.fr", "a\u0301@b.fr",
    "a,b@c.fr", "=a@b.fr",
]  # fmt: skip


def theirs(address: str) -> bool:
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


@pytest.mark.parametrize("address", ODD)
def test_same_verdict(address: str) -> None:
    assert (Addresses().valid(address) is not None) == theirs(address)


@settings(deadline=None)
@given(
    local=st.text("aZ0.-_+'!é \"(,\u200d", max_size=8),
    domain=st.text("aZ0.-_é xn\u212a", max_size=12),
    end=st.sampled_from(["", ".fr", ".com", ".f", ".test", ".é"]),
)
def test_same_verdict_whatever_is_typed(local: str, domain: str, end: str) -> None:
    address = f"{local}@{domain}{end}"
    judge = Addresses()
    assert (judge.valid(address) is not None) == theirs(address)
    assert (judge.valid(address) is not None) == theirs(address), "the remembered verdict differs"


@settings(deadline=None)
@given(
    local=st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    domain=st.sampled_from(["B.fr", "É.com", "xn--9ca.fr"]),
)
def test_what_is_kept_is_its_own_canonical_form_but_for_case(local: str, domain: str) -> None:
    kept = Addresses().valid(f"{local}@{domain}")
    assert kept is not None
    assert kept.isascii()
    assert kept.startswith(local + "@")
    assert canonical(kept) == kept.lower()


@pytest.mark.parametrize(
    ("written", "address", "repair"),
    [
        ("mailto:a@b.fr", "a@b.fr", "address"),
        ("MAILTO:a@b.fr?subject=x", "a@b.fr", "address"),
        ("Jean Dupont <a@b.fr>", "a@b.fr", "address"),
        ("<a@b.fr>", "a@b.fr", "address"),
        ("a@b.fr.", "a@b.fr", "address"),
        ("a@b.fr;", "a@b.fr", "address"),
        ("a @ b.fr", "a@b.fr", "address"),
        ("a@b. fr", "a@b.fr", "address"),
        ("a\uff20b.fr", "a@b.fr", "address"),
        ("a@b.fr; c@d.fr", "a@b.fr", "several_addresses"),
        ("a@b.fr / c@d.fr", "a@b.fr", "several_addresses"),
    ],
)
def test_what_can_be_mended_is_mended_and_named(written: str, address: str, repair: str) -> None:
    assert Addresses().judge(written) == Good(address=address, repair=repair)


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("", "no_address"),
        ("jean", "incomplete_address"),
        ("jean@", "incomplete_address"),
        ("@exemple.fr", "incomplete_address"),
        ("jean@exemple", "incomplete_address"),
        ("jean..dupont@exemple.fr", "impossible_address"),
        ("jean@exem ple.fr", "impossible_address"),
        ("zoé@exemple.fr", "accented_address"),
        ("jean@exemple.test", "reserved_domain"),
        ("jean@localhost", "reserved_domain"),
    ],
)
def test_causes(written: str, cause: str) -> None:
    assert Addresses().judge(written) == Bad(cause=cause)
