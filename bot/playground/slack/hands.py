"""What happens between a person's touch and the payload it sends."""

from collections.abc import Sequence

from bot.playground.slack.choices import chosen, file_complaint, option_of
from bot.playground.slack.delivery import Answer
from bot.playground.slack.outbox import Outbox
from bot.playground.slack.payloads import Payloads, Surface, touched
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.rules.surfaces import judge, options_faults
from bot.playground.slack.screen import Screen
from bot.playground.slack.state import Form, Spot, options_of
from bot.playground.slack.workspace import Workspace

NOTHING_SENT = Answer(ok=True)


class Hands:
    def __init__(self, ws: Workspace, outbox: Outbox, payloads: Payloads, screen: Screen) -> None:
        self._ws = ws
        self._outbox = outbox
        self._payloads = payloads
        self._screen = screen

    async def touch(self, surface: Surface, spot: Spot, value: object) -> Answer:
        match spot.kind:
            case "button":
                return await self._dispatch(surface, touched(spot, surface.form))
            case "overflow":
                option = option_of(options_of(spot.element), value)
                return await self._dispatch(surface, touched(spot, surface.form, option))
            case _:
                return await self.put(surface, spot, value)

    async def put(self, surface: Surface, spot: Spot, value: object) -> Answer:
        """The bot hears of it only when the block dispatches; otherwise it waits for the submission."""
        if spot.kind == "file_input":
            self._put_files(surface, spot, value)
        else:
            surface.form.put(spot, chosen(spot, surface.form, value))
        self._ws.changed(self._screen.profile.id)
        if not spot.dispatches:
            return NOTHING_SENT
        return await self._dispatch(surface, touched(spot, surface.form))

    def _put_files(self, surface: Surface, spot: Spot, value: object) -> None:
        assert isinstance(value, Sequence), f"files are a list, not {value!r}"
        assert surface.view is not None, "files are put in dialogs only"
        files = [(one["name"], one["bytes"]) if isinstance(one, dict) else one for one in value]
        wrong = file_complaint(spot.element, files, self._screen.profile.locale)
        surface.view.errors.pop(spot.block_id, None)
        if wrong:
            surface.view.errors[spot.block_id] = wrong
            return
        stored = [self._store(name, content) for name, content in files]
        surface.form.put(spot, stored)

    def _store(self, name: str, content: bytes) -> Json:
        created = int(self._ws.now().timestamp())
        file = self._ws.files.add(name, content, user_id=self._screen.profile.id, created=created)
        return self._ws.files.as_json(file)

    async def suggest(self, surface: Surface, spot: Spot, query: str) -> list[Json] | None:
        """The bot's suggestions, groups flattened; None when it did not answer, or not as it should."""
        payload = self._payloads.suggestion(self._screen.profile, surface, spot, query)
        answer = await self._outbox.interaction(payload)
        if not answer.ok:
            return None
        try:
            judge(options_faults(answer.body), "invalid_options")
        except Refusal as refusal:
            self._ws.refuse("block_suggestion", refusal)
            return None
        self._ws.second_opinion("block_suggestion", answer.body, "options_ack")
        options = options_of(answer.body)
        surface.form.offer(spot, options)
        return options

    async def forge(self, action_id: str, value: str) -> Answer:
        words = {"type": "plain_text", "text": action_id, "emoji": True}
        element: Json = {"type": "button", "action_id": action_id, "value": value, "text": words}
        block: Json = {"type": "actions", "block_id": "forged", "elements": [element]}
        me, dm = self._ws.identity, self._screen.dm
        message: Json = {"type": "message", "ts": self._ws.conversations.stamp(self._ws.now()), "text": ""}
        message |= {"user": me.bot_user_id, "bot_id": me.bot_id, "blocks": [block]}
        form = Form([block])
        surface = Surface(form=form, message=message, conversation=dm)
        return await self._dispatch(surface, touched(Spot(block=block, element=element), form))

    async def forge_submission(self, callback_id: str, metadata: str, values: Json) -> Answer:
        title = {"type": "plain_text", "text": "forged", "emoji": True}
        body = {"type": "modal", "callback_id": callback_id, "private_metadata": metadata, "title": title}
        view = self._ws.views.detached(self._screen.profile.id, body)
        payload = self._payloads.submission(self._screen.profile, view)
        payload["view"]["state"] = {"values": values}
        return await self._outbox.interaction(payload)

    async def _dispatch(self, surface: Surface, action: Json) -> Answer:
        payload = self._payloads.block_actions(self._screen.profile, surface, action)
        return await self._outbox.interaction(payload)
