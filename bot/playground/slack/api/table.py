"""Every method there is: what runs it, the scope it asks, the arguments it cannot do without."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.playground.slack.api import chat, files, history, people, views
from bot.playground.slack.records import Json
from bot.playground.slack.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Method:
    run: Callable[[Workspace, Json], Json]
    needs: tuple[str, ...] = ()
    scope: str | None = None


METHODS: Mapping[str, Method] = {
    "auth.test": Method(run=people.auth_test),
    "chat.delete": Method(run=chat.delete, needs=("channel", "ts"), scope="chat:write"),
    "chat.getPermalink": Method(run=chat.permalink, needs=("channel", "message_ts")),
    "chat.postEphemeral": Method(run=chat.post_ephemeral, needs=("channel", "user"), scope="chat:write"),
    "chat.postMessage": Method(run=chat.post_message, needs=("channel",), scope="chat:write"),
    "chat.update": Method(run=chat.update, needs=("channel", "ts"), scope="chat:write"),
    "conversations.history": Method(run=history.history, needs=("channel",), scope="im:history"),
    "conversations.open": Method(run=chat.open_dm, needs=("users",), scope="im:write"),
    "files.completeUploadExternal": Method(run=files.complete_upload, needs=("files",), scope="files:write"),
    "files.delete": Method(run=files.delete, needs=("file",), scope="files:write"),
    "files.getUploadURLExternal": Method(
        run=files.announce_upload, needs=("filename", "length"), scope="files:write"
    ),
    "files.info": Method(run=files.info, needs=("file",), scope="files:read"),
    "users.info": Method(run=people.info, needs=("user",), scope="users:read"),
    "views.open": Method(run=views.open_view, needs=("trigger_id", "view")),
    "views.publish": Method(run=views.publish_view, needs=("user_id", "view")),
    "views.push": Method(run=views.push_view, needs=("trigger_id", "view")),
    "views.update": Method(run=views.update_view, needs=("view",)),
}
