"""A person of the workspace: everything they can do in Slack, and what they see.

Each act returns once its payload was delivered and the bot acknowledged it. What the bot does next shows
up later: wait for it with `sees` or with the stand-in's `until`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol

from bot.playground.slack import submissions
from bot.playground.slack.choices import complaints
from bot.playground.slack.clientwords import say
from bot.playground.slack.conversations import Conversation
from bot.playground.slack.delivery import Answer
from bot.playground.slack.files import Looks, StoredFile
from bot.playground.slack.hands import Hands
from bot.playground.slack.outbox import Outbox
from bot.playground.slack.payloads import Payloads, Surface
from bot.playground.slack.people import Profile
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.screen import Screen
from bot.playground.slack.speech import Speech
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace


class Until(Protocol):
    def __call__(self, condition: Callable[[], object], timeout: float = ...) -> Awaitable[object]: ...


class Person:
    def __init__(
        self, ws: Workspace, outbox: Outbox, payloads: Payloads, profile: Profile, until: Until
    ) -> None:
        self._ws = ws
        self._outbox = outbox
        self._payloads = payloads
        self._until = until
        self._screen = Screen(ws, profile.id)
        self._speech = Speech(ws, outbox, self._screen)
        self._hands = Hands(ws, outbox, payloads, self._screen)
        self.trouble: str | None = None
        """What Slack said when the bot did not answer the last act."""

    # what they see

    @property
    def profile(self) -> Profile:
        return self._screen.profile

    @property
    def messages(self) -> list[Json]:
        return self._screen.dm.seen_by(self.profile.id)

    @property
    def dialogs(self) -> list[Json]:
        return [view.as_json() for view in self._screen.stack]

    @property
    def dialog(self) -> Json | None:
        return self._screen.stack[-1].as_json() if self._screen.stack else None

    @property
    def home(self) -> Json | None:
        return self._screen.home.as_json() if self._screen.home else None

    @property
    def errors(self) -> dict[str, str]:
        """What the open dialog complains of, by block_id."""
        return dict(self._screen.stack[-1].errors) if self._screen.stack else {}

    @property
    def files(self) -> list[StoredFile]:
        """The files of the conversation, oldest first, with their bytes."""
        shared = [file for message in self.messages for file in message.get("files", [])]
        return [self._ws.files.get(file["id"]) for file in shared if file.get("mode") != "tombstone"]

    def text_of(self) -> str:
        return self._screen.text()

    def snapshot(self) -> Json:
        return {**self._screen.snapshot(), "trouble": self.trouble}

    async def sees(self, fragment: str, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - as in `until`
        """Wait until this stands anywhere in sight; no-break spaces count as spaces."""
        await self._until(lambda: fragment in self._screen.text(), timeout=timeout)

    def doesnt_see(self, fragment: str) -> None:
        text = self._screen.text()
        assert fragment not in text, f"{self.profile.name} sees {fragment!r}\n{text}"

    # what they say

    async def says(self, text: str, *, where: str | None = None) -> None:
        self._heard(await self._speech.says(text, where))

    async def drops(
        self,
        *files: tuple[str, bytes],
        comment: str = "",
        where: str | None = None,
        looks: Looks = "hosted",
    ) -> None:
        self._heard(await self._speech.drops(files, comment, where, looks))

    async def edits_last(self, text: str) -> None:
        self._heard(await self._speech.edits_last(text))

    async def deletes_last(self) -> None:
        self._heard(await self._speech.deletes_last())

    async def speaks(self, locale: str) -> None:
        self._ws.people[self.profile.id] = replace(self.profile, locale=locale)
        self._ws.changed(self.profile.id)
        self._heard(await self._speech.changed_profile())

    async def leaves(self) -> None:
        """Their account is closed."""
        await self.becomes(is_deactivated=True)

    async def becomes(self, **profile: bool) -> None:
        """A guest, a full member again…"""
        self._ws.people[self.profile.id] = replace(self.profile, **profile)  # type: ignore[arg-type]
        self._ws.changed(self.profile.id)
        self._heard(await self._speech.changed_profile())

    async def opens_home(self) -> None:
        self._heard(await self._speech.opens("home"))

    async def opens_messages(self) -> None:
        self._heard(await self._speech.opens("messages"))

    # what they press and fill in

    async def clicks(
        self, action_id: str, *, nth: int = 0, value: str | None = None, where: str | None = None
    ) -> None:
        """Press the nearest button: the open dialog's, then the newest message's, then Home's.

        `where` narrows to "dialog", "messages", "home" or the ts of a message; `nth` counts on from the
        nearest. A confirmation is taken as confirmed.
        """
        found = list(self._screen.buttons(action_id, value, where))
        if len(found) <= nth:
            message = f"{self.profile.name} sees {len(found)} buttons {action_id!r} (value {value!r})"
            raise AssertionError(f"{message}; {self._screen.elements()}\n{self._screen.text()}")
        surface, spot = found[nth]
        self._heard(await self._hands.touch(surface, spot, value))

    async def act_on(self, surface: Json, action: Json) -> None:
        """Touch exactly this element: press it, or put `value` (or a `selected_…`) in it."""
        found = self._screen.of(surface)
        spot = found.form.spot(action["block_id"], action["action_id"])
        if spot is None:
            raise AssertionError(f"no element {action['block_id']}/{action['action_id']} in {surface}")
        given = next((action[name] for name in action if name.startswith("selected_")), action.get("value"))
        self._heard(await self._hands.touch(found, spot, given))

    async def fill(self, view_id: str, block_id: str, action_id: str | None, value: object) -> None:
        """Put a simple value in an element of an open view; the bot hears of it when the block dispatches."""
        view = self._ws.views.get(view_id)
        spot = view.form.spot(block_id, action_id)
        if spot is None or view.user_id != self.profile.id:
            raise AssertionError(f"no element {block_id}/{action_id} in view {view_id}")
        self._heard(await self._hands.put(Surface(form=view.form, view=view), spot, value))

    async def selects(self, action_or_block: str, *options: str, where: str | None = None) -> None:
        """Choose by an option's value or by its words; in a multiple choice, these and no other."""
        surface, spot = self._screen.field(action_or_block, where)
        several = spot.kind.startswith("multi_") or spot.kind == "checkboxes"
        key = (spot.block_id, spot.action_id)
        if "external" in spot.kind and key not in surface.form.suggested:
            await self._hands.suggest(surface, spot, "")
        self._heard(await self._hands.put(surface, spot, list(options) if several else options[0]))

    async def checks(self, action_or_block: str, *options: str) -> None:
        await self.selects(action_or_block, *options)

    async def types(self, block_id: str, text: str | Json) -> None:
        """Replace what stands in a text field; a rich text field takes a ready `rich_text` too."""
        surface, spot = self._screen.field(block_id)
        self._heard(await self._hands.put(surface, spot, text))

    async def picks_time(self, block_id: str, unix: int) -> None:
        surface, spot = self._screen.field(block_id)
        self._heard(await self._hands.put(surface, spot, unix))

    async def uploads(self, block_id: str, *files: tuple[str, bytes]) -> None:
        surface, spot = self._screen.field(block_id)
        self._heard(await self._hands.put(surface, spot, files))

    async def suggests(self, block_id: str, query: str) -> list[Json]:
        """Type in an external_select; the bot's suggestions, groups flattened."""
        surface, spot = self._screen.field(block_id)
        least = spot.element.get("min_query_length", 3)
        assert len(query) >= least, f"Slack asks for no suggestion under {least} characters"
        options = await self._hands.suggest(surface, spot, query)
        self._heard(Answer(ok=options is not None))
        return options or []

    async def submits(self, view_id: str | None = None) -> Json | None:
        """Press the dialog's submit button; the bot's `response_action`, if any.

        Slack's own complaints (a required field left empty…) stop here: nothing is sent.
        """
        view = self._top(view_id)
        assert view.body.get("submit"), f"the dialog has no submit button\n{self._screen.text()}"
        view.errors = complaints(view.form, self.profile.locale)
        if view.errors:
            self._ws.changed(self.profile.id)
            return None
        answer = await self._outbox.interaction(self._payloads.submission(self.profile, view))
        if answer.ok:
            self._settle(view, answer.body)
        else:
            self._heard(answer)
        self._ws.changed(self.profile.id)
        return answer.body or None

    async def closes(self, view_id: str | None = None) -> None:
        """Close the dialog on top; the whole stack when the view says `clear_on_close`."""
        view = self._top(view_id)
        stack = self._screen.stack
        gone = [*reversed(stack)] if view.body.get("clear_on_close") else [view]
        for one in gone:
            stack.remove(one)
        self._ws.changed(self.profile.id)
        for one in gone:
            if one.body.get("notify_on_close"):
                payload = self._payloads.closed(self.profile, one, cleared=len(gone) > 1)
                self._heard(await self._outbox.interaction(payload))

    async def commands(self, command: str, text: str = "", *, where: str | None = None) -> None:
        conversation = self._conversation(where)
        form = self._payloads.command(self.profile, command, text, conversation)
        answer = await self._outbox.command(form)
        self._heard(answer)
        if answer.body:
            self._speech.told(conversation, answer.body)

    async def shortcut(
        self, callback_id: str, message: Json | str | None = None, *, where: str | None = None
    ) -> None:
        """A message shortcut on this message (or its ts); without a message, a global shortcut."""
        conversation = self._conversation(where)
        if isinstance(message, str):
            message = conversation.message(message)
        payload = self._payloads.shortcut(self.profile, callback_id, conversation, message)
        self._heard(await self._outbox.interaction(payload))

    # what only somebody with bad intentions does

    async def acts(self, payload: Mapping[str, object]) -> Answer:
        """Send an interaction made by hand."""
        return await self._outbox.interaction(dict(payload))

    async def submits_at_once(self, times: int) -> list[Answer]:
        """The same submission, as often as somebody can press: its answers, applied in their order."""
        view = self._top(None)
        payload = self._payloads.submission(self.profile, view)
        answers = await asyncio.gather(*(self.acts(payload) for _ in range(times)))
        for answer in answers:
            self._settle(view, answer.body)
        self._ws.changed(self.profile.id)
        return answers

    async def forges(self, action_id: str, value: str) -> Answer:
        """Press a button nobody showed them."""
        return await self._hands.forge(action_id, value)

    async def forges_submission(self, callback_id: str, metadata: str, values: Json) -> Answer:
        """Submit a dialog nobody opened for them."""
        return await self._hands.forge_submission(callback_id, metadata, values)

    def _settle(self, view: View, answer: Json) -> None:
        try:
            submissions.settle(self._ws, view, answer)
        except Refusal as refusal:
            self._ws.refuse(submissions.METHOD, refusal)
            self._heard(Answer(ok=False))

    def _top(self, view_id: str | None) -> View:
        stack = self._screen.stack
        assert stack, f"no dialog is open for {self.profile.name}\n{self._screen.text()}"
        assert view_id in (None, stack[-1].id), f"{view_id} is not the dialog on top"
        return stack[-1]

    def _conversation(self, where: str | None) -> Conversation:
        return self._ws.conversations.get(where or self.profile.dm)

    def _heard(self, answer: Answer) -> None:
        trouble = None if answer.ok else say(self.profile.locale, "trouble")
        if trouble != self.trouble:
            self.trouble = trouble
            self._ws.changed(self.profile.id)
