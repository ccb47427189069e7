"""Step 2 as it is drawn, in both languages, and at its largest: 200 lists, 300 columns, a million people."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.choosing import Reach
from bot.core.ids import ListId, MemberId
from bot.core.rolls import CHOSEN_BY, LONGEST, Named, Offer
from bot.core.selection import LISTS, PICKED, Cause, Condition, Kind, Selection
from bot.texts import Say
from handlers.blocks import wizard_choices as choices
from handlers.blocks.recipients import described
from handlers.blocks.wizard import Shown
from handlers.blocks.wizard_recipients import Choice, offered, recipients
from tests.handlers.campaign_records import (
    EN,
    FR,
    MILLION,
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
KINDS = pytest.mark.parametrize("kind", list(Kind))
REACH = Reach(total=412, chosen=412, count=398, left_out={Cause.SUPPRESSED: 14})
WIDE = "W" * LONGEST
OFFER = Offer(fields=CHOSEN_BY, titles=("Segment", "Code"))


def shown(say: Say = FR, selection: Selection | None = None, *, wide: bool = False, **how: Any) -> Shown:
    draft = a_campaign(revision=3, selection=selection or Selection(), **(WIDEST if wide else {}))
    return Shown(say=say, member=a_member(say), draft=draft, **how)


def choice(**changes: Any) -> Choice:
    values = {"lists": [a_list()], "chosen": a_list(), "offer": OFFER, "reach": REACH, "days": 7}
    return Choice(**{**values, **changes})


def block(view: Any, block_id: str) -> Any:
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


def inputs(view: Any) -> list[str]:
    return [one["block_id"] for one in view["blocks"] if one["type"] == "input"]


@BOTH
@KINDS
@pytest.mark.parametrize("lists", [1, 100, 200])
@pytest.mark.parametrize("columns", [0, 100, 300])
def test_slack_takes_it_at_its_largest(say: Say, kind: Kind, lists: int, columns: int, fits: Fits) -> None:
    known = [a_list("W" * 80, MILLION, f"lst_{n}") for n in range(lists)]
    where = tuple(Condition(column=name, values=(WIDE, "", *map(str, range(98)))) for name in CHOSEN_BY)
    titles = tuple(f"{n} {'W' * 200}" for n in range(columns))
    where += (Condition(column=titles[-1], values=(WIDE,)),) if titles else ()
    selection = Selection(
        kind=kind, where=where, pilot=MILLION, others=(ListId("x"),), only=ListId("y"), keeps_recent=True
    )
    picked = tuple(Named(person=n, name="W" * 200, email="w" * 64 + "@example.com") for n in range(PICKED))
    reach = Reach(
        total=MILLION, chosen=MILLION - 1, count=1_111, left_out=dict.fromkeys(Cause, MILLION // 3),
        recent=MILLION, planned=MILLION, planned_by=("&" * 200,) * 9,
    )  # fmt: skip
    full = choice(
        lists=known, chosen=known[-1], others=known[: LISTS - 1], only=known[0], picked=picked, reach=reach,
        offer=Offer(fields=CHOSEN_BY, titles=titles), days=365,
    )  # fmt: skip
    for hub in (False, True):
        fits(recipients(shown(say, selection, wide=True, hub=hub, options=True, told="W" * 400), full))
        fits(recipients(shown(say, selection, wide=True, hub=hub), replace(full, reach=None)))
    fits(recipients(shown(say, selection), replace(full, chosen=None, offer=Offer(is_open=False))))
    fits(recipients(shown(say, selection), replace(full, offer=Offer(is_open=False))))
    assert len("\n".join(described(say, selection, picked=picked))) < 2_500


@BOTH
def test_without_any_list_there_is_nothing_to_send(say: Say, fits: Fits) -> None:
    view = recipients(shown(say), Choice())
    fits(view)
    assert "submit" not in view


@KINDS
def test_a_kind_shows_what_it_asks_for(kind: Kind) -> None:
    where = (Condition(column="Segment", values=("VIP",)),)
    expected = {
        Kind.ALL: [],
        Kind.FILTER: [*CHOSEN_BY, "column", "values"],
        Kind.EXCEPT: [*CHOSEN_BY, "column", "values", "people"],
        Kind.PICK: ["people"],
        Kind.PILOT: ["pilot"],
    }
    view = recipients(shown(selection=Selection(kind=kind, where=where)), choice())
    assert inputs(view) == ["list", "audience", *expected[kind]]
    assert block(view, "audience")["element"]["initial_option"]["value"] == kind.value
    assert all(block(view, name)["dispatch_action"] for name in inputs(view)), "counted after each change"


def test_only_columns_with_values_are_offered() -> None:
    filtering = shown(selection=Selection(kind=Kind.FILTER))
    assert inputs(recipients(filtering, choice(offer=Offer(fields=("location",))))) == [
        "list", "audience", "location",
    ]  # fmt: skip
    kinds = block(recipients(shown(), choice(offer=Offer())), "audience")["element"]["options"]
    assert [one["value"] for one in kinds] == ["all", "except", "pick", "pilot"]


def test_a_lent_list_shows_counts_alone() -> None:
    view = recipients(shown(), choice(offer=Offer(is_open=False)))
    assert [one["value"] for one in block(view, "audience")["element"]["options"]] == ["all", "pilot"]
    assert "ni les noms" in words(view)
    closed = recipients(shown(selection=Selection(kind=Kind.PICK)), choice(offer=Offer(is_open=False)))
    assert inputs(closed) == ["list", "audience"]
    assert "initial_option" not in block(closed, "audience")["element"]


def test_the_equation() -> None:
    def said(reach: Reach, **chosen: Any) -> str:
        return words(block(recipients(shown(selection=Selection(**chosen)), choice(reach=reach)), "reach"))

    assert said(REACH) == "*398 personnes* = 412 − 14 désinscrites"
    assert said(Reach(total=3, chosen=3, count=3)) == "*3 personnes*"
    every = dict.fromkeys(Cause, 2)
    assert said(Reach(total=9, chosen=9, count=1, left_out=every)) == (
        "*1 personne* = 9 − 2 doublons − 2 désinscrites − 2 déjà invitées − 2 sollicitées il y a peu"
        " − 2 qui seront sollicitées d'ici là"
    )
    filtered = Reach(total=412, chosen=40, count=37, left_out={Cause.SUPPRESSED: 3})
    nova = (Condition(column="company", values=("Nova",)),)
    assert said(filtered, kind=Kind.FILTER, where=nova) == (
        "*37 personnes* = 40 − 3 désinscrites\nSur 412 lignes, le choix en garde 40"
    )
    some = Reach(total=412, chosen=40, count=40)
    assert said(some, kind=Kind.FILTER, where=nova) == "*40 personnes* sur 412"
    pilot = Reach(total=412, chosen=412, count=50, left_out={Cause.SUPPRESSED: 14})
    assert said(pilot, kind=Kind.PILOT) == ("*50 personnes*, au sort parmi 398\n398 = 412 − 14 désinscrites")


def test_recent_people_are_left_out_by_a_ticked_box_where_there_are_any() -> None:
    assert "recent" not in inputs(recipients(shown(), choice()))
    some = choice(reach=Reach(total=9, chosen=9, count=7, left_out={Cause.RECENT: 2}, recent=2))
    box = block(recipients(shown(), some), "recent")
    assert words(box["label"]) == "2 personnes sollicitées il y a moins de 7 jours"
    assert box["element"]["initial_options"] == box["element"]["options"]
    keeping = shown(selection=Selection(keeps_recent=True))
    assert "initial_options" not in block(recipients(keeping, some), "recent")["element"]
    assert "recent" in inputs(recipients(keeping, choice())), "what was kept can be taken back"
    assert "recent" not in inputs(recipients(keeping, choice(days=0)))


def test_who_will_have_been_written_to_by_then_and_by_which_campaign() -> None:
    left_out = {Cause.RECENT: 2, Cause.PLANNED: 3}

    def seen(say: Say, *names: str, **counts: int) -> tuple[str, str]:
        reach = Reach(total=9, chosen=9, count=4, left_out=left_out, planned_by=names, **counts)
        view = recipients(shown(say), choice(reach=reach))
        return words(block(view, "reach")), words(block(view, "recent")["label"])

    count, label = seen(FR, "Automne & Cie", recent=2, planned=3)
    assert count == (
        "*4 personnes* = 9 − 2 sollicitées il y a peu"
        " − 3 qui seront sollicitées d'ici là par « Automne &amp; Cie »"
    )
    assert label == "5 personnes sollicitées à moins de 7 jours de cet envoi"
    count, label = seen(FR, "A", "B", "C", "D", planned=3)
    assert count.endswith("d'ici là par « A », « B », et 2 autres")
    assert label == "3 personnes qui seront sollicitées d'ici là"
    count, label = seen(EN, "Autumn", planned=3)
    assert count == (
        "*4 people* = 9 − 2 written to lately − 3 who will have been written to by then, by “Autumn”"
    )
    assert label == "3 people who will have been written to by then"
    hidden, label = seen(EN, "Autumn", "", recent=2, planned=3)
    assert hidden.endswith("− 3 who will have been written to by then"), "somebody else's has no name here"
    assert label == "5 people written to within 7 days of this mailing"


def test_more_lists_stand_under_more_options_until_there_are_some() -> None:
    two = [a_list(), a_list("Autres", 5, "lst_8")]
    few = recipients(shown(), choice(lists=two))
    assert inputs(few) == ["list", "audience"]
    assert "campaigns.options" in buttons(few)
    more = recipients(shown(options=True), choice(lists=two))
    assert inputs(more) == ["list", "lists", "only", "audience"]
    assert "campaigns.options" not in buttons(more)
    assert inputs(recipients(shown(), choice(lists=two, only=two[1]))) == inputs(more)
    assert "campaigns.options" not in buttons(recipients(shown(), choice())), "no other list to add"


def test_a_list_that_is_lent_is_not_offered_to_narrow_a_choice() -> None:
    lent = replace(a_list("Autres", 5, "lst_8"), owner=MemberId("U0SOMEBODY"))
    view = recipients(shown(options=True), choice(lists=[a_list(), lent]))
    offered = {name: len(block(view, name)["element"]["options"]) for name in ("lists", "only")}
    assert offered == {"lists": 2, "only": 1}
    nothing = recipients(shown(options=True), choice(lists=[lent, lent], chosen=lent))
    assert "only" not in inputs(nothing)


def test_options_say_how_many_and_hold_what_slack_takes() -> None:
    assert words(choices.option("Nova", FR, 1_234)) == "Nova · 1 234"
    assert words(choices.option("", FR, 2)) == "(vide) · 2"
    long = choices.option(WIDE, EN, MILLION)
    assert words(long).endswith("… · 1,000,000")
    assert len(long["value"]) < 150  # type: ignore[arg-type]
    named = choices.person(Named(person=255, name="Zoé Noël", email="zoe@exemple.fr"))
    assert (words(named), named["value"]) == ("Zoé Noël · zoe@exemple.fr", "00000000000000ff")
    assert words(offered(EN, a_list(count=1))) == "Clients 2026 · 1 contact"


def test_another_column_has_a_select_of_its_own() -> None:
    """Slack keeps what was chosen under a kept id."""
    one, other = choices.values_action("Segment"), choices.values_action("Code")
    assert one != other
    assert one.startswith("campaigns.values.")


def test_what_was_chosen_in_words() -> None:
    where = (
        Condition(column="company", values=("Nova", PING)),
        Condition(column="<b>", values=tuple(map(str, range(7)))),
        Condition(column="location", values=()),
    )
    filtered = described(FR, Selection(kind=Kind.FILTER, where=where, people=("0" * 16,)))
    assert [line.replace("\u00a0", " ") for line in filtered] == [
        "Entreprise : Nova, &lt;!channel&gt; &amp; &lt;@U1&gt;",
        "&lt;b&gt; : 0, 1, 2, 3, 4, et 2 autres",
    ]
    spared = described(EN, Selection(kind=Kind.EXCEPT, where=where[:1], people=("0" * 16,)))
    assert spared[1] == "Except 1 person picked by hand"
    named = Named(person=1, name="Zoé", email="z@ex.fr")
    assert described(FR, Selection(kind=Kind.PICK, people=("0" * 16,) * 2), picked=[named]) == [
        "Zoé, et 1 autre"
    ]
    assert described(FR, Selection(where=where)) == []
