"""What becomes of a dialog after the bot answered its submission."""

from bot.playground.slack.api.views import judged
from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace

METHOD = "view_submission"


def settle(ws: Workspace, view: View, answer: Json) -> None:
    """Apply a `response_action`; raises Refusal for one Slack would not take."""
    if view not in ws.views.stack(view.user_id):
        return
    action = answer.get("response_action")
    if action is not None:
        ws.second_opinion(METHOD, answer, "view_ack")
    match action:
        case None:
            _close(ws, view)
        case "errors":
            view.errors = _errors(view, answer.get("errors"))
        case "update":
            body = judged(ws, METHOD, answer.get("view"), "modal")
            ws.views.replace(view, body, ws.conversations.dressed(body["blocks"]))
        case "push":
            body = judged(ws, METHOD, answer.get("view"), "modal")
            ws.views.push(view.user_id, body, ws.conversations.dressed(body["blocks"]))
        case "clear":
            ws.views.stack(view.user_id).clear()
        case _:
            raise Refusal("invalid_response_action", str(action))


def _close(ws: Workspace, view: View) -> None:
    ws.views.stack(view.user_id).remove(view)


def _errors(view: View, errors: object) -> dict[str, str]:
    """Keyed by block_id, of input blocks of this very view, each with words."""
    if not isinstance(errors, dict) or not errors:
        raise Refusal("invalid_response_action", "errors must name at least one block")
    inputs = {block["block_id"] for block in view.form.blocks if block["type"] == "input"}
    for block_id, words in errors.items():
        if block_id not in inputs:
            raise Refusal("invalid_response_action", f"errors: {block_id!r} is no input block of the view")
        if not isinstance(words, str) or not words:
            raise Refusal("invalid_response_action", f"errors: {block_id!r} has no words")
    return dict(errors)
