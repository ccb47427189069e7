"""App Home: drawn again each time it is opened, after each click on it, and when a campaign changes."""

import logging
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.lists import ContactList
from bot.core.people import Member, may_use
from bot.core.sentences import sentence
from handlers.blocks import kit
from handlers.blocks.home import Content, home
from handlers.blocks.voice import voice
from handlers.edge import Edge
from handlers.people import greet
from handlers.views import publish_view
from handlers.words import Spoken, Words, hear

log = logging.getLogger("postillon")


def register(app: AsyncApp, edge: Edge, words: Words) -> None:  # noqa: ARG001 - every noun takes them
    async def on_opened(body: dict[str, Any], client: AsyncWebClient) -> None:
        shows = show if body["event"].get("tab") == "home" else meet
        edge.later(hear(edge, client, body, "", shows))

    app.event("app_home_opened")(on_opened)


async def meet(spoken: Spoken) -> None:
    """The conversation was opened: the hello awaits there the first time."""
    await greet(spoken)


async def show(spoken: Spoken) -> None:
    await publish(spoken.edge, spoken.client, spoken.member)
    await greet(spoken)


async def publish(
    edge: Edge, client: AsyncWebClient, member: Member, page: int = 0, gone: ContactList | None = None
) -> None:
    """`page` of the lists; `gone`: a list deleted a moment ago, to be brought back."""
    edge.homes[member.workspace, member.id] = page
    say = voice(member)
    if not may_use(member):
        view = kit.home([kit.section(say(sentence("people.guest")))])
    else:
        found = await edge.run(edge.services.homes.of, member)
        content = Content(
            needs_you=found.needs_you, campaigns=found.campaigns, drafts=found.drafts, lists=found.lists,
            page=page, gone=gone, lent=found.lent, questions=found.questions,
            others=found.others, last=found.last, waiting=found.waiting,
            standing=await edge.run(edge.services.support.standing, member),
        )  # fmt: skip
        view = home(say, content, found.uses)
    await publish_view(client, member.id, view)


def follow(edge: Edge, client: AsyncWebClient, owner: Member) -> None:
    """A campaign of theirs is in another state: a Home that may stand open shows it, and offers no button
    that would not work. In the event loop; nobody waits for it."""
    page = edge.homes.get((owner.workspace, owner.id))
    if page is not None:
        edge.later(_redraw(edge, client, owner, page))


async def _redraw(edge: Edge, client: AsyncWebClient, owner: Member, page: int) -> None:
    try:
        await publish(edge, client, owner, page)
    except (SlackApiError, ClientError, OSError) as away:
        log.info("home is not drawn again: %s", away)  # it is when it is opened
