"""As whom the bot token speaks, asked at start; for `check` also whether the app token opens a connection."""

import re

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.ids import WorkspaceId
from bot.core.sentences import Refusal
from bot.services.checks import AWAY, Installed, Unanswered
from handlers.ways import probing_client

SECONDS = 10
WORD = re.compile(r"[a-z_]+")


class Probe:
    """`bot.services.checks.SlackProbe` over the Web API. `app_token` empty: HTTP mode, no connection."""

    def __init__(self, *, url: str, bot_token: str, app_token: str = "") -> None:
        self._client = probing_client(token=bot_token, url=url, seconds=SECONDS)
        self._app_token = app_token

    def who(self) -> Installed | Unanswered:
        try:
            answer = self._client.auth_test()
        except SlackApiError as refused:
            return Unanswered(error=word(refused))
        except (SlackClientError, OSError):
            return Unanswered(error=AWAY)
        return Installed(
            team=str(answer.get("team") or ""), bot=str(answer.get("user") or ""), scopes=_scopes(answer)
        )

    def socket(self) -> Unanswered | None:
        if not self._app_token:
            return None
        try:
            self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as refused:
            return Unanswered(error=word(refused))
        except (SlackClientError, OSError):
            return Unanswered(error=AWAY)
        return None

    def is_in(self, channel: str) -> bool | Unanswered:
        try:
            answer = self._client.conversations_info(channel=channel)
        except SlackApiError as refused:
            return Unanswered(error=word(refused))
        except (SlackClientError, OSError):
            return Unanswered(error=AWAY)
        told = answer.get("channel")
        return isinstance(told, dict) and told.get("is_member") is True


async def introduced(client: AsyncWebClient) -> WorkspaceId:
    """Where the token speaks. A bot whose token is refused says so and ends: it could hear nobody."""
    try:
        answer = await client.auth_test()
    except SlackApiError as refused:
        raise Refusal("commands.serve.slack", error=word(refused)) from None
    except (aiohttp.ClientError, TimeoutError) as away:
        raise Refusal("commands.serve.away", url=client.base_url) from away
    return WorkspaceId(str(answer["team_id"]))


def _scopes(answer: SlackResponse) -> frozenset[str]:
    """Slack tells the token's scopes in a header of every answer."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())


def word(refused: SlackApiError) -> str:
    """Slack's word for the error; a proxy's page is no answer of Slack's."""
    answer = refused.response
    error = answer.get("error") if hasattr(answer, "get") else None
    return error if isinstance(error, str) and WORD.fullmatch(error) else AWAY
