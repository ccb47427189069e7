"""People: the hello, what they say in the DM, the language they want, the profile that changes."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.people import Language, is_admin, may_use
from handlers import payloads
from handlers.blocks.help import help_message
from handlers.blocks.people import hello, not_understood
from handlers.blocks.voice import voice
from handlers.edge import Edge
from handlers.events import MESSAGE, Message
from handlers.words import Act, Spoken, Words, hear


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    async def on_message(context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]) -> None:
        message: Message | None = context.get(MESSAGE)
        if message is None:
            return  # an edit, a deletion, an echo of ours
        act = files_of(message) if message.imports else words_of(words)
        edge.later(hear(edge, client, body, message.text, act))

    async def on_change(body: dict[str, Any]) -> None:
        edge.later(refresh(edge, body))

    app.event("message")(on_message)
    app.event("user_change")(on_change)
    words.on("aide", "help", "bonjour", "hello", "hi", "salut", act=show_help)
    words.on("français", "french", act=speak_french)
    words.on("english", "anglais", act=speak_english)


def words_of(words: Words) -> Act:
    async def act(spoken: Spoken) -> None:
        """What they said, after the hello where it is the first time. Never silence."""
        spoken.services.people.require(spoken.member)
        greeted = await greet(spoken)
        meaning = words.find(spoken.text)
        if meaning:
            await meaning.act(spoken)
        elif not greeted:
            await spoken.answer(*not_understood(spoken.say))

    return act


def files_of(message: Message) -> Act:
    async def act(spoken: Spoken) -> None:
        """The files one after the other, so that their previews come in the order they were dropped. Who
        may not use the bot is told so by the import, which then forgets the file."""
        await greet(spoken)
        for pending in message.imports:
            await spoken.edge.toil(spoken.services.imports.run, pending)

    return act


async def greet(spoken: Spoken) -> bool:
    """The hello, once: at the first message or the first opening of Home."""
    member = spoken.member
    if member.greeted or not may_use(member):
        return False
    if not await spoken.edge.run(spoken.services.people.greet, member):
        return False
    await spoken.answer(*hello(spoken.say, member))
    return True


async def show_help(spoken: Spoken) -> None:
    standing = await spoken.edge.run(spoken.services.support.standing, spoken.member)
    looks_after = is_admin(spoken.member, tuple(spoken.edge.policy.admins))
    await spoken.answer(*help_message(spoken.say, standing, looks_after=looks_after))


async def speak_french(spoken: Spoken) -> None:
    await _speak(spoken, Language.FRENCH)


async def speak_english(spoken: Spoken) -> None:
    await _speak(spoken, Language.ENGLISH)


async def _speak(spoken: Spoken, language: Language) -> None:
    """The answer is in the new language."""
    member = await spoken.edge.run(spoken.services.people.speak, spoken.member, language)
    text = voice(member)("people.language")
    await spoken.answer(text)


async def refresh(edge: Edge, body: dict[str, Any]) -> None:
    """Slack tells of everybody in the workspace: only those we know are kept. Of a closed account the
    campaigns are looked after."""
    who = payloads.who(body)
    known = edge.services.people.known(who.workspace, who.member)
    if known is None:
        return
    user = body["event"]["user"]
    profile = payloads.member(user, who.workspace, known.locale)
    member = await edge.run(edge.services.people.refresh, profile)
    if member.is_deactivated:
        await edge.toil(edge.services.closures.closed, member)
