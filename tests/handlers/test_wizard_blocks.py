"""The five dialogs as they are drawn, in both languages, and at their largest."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.campaigns import Step, When
from bot.core.choosing import Reach
from bot.core.lint import Finding, Level
from bot.core.people import Language
from bot.core.selection import Cause
from bot.texts import Say
from handlers.blocks.previews import Read
from handlers.blocks.questionnaires import holding
from handlers.blocks.tallies import Tally
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_check import Checked, check
from handlers.blocks.wizard_message import message
from handlers.blocks.wizard_parameters import parameters
from handlers.blocks.wizard_when import reschedule, when
from tests.handlers.campaign_records import (
    EN,
    FR,
    JEAN,
    MILLION,
    NOW,
    PING,
    WIDEST,
    a_campaign,
    a_list,
    a_member,
    buttons,
    words,
)
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
SIZES = pytest.mark.parametrize("changes", [{}, WIDEST], ids=["ordinary", "widest"])


def shown(say: Say = FR, *, changes: dict[str, Any] | None = None, **how: Any) -> Shown:
    draft = a_campaign(revision=3, **(changes or {}))
    return Shown(say=say, member=how.pop("member", a_member(say)), draft=draft, **how)


def reach(count: int = 398, **left_out: int) -> Reach:
    causes = {Cause(cause): n for cause, n in left_out.items()}
    chosen = count + sum(left_out.values())
    return Reach(total=chosen, chosen=chosen, count=count, left_out=causes)


def read(**changes: Any) -> Read:
    values = {
        "contact": JEAN, "place": 0, "places": 3, "subject": "Jean, votre avis en 3 minutes ?",
        "words": "Bonjour Jean,\n\nRépondre au questionnaire\nhttps://forms.example/s/1",
    }  # fmt: skip
    return Read(**{**values, **changes})


def test_the_check_knows_what_was_counted() -> None:
    lists = (replace(a_list(), version=3), replace(a_list(), version=12))
    assert check(shown(), checked(reach=reach(6), lists=lists))["private_metadata"] == "cmp_9:3:6-3-12"
    assert Tally.parse("6-3-12") == Tally.of(6, lists)
    for made_up in ("", "check", "6-", "-6", "6.5"):
        assert Tally.parse(made_up) is None


UNTESTED = Finding(level=Level.WARNING, key="lint.untested", step=Step.MESSAGE)
BLOCKING = Finding(level=Level.BLOCKING, key="campaigns.send_at.empty", step=Step.WHEN)


def checked(**changes: Any) -> Checked:
    values = {
        "lists": (a_list(),), "reach": reach(suppressed=14), "read": read(), "now": NOW, "undo_seconds": 60,
    }  # fmt: skip
    return Checked(**{**values, **changes})


def block(view: Any, block_id: str) -> Any:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


def inputs(view: Any) -> list[str]:
    return [one["block_id"] for one in view["blocks"] if one["type"] == "input"]


@BOTH
@SIZES
@pytest.mark.parametrize("options", [False, True])
@pytest.mark.parametrize("hub", [False, True])
def test_slack_takes_every_dialog(
    say: Say, changes: dict[str, Any], options: bool, hub: bool, fits: Fits
) -> None:
    told = "W" * 400 if changes else ""
    member = a_member(say, last_link="https://forms.example/" + "W" * 900)
    how = shown(say, changes=changes, options=options, hub=hub, told=told, member=member)
    fits(parameters(how))
    fits(message(how))
    fits(when(how, moment=NOW, undo_seconds=60, now=NOW))
    fits(check(how, checked(approval_above=3)))
    large = checked(
        lists=[a_list("W" * 80, MILLION)] * 20, reach=reach(MILLION, suppressed=MILLION, recent=MILLION),
        read=read(subject="W" * 400, words="W\n" * 9_000, preheader="W" * 150, poorest=2),
        findings=(BLOCKING, *[UNTESTED] * 30), approval_above=3,
    )  # fmt: skip
    fits(check(how, large))
    fits(check(how, replace(large, findings=())))
    fits(reschedule(say, how.draft, NOW))


def test_each_dialog_says_what_it_acts_on() -> None:
    view = parameters(shown())
    assert (view["callback_id"], view["private_metadata"]) == ("campaigns.parameters", "cmp_9:3")
    assert view["notify_on_close"] is True
    assert parameters(shown(hub=True))["private_metadata"] == "cmp_9:3:check"


def test_the_link_is_the_only_empty_field() -> None:
    view = parameters(shown(changes={"link": ""}))
    assert inputs(view) == ["link", "name"]
    assert "initial_value" not in block(view, "link")["element"]
    assert block(view, "name")["element"]["initial_value"] == "Satisfaction 2026"
    assert "campaigns.back" not in buttons(view)


def test_more_options() -> None:
    few, more = parameters(shown()), parameters(shown(options=True))
    assert inputs(more) == [
        "link", "name", "sender_name", "reply_to", "language", "closing", "placement", "link_parameter",
        "answers_by", "deputy", "reason",
    ]  # fmt: skip
    assert block(few, "link") == block(more, "link"), "the same ids keep what was typed"
    assert "campaigns.options" in buttons(few)
    assert "campaigns.options" not in buttons(more)
    reason = block(more, "reason")["element"]["initial_value"]
    assert reason == "Vous figurez parmi les contacts de Studio Nova."


def test_the_last_link_is_offered() -> None:
    member = a_member(last_link="https://forms.example/s/2")
    offered = shown(changes={"link": ""}, member=member)
    assert words(buttons(parameters(offered))["campaigns.reuse"]) == "Reprendre forms.example/s/2"
    reused = holding(parameters(offered), member.last_link)
    assert "campaigns.reuse" not in buttons(reused)
    assert "campaigns.options" in buttons(reused)
    before, after = block(parameters(offered), "link")["element"], block(reused, "link")["element"]
    assert after["initial_value"] == member.last_link
    assert before["action_id"] != after["action_id"], "Slack would keep the empty field under the same id"


@pytest.mark.parametrize("language", list(Language))
def test_the_first_letter_is_in_the_campaign_s_language(language: Language) -> None:
    view = message(shown(EN, changes={"language": language}))
    said = words(block(view, "body")["element"]["initial_value"])
    subject = block(view, "subject")["element"]["initial_value"]
    if language is Language.FRENCH:
        assert "Bonjour {{prenom | à vous}}," in said
        assert "[Répondre au questionnaire]({{lien}})" in said
        assert "votre avis" in subject
    else:
        assert "Hi {{first_name | there}}," in said
        assert "[Answer the survey]({{link}})" in said
        assert "how did we do" in subject


def test_the_next_letter_starts_from_the_last_one() -> None:
    member = a_member(last_subjects=(("fr", "Mon objet"),), last_bodies=(("fr", "Mes *mots*"),))
    view = message(shown(member=member))
    assert block(view, "subject")["element"]["initial_value"] == "Mon objet"
    (section,) = block(view, "body")["element"]["initial_value"]["elements"]
    assert section["elements"][1] == {"type": "text", "text": "mots", "style": {"italic": True}}


def test_when() -> None:
    view = when(shown(), moment=NOW, undo_seconds=60, now=NOW)
    element = block(view, "when")["element"]
    assert [one["value"] for one in element["options"]] == ["later", "now"]
    assert element["initial_option"]["value"] == "later", "never now by default"
    assert "60 secondes pour annuler" in words(element)
    assert block(view, "send_at")["element"]["initial_date_time"] == int(NOW.timestamp())
    assert "Paris" in words(block(view, "send_at"))


def test_the_check_in_french() -> None:
    view = check(shown(), checked(findings=(UNTESTED,)))
    assert words(view["title"]) == "Dernière vérification"
    assert words(view["submit"]) == "Programmer pour 398"
    assert "Aucun test reçu" in words(block(view, "finding.0"))
    assert words(block(view, "check.recipients")).startswith(
        "*398 personnes* = 412 − 14 désinscrites · Clients 2026\nRecompté au départ"
    )
    assert words(block(view, "check.when")).startswith("*mardi 24 novembre à 10:00* (Paris), dans 18 h 46")
    assert words(block(view, "check.message")).startswith(
        "*Jean, votre avis en 3 minutes ?*\nDe Studio Nova &lt;enquetes@studio-nova.example&gt; · "
        "réponses à claire@studio-nova.example"
    )
    assert "<https://forms.example/s/1|forms.example/s/1>" in words(block(view, "check.parameters"))
    said = words(view)
    assert "Bonjour Jean," in said
    assert "Jean Dupont" in said
    parts = [one for one in view["blocks"] if str(one.get("block_id", "")).startswith("check.")]  # type: ignore[attr-defined]
    assert [one["accessory"]["value"] for one in parts] == [
        f"cmp_9:3:{step}" for step in ("recipients", "when", "message", "parameters")
    ]


def test_the_check_in_english() -> None:
    view = check(shown(EN), checked())
    assert words(view["submit"]) == "Schedule for 398"
    assert words(block(view, "check.when")).startswith(
        "*Tuesday, November 24 at 4:00 AM* (New York), in 18 h 46"
    )


@BOTH
@pytest.mark.parametrize("choice", list(When))
@pytest.mark.parametrize("above", [None, 0])
@pytest.mark.parametrize("count", [1, 391, 123_456, MILLION, 9_999_999])
def test_the_button_carries_the_whole_number(say: Say, choice: When, above: int | None, count: int) -> None:
    view = check(shown(say, changes={"when": choice}), checked(reach=reach(count), approval_above=above))
    words_on_it = view["submit"]["text"]  # type: ignore[index]
    assert say.number(count) in words_on_it
    assert len(words_on_it) <= 24


def test_an_approval_is_announced_where_it_is_needed() -> None:
    asked = check(shown(), checked(reach=reach(391), approval_above=390))
    assert words(asked["submit"]) == "Demander l'accord · 391"
    assert "Au-dessus de 390 lettres" in words(asked)
    below = check(shown(), checked(reach=reach(390), approval_above=390))
    assert words(below["submit"]) == "Programmer pour 390"
    assert "accord" not in words(below)
    mine = check(shown(changes={"to_myself": True}), checked(reach=reach(1), approval_above=0))
    assert "accord" not in words(mine), "one's own letter needs nobody's leave"


def test_a_deputy_is_named() -> None:
    assert "<@U2> peut suspendre et arrêter cet envoi." in words(
        check(shown(changes={"deputy": "U2"}), checked())
    )
    assert "suspendre" not in words(check(shown(), checked()))


def test_nothing_can_be_sent_while_something_blocks() -> None:
    view = check(shown(), checked(findings=(BLOCKING, UNTESTED)))
    assert "submit" not in view
    assert buttons({"blocks": [block(view, "finding.0")]})["campaigns.edit"]["value"] == "cmp_9:3:when"


def test_only_what_works_is_offered() -> None:
    assert {"campaigns.test", "campaigns.preview", "campaigns.back"} < set(buttons(check(shown(), checked())))
    alone = check(shown(), checked(read=read(places=1)))
    assert "campaigns.preview" not in buttons(alone)
    mine = check(shown(changes={"to_myself": True}), checked())
    assert "campaigns.test" not in buttons(mine)


def test_now_says_how_long_it_can_be_taken_back() -> None:
    view = check(shown(changes={"when": When.NOW}), checked())
    assert "60 secondes pour annuler" in words(block(view, "check.when"))
    mine = check(shown(changes={"when": When.NOW, "to_myself": True}), checked(reach=reach(1)))
    assert "pour annuler" not in words(block(mine, "check.when"))
    assert words(mine["submit"]) == "Envoyer à 1"


def test_nothing_in_a_letter_or_a_name_can_ping_anybody() -> None:
    view = check(
        shown(changes={"name": PING}),
        checked(lists=(a_list(PING),), read=read(subject=PING, words=PING, preheader=PING)),
    )
    quote = next(one for one in view["blocks"] if one["type"] == "rich_text")  # type: ignore[attr-defined]
    assert PING in words(quote), "rich text shows it as it is, and mentions nobody"
    others = [one for one in view["blocks"] if one is not quote]  # type: ignore[attr-defined]
    assert "<!channel>" not in words(others)


def test_another_moment_for_a_scheduled_campaign() -> None:
    view = reschedule(EN, a_campaign(revision=3), NOW)
    assert view["private_metadata"] == "cmp_9:3:move"
    assert inputs(view) == ["send_at"]
    assert "notify_on_close" not in view


@pytest.mark.parametrize("step", list(Step))
def test_titles_are_short_enough_for_slack(step: Step) -> None:
    for say in (FR, EN):
        assert len(say(f"campaigns.title.{step.value}")) <= 24
