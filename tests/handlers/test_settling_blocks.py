"""The question about letters to check, drawn in both languages, at every stage, and at its largest."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.campaigns import State
from bot.core.contacts import Contact
from bot.core.delivery import Doubt, Settlement
from bot.core.settling import Clue, Log, Question, mark
from bot.texts import Say
from handlers.blocks import home, settling
from tests.handlers.campaign_records import EN, FR, NOW, PING, WIDEST, W, a_campaign, buttons, words
from tests.handlers.conftest import Fits

BOTH = pytest.mark.parametrize("say", [FR, EN], ids=["french", "english"])
CAUSES = [*sorted(settling.CAUSES), "unrecorded"]


def a_doubt(batch: int = 0, people: int = 1_000, why: str = "reset") -> Doubt:
    since = NOW + timedelta(minutes=batch)
    return Doubt(wave=0, batch=batch, claimed_at=since, since=since, why=why, people=people)


def a_question(*doubts: Doubt, **changes: Any) -> Question:
    values = {"doubts": doubts or (a_doubt(),), "accepted": 2_000, "may_resend": True}
    return Question(**{**values, **changes})


LARGEST = a_question(
    *(a_doubt(place, 160_000, why) for place, why in enumerate(CAUSES)),
    accepted=1_000_000, left=1_000_000, receipts=1_000_000, clue=Clue(log=Log.MISSING, at=NOW), waits=True,
)  # fmt: skip
STAGES = {
    "ordinary": a_question(),
    "one": a_question(a_doubt(people=1), accepted=1, left=1, receipts=1),
    "largest": LARGEST,
    "waits": a_question(waits=True),
    "over": a_question(is_over=True),
    "stopped": a_question(may_resend=False, clue=Clue(log=Log.AWAY)),
    "lent": a_question(names_people=False, clue=Clue(log=Log.UNREADABLE)),
    "spared": a_question(persons=1_000, again=988),
    "needless": a_question(persons=1_000, again=0),
    "closed": Question(
        settlements=tuple(
            Settlement(at=NOW, by=by, gone=gone, people=people)
            for by, gone in (("events", True), ("log", True), ("U0CLAIRE", True), ("U0CLAIRE", False))
            for people in (1, 1_000)
        )
    ),
}


@BOTH
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("changes", [{}, WIDEST], ids=["ordinary", "widest"])
def test_slack_takes_the_question_at_every_stage(
    say: Say, stage: str, changes: dict[str, Any], fits: Fits
) -> None:
    campaign = a_campaign(State.SENT, **changes)
    shown = settling.question(say, campaign, STAGES[stage])
    fits(shown)
    assert "batch" not in words(shown).lower()
    assert " lot " not in words(shown).lower()
    if STAGES[stage].doubts:
        fits(("line", settling.line(say, campaign, STAGES[stage])))


@BOTH
def test_home_holds_many_questions_before_what_else_waits(say: Say, fits: Fits) -> None:
    campaign = a_campaign(State.SENT, **WIDEST)
    content = home.Content(
        needs_you=[], campaigns=[], drafts=[], lists=[], questions=[(campaign, LARGEST)] * 40
    )
    view = home.home(say, content, {})
    fits(view)
    assert words(view).startswith(words({"text": say("home.needs_you")}))
    assert "campaigns.resend" in buttons(view)


STAYS = {
    "ordinary": {"wait", "settle", "uncertain", "resend"},
    "waits": {"settle", "uncertain", "resend"},
    "over": {"uncertain", "resend"},
    "stopped": {"wait", "settle", "uncertain"},
    "lent": {"wait", "settle", "resend"},
    "spared": {"wait", "settle", "resend", "uncertain"},
    "needless": {"wait", "settle", "uncertain"},
    "closed": set[str](),
}


@pytest.mark.parametrize("stage", STAYS)
def test_only_what_works_is_offered(stage: str) -> None:
    _, blocks = settling.question(FR, a_campaign(State.SENT), STAGES[stage])
    assert set(buttons(blocks)) == {f"campaigns.{verb}" for verb in STAYS[stage]}


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (FR, "12 ont répondu, se sont désinscrites ou ont eu une lettre depuis : rien ne leur sera renvoyé."),
        (EN, "12 of them have answered, unsubscribed or got a later letter: not resent."),
    ],
    ids=["fr", "en"],
)
def test_who_needs_none_is_counted_out(say: Say, said: str) -> None:
    _, blocks = settling.question(say, a_campaign(State.SENT), STAGES["spared"])
    assert said in words((_, blocks))
    assert "988" in str(buttons(blocks)["campaigns.resend"])


@BOTH
@pytest.mark.parametrize("is_over", [False, True])
def test_silent_for_reminders_only_where_one_may_leave(say: Say, is_over: bool) -> None:
    silent = "silencieuses" if say is FR else "silent"
    for reminds in (False, True):
        asked = a_question(is_over=is_over, reminds=reminds)
        assert (silent in words(settling.question(say, a_campaign(State.SENT), asked))) is reminds


def test_every_decision_names_what_was_shown() -> None:
    asked = a_question(a_doubt(0), a_doubt(3))
    drawn = buttons(settling.question(FR, a_campaign(State.SENT), asked)[1])
    for verb in ("wait", "settle", "resend"):
        assert drawn[f"campaigns.{verb}"]["value"] == f"cmp_9:1:{mark(asked.doubts)}"


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (FR, "Renvoyer aux 1 000|Si le premier envoi était bien parti, ces 1 000 personnes recevront "
             "la lettre deux fois. Ce choix est noté à votre nom."),
        (EN, "Resend to 1,000|If the first sending did leave, these 1,000 people get the letter twice. "
             "This choice is noted in your name."),
    ],
)  # fmt: skip
def test_the_risk_is_named_before_anything_leaves(say: Say, said: str) -> None:
    resend = buttons(settling.question(say, a_campaign(State.SENT), a_question()))["campaigns.resend"]
    shown = f"{words({'text': resend['text']['text']})}|{words(resend['confirm']['text'])}"
    assert shown == said
    assert resend["style"] == "danger"


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("reset", "La connexion a coupé juste après la remise de 1 000 lettres de *Satisfaction 2026*"),
        ("timeout", "n'a pas répondu à temps"),
        ("server", "a répondu par une erreur"),
        ("unreadable", "est arrivée illisible"),
        ("restart", "On m'a arrêté pendant la remise"),
        ("unrecorded", "Je n'ai pas pu noter la réponse"),
    ],
)
def test_the_cause_in_words(why: str, said: str) -> None:
    assert said in words(settling.question(FR, a_campaign(State.SENT), a_question(a_doubt(why=why))))


def test_what_has_not_left_of_a_stopped_campaign_never_will() -> None:
    runs = a_question(left=6_000)
    stopped = a_question(left=6_000, may_resend=False)
    said, over = (words(settling.question(FR, a_campaign(State.STOPPED), one)) for one in (runs, stopped))
    assert "6 000 ne sont pas encore parties." in said
    assert "6 000 autres ne sont pas parties et ne partiront pas." in over


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("events", "je sais ce que sont devenues les lettres"),
        ("log", "je sais ce que sont devenues les lettres"),
        ("U0CLAIRE", "il n'y a plus de lettre à vérifier"),
    ],
)
def test_who_decided_did_not_learn(by: str, said: str) -> None:
    settled = Settlement(at=NOW, by=by, gone=True, people=7)
    assert said in words(settling.question(FR, a_campaign(State.SENT), Question(settlements=(settled,))))


def test_a_campaigns_name_pings_nobody() -> None:
    for asked in (a_question(), STAGES["closed"]):
        campaign = a_campaign(State.SENT, name=PING)
        text, blocks = settling.question(FR, campaign, asked)
        mrkdwn = [text, *(block["text"]["text"] for block in blocks if block["type"] == "section")]
        assert all("<!channel>" not in one for one in mrkdwn)
    assert "<!channel>" not in str(settling.line(FR, a_campaign(State.SENT, name=PING), a_question()))


@BOTH
@pytest.mark.parametrize("page", [0, 3, 6])
def test_the_dialog_of_the_people(say: Say, page: int, fits: Fits) -> None:
    people = [
        Contact(row=row, email=W * 240 + "@e.com", first_name=W * 200, last_name=PING) for row in range(15)
    ]
    campaign = a_campaign(State.SENT, **WIDEST)
    view = settling.people(say, campaign, people, page=page, page_count=7, found=100_000)
    fits(view)
    assert "<!channel>" not in str(view)
    turns = {f"campaigns.uncertain_{way}" for way in ("previous", "next")} & set(buttons(view))
    assert len(turns) == (2 if page == 3 else 1)
