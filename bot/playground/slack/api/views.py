"""views.*: dialogs and Home."""

from bot.playground.slack.records import Json, Refusal
from bot.playground.slack.rules.surfaces import judge, view_faults
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Workspace


def open_view(ws: Workspace, args: Json) -> Json:
    trigger = ws.triggers.exchange(args["trigger_id"])
    body = judged(ws, "views.open", args["view"], "modal")
    return _shown(ws, ws.views.open(trigger.user_id, body, ws.conversations.dressed(body["blocks"])))


def push_view(ws: Workspace, args: Json) -> Json:
    trigger = ws.triggers.exchange(args["trigger_id"])
    body = judged(ws, "views.push", args["view"], "modal")
    return _shown(ws, ws.views.push(trigger.user_id, body, ws.conversations.dressed(body["blocks"])))


def update_view(ws: Workspace, args: Json) -> Json:
    if "view_id" not in args and "external_id" not in args:
        raise Refusal("invalid_arguments", "missing required field: view_id or external_id")
    known = ws.views.get(args["view_id"]) if "view_id" in args else None
    view = known or ws.views.by_external_id(args["external_id"])
    body = judged(ws, "views.update", args["view"], view.kind)
    _current(view, args.get("hash"))
    ws.views.replace(view, body, ws.conversations.dressed(body["blocks"]))
    return _shown(ws, view)


def publish_view(ws: Workspace, args: Json) -> Json:
    profile = ws.profile(args["user_id"])
    body = judged(ws, "views.publish", args["view"], "home")
    if profile.id in ws.views.homes:
        _current(ws.views.homes[profile.id], args.get("hash"))
    return _shown(ws, ws.views.publish(profile.id, body, ws.conversations.dressed(body["blocks"])))


def judged(ws: Workspace, method: str, view: object, kind: str) -> Json:
    judge(view_faults(view), "invalid_arguments")
    assert isinstance(view, dict)
    if view["type"] != kind:
        raise Refusal("invalid_arguments", f"expected a {kind} view [json-pointer:/view/type]")
    ws.second_opinion(method, view, kind)
    return view


def _current(view: View, given: object) -> None:
    if given not in (None, "", view.hash):
        raise Refusal("hash_conflict", "the view changed meanwhile")


def _shown(ws: Workspace, view: View) -> Json:
    ws.changed(view.user_id)
    return {"view": view.as_json()}
