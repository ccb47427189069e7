"""Slash commands: the same words as in the DM, said anywhere. The answer stays in the person's own DM."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.edge import Edge
from handlers.people import show_help
from handlers.ways import respond
from handlers.words import DIALOG, Meaning, Spoken, Words, hear, normal

# words that mean something else after a command that is about campaigns
OF_CAMPAIGNS = {
    "new": "campagne", "nouvelle": "campagne", "nouveau": "campagne", "liste": "campagnes",
    "list": "campagnes",
}  # fmt: skip
ABOUT_CAMPAIGNS = frozenset({"/campaign", "/campagne"})

# what a command means without a word
ALONE = {"/contacts": "listes", "/campaign": "campagnes", "/campagne": "campagnes", "/postillon": "aide"}


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    async def on_command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        edge.later(obey(edge, client, body, words))

    for command in ALONE:
        app.command(command)(on_command)


async def obey(edge: Edge, client: AsyncWebClient, body: dict[str, Any], words: Words) -> None:
    text = str(body.get("text") or "").strip()
    meaning = words.find(_meant(body["command"], text)) or Meaning(act=show_help)
    spoken = await hear(edge, client, body, text, partial(_act, meaning), opens=meaning.opens)
    if spoken and _elsewhere(spoken, body):
        await respond(client, body["response_url"], spoken.say("people.elsewhere"))


def _meant(command: str, text: str) -> str:
    if command in ABOUT_CAMPAIGNS and normal(text) in OF_CAMPAIGNS:
        return OF_CAMPAIGNS[normal(text)]
    return text or ALONE[command]


async def _act(meaning: Meaning, spoken: Spoken) -> None:
    spoken.services.people.require(spoken.member)
    await meaning.act(spoken)


def _elsewhere(spoken: Spoken, body: dict[str, Any]) -> bool:
    """The answer is not where the person looks: neither in this conversation nor in a dialog. A file sent
    without words went to the DM."""
    if not spoken.answered_in:
        return bool(body["channel_name"] != "directmessage")
    return not set(spoken.answered_in) <= {body["channel_id"], DIALOG}
