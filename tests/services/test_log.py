"""Everything that is noted can be read, in both languages; and nothing noted is ever an address."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.ids import WorkspaceId
from bot.core.log import LogEntry, Thing, Told
from bot.core.people import Language
from bot.core.suppressions import Cause
from bot.ports import Unwritable
from bot.services import log
from bot.texts import Say
from bot.texts.journal import details, verb

SERVICES = Path(log.__file__).parent
TREES = [ast.parse(path.read_text("utf-8")) for path in sorted(SERVICES.glob("*.py"))]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def told(what: str, thing: Thing = Thing.LIST, **about: str | int) -> Told:
    counts = {name: value for name, value in about.items() if isinstance(value, int)}
    words = {name: value for name, value in about.items() if isinstance(value, str)}
    return Told(
        at=NOW, who="Claire", verb=what, thing=thing, id="lst_1", name="Clients", counts=counts, words=words
    )  # fmt: skip


def places() -> dict[str, int]:
    """Where each function takes its `verb`, as its callers count."""
    found: dict[str, int] = {}
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args if one.arg != "self"]
                if "verb" in names:
                    found[node.name] = names.index("verb")
    return found


def constants(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from constants(body)
            yield from constants(orelse)


def verbs() -> set[str]:
    found = {"replaced", "merged", "link changed", "closing changed"}  # those that stand in a variable
    where = places()
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in where and len(node.args) > where[name]:
                    found |= set(constants(node.args[where[name]]))
    return found


def test_the_services_note_what_they_do() -> None:
    expected = {
        "imported", "viewed", "downloaded", "shared", "renamed", "deleted", "restored", "approved", "refused",
        "scheduled", "departed", "sent", "reminded", "paused", "resumed", "stopped", "cancelled", "settled",
        "resent", "exported", "openings_on", "handed over", "kept", "expired", "link changed", "rows fixed",
    }  # fmt: skip
    assert expected <= verbs()


@pytest.mark.parametrize("language", Language)
def test_every_verb_has_words(language: Language) -> None:
    say = Say(language)
    silent = [one for one in sorted(verbs()) if not say.has(f"log.verb.{one.replace(' ', '_')}")]
    assert silent == []
    assert verb(say, told("of a version to come")) == "of a version to come"


def test_details_are_said_in_both_languages() -> None:
    one = told("lifted", cause=Cause.UNSUBSCRIBED.value, reason="asked by phone", contacts=2, strange=4)
    assert details(Say(Language.ENGLISH), one) == "2 contacts, cause: unsubscribed, reason: asked by phone"
    assert details(Say(Language.FRENCH), one).replace("\u00a0", " ") == (
        "2 contacts, cause : désinscription, motif : asked by phone"
    )


def test_a_full_disk_keeps_nobody_from_looking_and_no_letter_from_leaving() -> None:
    def full(*_: object) -> None:
        raise Unwritable(28, "No space left on device")

    store = cast("Any", SimpleNamespace(log=SimpleNamespace(write=full)))
    member = cast("Any", SimpleNamespace(workspace=WorkspaceId("T1"), id="U1"))
    log.noted(store, NOW, member, "viewed", "lst_1")
    log.remark(store, NOW, WorkspaceId("T1"), "departed", "cmp_1")
    with pytest.raises(Unwritable):
        log.note(store, NOW, member, "downloaded", "lst_1")


def test_nothing_that_is_noted_is_given_an_address() -> None:
    """What stands in `about` is numbers, ids, and what was masked before."""
    suspicious = {"address", "email", "name", "title", "reply_to", "sender"}
    given = {
        keyword.arg
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("note", "noted", "remark")
        for keyword in node.keywords
    }
    assert given & suspicious == set()


def test_an_entry_is_of_what_its_id_says() -> None:
    kinds = [Thing.of(one) for one in ("lst_a", "cmp_a", "tpl_a", "suppressions", "log", "x", "", "list")]
    assert kinds == [
        Thing.LIST, Thing.CAMPAIGN, Thing.TEMPLATE, Thing.SUPPRESSIONS, Thing.LOG, Thing.OTHER, Thing.OTHER,
        Thing.OTHER,
    ]  # fmt: skip
    assert LogEntry(at=NOW, by="U1", verb="x", subject="lst_a", about={}).about == {}
