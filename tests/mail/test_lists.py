"""SendGrid's own lists, asked for by the real client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.core.mail_lists import Listed, MailList, Page
from bot.playground.sendgrid import SendGridStandIn
from bot.ports import NotTaken, Refused
from tests.mail.conftest import NOW, Post, contact, written

NOON = int(NOW.timestamp())


async def page(post: Post, name: MailList, offset: int = 0, since: int = 0) -> Page | Refused | NotTaken:
    def ask() -> Page | Refused | NotTaken:
        return post.mailer.page(name, since=since, until=NOON, offset=offset)

    found: Page | Refused | NotTaken = await post.runs(ask)
    return found


async def test_a_long_list_comes_in_pages_of_500(post: Post, service: SendGridStandIn) -> None:
    for number in range(1_203):
        service.suppress("unsubscribes", f"P{number}@Client.example")
    seen: set[str] = set()
    for offset, size in ((0, 500), (500, 500), (1_000, 203)):
        found = await page(post, MailList.UNSUBSCRIBES, offset)
        assert isinstance(found, Page)
        assert (found.size, found.is_last) == (size, size < 500)
        seen.update(row.address for row in found.rows)
    assert len(seen) == 1_203
    assert "p7@client.example" in seen
    assert service.refusals == []


async def test_a_row_says_when_and_why(post: Post, service: SendGridStandIn) -> None:
    service.suppress("bounces", "gone@client.example", reason="550 5.1.1 user unknown", status="5.1.1")
    found = await page(post, MailList.BOUNCES)
    assert found == Page(rows=[Listed("gone@client.example", NOON, "unknown")], size=1, is_last=True)
    assert await page(post, MailList.BOUNCES, since=NOON + 1) == Page(rows=[], size=0, is_last=True)


async def test_a_group_comes_whole_and_takes_addresses(
    service: SendGridStandIn, post_to: Callable[..., Post]
) -> None:
    post = post_to(service, group=7)
    for _ in range(2):
        assert await post.runs(post.mailer.withhold, ["anna@client.example"]) is None
    assert await page(post, MailList.GROUP) == Page(
        rows=[Listed("anna@client.example", 0)], size=1, is_last=True
    )
    assert service.account.suppressed["unsubscribes"] == {}, "the global list is never written to"


@pytest.mark.parametrize("group", [7, 99])
async def test_a_group_that_is_not_there_or_not_for_this_key(
    service: SendGridStandIn, post_to: Callable[..., Post], group: int
) -> None:
    post = post_to(service, group=group)
    if group == 7:
        service.account.scopes.discard("asm.groups.suppressions.read")
    assert isinstance(await post.runs(post.mailer.withhold, ["anna@client.example"]), Refused)
    assert isinstance(await page(post, MailList.GROUP), Refused)


async def test_what_arrived_is_summed_over_the_days(post: Post, service: SendGridStandIn) -> None:
    await post.sends(written(), contact(0), contact(1), contact(2))
    for letter in service.letters[:2]:
        service.tell(letter, "delivered")
    service.tell(service.letters[2], "bounce")
    assert await post.runs(post.mailer.delivered, "cmp_1", date(2026, 11, 20)) == 2
    assert await post.runs(post.mailer.delivered, "cmp_other", date(2026, 11, 20)) == 0


async def test_a_key_that_may_not_read_is_told_apart_from_a_service_that_is_away(
    post: Post, service: SendGridStandIn
) -> None:
    service.account.scopes -= {"suppression.read", "categories.stats.read"}
    assert isinstance(await page(post, MailList.BOUNCES), Refused)
    assert isinstance(await post.runs(post.mailer.delivered, "cmp_1", date(2026, 11, 20)), Refused)
    await service.close()
    assert isinstance(await page(post, MailList.BOUNCES), NotTaken)
    assert isinstance(await post.runs(post.mailer.delivered, "cmp_1", date(2026, 11, 20)), NotTaken)
