"""What a list looks like, in both languages, and at its largest."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.contacts import Contact
from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import TITLE_LENGTH, ContactList, Level, Problem, Report
from bot.core.people import Language, Member
from bot.texts import Say
from handlers.blocks import contacts, lists
from handlers.blocks.help import help_message
from handlers.blocks.home import Content, home
from handlers.blocks.listing import listing
from handlers.blocks.people import hello, not_understood
from tests.handlers.conftest import Fits

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FR, EN = Say(Language.FRENCH), Say(Language.ENGLISH)
BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
CAUSES = (
    "no_address", "incomplete_address", "impossible_address", "accented_address", "reserved_domain",
    "damaged_text", "long_value", "shifted", "open_quote",
)  # fmt: skip

JEAN = Contact(row=2, email="jean.dupont@exemple.fr", first_name="Jean", last_name="Dupont", company="Nova")
REPORT = Report(
    rows=431, accepted=412, rejected=6, duplicates=13, kind="csv", encoding="cp1252", delimiter=";",
    columns={"email": "Adresse de messagerie", "first_name": "Prénom", "last_name": "NOM",
             "company": "Société"},
    extras=("Notes", "Fax", "Âge"), sample=(JEAN,),
    problems=(
        Problem(level=Level.REJECTED, cause="incomplete_address", count=4, rows=(18, 77, 203, 210),
                details=("jean@", "zoe@", "a@", "b@")),
        Problem(level=Level.REJECTED, cause="no_address", count=2, rows=(91, 340), details=("", "")),
        Problem(level=Level.DUPLICATE, cause="duplicate", count=13, rows=(45, 60, 61),
                details=("12", "12", "12")),
    ),
)  # fmt: skip


def a_list(report: Report = REPORT, **changes: Any) -> ContactList:
    values = {
        "workspace": WorkspaceId("T1"), "id": ListId("lst_7"), "owner": MemberId("U1"),
        "title": "Clients 2026", "report": report, "created_at": AT, "source_name": "clients.csv",
    }  # fmt: skip
    return ContactList(**{**values, **changes})


def words(shown: Any) -> str:
    """Every text in it, with plain spaces."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child)

    walk(shown)
    return "\n".join(found).replace("\u00a0", " ").replace("\u202f", " ")


def actions(shown: Any) -> list[str]:
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "action_id" in node:
                found.append(node["action_id"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list | tuple):
            for child in node:
                walk(child)

    walk(shown)
    return found


def test_the_preview_says_it_as_the_screen_does(fits: Fits) -> None:
    shown = lists.preview(FR, a_list())
    fits(shown)
    text = words(shown)
    assert shown[0].replace("\u00a0", " ") == "Clients 2026 : 412 contacts prêts, 6 lignes à corriger"
    assert "Clients 2026 · 412 contacts" in text
    assert "431 lignes lues = *412 contacts* + 6 à corriger + 13 doublons" in text
    assert "Liste gardée. Personne n'a été contacté." in text
    assert "• 4 adresses incomplètes : lignes 18 « jean@ », 77 « zoe@ », 203 « a@ »…" in text
    assert "• 2 sans adresse : lignes 91, 340" in text
    assert (
        "*13 doublons* : première ligne gardée (lignes 45 = ligne 12, 60 = ligne 12, 61 = ligne 12…)" in text
    )
    assert "Lu comme : CSV à point-virgule, Windows" in text
    assert "Email ← « Adresse de messagerie »" in text
    assert "Entreprise ← « Société »" in text
    assert "« NOM »" not in text, "the same word in capitals needs no telling"
    assert "3 autres colonnes gardées" in text


def test_the_preview_in_english(fits: Fits) -> None:
    shown = lists.preview(EN, a_list())
    fits(shown)
    text = words(shown)
    assert "431 rows read = *412 contacts* + 6 to fix + 13 duplicates" in text
    assert "List kept. Nobody has been contacted." in text
    assert "• 4 incomplete addresses: rows 18 “jean@”, 77 “zoe@”, 203 “a@”…" in text


@BOTH
def test_only_buttons_that_work(say: Say) -> None:
    assert actions(lists.preview(say, a_list())) == [
        "campaigns.new", "lists.view", "lists.download", "lists.share", "lists.delete",
    ]  # fmt: skip
    nobody = a_list(Report(rows=2, rejected=2))
    assert actions(lists.preview(say, nobody)) == ["lists.delete"]


def test_delete_says_how_many_scheduled_campaigns_use_the_list(fits: Fits) -> None:
    shown = lists.preview(FR, a_list(), uses=2)
    fits(shown)
    asked = "2 campagnes programmées l'utilisent : elles gardent leurs destinataires."
    assert asked in words(shown)
    assert asked not in words(lists.preview(FR, a_list()))
    assert "Récupérable 7 jours" in words(shown)


@BOTH
def test_a_deleted_list_says_until_when_it_can_come_back(say: Say, fits: Fits) -> None:
    shown = lists.preview(say, a_list(deleted_at=AT))
    fits(shown)
    assert actions(shown) == ["lists.undo"]
    assert ("30 novembre" if say is FR else "November 30") in words(shown)


@BOTH
def test_the_longest_of_everything_fits(say: Say, fits: Fits) -> None:
    long = "é" * 200
    problems = tuple(
        Problem(level=Level.REJECTED, cause=cause, count=99_999, rows=tuple(range(900_000, 900_020)),
                details=(long,) * 20)
        for cause in CAUSES
    )  # fmt: skip
    person = Contact(row=1_000_000, email=f"{long}@e.fr", first_name=long, last_name=long, company=long)
    report = Report(
        rows=2_000_000, accepted=1_000_000, rejected=900_000, duplicates=100_000, kind="xlsx", sheet=long,
        columns=dict.fromkeys(("email", "first_name", "last_name", "company", "location"), long),
        extras=(long,) * 300, sample=(person,) * 5, problems=problems,
    )  # fmt: skip
    huge = a_list(report, title="W" * TITLE_LENGTH)
    fits(lists.preview(say, huge, uses=1_000))
    fits(listing(say, [huge] * 25, {}, 1, gone=a_list(deleted_at=AT)))
    fits(
        contacts.view(say, huge, [person] * 15, page=3, page_count=66_667, found=1_000_000, search=long[:100])
    )
    fits(contacts.rename(say, huge))


@BOTH
def test_names_from_a_file_ping_nobody(say: Say, fits: Fits) -> None:
    hostile = "<!channel> & <@U1>"
    person = Contact(row=2, email="a@b.fr", first_name=hostile, last_name=hostile, company=hostile)
    problem = Problem(
        level=Level.REJECTED, cause="incomplete_address", count=1, rows=(2,), details=(hostile,)
    )
    report = Report(
        rows=2, accepted=1, rejected=1, kind="xlsx", sheet=hostile, columns={"email": hostile},
        sample=(person,), problems=(problem,),
    )  # fmt: skip
    one = a_list(report, title=hostile)
    shown = [
        lists.preview(say, one),
        lists.preview(say, a_list(title=hostile, deleted_at=AT)),
        listing(say, [one], {}),
        contacts.view(say, one, [person], page=0, page_count=1, found=1, search=hostile),
    ]
    for each in shown:
        fits(each)
        for block in _mrkdwn(each):
            assert "<!" not in block
            assert "<@" not in block


def _mrkdwn(node: Any) -> list[str]:
    if isinstance(node, dict):
        mine = [node["text"]] if node.get("type") == "mrkdwn" else []
        return mine + [text for child in node.values() for text in _mrkdwn(child)]
    if isinstance(node, list | tuple):
        return [text for child in node for text in _mrkdwn(child)]
    return []


@BOTH
def test_view_shows_row_name_company_and_address(say: Say, fits: Fits) -> None:
    view = contacts.view(say, a_list(), [JEAN], page=0, page_count=28, found=412, search="")
    fits(view)
    text = words(view)
    assert "`2` *Jean Dupont* · Nova" in text
    assert "jean.dupont@exemple.fr" in text
    assert ("page 1 sur 28" if say is FR else "page 1 of 28") in text
    assert view["private_metadata"] == "lst_7:1"
    assert "lists.previous" not in actions(view), "there is nothing before the first page"


@BOTH
def test_the_lists_ten_a_page(say: Say, fits: Fits) -> None:
    several = [a_list(id=ListId(f"lst_{n}"), title=f"Liste {n}") for n in range(23)]
    first, last = listing(say, several, {}), listing(say, several, {}, page=2)
    fits(first)
    fits(last)
    assert "Liste 9" in words(first)
    assert "Liste 10" not in words(first)
    assert actions(first).count("lists.page") == 1
    assert "Liste 22" in words(last)
    assert "lists.page" not in actions(last)
    assert "lists.previous" in actions(last)


@BOTH
def test_every_other_screen_is_one_that_slack_takes(say: Say, fits: Fits) -> None:
    member = Member(workspace=WorkspaceId("T1"), id=MemberId("U1"), first_name="C" * 200, email="c@e.fr")
    fits(hello(say, member))
    fits(not_understood(say))
    fits(help_message(say))
    fits(contacts.import_file(say))
    fits(listing(say, [], {}))
    fits(home(say, Content(needs_you=(), campaigns=(), drafts=(), lists=()), {}))
    fits(home(say, Content(needs_you=(), campaigns=(), drafts=(), lists=[a_list()] * 30, page=1), {}))


def test_try_it_on_myself_is_offered_to_those_we_can_write_to() -> None:
    nobody = Member(workspace=WorkspaceId("T1"), id=MemberId("U1"), first_name="Claire")
    assert "lists.try" not in actions(hello(FR, nobody))
