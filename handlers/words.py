"""The words a person may say in the DM or after a slash command: each noun registers its own.

    words.on("listes", "lists", act=show_lists)

Accents, case and punctuation do not matter. A word may be followed by a few more ("help me please"):
`Spoken.rest` holds them. A longer text is no word: it gets the short helpful answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.people import Member
from bot.core.sentences import Sentence
from bot.core.text import folded
from bot.services import Services
from handlers import payloads
from handlers.blocks import notices
from handlers.blocks.kit import Block, View
from handlers.blocks.voice import Say, voice
from handlers.clicks import acquainted
from handlers.door import explained
from handlers.edge import Edge
from handlers.views import open_view, update_view

DIALOG = "dialog"
LONGEST = 5  # words: more than that is a conversation, not an order


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What somebody said. `trigger_id` is there when it came with a slash command: only then a dialog can
    be opened (`loading_id` is the one opened while we asked Slack who this is). Answers always go to the
    person's own DM, whatever channel the command came from: `answered_in` lists where they went."""

    edge: Edge
    client: AsyncWebClient
    member: Member
    text: str
    rest: str = ""
    trigger_id: str = ""
    loading_id: str = ""
    answered_in: list[str] = field(default_factory=list)

    @property
    def services(self) -> Services:
        return self.edge.services

    @property
    def say(self) -> Say:
        return voice(self.member)

    async def answer(self, text: str, blocks: Sequence[Block] = ()) -> None:
        """A message in the DM; `text` is mrkdwn, and what a notification shows where there are blocks."""
        posted = await self.client.chat_postMessage(
            channel=self.member.id, text=text, blocks=list(blocks) or None
        )
        self.answered_in.append(str(posted["channel"]))

    async def show(self, view: View) -> None:
        """A dialog. Only after a slash command: a message in the DM brings no trigger."""
        if self.loading_id:
            await update_view(self.client, self.loading_id, view)
        else:
            await open_view(self.client, self.trigger_id, view)
        self.answered_in.append(DIALOG)

    async def tell(self, said: Sentence) -> None:
        if self.loading_id:
            await self.show(notices.notice(self.say, said))
        else:
            await self.answer(self.say.mrkdwn(said))


Act = Callable[[Spoken], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Meaning:
    act: Act
    opens: bool = False
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    _known: dict[str, Meaning] = field(default_factory=dict)
    _of_addresses: dict[str, Meaning] = field(default_factory=dict)

    def on(self, *words: str, act: Act, opens: bool = False) -> None:
        """`opens`: after a slash command the act shows a dialog, so a first contact gets the bilingual
        loading one at once."""
        for word in words:
            known = normal(word)
            if known in self._known:
                raise ValueError(f"two acts for the word {known!r}")
            self._known[known] = Meaning(act=act, opens=opens)

    def on_address(self, *words: str, act: Act, opens: bool = False) -> None:
        """A word followed by an address, whatever stands around it: the act reads it out of `Spoken.text`.
        The same word alone may mean something else."""
        for word in words:
            known = normal(word)
            if known in self._of_addresses:
                raise ValueError(f"two acts for the word {known!r} with an address")
            self._of_addresses[known] = Meaning(act=act, opens=opens)

    def find(self, text: str) -> Meaning | None:
        """What is meant, None where nothing is. A longer text with an address is no word: nobody's address is
        to be taken for a "please"."""
        if "@" in text:
            return self._of_address(text)
        said = normal(text).split()
        if not said or len(said) > LONGEST:
            return None
        meaning = self._known.get(said[0])
        return replace(meaning, rest=" ".join(said[1:])) if meaning else None

    def _of_address(self, text: str) -> Meaning | None:
        """Whether one address can be read there the act finds out, and says."""
        word, *rest = text.split(maxsplit=1)
        meaning = self._of_addresses.get(normal(word)) if rest and "@" not in word else None
        return replace(meaning, rest=rest[0]) if meaning else None


def normal(text: str) -> str:
    """Bare words: "Arrête !" is "arrete"."""
    return " ".join(re.findall(r"\w+", folded(text)))


async def hear(
    edge: Edge, client: AsyncWebClient, body: Mapping[str, Any], text: str, act: Act, *, opens: bool = False
) -> Spoken | None:
    """Find out who speaks, let the act work, and say what went wrong: in the DM, or in the dialog open."""
    spoken: Spoken | None = None
    try:
        member, loading_id = await acquainted(edge, client, body, opens=opens)
        spoken = Spoken(
            edge=edge, client=client, member=member, text=text, trigger_id=body.get("trigger_id", ""),
            loading_id=loading_id,
        )  # fmt: skip
        await act(spoken)
    except Exception as error:  # the one door: nothing said may end in silence
        said = explained(error)
        if spoken:
            await spoken.tell(said)
        else:
            words = Say(edge.policy.default_language).mrkdwn(said)
            await client.chat_postMessage(channel=payloads.who(body).member, text=words)
    return spoken
