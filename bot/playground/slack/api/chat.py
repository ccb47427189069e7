"""chat.* and conversations.open: what the bot says, and where."""

import json

from bot.playground.slack.conversations import Conversation
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.rules.surfaces import TEXT_LIMIT, judge, message_faults
from bot.playground.slack.workspace import Workspace

UPDATE_TEXT_LIMIT = 4_000


def post_message(ws: Workspace, args: Json) -> Json:
    """A U… id means the DM with that person; the answer holds its D… id."""
    conversation = place(ws, args["channel"], opens_dm=True)
    message = said(ws, "chat.postMessage", args) | _thread(conversation, args)
    conversation.messages.append(message)
    ws.changed_in(conversation)
    ws.echo({**message, "channel": conversation.id, **_event(conversation, message["ts"])})
    return {"channel": conversation.id, "ts": message["ts"], "message": message}


def _thread(conversation: Conversation, args: Json) -> Json:
    """An answer names the message it answers; of an answer, the one that began the thread."""
    if args.get("thread_ts") in (None, ""):
        return {}
    parent = next((one for one in conversation.messages if one["ts"] == args["thread_ts"]), None)
    if parent is None:
        raise Refusal("thread_not_found", str(args["thread_ts"]))
    return {"thread_ts": parent.get("thread_ts", parent["ts"])}


def post_ephemeral(ws: Workspace, args: Json) -> Json:
    conversation = place(ws, args["channel"], opens_dm=False)
    if args["user"] not in conversation.members:
        raise Refusal("user_not_in_channel", str(args["user"]))
    message = whisper(ws, conversation, str(args["user"]), args, method="chat.postEphemeral")
    return {"message_ts": message["ts"]}


def whisper(ws: Workspace, conversation: Conversation, user_id: str, args: Json, *, method: str) -> Json:
    """A message only one person sees, gone with the session and beyond chat.update."""
    message = {**said(ws, method, args), "is_ephemeral": True}
    conversation.hidden.setdefault(user_id, []).append(message)
    ws.changed(user_id)
    return message


def update(ws: Workspace, args: Json) -> Json:
    conversation = place(ws, args["channel"], opens_dm=False)
    message = _own(ws, conversation, args["ts"], "cant_update_message")
    before = dict(message)
    rewrite(ws, message, args, method="chat.update")
    ws.changed_in(conversation)
    ws.echo(
        {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "channel": conversation.id,
            "message": dict(message),
            "previous_message": before,
            **_event(conversation, ws.conversations.stamp(ws.now())),
        }
    )
    return {"channel": conversation.id, "ts": message["ts"], "text": message["text"], "message": message}


def rewrite(ws: Workspace, message: Json, args: Json, *, method: str) -> None:
    """New words and blocks in place; blocks left out stay as they are, an empty list removes them."""
    if "text" not in args and "blocks" not in args:
        raise Refusal("no_text")
    text = args.get("text", message["text"])
    if not isinstance(text, str) or len(text) > UPDATE_TEXT_LIMIT:
        raise Refusal("msg_too_long", f"text holds more than {UPDATE_TEXT_LIMIT} characters")
    blocks = _blocks(ws, method, text, args.get("blocks", message.get("blocks")))
    message["text"] = text
    message["blocks"] = blocks
    message["edited"] = {"user": ws.identity.bot_user_id, "ts": ws.conversations.stamp(ws.now())}


def delete(ws: Workspace, args: Json) -> Json:
    conversation = place(ws, args["channel"], opens_dm=False)
    message = _own(ws, conversation, args["ts"], "cant_delete_message")
    conversation.messages.remove(message)
    ws.changed_in(conversation)
    ws.echo(
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": conversation.id,
            "deleted_ts": message["ts"],
            "previous_message": message,
            **_event(conversation, ws.conversations.stamp(ws.now())),
        }
    )
    return {"channel": conversation.id, "ts": message["ts"]}


def permalink(ws: Workspace, args: Json) -> Json:
    conversation = place(ws, args["channel"], opens_dm=False)
    message = conversation.message(args["message_ts"])
    where = f"{conversation.id}/p{message['ts'].replace('.', '')}"
    return {"channel": conversation.id, "permalink": f"{ws.files.base}/archives/{where}"}


def open_dm(ws: Workspace, args: Json) -> Json:
    users = str(args["users"]).split(",")
    if len(users) != 1:
        raise Refusal("invalid_user_combination", "one person at a time")
    return {"channel": {"id": place(ws, users[0], opens_dm=True).id}}


def place(ws: Workspace, channel: object, *, opens_dm: bool) -> Conversation:
    if opens_dm and channel in ws.people:
        return ws.conversations.get(ws.people[str(channel)].dm)
    conversation = ws.conversations.get(channel)
    if not conversation.has_bot:
        raise Refusal("not_in_channel", conversation.id)
    return conversation


def said(ws: Workspace, method: str, args: Json) -> Json:
    """A checked message of the bot, stamped and not yet anywhere."""
    text = args.get("text") or ""
    if not isinstance(text, str) or len(text) > TEXT_LIMIT:
        raise Refusal("msg_too_long", f"text holds more than {TEXT_LIMIT} characters")
    if not text and not args.get("blocks"):
        raise Refusal("no_text")
    return {
        "type": "message",
        "user": ws.identity.bot_user_id,
        "bot_id": ws.identity.bot_id,
        "app_id": ws.identity.app_id,
        "team": ws.identity.team_id,
        "ts": ws.conversations.stamp(ws.now()),
        "text": text,
        "blocks": _blocks(ws, method, text, args.get("blocks")),
    }


def _blocks(ws: Workspace, method: str, text: str, blocks: object) -> list[Json]:
    if not blocks:
        return []
    if isinstance(blocks, str):
        raise Refusal("invalid_blocks_format", "blocks is no JSON array")
    judge(message_faults(blocks, text), "invalid_blocks")
    assert isinstance(blocks, list)
    ws.second_opinion(method, json.loads(json.dumps({"text": text, "blocks": blocks})), "message")
    return ws.conversations.dressed(blocks)


def _own(ws: Workspace, conversation: Conversation, ts: object, otherwise: str) -> Json:
    message = conversation.message(ts)
    if message.get("bot_id") != ws.identity.bot_id:
        raise Refusal(otherwise, "only the bot's own messages")
    return message


def _event(conversation: Conversation, ts: str) -> Json:
    return {"event_ts": ts, "ts": ts, "channel_type": "im" if conversation.is_dm else "channel"}
