"""What is found wrong with a draft, rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core import fields
from bot.core.campaigns import Campaign, Step, When
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.lint import Case, Finding, Level, Survey, blocking, findings, surveyed
from bot.core.lint.people import with_default
from bot.core.lint.senders import is_webmail
from bot.core.lint.survey import looked_at
from bot.core.people import Language
from bot.core.questionnaires import Placement
from bot.core.reminders import Reminder

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)  # a Monday
CHRISTMAS = datetime(2026, 12, 25, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)  # 10 o'clock in Paris
GOOD = Campaign(
    workspace=WorkspaceId("T1"), id=CampaignId("cmp_1"), owner=MemberId("U1"), seed="5eed", created_at=NOW,
    language=Language.FRENCH, zone="Europe/Paris", sender=Sender(address="enquetes@studio-nova.example"),
    reply_to=Sender(address="claire@studio-nova.example"), link="https://forms.example/s/1",
    subject="{{prenom | Bonjour}}, votre avis ?", body="Bonjour {{prenom | à vous}},\n\n[Répondre]({{lien}})",
    send_at=TUESDAY, tested_at=NOW,
)  # fmt: skip
ZOE = Contact(row=2, email="zoe@exemple.fr", first_name="Zoé", last_name="Petit", company="Nova")
NOBODY = Contact(row=3, email="x@exemple.fr")


def survey(draft: Campaign, columns: tuple[str, ...], people: tuple[Contact, ...]) -> Survey:
    """Rows are places here."""
    read = [fields.reader(name) for name in looked_at(draft, columns)]
    return surveyed(draft, columns, ([value(one) for value in read] for one in people))


def found(
    people: tuple[Contact, ...] = (ZOE,), columns: tuple[str, ...] = (), **changes: Any
) -> dict[str, Finding]:
    """By the last words of their key."""
    about = {
        name: changes.pop(name) for name in ("senders", "weight", "count", "language") if name in changes
    }
    draft = replace(GOOD, **changes)
    case = Case(
        draft=draft, survey=survey(draft, columns, people), columns=columns, now=NOW,
        departs_at=draft.send_at or NOW, **{"count": len(people), **about},
    )  # fmt: skip
    return {one.key.removeprefix("lint."): one for one in findings(case)}


def test_a_good_campaign_has_nothing_to_say() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("key", "step", "changes"),
    [
        ("campaigns.link.empty", Step.PARAMETERS, {"link": ""}),
        ("campaigns.subject.empty", Step.MESSAGE, {"subject": " "}),
        ("campaigns.body.empty", Step.MESSAGE, {"body": ""}),
        ("campaigns.field.nearest", Step.MESSAGE, {"body": "{{prenon}} {{lien}}"}),
        ("campaigns.field.unknown", Step.MESSAGE, {"preheader": "{{horoscope}}"}),
        ("campaigns.field.broken", Step.MESSAGE, {"body": "Bonjour {{prenom}, voici {{lien}}"}),
        ("campaigns.field.broken", Step.MESSAGE, {"subject": "Bonjour {prenom}}"}),
        ("campaigns.field.empty", Step.MESSAGE, {"body": "Bonjour {{ }}, {{lien}}"}),
        ("campaigns.field.excess", Step.MESSAGE, {"body": "Bonjour {{{prenom}}}, {{lien}}"}),
        ("campaigns.field.excess", Step.MESSAGE, {"subject": "Bonjour {{prenom}}}"}),
        ("campaigns.field.excess", Step.MESSAGE, {"preheader": "Pour {{{{prenom}}}}"}),
        ("reminder.field", Step.WHEN, {"reminders": (Reminder(days=4, body="{{{prenom}}}, {{lien}}"),)}),
        ("campaigns.subject.empty", Step.MESSAGE, {"subject": "\u200b\u200b"}),
        ("campaigns.body.empty", Step.MESSAGE, {"body": "\u200b \u2060\n\ufeff"}),
        ("reminder.field", Step.WHEN, {"reminders": (Reminder(days=4, body="{{prenom}, {{lien}}"),)}),
        ("reminder.field", Step.WHEN, {"reminders": (Reminder(days=4, body="{{horoscope}}"),)}),
        ("nobody", Step.RECIPIENTS, {"people": ()}),
        ("past", Step.WHEN, {"send_at": NOW - timedelta(minutes=1)}),
        ("past", Step.WHEN, {"send_at": None}),
        ("closing.before", Step.PARAMETERS, {"closing_at": TUESDAY}),
        ("sender.unknown", Step.PARAMETERS, {"senders": ("other@studio-nova.example", "@nova.example")}),
        ("subject.blank", Step.MESSAGE, {"subject": "{{prenom}} {{nom}}", "people": (ZOE, NOBODY)}),
    ],
)
def test_what_blocks(key: str, step: Step, changes: dict[str, Any]) -> None:
    every = found(**changes)
    assert (every[key].level, every[key].step) == (Level.BLOCKING, step)
    assert blocking(tuple(every.values())) is next(iter(every.values())), "what blocks stands first"


@pytest.mark.parametrize(
    ("key", "step", "changes"),
    [
        ("untested", Step.MESSAGE, {"tested_at": None}),
        ("untested", Step.MESSAGE, {"edited_at": NOW + timedelta(minutes=1)}),
        ("link.none", Step.MESSAGE, {"body": "Bonjour"}),
        ("link.bare", Step.MESSAGE, {"body": "Répondez : https://forms.example/s/1."}),
        ("link.plain", Step.MESSAGE, {"body": "{{lien}} http://nova.example/infos"}),
        ("link.insecure", Step.PARAMETERS, {"link": "http://forms.example/s/1"}),
        ("subject.long", Step.MESSAGE, {"subject": "Votre avis " * 7}),
        ("subject.loud", Step.MESSAGE, {"subject": "VOTRE AVIS COMPTE, {{prenom | toi}}"}),
        ("subject.exclaims", Step.MESSAGE, {"subject": "Votre avis ! Vite !"}),
        ("subject.answer", Step.MESSAGE, {"subject": "Re: votre demande"}),
        ("subject.link", Step.MESSAGE, {"subject": "{{lien}}"}),
        ("subject.link", Step.MESSAGE, {"subject": "Répondez ici : {{ link }}"}),
        ("subject.answer", Step.MESSAGE, {"subject": "TR : votre demande"}),
        ("sender.webmail", Step.PARAMETERS, {"sender": Sender(address="nova@gmail.com")}),
        ("reply_to.deaf", Step.PARAMETERS, {"reply_to": Sender(address="no-reply@nova.example")}),
        ("answers", Step.PARAMETERS, {"link": "https://docs.google.com/forms/d/e/1FAIpQLSd/viewform"}),
        ("closing.soon", Step.PARAMETERS, {"closing_at": TUESDAY + timedelta(hours=5)}),
        ("weekend", Step.WHEN, {"send_at": datetime(2026, 11, 28, 9, tzinfo=UTC)}),
        ("night", Step.WHEN, {"send_at": datetime(2026, 11, 24, 20, tzinfo=UTC)}),
        ("night", Step.WHEN, {"readers_zone": "America/New_York"}),
        ("holiday", Step.WHEN, {"send_at": datetime(2026, 12, 25, 9, tzinfo=UTC)}),
        ("field.foreign", Step.MESSAGE, {"body": "Bonjour *|SALUT|* {{lien}}"}),
        ("field.strange", Step.WHEN, {"reminders": (Reminder(days=4, subject="{prenom} ?"),)}),
        ("size", Step.MESSAGE, {"weight": 103 * 1024}),
        ("value.long", Step.RECIPIENTS, {
            "body": "{{entreprise | x}} {{lien}}", "people": (replace(ZOE, company="W" * 1_001),),
        }),
        ("link.missing", Step.PARAMETERS, {
            "placement": Placement.COLUMN, "link_column": "Lien", "columns": ("Lien",),
            "people": (replace(ZOE, extras=("https://forms.example/zoe",)), replace(NOBODY, extras=("",))),
        }),
    ],
)  # fmt: skip
def test_what_is_worth_a_second_look(key: str, step: Step, changes: dict[str, Any]) -> None:
    every = found(**changes)
    assert (every[key].level, every[key].step) == (Level.WARNING, step)
    assert blocking(tuple(every.values())) is None
    assert len(every) == 1, "and nothing else is said of it"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{prenom}", "prenom"), ("[Prénom]", "prenom"), ("*|FNAME|*", "prenom"), ("<<Prénom>>", "prenom"),
        ("<‹Prénom>>", "prenom"), ("‹Prénom›", "prenom"), ("%prenom%", "prenom"),
        ("{Code client}", "Code client"), (r"\[Prénom\]", "prenom"),
    ],
)  # fmt: skip
def test_a_field_as_other_tools_write_it_is_told(written: str, meant: str) -> None:
    said = found(body=f"À 5%, bonjour {written} {{{{lien}}}}", columns=("Code client",))["field.strange"]
    assert said.values == {"written": written.replace("\\", ""), "field": f"{{{{{meant}}}}}"}


@pytest.mark.parametrize(
    "text", ["[ville](https://nova.example)", "[sic]", "10% de nom, 20%", "« nom »", "<b>nom</b>"]
)
def test_what_is_no_field_of_another_tool(text: str) -> None:
    assert found(body=f"{text} {{{{lien}}}}") == {}


def test_people_without_a_first_name_are_counted_with_what_they_would_read() -> None:
    body = "## Bonjour {{prenom}} {{nom | Petit}},\n\n[Répondre]({{lien}})"
    every = found((ZOE, NOBODY, NOBODY), body=body)
    assert every["blank"].values["n"] == 2
    assert every["blank"].values["read"] == "Bonjour  Martin,"
    assert every["blank"].blank == "first_name"


def test_where_nothing_else_stands_nothing_is_quoted() -> None:
    whole = found((ZOE, NOBODY), subject="{{prenom}}", body="{{prenom | x}} {{lien}}")["blank.whole"]
    assert (whole.values["n"], whole.blank) == (1, "first_name")


def test_of_a_long_line_the_part_with_the_blank_is_quoted() -> None:
    body = "Un mot " * 30 + "pour {{prenom}}, et rien d'autre " + "du tout " * 30 + "{{lien}}"
    read = found((NOBODY,), body=body)["blank"].values["read"]
    assert isinstance(read, str)
    assert "pour , et rien" in read
    assert (read[0], read[-1]) == ("…", "…")
    assert len(read) < 70


def test_another_column_is_named_by_its_title_and_has_no_default_of_ours() -> None:
    every = found((replace(ZOE, extras=("",)),), ("Segment",), body="Offre {{segment}} {{lien}}")
    what = every["blank"].values["what"]
    assert (what.key, dict(what.values)) == ("lint.column", {"title": "Segment"})  # type: ignore[union-attr]
    assert every["blank"].blank == ""


def test_a_default_is_enough() -> None:
    assert found((NOBODY,)) == {}


def test_the_same_field_needs_its_default_everywhere() -> None:
    every = found((NOBODY,), preheader="{{prenom}}, trois minutes")
    assert every["blank"].values["read"] == ", trois minutes"


def test_a_default_is_put_wherever_it_lacks() -> None:
    body = "{{Prénom}}, un mot.\n\n> Bonjour {{ prenom }}, {{prenom | toi}} {{nom}}"
    filled = with_default(body, "first_name", {True: "Bonjour", False: "à vous"}, ())
    assert (
        filled == "{{Prénom | Bonjour}}, un mot.\n\n> Bonjour {{prenom | à vous}}, {{prenom | toi}} {{nom}}"
    )


def test_who_lacks_most_is_found() -> None:
    half = replace(ZOE, company="", row=4)
    body = "{{prenom | x}} {{entreprise | x}}"
    assert survey(replace(GOOD, body=body), (), (ZOE, half, NOBODY, NOBODY)).poorest == 2
    assert survey(replace(GOOD, body=body), (), (ZOE, ZOE)).poorest is None


def test_a_letter_to_oneself_may_arrive_at_any_hour_and_untested() -> None:
    assert (
        found(to_myself=True, tested_at=None, when=When.NOW, send_at=datetime(2026, 11, 29, 2, tzinfo=UTC))
        == {}
    )


def test_a_pace_that_goes_beyond_the_closing() -> None:
    closes = TUESDAY + timedelta(hours=30)
    (slow,) = found(closing_at=closes, speed=200, count=10_000).values()
    assert (slow.key, slow.step, slow.level) == ("lint.closing.pace", Step.WHEN, Level.WARNING)
    assert slow.values["ends"] > closes  # type: ignore[operator]
    assert found(closing_at=closes, speed=200, count=1_000) == {}
    assert found(closing_at=closes, count=10_000) == {}


def test_reminders_against_the_closing() -> None:
    plan = (Reminder(days=4), Reminder(days=8))
    late = found(reminders=plan, closing_at=datetime(2026, 12, 3, 9, tzinfo=UTC))
    assert late["reminder.late"].values["number"] == 2
    soon = found(reminders=plan, closing_at=datetime(2026, 12, 4, 20, tzinfo=UTC))
    assert soon["reminder.soon"].values["number"] == 2
    assert found(reminders=plan, closing_at=datetime(2026, 12, 20, 9, tzinfo=UTC)) == {}


def test_a_holiday_is_named_for_who_reads_it() -> None:
    assert found(send_at=CHRISTMAS, language="fr")["holiday"].values["name"] == "Noël"
    assert found(send_at=CHRISTMAS, language="en")["holiday"].values["name"] == "Christmas Day"


def test_a_holiday_without_a_name_in_the_reader_s_language_is_its_country_s() -> None:
    thanksgiving: dict[str, Any] = {
        "send_at": datetime(2026, 11, 26, 16, tzinfo=UTC),
        "readers_zone": "America/New_York",
    }
    theirs = found(**thanksgiving, language="fr")["holiday.there"]
    assert (theirs.values["name"], theirs.country, theirs.zone) == ("", "US", "America/New_York")
    ours = found(**thanksgiving, language="en")["holiday.there"]
    assert (ours.values["name"], ours.country) == ("Thanksgiving Day", "")
    dakar = found(**{**thanksgiving, "readers_zone": "Africa/Dakar", "send_at": CHRISTMAS}, language="fr")
    assert dakar["holiday.there"].values["name"] == "Noël"


def test_the_sender_may_be_any_address_of_a_verified_domain() -> None:
    assert found(senders=("@studio-nova.example",)) == {}
    assert found(senders=("Enquetes@Studio-Nova.example",)) == {}


@pytest.mark.parametrize(
    "address", ["a@gmail.com", "a@ORANGE.fr", "a@yahoo.co.uk", "a@hotmail.be", "a@live.fr"]
)
def test_webmail(address: str) -> None:
    assert is_webmail(address)


@pytest.mark.parametrize(
    "address", ["a@orange.com", "a@studio-nova.fr", "a@mygmail.example", "a@mail.nova.example"]
)
def test_a_company_is_no_webmail(address: str) -> None:
    assert not is_webmail(address)


@pytest.mark.parametrize(
    "subject", ["Remise de prix", "IBM et vous", "Réponse attendue : votre avis", "OK !"]
)
def test_an_ordinary_subject_is_no_trick(subject: str) -> None:
    assert found(subject=subject) == {}


def test_a_longer_link_is_not_the_questionnaire_s() -> None:
    assert "link.bare" not in found(body="https://forms.example/s/123 {{lien}}")


@pytest.mark.parametrize(
    ("body", "key", "says"),
    [
        ("{{NOTE|x}}", "field.rivals", {"field": "{{NOTE}}", "meant": "Note", "other": "{{note}}"}),
        ("{{lien}}", "field.rivals.link", {"field": "{{lien}}", "other": "{{lien (colonne)}}"}),
        ("{{ville|x}}", "field.rivals.ours", {"field": "{{ville}}", "other": "{{Ville (colonne)}}"}),
    ],
)
def test_a_field_that_could_be_another_column_is_told(body: str, key: str, says: dict[str, str]) -> None:
    columns = ("Note", "note", *(("lien",) if "lien" in body else ()), "Ville")
    every = found(columns=columns, body=f"{body} {{{{link}}}} {body}")
    assert list(every) == [key], "once"
    assert says.items() <= every[key].values.items()
    assert (every[key].level, every[key].step) == (Level.WARNING, Step.MESSAGE)


def test_what_names_one_column_alone_is_not_doubted() -> None:
    columns = ("Note", "note", "lien", "Ville")
    assert found(columns=columns, body="{{Note|x}} {{note|x}} {{lien (colonne)|x}} {{link}}") == {}
    column = {"placement": Placement.COLUMN, "link_column": "lien"}
    zoe = replace(ZOE, extras=("", "", "https://forms.example/zoe", ""))
    assert found(columns=columns, people=(zoe,), body="Bonjour, {{lien}}", **column) == {}


def test_a_reminder_s_fields_are_doubted_too() -> None:
    every = found(columns=("Note", "note"), reminders=(Reminder(days=4, body="{{NOTE}} {{lien}}"),))
    assert every["field.rivals"].step is Step.WHEN
