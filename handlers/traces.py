"""What Slack still shows of a person who was erased: our messages said over, our files deleted."""

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ids import WorkspaceId
from bot.core.inbox import files_of
from bot.core.people import Member
from handlers.posts import Post, Posts

GONE = frozenset({"file_not_found", "file_deleted", "access_denied", "cant_delete_file"})


@dataclass(frozen=True, kw_only=True)
class Traces:
    client: AsyncWebClient
    posts: Posts

    async def blank(self, member: Member, subject: str, text: str) -> None:
        while await self.posts.replace_last(Post(member=member, text=text, subject=subject)):
            continue

    async def delete_files(self, workspace: WorkspaceId, about: str) -> int:
        """A second time finds none; one that is gone already is forgotten all the same."""
        found = await self.posts.noted(workspace, files_of(about))
        for ref in found:
            try:
                await self.client.files_delete(file=ref.channel)
            except SlackApiError as refused:
                if refused.response.get("error") not in GONE:
                    raise
            await self.posts.forget(workspace, ref)
        return len(found)

    async def permalink(self, file_id: str) -> str:
        try:
            answer = await self.client.files_info(file=file_id)
        except SlackApiError as refused:
            if refused.response.get("error") not in GONE:
                raise
            return ""
        return str(answer["file"].get("permalink") or "")
