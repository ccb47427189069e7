"""What people may ask of those who write to them, from the words typed to what leaves afterwards."""

import logging
import re
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest

from bot.core.mail_lists import Listed, MailList
from bot.core.suppressions import Cause, Suppression
from tests.journeys.harness import Town, unsubscribe_page

FILE = "Email;Prénom;Nom\r\nanna@example.com;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()


def admin_of(town: Town) -> Any:
    return next(one for one in (town.samir, town.claire, town.bob) if one.profile.is_admin)


def member_of(town: Town) -> Any:
    return next(one for one in (town.claire, town.bob, town.samir) if not one.profile.is_admin)


def excluded(town: Town) -> dict[str, Cause]:
    return {one.address: one.cause for one in town.bot.store.suppressions.all(town.workspace)}


async def sends(town: Town) -> None:
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()


async def forgets(town: Town, admin: Any, address: str) -> None:
    await admin.commands("/contacts", f"forget {address}")
    await town.dialog(admin, "people.erase")
    await admin.submits()
    await town.slack.until(lambda: "people.erase" not in str(admin.dialog))


def traces(data: Path) -> list[str]:
    found = (path for path in data.rglob("*") if path.is_file())
    words = re.compile(rb"anna@|leroy", re.IGNORECASE)
    return sorted(path.name for path in found if words.search(path.read_bytes()))


async def test_who_objects_gets_no_letter_from_anybody(town: Town) -> None:
    await town.claire.commands("/contacts", "stop Anna@Example.com")
    await town.claire.sees("Plus personne ici n'écrira à anna@example.com")
    assert excluded(town) == {"anna@example.com": Cause.OBJECTED}
    await town.bob.says("stop anna@example.com")
    await town.bob.sees("excluded already")
    await sends(town)
    (letter,) = await town.letters(1)
    assert letter.to == "bob@example.com"
    entry = next(one for one in town.bot.store.log.read(town.workspace) if one.verb == "objected")
    assert entry.by == "U0CLAIRE"
    assert "@" not in str(entry)


async def test_an_address_is_understood_however_it_is_quoted(town: Town) -> None:
    """Or it is not, and that is said: nothing is promised of an address nobody has."""
    for typed in (
        "'anna@example.com'", "(bob@example.com)", "« carl@example.com ».", "`dan@example.com`",
        "Eve <mailto:eve@example.com|eve@example.com>", "fay@straße.example (asked by phone)",
    ):  # fmt: skip
        await town.bob.says(f"stop {typed}")
    await town.slack.until(lambda: len(excluded(town)) == 6)
    assert set(excluded(town)) == {
        "anna@example.com", "bob@example.com", "carl@example.com", "dan@example.com", "eve@example.com",
        "fay@xn--strae-oqa.example",
    }  # fmt: skip
    for typed in ("x@example.com y@example.com", "zoe@-example-.com", "what I asked zoe@example.com to do"):
        before = town.bob.text_of().count("I can't read one e-mail address there")
        await town.bob.says(f"stop {typed}")
        await town.slack.until(
            lambda known=before: town.bob.text_of().count("I can't read one e-mail address there") > known
        )
    assert len(excluded(town)) == 6


async def test_an_accented_domain_is_one_address_for_files_and_words(town: Town, tmp_path: Path) -> None:
    admin = admin_of(town)
    file = "Email;Prénom;Nom\r\nanna@straße.example;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()
    await town.claire.drops(("clients.csv", file))
    await town.claire.sees("Liste gardée")
    assert traces(tmp_path / "data") != []
    await forgets(town, admin, "anna@straße.example")
    await town.slack.until(lambda: not town.bot.store.erasing.unfinished())
    town.bot.store.beat(town.bot.wakes.now())
    assert traces(tmp_path / "data") == []
    await town.claire.drops(("encore.csv", file.replace(b"bob@", b"rob@")))
    await town.claire.sees("1 personne a demandé à être oubliée")
    assert traces(tmp_path / "data") == []


async def test_whose_address_a_file_mistypes_is_not_proposed_again(town: Town, tmp_path: Path) -> None:
    """What was asked about, mistyped or named after them holds nothing of them either."""
    admin = admin_of(town)
    asked = b"E-mail pro;E-mail perso;Nom;Prenom\r\nanna@gmail.com;anna.p@example.com;Leroy;Anna\r\n"
    await town.claire.drops(
        ("export_anna@gmail.com_2026.csv", asked + b"bob@example.com;b@example.com;M;B\r\n")
    )
    await town.slack.until(lambda: [one for one in town.bot.store.inbox.pending() if one.question])
    await forgets(town, admin, "anna@gmail.com")
    await town.slack.until(lambda: not town.bot.store.erasing.unfinished())
    town.bot.store.beat(town.bot.wakes.now())
    assert traces(tmp_path / "data") == []
    typed = "Email;Prénom;Nom\r\nanna@gmail;Anna;Leroy\r\nbob@example.com;Bob;Martin\r\n".encode()
    await town.claire.drops(("clients.csv", typed))
    await town.claire.sees("Liste gardée")
    assert traces(tmp_path / "data") == []


async def test_stop_alone_is_still_about_campaigns_and_nonsense_is_no_address(town: Town) -> None:
    await town.bob.commands("/contacts", "stop anna@example")
    await town.bob.sees("I can't read one e-mail address there")
    assert excluded(town) == {}
    await town.bob.says("resume")
    await town.bob.sees("Which address?")
    await town.bob.says("stop")
    await town.bob.sees("Nothing is on its way")


async def test_an_exclusion_is_lifted_with_a_reason_that_is_noted(town: Town) -> None:
    admin, member = admin_of(town), member_of(town)
    gone = Suppression(
        address="anna@example.com", cause=Cause.UNSUBSCRIBED, at=town.bot.wakes.now(), origin="cmp_gone"
    )
    town.bot.store.suppressions.add(town.workspace, gone)
    await member.commands("/contacts", "resume anna@example.com")
    french = member.profile.locale.startswith("fr")
    await member.sees("l'a demandé elle-même" if french else "asked for it themselves")
    await admin.says("resume anna@example.com")
    await admin.sees("/contacts re")
    await admin.commands("/contacts", "resume anna@example.com")
    await town.dialog(admin, "people.resume")
    await admin.types("reason", "asked by phone, anna@example.com")
    await admin.submits()
    await town.slack.until(lambda: excluded(town) == {})
    await town.slack.until(lambda: "SendGrid" in str(admin.dialog))
    entry = town.bot.store.log.read(town.workspace)[-1]
    assert (entry.verb, entry.by) == ("lifted", admin.profile.id)
    assert entry.about["cause"] == "unsubscribed"
    assert "by phone" in str(entry.about["reason"])
    assert "@" not in str(entry)


async def test_ones_own_mistake_is_lifted_by_oneself(town: Town) -> None:
    member = member_of(town)
    await member.commands("/contacts", "stop anna@example.com")
    await town.slack.until(lambda: excluded(town) == {"anna@example.com": Cause.OBJECTED})
    await member.commands("/contacts", "reprendre anna@example.com")
    await town.dialog(member, "people.resume")
    await member.types("reason", "the wrong one")
    await member.submits()
    await town.slack.until(lambda: excluded(town) == {})
    await member.commands("/contacts", "reprendre anna@example.com")
    french = member.profile.locale.startswith("fr")
    await member.sees("n'est pas exclue" if french else "is not excluded")


async def test_what_the_service_listed_before_is_not_excluded_again(town: Town) -> None:
    """The lists are read anew, from their beginning."""
    bounced = int(town.bot.wakes.now().timestamp())
    take = town.bot.services.polling._take
    row = Listed("anna@example.com", bounced)
    take(town.workspace, MailList.BOUNCES, [row], town.bot.wakes.now())
    assert excluded(town) == {"anna@example.com": Cause.BOUNCED}
    await town.goes_by(minutes=5)
    await town.bob.commands("/contacts", "resume anna@example.com")
    await town.dialog(town.bob, "people.resume")
    await town.bob.types("reason", "the mailbox was mended")
    await town.bob.submits()
    await town.slack.until(lambda: excluded(town) == {})
    take(town.workspace, MailList.BOUNCES, [row], town.bot.wakes.now())
    take(town.workspace, MailList.GROUP, [Listed("anna@example.com", 0)], town.bot.wakes.now())
    assert excluded(town) == {}
    later = Listed("anna@example.com", int(town.bot.wakes.now().timestamp()) + 60)
    take(town.workspace, MailList.BOUNCES, [later], town.bot.wakes.now())
    assert excluded(town) == {"anna@example.com": Cause.BOUNCED}, "that one is news"


async def test_who_asks_to_be_forgotten_is_nowhere_any_more(town: Town, tmp_path: Path) -> None:
    admin = admin_of(town)
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("anna@example.com")
    await town.claire.clicks("lists.download")
    await town.slack.until(lambda: [file.user_id for file in town.claire.files][1:])
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    assert len(traces(tmp_path / "data")) >= 2
    await forgets(town, admin, "Anna@example.com")
    french = admin.profile.locale.startswith("fr")
    await admin.sees("d'oublier" if french else "asked me to forget")
    await admin.sees("clients")
    town.bot.store.beat(town.bot.wakes.now())
    assert traces(tmp_path / "data") == []
    await town.slack.until(lambda: "anna@" not in str(previews(town)).lower())
    assert "bob@example.com" in str(previews(town))
    assert [file.name for file in town.claire.files] == ["clients.csv"], "that one is hers"
    if admin is not town.claire:
        await town.claire.sees("vous seul pouvez les supprimer")
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    assert letter.to == "bob@example.com"
    assert town.bot.store.erasing.erasures() == []
    entry = next(one for one in town.bot.store.log.read(town.workspace) if one.verb == "erased")
    assert (entry.by, "@" in str(entry)) == (admin.profile.id, False)
    await admin.says("journal" if french else "log")
    await admin.sees("a effacé une personne (personne" if french else "erased a person (person")


def previews(town: Town) -> list[Any]:
    """What stands in the conversation with the bot, but what Claire dropped herself."""
    conversation = town.claire._conversation(None)
    return [message for message in conversation.messages if message.get("user") != town.claire.profile.id]


async def test_who_was_forgotten_does_not_come_back_by_a_file(town: Town, tmp_path: Path) -> None:
    admin = admin_of(town)
    await forgets(town, admin, "anna@example.com")
    await town.slack.until(lambda: not town.bot.store.erasing.unfinished())
    more = FILE + b"anna@example.com;Anna;Leroy\r\nanna.leroy;Leroy;Anna\r\n"
    await town.claire.drops(("clients.csv", more))
    await town.claire.sees("1 personne a demandé à être oubliée")
    assert traces(tmp_path / "data") == []
    (kept,) = town.bot.store.lists.all(town.workspace)
    assert (kept.count, kept.report.rows) == (1, 1)
    await town.claire.sees("bob@example.com")
    await admin.commands("/contacts", "resume anna@example.com")
    await town.dialog(admin, "people.resume")
    await admin.types("reason", "changed her mind, told us so")
    await admin.submits()
    await town.slack.until(lambda: excluded(town) == {})
    await town.claire.drops(("encore.csv", FILE.replace(b"bob@", b"rob@")))
    await town.claire.sees("anna@example.com")


async def test_what_was_begun_before_a_crash_is_finished_and_told(town: Town, tmp_path: Path) -> None:
    """As a process leaves it that is killed right after the promise."""
    admin = admin_of(town)
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await admin.says("hello")
    await town.slack.until(lambda: town.bot.store.people.get(town.workspace, admin.profile.id))
    begin, now = town.bot.store.erasing.begin, town.bot.wakes.now()
    begin(town.workspace, "anna@example.com", admin.profile.id, now)
    await town.goes_by(minutes=1)
    await admin.sees("d'oublier" if admin.profile.locale.startswith("fr") else "asked me to forget")
    assert traces(tmp_path / "data") == []
    await town.slack.until(lambda: "anna@" not in str(previews(town)).lower())


async def test_the_excluded_who_were_forgotten_are_counted_and_not_shown(town: Town) -> None:
    admin = admin_of(town)
    await admin.commands("/contacts", "stop anna@example.com")
    await town.slack.until(lambda: excluded(town))
    await admin.commands("/contacts", "suppressions")
    await town.slack.until(lambda: [one for one in admin.files if one.name.endswith(".xlsx")])
    await forgets(town, admin, "anna@example.com")
    await town.slack.until(lambda: not admin.files)
    await admin.commands("/contacts", "suppressions")
    french = admin.profile.locale.startswith("fr")
    await admin.sees("dont l'adresse a été effacée" if french else "whose address was erased")
    assert admin.files == []


async def lifts(town: Town, admin: Any, address: str) -> None:
    await admin.commands("/contacts", f"resume {address}")
    await town.dialog(admin, "people.resume")
    await admin.types("reason", "told us so")
    await admin.submits()
    await town.slack.until(
        lambda: address not in str(admin.dialog) or "people.resume" not in str(admin.dialog)
    )


async def test_who_comes_back_gets_no_letter_that_was_planned_before(town: Town) -> None:
    """Nobody can write to a hash, though it is not excluded any more."""
    admin = admin_of(town)
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await forgets(town, admin, "anna@example.com")
    await town.slack.until(lambda: not town.bot.store.erasing.unfinished())
    await lifts(town, admin, "anna@example.com")
    await town.slack.until(lambda: excluded(town) == {})
    await town.reaches_departure()
    (letter,) = await town.letters(1)
    assert letter.to == "bob@example.com"
    await town.claire.sees("1 accepté")


async def test_the_link_of_an_old_letter_still_says_no_for_who_was_forgotten(town: Town) -> None:
    admin = admin_of(town)
    await sends(town)
    letters = await town.letters(2)
    page = unsubscribe_page(next(one for one in letters if one.to == "anna@example.com"))
    await forgets(town, admin, "anna@example.com")
    await town.slack.until(lambda: not town.bot.store.erasing.unfinished())
    assert "<form" not in await town.opens(page)
    await lifts(town, admin, "anna@example.com")
    await town.slack.until(lambda: excluded(town) == {})
    assert "<form" in await town.opens(page)
    await town.opens(Request(page, data=b"List-Unsubscribe=One-Click", method="POST"))
    (kept,) = town.bot.store.suppressions.among(town.workspace, ["anna@example.com"]).values()
    assert (kept.cause, "@" in kept.address) == (Cause.UNSUBSCRIBED, False)
    assert "<form" not in await town.opens(page)


async def test_a_member_is_told_whom_to_ask(town: Town) -> None:
    member, admin = member_of(town), admin_of(town)
    await admin.says("hello")
    await town.slack.until(lambda: town.bot.store.people.get(town.workspace, admin.profile.id))
    await member.commands("/contacts", "oublier anna@example.com")
    french = member.profile.locale.startswith("fr")
    await member.sees("peuvent effacer quelqu'un" if french else "may erase somebody")
    await admin.says("forget anna@example.com")
    await admin.sees("/contacts forget" if admin.profile.locale.startswith("en") else "/contacts oublier")
    assert town.bot.store.erasing.unfinished() == []


async def test_what_is_known_of_a_person_comes_as_a_text(town: Town) -> None:
    admin = admin_of(town)
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    await town.letters(2)
    await admin.commands("/contacts", "stop anna@example.com")
    await admin.commands("/contacts", "person ANNA@example.com")
    await town.slack.until(lambda: [one for one in admin.files if one.name.endswith(".txt")])
    text = next(one for one in admin.files if one.name.endswith(".txt")).content.decode("utf-8-sig")
    assert "anna@example.com" in text
    assert "Leroy" in text
    assert "clients" in text
    assert "Martin" not in text
    assert re.search(r"(handed|remise).*: 20\d\d-", text)
    entry = next(one for one in town.bot.store.log.read(town.workspace) if one.verb == "looked_up")
    assert "@" not in str(entry)
    await forgets(town, admin, "anna@example.com")
    await town.slack.until(lambda: not [one for one in admin.files if one.name.endswith(".txt")])


async def test_a_member_sees_of_a_person_what_is_their_own(town: Town) -> None:
    await town.claire.drops(("clients.csv", FILE))
    await town.claire.sees("Liste gardée")
    member = next(one for one in (town.bob, town.samir) if not one.profile.is_admin)
    await member.commands("/contacts", "person anna@example.com")
    await member.sees("of your lists" if member.profile.locale.startswith("en") else "de vos listes")
    assert member.files == []


async def test_a_dialog_that_nobody_opened_leaves_no_trace_of_an_error(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await town.claire.drops(("clients.csv", FILE + b"anna@example;Anna;Leroy\r\n"))
    await town.claire.sees("Liste gardée")
    (kept,) = town.bot.store.lists.all(town.workspace)
    with caplog.at_level(logging.ERROR):
        await town.claire.forges("campaigns.public_link", f"{kept.id}:{kept.revision}")
        await town.claire.forges_submission("lists.fix", f"{kept.id}:{kept.revision}", {})
        await town.claire.says("stop carl@example.com")
        await town.claire.sees("carl@example.com, quoi")
    assert caplog.records == []
