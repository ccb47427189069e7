"""From Slack: the files people dropped, downloaded to disk. Implements `bot.ports.FileSource`.

The token goes to Slack's file host or to the API's own origin, and never along a redirect. Without access
Slack answers HTTP 200 with a login page: HTML is never a contact file.
"""

import asyncio
import concurrent.futures
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.core.ids import WorkspaceId
from bot.core.sentences import Refusal
from bot.ports import RemoteFile, Unreachable, Unwritable
from handlers import payloads

FILE_HOST = "https://files.slack.com"
PATIENCE = aiohttp.ClientTimeout(total=600, connect=10, sock_read=30)
CHUNK = 1 << 16
MEGABYTE = 1 << 20
UNAVAILABLE = {"tombstone": "lists.file.gone", "hidden_by_limit": "lists.file.hidden",
               "external": "lists.file.external"}  # fmt: skip
OUT_OF_REACH = frozenset({"file_not_found", "access_denied", "not_in_channel", "channel_not_found"})


@dataclass(frozen=True, kw_only=True)
class SlackFiles:
    client: AsyncWebClient
    loop: asyncio.AbstractEventLoop

    def fetch(
        self,
        workspace: WorkspaceId,  # noqa: ARG002 - one token serves one workspace
        file: RemoteFile,
        to: Path,
        limit: int,
    ) -> RemoteFile:
        """From a thread of the services."""
        future = asyncio.run_coroutine_threadsafe(self._fetch(file, to, limit), self.loop)
        try:
            return future.result((PATIENCE.total or 0) + 10)
        except concurrent.futures.TimeoutError as late:
            future.cancel()
            raise Unreachable("timeout") from late
        except Unwritable:
            raise
        except (aiohttp.ClientError, OSError) as away:
            raise Unreachable(type(away).__name__) from away

    async def _fetch(self, file: RemoteFile, to: Path, limit: int) -> RemoteFile:
        if file.access == "check_file_info" or (not file.url and file.mode not in UNAVAILABLE):
            file = await self._asked(file)
        if refusal := UNAVAILABLE.get(file.mode):
            raise Refusal(refusal, name=file.name)
        if not self._is_slack(file.url):
            raise Refusal("lists.file.out_of_reach", name=file.name)
        if file.size > limit:
            raise _too_large(file, limit)
        return await self._download(file, to, limit)

    async def _asked(self, file: RemoteFile) -> RemoteFile:
        """A stub of another workspace, or a file still being scanned, tells the rest when asked."""
        try:
            answer = await self.client.files_info(file=file.id)
        except SlackApiError as refused:
            error = str(refused.response.get("error"))
            if error == "file_deleted":
                raise Refusal("lists.file.gone", name=file.name) from None
            if error in OUT_OF_REACH:
                raise Refusal("lists.file.out_of_reach", name=file.name) from None
            raise Unreachable(error) from refused
        return payloads.remote_file(answer["file"])

    def _is_slack(self, url: str) -> bool:
        """Compared as origins: a host that only begins like Slack's gets no token."""
        if not url:
            return False
        try:
            asked = URL(url).origin()
        except ValueError:
            return False
        return asked in (URL(FILE_HOST).origin(), URL(self.client.base_url).origin())

    async def _download(self, file: RemoteFile, to: Path, limit: int) -> RemoteFile:
        headers = {"Authorization": f"Bearer {self.client.token}"}
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.get(
                file.url, headers=headers, allow_redirects=False,
                proxy=self.client.proxy, ssl=self.client.ssl or True,
            ) as response,
        ):  # fmt: skip
            _require_file(response, file)
            size = await _to_disk(response, file, to, limit)
        if file.size and size != file.size:
            raise Refusal("lists.file.incomplete", name=file.name)
        return file


def _require_file(response: aiohttp.ClientResponse, file: RemoteFile) -> None:
    if response.status >= 500 or response.status == 429:
        raise Unreachable(f"http_{response.status}")
    if response.status != 200 or response.content_type == "text/html":
        raise Refusal("lists.file.out_of_reach", name=file.name)


async def _to_disk(response: aiohttp.ClientResponse, file: RemoteFile, to: Path, limit: int) -> int:
    """The number of bytes; stops at the limit, whatever size was announced."""
    size = 0
    with _open(to) as out:
        async for chunk in response.content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > limit:
                raise _too_large(file, limit)
            _write(out, chunk)
    return size


def _open(to: Path) -> BinaryIO:
    try:
        return to.open("wb")
    except OSError as full:
        raise Unwritable(str(full)) from full


def _write(out: BinaryIO, chunk: bytes) -> None:
    try:
        out.write(chunk)
    except OSError as full:
        raise Unwritable(str(full)) from full


def _too_large(file: RemoteFile, limit: int) -> Refusal:
    return Refusal(
        "lists.file.too_large", name=file.name, limit=limit // MEGABYTE, size=-(-file.size // MEGABYTE)
    )
