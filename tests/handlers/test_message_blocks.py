"""Step 3, the letter on the check, what was found and the templates' dialogs, as they are drawn."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core import fields
from bot.core.campaigns import Step
from bot.core.ids import MemberId, TemplateId, WorkspaceId
from bot.core.lint import Finding, Level
from bot.core.people import Language
from bot.core.sentences import sentence
from bot.core.templates import MOST, OFFERED, Shipped, Template, Words
from bot.texts import Say
from handlers.blocks import insertions, kit, lint, previews, templates
from handlers.blocks.previews import Read
from handlers.blocks.wizard import Shown, frame
from handlers.blocks.wizard_message import PLAIN, Desk, message
from tests.handlers.campaign_records import (
    EN,
    FR,
    JEAN,
    NOW,
    PING,
    WIDEST,
    W,
    a_campaign,
    a_member,
    buttons,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
BODY = "Bonjour {{prenom | à vous}},\n\n[Répondre]({{lien}})"


def shown(say: Say = FR, *, changes: dict[str, Any] | None = None, **how: Any) -> Shown:
    draft = a_campaign(revision=3, **{"subject": "Votre avis ?", "body": BODY, **(changes or {})})
    return Shown(say=say, member=how.pop("member", a_member(say)), draft=draft, **how)


def a_template(number: int = 0, **changes: Any) -> Template:
    values: dict[str, Any] = {
        "workspace": WorkspaceId("T1"), "id": TemplateId(f"tpl_{number}"), "owner": MemberId("U1"),
        "title": "Clients fidèles", "language": Language.FRENCH, "words": Words(subject="s", body="b"),
        "created_at": NOW,
    }  # fmt: skip
    return Template(**{**values, **changes})


WIDE = a_template(title=W * 60, words=Words(subject=W * 150, body=W), shared=True)
FULL = Desk(
    columns=[f"{W * 200} {n}" for n in range(300)],
    mine=[replace(WIDE, id=TemplateId(f"tpl_m{n}")) for n in range(MOST)],
    shared=[replace(WIDE, id=TemplateId(f"tpl_s{n}"), language=Language.ENGLISH) for n in range(OFFERED)],
)


def block(view: Any, block_id: str) -> Any:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


def menu(view: Any, action_id: str) -> Any:
    every = (one for each in view["blocks"] for one in each.get("elements", []))
    return next(one for one in every if one.get("action_id") == action_id)


@BOTH
@pytest.mark.parametrize("changes", [{}, WIDEST], ids=["ordinary", "widest"])
@pytest.mark.parametrize("desk", [Desk(), FULL], ids=["empty", "full"])
@pytest.mark.parametrize("options", [False, True])
def test_slack_takes_step_three(
    say: Say, changes: dict[str, Any], desk: Desk, options: bool, fits: Fits
) -> None:
    replaced = Words(subject=W * 150, body=W * 20_000)
    for markdown in (False, True):
        draft = {**changes, "is_markdown": markdown, "replaced": replaced if options else None}
        fits(message(shown(say, changes=draft, options=options, hub=options, told=W * 300), desk))


@BOTH
def test_slack_takes_the_templates_dialogs(say: Say, fits: Fits) -> None:
    fits(templates.save(say, a_campaign(), "hub.options"))
    fits(templates.mine(say, []))
    fits(templates.mine(say, FULL.mine))
    fits(templates.edit(say, WIDE))
    fits(templates.edit(say, a_template()))


@BOTH
def test_slack_takes_the_letter_and_the_findings(say: Say, fits: Fits) -> None:
    how = shown(say, changes=WIDEST)
    wide = replace(JEAN, first_name=W * 200, last_name=W * 200)
    read = Read(
        contact=wide, place=7, places=1_000_000, poorest=999_999, subject=W * 400, preheader=W * 400,
        words=f"{W}\n" * 9_000,
    )  # fmt: skip
    found = [a_finding(Level.BLOCKING)] * 40 + [a_finding(Level.WARNING, blank="first_name")] * 40
    blocks = [
        *lint.findings(how, found[38:]), *previews.letter(how, read),
        kit.actions(previews.test_button(how, read)),
    ]  # fmt: skip
    fits(frame(how, Step.CHECK, [*blocks, *previews.testers(how)]))
    fits(lint.everything(say, found))


def a_finding(level: Level = Level.WARNING, **changes: Any) -> Finding:
    values = {"n": 14, "what": sentence("lint.field.first_name"), "read": "Bonjour ,"}
    return Finding(**{"level": level, "key": "lint.blank", "step": Step.MESSAGE, "values": values, **changes})


# --- the editors --------------------------------------------------------------------------------------


def test_markdown_is_written_in_a_plain_field_while_it_holds_it() -> None:
    plain = message(shown(changes={"is_markdown": True}, options=True))
    element = block(plain, "body")["element"]
    assert (element["type"], element["multiline"], element["initial_value"]) == (
        "plain_text_input",
        True,
        BODY,
    )
    assert words(buttons(plain)["campaigns.markdown"]) == "Éditeur de Slack"
    long = message(shown(changes={"is_markdown": True, "body": W * (PLAIN + 1)}, options=True))
    assert block(long, "body")["element"]["type"] == "rich_text_input"
    assert "campaigns.markdown" not in buttons(long)


def test_other_words_stand_under_another_id_and_the_same_under_the_same() -> None:
    view, again = message(shown()), message(shown(options=True))
    other = message(shown(changes={"body": "Autre"}))
    assert block(view, "body")["element"]["action_id"] == block(again, "body")["element"]["action_id"]
    assert block(view, "body")["element"]["action_id"] != block(other, "body")["element"]["action_id"]
    assert block(view, "subject") == block(other, "subject")


# --- fields -------------------------------------------------------------------------------------------


def test_fields_are_offered_by_name() -> None:
    desk = Desk(columns=["Segment", "Ville", "segment", "{}|", "date de visite"])
    view = message(shown(), desk)
    offered = [one["text"]["text"] for one in menu(view, "campaigns.field_body")["options"]]
    assert offered == [
        "Prénom", "Nom", "Entreprise", "Ville", "Fonction", "Bouton du questionnaire", "Segment",
        "Ville (colonne)", "segment", "(4)", "date de visite",
    ]  # fmt: skip
    subject = [one["text"]["text"] for one in menu(view, "campaigns.field_subject")["options"]]
    assert "Bouton du questionnaire" not in subject


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("first_name", "{{prenom}}"), ("job_title", "{{fonction}}"), ("column.1", "{{date de visite}}"),
        ("link", "[Répondre au questionnaire]({{lien}})"), ("column.7", ""), ("password", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_field_is_written_as_somebody_would(name: str, written: str) -> None:
    columns = ["Segment", "date de visite"]
    assert insertions.written(Language.FRENCH, columns, name, into_subject=False) == written


@BOTH
def test_every_column_is_offered_and_what_is_put_in_means_it(say: Say) -> None:
    columns = ["Note", "note", "lien", "a|b", "a b", "Location", "{{y}}"]
    offered = insertions.options(say, columns, into_subject=False)[6:]
    texts = [
        insertions.written(say.language, columns, one["value"], into_subject=False)  # type: ignore[arg-type]
        for one in offered
    ]
    assert texts == [
        "{{Note}}", "{{note}}", "{{lien (colonne)}}", "{{a b (4)}}", "{{a b}}",
        "{{Location (column)}}", "{{y}}",
    ]  # fmt: skip
    meant = [one.name for one in fields.placeholders(" ".join(texts), columns)]
    assert meant == [fields.column_name(place) for place in range(7)]


def test_no_button_stands_in_a_subject() -> None:
    assert insertions.written(Language.ENGLISH, [], "link", into_subject=True) == ""


@pytest.mark.parametrize(
    ("before", "field", "after"),
    [
        ("", "{{nom}}", "{{nom}}"),
        ("Bonjour", "{{nom}}", "Bonjour {{nom}}"),
        ("Bonjour\n", "{{nom}}", "Bonjour\n{{nom}}"),
        ("Bonjour\n", "[R]({{lien}})", "Bonjour\n\n[R]({{lien}})"),
        (" ", "[R]({{lien}})", "[R]({{lien}})"),
    ],
)
def test_it_lands_at_the_end(before: str, field: str, after: str) -> None:
    assert insertions.inserted(before, field) == after


# --- templates ----------------------------------------------------------------------------------------


def test_templates_to_start_from() -> None:
    desk = Desk(mine=[a_template(1, language=Language.ENGLISH), a_template(2)], shared=[a_template(3)])
    groups = menu(message(shown(), desk), "templates.start")["option_groups"]
    assert [one["label"]["text"] for one in groups] == [
        "Prêts à envoyer",
        "Mes modèles",
        "Partagés par d'autres",
    ]
    assert [[one["text"]["text"] for one in group["options"]] for group in groups] == [
        ["Invitation", "Relance"],
        ["Clients fidèles", "Clients fidèles · Anglais"],
        ["Clients fidèles"],
    ]
    alone = menu(message(shown()), "templates.start")["option_groups"]
    assert len(alone) == 1


@pytest.mark.parametrize("kind", list(Shipped))
@pytest.mark.parametrize("language", list(Language))
def test_shipped_templates_are_short_and_greet_whoever_has_no_name(kind: Shipped, language: Language) -> None:
    found = templates.shipped(kind, language)
    assert len(found.subject) < 60
    assert len(found.body) < 900
    assert "| " in found.subject
    assert "| " in found.body.split("\n")[0]
    assert ("({{lien}})" if language is Language.FRENCH else "({{link}})") in found.body
    assert templates.is_shipped(found)
    assert not templates.is_shipped(replace(found, body="Mes mots"))


# --- what was found -----------------------------------------------------------------------------------


def test_findings_say_what_is_read_and_offer_the_way_out() -> None:
    how = shown()
    (blank,) = lint.findings(how, [a_finding(blank="first_name")])
    assert words(blank).startswith(":warning: 14 personnes sans prénom : elles liront « Bonjour , ».")
    fill = buttons(blank)["campaigns.fill"]
    assert (words(fill), fill["value"]) == ("Écrire « à vous »", "cmp_9:3:first_name")
    (edit,) = lint.findings(how, [a_finding(Level.BLOCKING)])
    assert words(edit).startswith(":no_entry:")
    assert buttons(edit)["campaigns.edit"]["value"] == "cmp_9:3:message"


def test_five_findings_are_shown_and_the_rest_counted() -> None:
    found = lint.findings(shown(EN), [a_finding()] * 7)
    assert len(found) == 6
    assert words(found[-1]).startswith("and 2 more remarks")
    assert len(lint.findings(shown(EN), [a_finding()] * 5)) == 5


@BOTH
def test_every_field_has_a_default_in_the_letter_s_language(say: Say) -> None:
    for name in lint.FILLED:
        found = lint.defaults(a_campaign(language=say.language), name)
        assert found[True][0].isupper()
        assert "|" not in found[False]


# --- the letter on the check --------------------------------------------------------------------------


def read(**changes: Any) -> Read:
    values: dict[str, Any] = {
        "contact": JEAN, "place": 0, "places": 3, "subject": "Jean, votre avis ?", "words": "Bonjour Jean",
    }  # fmt: skip
    return Read(**{**values, **changes})


def test_only_ways_to_other_letters_are_offered() -> None:
    first = buttons(previews.letter(shown(), read(poorest=2)))
    assert set(first) == {"campaigns.preview", "campaigns.preview_poorest"}
    last = buttons(previews.letter(shown(), read(place=2, poorest=2)))
    assert set(last) == {"campaigns.preview", "campaigns.preview_first"}
    assert last["campaigns.preview"]["value"] == "cmp_9:3:0"
    assert buttons(previews.letter(shown(), read(places=1))) == {}
    lent = previews.letter(shown(), read(is_open=False))
    assert buttons(lent) == {}
    assert "personne inventée" in words(lent)


def test_nothing_in_a_letter_or_a_name_can_ping_anybody() -> None:
    blocks = previews.letter(
        shown(), read(subject=PING, preheader=PING, words=PING, contact=replace(JEAN, first_name=PING))
    )
    quote = next(one for one in blocks if one["type"] == "rich_text")
    assert PING in words(quote), "rich text shows it as it is, and mentions nobody"
    assert "<!channel>" not in words([one for one in blocks if one is not quote])


def test_a_test_is_offered_to_colleagues_where_one_has_no_address() -> None:
    alone = shown(member=a_member(email=""))
    assert words(previews.test_button(alone, read())[0]) == "Envoyer un test"
    assert words(previews.test_button(shown(), read())[0]) == "M'envoyer un test"
    mine = shown(changes={"to_myself": True})
    assert previews.test_button(mine, read()) == previews.testers(mine) == []
