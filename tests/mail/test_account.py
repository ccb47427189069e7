"""What the account tells of letters it would take, without one being sent."""

import pytest

from bot.mail.sendgrid import SendGridMailer
from bot.ports import NotTaken, Refused
from tests.mail.conftest import Post

SENDER = "enquetes@studio-nova.example"
STRANGER = "anna@elsewhere.example"


async def asks(post: Post, sender: str = SENDER) -> Refused | NotTaken | None:
    return await post.runs(post.mailer.standing, sender)


async def test_a_verified_address_and_any_at_a_verified_domain_may_send(post: Post) -> None:
    assert await asks(post) is None
    assert await asks(post, "Somebody@Studio-Nova.example") is None
    assert post.service.letters == []


async def test_an_address_that_nobody_verified_may_not(post: Post) -> None:
    answer = await asks(post, STRANGER)
    assert isinstance(answer, Refused)
    assert answer.why == "sender"
    assert "@" not in answer.detail
    post.service.account.senders["enquetes@studio-nova.example"] = False
    post.service.account.domains.clear()
    assert isinstance(await asks(post), Refused)


@pytest.mark.parametrize("hidden", ["sender_verification_eligible", "whitelabel.read"])
async def test_a_list_that_cannot_be_read_proves_nothing(post: Post, hidden: str) -> None:
    post.service.account.scopes.remove(hidden)
    assert await asks(post, STRANGER) is None
    assert await asks(post) is None


async def test_a_refused_key(post: Post) -> None:
    post.service.refuse_key()
    answer = await asks(post)
    assert isinstance(answer, Refused)
    assert answer.why == "key"
    post.service.recover()
    post.service.account.scopes.remove("mail.send")
    assert await asks(post) == Refused(why="key", detail="mail.send")


async def test_credits_where_the_key_may_read_them(post: Post) -> None:
    post.service.account.credit_used = 99_000
    assert await post.runs(post.mailer.credits) == 1_000
    post.service.account.scopes.remove("user.credits.read")
    assert await post.runs(post.mailer.credits) is None


def test_nobody_there() -> None:
    nowhere = SendGridMailer(api_key="SG.x", api_url="http://127.0.0.1:1")
    assert nowhere.standing(SENDER) == NotTaken(seconds=30.0, why="unreachable")
    assert nowhere.credits() is None
    nowhere.close()
