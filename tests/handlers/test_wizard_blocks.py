"""The five dialogs as they are drawn, in both languages, and at their largest."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import Step, When
from bot.core.people import Language
from bot.texts import Say
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_check import Checked, check
from handlers.blocks.wizard_message import message
from handlers.blocks.wizard_parameters import parameters
from handlers.blocks.wizard_recipients import recipients
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


def checked(**changes: Any) -> Checked:
    values = {
        "contact_list": a_list(), "total": 412, "count": 398, "left_out": {"suppressed": 14},
        "contact": JEAN, "place": 0, "places": 3, "subject": "Jean, votre avis en 3 minutes ?",
        "words": "Bonjour Jean,\n\nRépondre au questionnaire\nhttps://forms.example/s/1", "now": NOW,
        "undo_seconds": 60,
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
    lists = [a_list("W" * 80, MILLION, f"lst_{n}") for n in range(150)]
    fits(parameters(how))
    fits(parameters(how, reused=member.last_link))
    fits(recipients(how, lists, lists[120], {"suppressed": MILLION // 3}))
    fits(recipients(how, lists[:1], None, {}))
    fits(recipients(how, [], None, {}))
    fits(message(how))
    fits(when(how, moment=NOW, undo_seconds=60))
    fits(check(how, checked()))
    large = checked(
        contact_list=lists[0],
        total=MILLION,
        count=MILLION,
        left_out={},
        subject="W" * 400,
        words="W\n" * 9_000,
    )
    fits(check(how, large))
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
    assert inputs(more) == ["link", "name", "sender", "reply_to", "language", "reason", "link_parameter"]
    assert block(few, "link") == block(more, "link"), "the same ids keep what was typed"
    assert "campaigns.options" in buttons(few)
    assert "campaigns.options" not in buttons(more)
    reason = block(more, "reason")["element"]["initial_value"]
    assert reason == "Vous figurez parmi les contacts de Studio Nova."


def test_the_last_link_is_offered() -> None:
    member = a_member(last_link="https://forms.example/s/2")
    offered = shown(changes={"link": ""}, member=member)
    assert words(buttons(parameters(offered))["campaigns.reuse"]) == "Reprendre forms.example/s/2"
    reused = parameters(offered, reused=member.last_link)
    assert "campaigns.reuse" not in buttons(reused)
    before, after = block(parameters(offered), "link")["element"], block(reused, "link")["element"]
    assert after["initial_value"] == member.last_link
    assert before["action_id"] != after["action_id"], "Slack would keep the empty field under the same id"


def test_recipients() -> None:
    view = recipients(shown(), [a_list(), a_list("Autres", 5, "lst_8")], a_list(), {"suppressed": 14})
    options = block(view, "list")["element"]["options"]
    assert [one["text"]["text"].replace("\u00a0", " ") for one in options] == [
        "Clients 2026 · 412 contacts",
        "Autres · 5 contacts",
    ]
    assert words(block(view, "reach")) == "*398 personnes* = 412 − 14 désinscrites"


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
    view = when(shown(), moment=NOW, undo_seconds=60)
    element = block(view, "when")["element"]
    assert [one["value"] for one in element["options"]] == ["later", "now"]
    assert element["initial_option"]["value"] == "later", "never now by default"
    assert "60 secondes pour annuler" in words(element)
    assert block(view, "send_at")["element"]["initial_date_time"] == int(NOW.timestamp())
    assert "Paris" in words(block(view, "send_at"))


def test_the_check_in_french() -> None:
    view = check(shown(), checked())
    assert words(view["title"]) == "Dernière vérification"
    assert words(view["submit"]) == "Programmer pour 398"
    assert words(block(view, "alert")) == "Aucun test reçu depuis votre dernière modification du message."
    assert words(block(view, "check.recipients")).startswith(
        "*398 personnes* · Clients 2026\n412 − 14 désinscrites. Recompté au départ."
    )
    assert words(block(view, "check.when")).startswith("*mardi 24 novembre à 10:00* (Paris), dans 18 h 46")
    assert words(block(view, "check.message")).startswith(
        "*Jean, votre avis en 3 minutes ?*\nDe Studio Nova &lt;enquetes@studio-nova.example&gt; · "
        "réponses à claire@studio-nova.example"
    )
    assert "<https://forms.example/s/1|forms.example/s/1>" in words(block(view, "check.parameters"))
    said = words(view)
    assert "Bonjour Jean," in said
    assert "Lettre de Jean Dupont (ligne 2)." in said
    steps = [one["accessory"]["value"] for one in view["blocks"] if "accessory" in one]
    assert steps == [f"cmp_9:3:{step}" for step in ("recipients", "when", "message", "parameters")]


def test_the_check_in_english() -> None:
    view = check(shown(EN), checked())
    assert words(view["submit"]) == "Schedule for 398"
    assert words(block(view, "check.when")).startswith(
        "*Tuesday, November 24 at 4:00 AM* (New York), in 18 h 46"
    )


@BOTH
@pytest.mark.parametrize("choice", list(When))
@pytest.mark.parametrize("count", [1, 391, 123_456, MILLION, 9_999_999])
def test_the_button_carries_the_whole_number(say: Say, choice: When, count: int) -> None:
    view = check(shown(say, changes={"when": choice}), checked(count=count))
    assert say.number(count) in view["submit"]["text"]  # type: ignore[index]


def test_nobody_left() -> None:
    view = check(shown(), checked(count=0, left_out={"suppressed": 412}))
    assert "submit" not in view
    assert block(view, "alert")["level"] == "error"
    assert "Il ne reste personne" in words(block(view, "alert"))


def test_a_tested_letter_needs_no_warning() -> None:
    view = check(shown(changes={"tested_at": NOW, "edited_at": NOW - timedelta(hours=1)}), checked())
    assert "alert" not in [one.get("block_id") for one in view["blocks"]]
    again = check(shown(changes={"tested_at": NOW, "edited_at": NOW + timedelta(hours=1)}), checked())
    assert "Aucun test" in words(block(again, "alert"))


def test_only_what_works_is_offered() -> None:
    assert {"campaigns.test", "campaigns.preview", "campaigns.back"} < set(buttons(check(shown(), checked())))
    alone = check(shown(member=a_member(email="")), checked(places=1))
    assert {"campaigns.test", "campaigns.preview"}.isdisjoint(buttons(alone))
    assert "adresse e-mail" in words(block(alone, "alert"))


def test_another_contact_turns_in_a_circle() -> None:
    assert buttons(check(shown(), checked(place=2)))["campaigns.preview"]["value"] == "cmp_9:3:0"


def test_now_says_how_long_it_can_be_taken_back() -> None:
    view = check(shown(changes={"when": When.NOW}), checked())
    assert "60 secondes pour annuler" in words(block(view, "check.when"))
    mine = check(shown(changes={"when": When.NOW, "to_myself": True}), checked(count=1))
    assert "pour annuler" not in words(block(mine, "check.when"))
    assert words(mine["submit"]) == "Envoyer à 1"


def test_nothing_in_a_letter_or_a_name_can_ping_anybody() -> None:
    view = check(
        shown(changes={"name": PING}),
        checked(contact_list=a_list(PING), subject=PING, words=PING),
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
