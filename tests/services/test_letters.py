"""From a campaign to what its people read: their columns, their own links."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest

from bot import ports
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.letters import Sender
from bot.core.people import Language
from bot.core.policy import Policy
from bot.core.questionnaires import Placement
from bot.mail.letters import MarkdownLetters
from bot.services.letters import Correspondence

COMMON = "https://forms.example/q"
OWN = "https://forms.example/r/zoe?x=1"
COLUMNS = ("Segment", "Lien personnel")


def correspondence(public_url: str = "") -> Correspondence:
    policy = Policy(
        mail_from=Sender(address="avis@nova.example", name="Nova"), reply_to=None,
        postal_address="1 rue de la Paix, 75002 Paris", unsubscribe_to="", public_url=public_url,
        default_language=Language.FRENCH, senders=(), admins=(), max_file_bytes=1 << 20, undo_seconds=0,
        secret=b"s" * 32,
    )  # fmt: skip
    return Correspondence(letters=MarkdownLetters(), mailer=cast("ports.Mailer", None), policy=policy)


def campaign(**changes: object) -> Campaign:
    told: dict[str, object] = {
        "workspace": WorkspaceId("T1"), "id": CampaignId("cmp_1"), "owner": MemberId("U1"),
        "seed": "5eed5eed", "created_at": datetime(2026, 11, 23, tzinfo=UTC), "language": Language.FRENCH,
        "zone": "Europe/Paris", "sender": Sender(address="avis@nova.example"), "link": COMMON,
        "subject": "{{Segment}}",
        "body": "Ici : {{lien}}", "columns": COLUMNS, "placement": Placement.COLUMN,
        "link_column": "Lien personnel", **changes,
    }  # fmt: skip
    return Campaign(**told)  # type: ignore[arg-type]


def person(*extras: str) -> Contact:
    return Contact(row=2, email="zoe@client.example", first_name="Zoé", extras=extras)


def sent(one: Campaign, *people: Contact) -> list[str]:
    """Where each person's link leads."""
    office = correspondence()
    composed = office.compose(office.letter(one))
    links = [tag.text for tag in composed.tags if tag.name == "link" and tag.form == "t"]
    addressed = office.addressed(one, composed, enumerate(people), 0)
    return [each.substitutions[links[0]] for each in addressed]


def test_everybody_s_own_link_comes_from_their_row() -> None:
    people = person("VIP", OWN), person("VIP", ""), person("VIP"), person("VIP", "javascript:alert(1)")
    assert sent(campaign(), *people) == [OWN, COMMON, COMMON, COMMON]


def test_a_column_that_is_gone_leaves_everybody_the_campaign_s_link() -> None:
    assert sent(campaign(columns=("Segment",)), person("VIP", OWN)) == [COMMON]


def test_where_the_token_stands_otherwise() -> None:
    [link] = sent(campaign(placement=Placement.PARAMETER), person("VIP", OWN))
    assert link.startswith(f"{COMMON}?postillon=")
    assert len(link) > len(COMMON) + 40


def test_the_preview_shows_the_columns_and_the_own_link() -> None:
    assert correspondence().preview(campaign(), person("VIP", OWN)) == ("VIP", f"Ici : {OWN}")
    assert correspondence().preview(campaign(), person("VIP")) == ("VIP", f"Ici : {COMMON}")
    other = campaign(placement=Placement.PARAMETER)
    assert correspondence().preview(other, person("VIP", OWN)) == ("VIP", f"Ici : {COMMON}")


@pytest.mark.parametrize("public_url", ["", "https://bot.example"])
def test_a_letter_without_values_is_a_letter(public_url: str) -> None:
    office = correspondence(public_url)
    one = campaign(subject="{{Segment | Bonjour}}")
    composed = office.compose(office.letter(one))
    [made] = office.addressed(one, composed, [(0, person())], 0)
    assert "Bonjour" in made.substitutions.values()


def test_columns_that_differ_in_their_capitals_alone_are_told_apart_unless_it_was_scheduled_before() -> None:
    office, zoe = correspondence(), person("un", "deux")
    told = {"columns": ("Note", "note"), "subject": "{{Note}} {{note}}", "placement": Placement.PARAMETER}
    draft = campaign(**told)
    scheduled = replace(draft, state=State.SCHEDULED)
    assert office.preview(draft, zoe)[0] == "un deux"
    assert office.preview(replace(scheduled, tells_case=True), zoe)[0] == "un deux"
    assert office.preview(scheduled, zoe)[0] == "un un", "as it was when its owner looked at it"
