"""Telling the open pages that something changed; each then asks for the state it shows."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web

from bot.playground.page_stage import Stage


class Live:
    """Changes heard while a page is being told become one more word, however many they were."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pages: dict[web.WebSocketResponse, asyncio.Event] = {}

    def changed(self, *_what: object) -> None:
        for event in self._pages.values():
            event.set()

    async def running(self, _application: web.Application) -> AsyncIterator[None]:
        leave = [self._stage.slack.subscribe(self.changed), self._stage.mail.subscribe(self.changed)]
        yield
        for unsubscribe in leave:
            unsubscribe()

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
