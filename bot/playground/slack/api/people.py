"""users.info and auth.test: who is who."""

from bot.playground.slack.records import Json
from bot.playground.slack.workspace import Workspace


def info(ws: Workspace, args: Json) -> Json:
    with_locale = args.get("include_locale") in (True, 1, "1", "true", "True")
    if args["user"] == ws.identity.bot_user_id:
        return {"user": {"id": ws.identity.bot_user_id, "is_bot": True, "name": ws.identity.bot_name}}
    return {"user": ws.user(ws.profile(args["user"]), with_locale=with_locale)}


def auth_test(ws: Workspace, args: Json) -> Json:  # noqa: ARG001 - every method takes its arguments
    me = ws.identity
    return {
        "url": f"{ws.files.base}/",
        "team": me.team_name,
        "team_id": me.team_id,
        "user": me.bot_name.lower(),
        "user_id": me.bot_user_id,
        "bot_id": me.bot_id,
        "is_enterprise_install": False,
    }
