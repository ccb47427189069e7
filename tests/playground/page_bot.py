"""A small real bot that shows every kind of block, for the page to draw and a browser to press."""

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str) -> Json:
    return {"text": words(text), "value": value}


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": words(text), "value": "x_1:1", **more}


SURE = {
    "title": words("Supprimer ?"),
    "text": marked("412 contacts."),
    "confirm": words("Oui"),
    "deny": words("Non"),
}
MANY = [option("a", "Ancien"), option("b", "Bis"), option("c", "Cadet")]
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "un mot "},
                {"type": "text", "text": "gras", "style": {"bold": True}},
                {"type": "link", "url": "https://exemple.fr/", "text": " lien"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "un point"}]}],
        },
    ],
}
POINTS = [{"label": "Lun", "value": 3}, {"label": "Mar", "value": 7}]

MESSAGE: list[Json] = [
    {"type": "header", "text": words("Clients <2026> · 412 contacts")},
    {
        "type": "section",
        "text": marked(
            "*gras* _penché_ ~barré~ `code` 2*3*4 <https://exemple.fr/a?b=1&amp;c=2|un lien> "
            "&lt;b&gt;texte&lt;/b&gt; <@U0BOB> :tada:\n"
            "&gt; cité\n<!date^1764064800^{date_short_pretty} {time}|repli>"
        ),
        "accessory": {"type": "overflow", "action_id": "show.more", "options": MANY[:2]},
    },
    {"type": "section", "fields": [marked("*87 réponses*\n23 %"), marked("*386 distribués*\nsur 391")]},
    {"type": "divider"},
    {"type": "table", "rows": [cells("Ligne", "E-mail"), cells("2", "jean@exemple.fr"), cells("3", "–")]},
    RICH,
    {
        "type": "data_visualization",
        "title": "Réponses",
        "chart": {
            "type": "bar",
            "series": [{"name": "Reçues", "data": POINTS}],
            "axis_config": {"categories": ["Lun", "Mar"]},
        },
    },
    {"type": "image", "image_url": "https://exemple.fr/logo.png", "alt_text": "le logo"},
    {"type": "markdown", "text": "du **markdown**"},
    {
        "type": "actions",
        "block_id": "acts",
        "elements": [
            button("show.dialog", "Ouvrir", style="primary"),
            button("show.delete", "Supprimer", style="danger", confirm=SURE),
            {
                "type": "static_select",
                "action_id": "show.pick",
                "placeholder": words("Ranger"),
                "options": MANY,
            },
        ],
    },
    {"type": "context", "elements": [marked("Lu comme : *CSV*"), words("Windows")]},
]


def asks(
    block_id: str, kind: str, *, label: str | None = None, block: Json | None = None, **more: Any
) -> Json:
    element = {"type": kind, "action_id": block_id, **more}
    return {
        "type": "input",
        "block_id": block_id,
        "label": words(label or block_id),
        "optional": True,
        "element": element,
        **(block or {}),
    }


DIALOG_BLOCKS: list[Json] = [
    {"type": "alert", "level": "warning", "text": marked("Aucun test reçu.")},
    asks("name", "plain_text_input", label="Nom", block={"optional": False}),
    asks("notes", "plain_text_input", multiline=True, block={"hint": words("quelques mots")}),
    asks("body", "rich_text_input"),
    asks("list", "external_select", min_query_length=0),
    asks("kind", "static_select", options=MANY, initial_option=MANY[0]),
    asks("who", "multi_users_select"),
    asks("tags", "multi_static_select", options=MANY),
    asks("options", "checkboxes", options=MANY, initial_options=MANY[:1]),
    asks("when", "radio_buttons", options=MANY, block={"dispatch_action": True}),
    asks("day", "datepicker"),
    asks("hour", "timepicker"),
    asks("send_at", "datetimepicker", initial_date_time=1764064800),
    asks("speed", "number_input", is_decimal_allowed=False),
    asks("reply_to", "email_text_input"),
    asks("link", "url_text_input"),
    asks("file", "file_input", filetypes=["csv"], max_files=1),
    {"type": "actions", "block_id": "steps", "elements": [button("show.step", "Suite")]},
]


def dialog(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": "show.form",
        "title": words(title),
        "submit": words("Garder"),
        "close": words("Fermer"),
        "notify_on_close": True,
        "blocks": blocks,
    }


def a_bot(client: AsyncWebClient, heard: list[tuple[str, Any]]) -> AsyncApp:
    app = AsyncApp(client=client, signing_secret="a-signing-secret-for-loopback")
    converses(app, heard)
    acts(app, heard)
    fills_in(app, heard)
    return app


def converses(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.event("message")
    async def message(event: Json, say: Any) -> None:
        if "bot_id" in event:
            return
        heard.append(("message", event))
        if event.get("files"):
            await say(text=f"lu : {event['files'][0]['name']}")
        else:
            await say(text="tout", blocks=MESSAGE)

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        see = button("show.home", "Voir")
        blocks = [{"type": "section", "text": marked("Rien ne vous attend"), "accessory": see}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.command("/contacts")
    async def contacts(ack: Any, command: Json) -> None:
        await ack(f"vous avez dit {command['text']}")

    @app.event(re.compile(".*"))
    async def anything_else() -> None:
        pass


def acts(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.action("show.dialog")
    async def opens(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=dialog("Essai", DIALOG_BLOCKS))

    @app.action("show.step")
    async def step(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        blocks = [*DIALOG_BLOCKS[:2], asks("later", "plain_text_input", label="Plus tard")]
        await client.views_update(view_id=body["view"]["id"], view=dialog("Étape 2", blocks))

    @app.action(re.compile("show|when"))
    async def pressed(ack: Any, body: Json) -> None:
        await ack()
        heard.append((body["actions"][0]["action_id"], body["actions"][0]))

    @app.shortcut("lists.import")
    async def shortcut(ack: Any, body: Json) -> None:
        await ack()
        heard.append(("shortcut", body["message"]))


def fills_in(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.options("list")
    async def lists(ack: Any, payload: Json) -> None:
        found = [option("l1", "Clients"), option("l2", "Prospects")]
        await ack(options=[one for one in found if payload["value"].lower() in one["text"]["text"].lower()])

    @app.view("show.form")
    async def submitted(ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        if values["name"]["name"]["value"] == "pris":
            await ack(response_action="errors", errors={"name": "Ce nom est pris."})
            return
        heard.append(("submitted", values))
        await ack()

    @app.view_closed("show.form")
    async def closed(ack: Any) -> None:
        await ack()
        heard.append(("closed", None))
