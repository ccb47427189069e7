"""files.*: what people dropped, and what the bot sends up."""

import asyncio

from bot.playground.slack.api.chat import place, said
from bot.playground.slack.conversations import Conversation
from bot.playground.slack.files import StoredFile
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.workspace import Workspace

SHARE_DELAY = 0.02
"""Seconds between the end of an upload and its message: Slack shares files later, on its own."""


def info(ws: Workspace, args: Json) -> Json:
    file = ws.files.get(args["file"])
    if file.looks == "tombstone":
        raise Refusal("file_deleted")
    if not file.readable:
        raise Refusal("file_not_found", "the bot is in no conversation with this file")
    return {"file": ws.files.as_json(file, whole=True)}


def delete(ws: Workspace, args: Json) -> Json:
    file = ws.files.get(args["file"])
    if file.user_id != ws.identity.bot_user_id:
        raise Refusal("cant_delete_file", "a bot deletes only its own files")
    file.deleted = True
    for conversation in ws.conversations:
        for message in conversation.messages:
            if any(shared["id"] == file.id for shared in message.get("files", [])):
                message["files"] = [
                    {"id": file.id, "mode": "tombstone"} if shared["id"] == file.id else shared
                    for shared in message["files"]
                ]
                ws.changed_in(conversation)
    return {}


def announce_upload(ws: Workspace, args: Json) -> Json:
    length = int(args["length"])
    if length <= 0:
        raise Refusal("invalid_arguments", "length must be more than 0: empty files fail")
    file, url = ws.files.announce(
        str(args["filename"]),
        length,
        user_id=ws.identity.bot_user_id,
        created=int(ws.now().timestamp()),
    )
    return {"upload_url": url, "file_id": file.id}


def complete_upload(ws: Workspace, args: Json) -> Json:
    """Answers at once without a ts; the message with the files comes afterwards."""
    files = [_uploaded(ws, given) for given in args["files"]]
    channel = args.get("channel_id") or args.get("channels")
    if channel is not None:
        conversation = place(ws, channel, opens_dm=False)
        ws.background(_share(ws, conversation, files, str(args.get("initial_comment") or "")))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _uploaded(ws: Workspace, given: Json) -> StoredFile:
    file = ws.files.get(given["id"])
    if not file.content:
        raise Refusal("file_not_found", f"nothing was uploaded for {file.id}")
    file.title = str(given.get("title") or file.name)
    return file


async def _share(ws: Workspace, conversation: Conversation, files: list[StoredFile], words: str) -> None:
    await asyncio.sleep(SHARE_DELAY)
    shared = [ws.files.as_json(file) for file in files if not file.deleted]
    if not shared:
        return
    message = {**said(ws, "files.completeUploadExternal", {"text": words or " "}), "text": words}
    message |= {"files": shared, "subtype": "file_share", "upload": False}
    conversation.messages.append(message)
    ws.changed_in(conversation)
    kind = "im" if conversation.is_dm else "channel"
    ws.echo({**message, "channel": conversation.id, "channel_type": kind, "event_ts": message["ts"]})
