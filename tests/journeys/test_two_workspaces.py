"""Two workspaces whose letters come back to one public port: what one is told says nothing of the other."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ids import CampaignId, MemberId, WorkspaceId
from bot.core.suppressions import Suppression
from bot.core.tokens import Tokens
from tests.journeys.harness import Town
from tests.journeys.test_public_fuzz import Door, status
from tests.services.posts import sent

NAME = "cmp_thesame"
ELSEWHERE = WorkspaceId("T0ELSEWHERE")
HERE_PEOPLE = ("anna@example.com", "bob@example.com")
THEIR_PEOPLE = ("anna@example.com", "zoe@example.org", "yves@example.org")


class House:
    """Both have a campaign of the same identifier, and Anna among its people."""

    def __init__(self, town: Town) -> None:
        self.town, self.door = town, Door(town)
        self.store = town.bot.store
        at = town.playground.now() - timedelta(hours=1)
        for workspace, people in ((town.workspace, HERE_PEOPLE), (ELSEWHERE, THEIR_PEOPLE)):
            campaign = sent(self.store, NAME, workspace, at=at, people=people)
            linked = replace(
                campaign, link=f"https://forms.example/{workspace}", owner=MemberId("U0CLAIRE"),
                revision=campaign.revision + 1,
            )  # fmt: skip
            self.store.campaigns.save(workspace, linked, campaign.revision)
        secret = town.bot.services.tracking.policy.secret
        self.ours = Tokens(secret, town.workspace, CampaignId(NAME))
        self.theirs = Tokens(secret, ELSEWHERE, CampaignId(NAME))

    async def asks(self, method: str, path: str, body: bytes = b"") -> bytes:
        secret = self.town.bot.services.tracking.policy.answers_secret.decode()
        known = (("Authorization", f"Bearer {secret}"),)
        return await asyncio.to_thread(self.door.asks, method, path, body, known)

    def answered(self, workspace: WorkspaceId) -> int:
        return self.store.ledgers.read(workspace, CampaignId(NAME), lambda fold: fold.progress().answered)

    def suppressed(self, workspace: WorkspaceId) -> list[Suppression]:
        return self.store.suppressions.all(workspace)


@pytest.fixture
def house(town: Town) -> House:
    return House(town)


async def test_who_unsubscribes_from_one_is_written_to_by_the_other(town: Town, house: House) -> None:
    assert status(await house.asks("POST", "/u/" + house.theirs.link(0, 0))) == 200
    assert [len(house.suppressed(one)) for one in (town.workspace, ELSEWHERE)] == [0, 1]
    page = await house.asks("GET", "/u/" + house.ours.link(0, 0))
    assert b"<form" in page, "she is still asked here"


async def test_an_answer_of_one_is_none_of_the_other(town: Town, house: House) -> None:
    body = b'{"token":"%s"}' % house.theirs.answer(1).encode()
    assert status(await house.asks("POST", "/answers", body)) == 200
    assert status(await house.asks("GET", "/answers?postillon=" + house.theirs.answer(0))) == 200
    assert [house.answered(one) for one in (town.workspace, ELSEWHERE)] == [0, 2]


async def test_a_link_leads_to_the_questionnaire_of_its_own(town: Town, house: House) -> None:
    for tokens, workspace in ((house.ours, town.workspace), (house.theirs, ELSEWHERE)):
        answer = await house.asks("GET", "/r/" + tokens.link(0, 0))
        assert status(answer) == 302
        assert f"Location: https://forms.example/{workspace}?".encode() in answer
        assert tokens.answer(0).encode() in answer


async def test_a_number_that_only_the_other_has_is_nobody_s(town: Town, house: House) -> None:
    """They have a third person, we have not."""
    for method in ("GET", "POST"):
        assert status(await house.asks(method, "/u/" + house.ours.link(2, 0))) == 404
    assert status(await house.asks("GET", "/r/" + house.ours.link(2, 0))) == 404
    assert status(await house.asks("POST", "/u/" + house.theirs.link(2, 0))) == 200
    assert [len(house.suppressed(one)) for one in (town.workspace, ELSEWHERE)] == [0, 1]


async def test_neither_the_log_nor_the_metrics_name_anybody(
    town: Town, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = [house.ours.link(0, 0), house.theirs.link(1, 0), house.ours.answer(1), house.theirs.answer(2)]
    with caplog.at_level(logging.DEBUG):
        for token in tokens:
            for path in (f"/u/{token}", f"/r/{token}", f"/answers?postillon={token}"):
                await house.asks("GET", path)
            await house.asks("POST", f"/u/{token}")
            await house.asks("POST", "/answers", b'{"token":"%s"}' % token.encode())
        metrics = (await house.asks("GET", "/metrics")).decode()
        health = (await house.asks("GET", "/healthz")).decode()
    assert 'outcome="answered"' in metrics
    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("slack"))
    for text in (metrics, health, ours):
        for secret in (*tokens, "@example", "anna", "zoe"):
            assert secret not in text
    for text in (metrics, health):
        assert NAME not in text
        assert ELSEWHERE not in text
