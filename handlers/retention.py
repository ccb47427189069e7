"""Lists whose time is nearly over: kept for as long again, deleted now, brought back."""

from slack_bolt.async_app import AsyncApp

from bot.core.people import Member
from bot.core.retention import Asked, Standing, subject
from handlers import home
from handlers.blocks import retention as blocks
from handlers.blocks.voice import voice
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.posts import Post
from handlers.words import Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    on_click(app, edge, blocks.KEEP, keep)
    on_click(app, edge, blocks.BRING_BACK, keep)
    on_click(app, edge, blocks.DELETE, delete)


async def keep(click: Click) -> None:
    await click.edge.run(click.services.retention.keep, click.member, click.target.id)
    if click.on_home:
        await home.publish(click.edge, click.client, click.member)


async def delete(click: Click) -> None:
    await click.edge.run(click.services.retention.delete, click.member, click.target.id)


def posts(member: Member, asked: Asked) -> list[Post]:
    """The question, which is edited in place once it is answered; and what nobody decided, as news: posted
    then, edited after that."""
    say, named = voice(member), subject(asked.contact_list.id, asked.notice, member.id)
    is_open, is_news = asked.standing is Standing.OPEN, asked.standing is Standing.EXPIRED
    text, shown = blocks.message(say, asked, is_owner=member.id == asked.notice.owner)
    news = Post(member=member, subject=f"{named}/over", text=text, blocks=shown, only_edit=not is_news)
    if is_news:
        text, shown = blocks.passed(say, asked)
    question = Post(member=member, subject=named, text=text, blocks=shown, only_edit=not is_open)
    return [question] if is_open else [question, news]
