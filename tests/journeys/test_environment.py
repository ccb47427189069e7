"""What stands in the environment for other programs: proxies, and another Slack application's names."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.fixtures.files import french_excel_csv
from tests.journeys.harness import dialog
from tests.journeys.process import ROOT, open_service

NOWHERE = "http://127.0.0.1:9"
PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), NOWHERE)
OTHERS = {
    "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2", "SLACK_BOT_TOKEN": "xoxb-real",
    "SENDGRID_API_KEY": "SG.real",
}  # fmt: skip


@asynccontextmanager
async def a_playground(folder: Path, **environ: str) -> AsyncIterator[str]:
    """The command in a process of its own; its page's address."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "playground", "--port", "0", "--no-open", cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environ},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        yield line.decode().removeprefix("Postillon:").strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), 20)


async def sees(page: ClientSession, live: ClientWebSocketResponse, words: str) -> None:
    """Looked at again at each change that the page is told of."""
    while True:
        async with page.get("/api/state?person=U0CLAIRE") as state:
            if words in await state.text():
                return
        await live.receive()


async def test_the_playground_hears_nothing_of_the_real_world(tmp_path: Path) -> None:
    async with (
        a_playground(tmp_path, **PROXIES, **OTHERS) as address,
        ClientSession(address, headers={"Origin": address}) as page,
        page.ws_connect("/api/live") as live,
    ):
        said = {"person": "U0CLAIRE", "act": "say", "text": "aide"}
        async with page.post("/api/acts", json=said) as answer:
            assert await answer.json() == {"ok": True}
        async with asyncio.timeout(10):
            await sees(page, live, "Ce que je sais faire")


async def test_the_bot_goes_straight_where_no_proxy_says_so(tmp_path: Path) -> None:
    async with open_service(tmp_path / "data") as service:
        service.more = {**PROXIES, "NO_PROXY": "127.0.0.1", "PUBLIC_URL": "https://postillon.example"}
        service.slack.add_channel("C0GENERAL", name="general")
        claire = service.claire
        code, output, errors = await service.runs("check")
        assert (code, errors) == (0, ""), output
        await service.start()
        await claire.drops(french_excel_csv())
        await claire.sees("Liste gardée")
        await claire.clicks("lists.view")  # a client that Bolt made for this click
        await dialog(service.slack, claire, "lists.view")
        await claire.closes()
        await claire.commands("/contacts", where="C0GENERAL")
        await service.slack.until(
            lambda: [call for call in service.slack.calls if call.method == "response_url"]
        )
        code, _ = await service.end()
        assert code == 0
        assert service.slack.refusals == []
