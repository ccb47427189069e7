"""Telling the open pages that something changed; each then asks for the state it shows."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web

from bot.playground.page_stage import Stage

MAIL_SECONDS = 0.1


class Live:
    """Changes heard while a page is being told become one more word, however many they were.

    Mail comes by the thousand: what happens within a moment is told once.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pages: dict[web.WebSocketResponse, asyncio.Event] = {}
        self._soon: asyncio.TimerHandle | None = None

    def changed(self, *_what: object) -> None:
        for event in self._pages.values():
            event.set()

    def mailed(self, *_what: object) -> None:
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(MAIL_SECONDS, self._mail_came)

    def _mail_came(self) -> None:
        self._soon = None
        self.changed()

    async def running(self, _application: web.Application) -> AsyncIterator[None]:
        mail = self._stage.mail
        leave = [
            self._stage.slack.subscribe(self.changed),
            mail.subscribe(self.mailed),
            mail.watch(self.mailed),
        ]
        yield
        for unsubscribe in leave:
            unsubscribe()
        if self._soon is not None:
            self._soon.cancel()

    async def close(self, _application: web.Application) -> None:
        """Before the server waits for its open requests: a page would stay for ever."""
        for page in list(self._pages):
            await page.close()

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        page = web.WebSocketResponse(heartbeat=30)
        await page.prepare(request)
        event = self._pages[page] = asyncio.Event()
        teller = asyncio.create_task(_tell(page, event))
        try:
            async for message in page:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            del self._pages[page]
            teller.cancel()
            await asyncio.gather(teller, return_exceptions=True)
        return page


async def _tell(page: web.WebSocketResponse, event: asyncio.Event) -> None:
    while await event.wait():
        event.clear()
        await page.send_str(json.dumps({"changed": True}))
