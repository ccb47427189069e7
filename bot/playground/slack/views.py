"""Dialogs and Homes: each person's stack of open views, and the page of the app."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.playground.slack.records import Ids, Json, Refusal
from bot.playground.slack.state import Form

STACK = 3
_COPIED = (
    "type",
    "title",
    "submit",
    "close",
    "callback_id",
    "external_id",
    "private_metadata",
    "clear_on_close",
    "notify_on_close",
)
_DEFAULTS: Json = {
    "callback_id": "",
    "external_id": "",
    "private_metadata": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "title": None,
    "submit": None,
    "close": None,
}


@dataclass(kw_only=True)
class View:
    id: str
    user_id: str
    team_id: str
    app_id: str
    bot_id: str
    root_id: str
    previous_id: str | None
    hash: str
    body: Json
    form: Form
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "team_id": self.team_id,
            **_DEFAULTS,
            **self.body,
            "blocks": self.form.blocks,
            "state": {"values": self.form.values()},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": self.app_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }


class Views:
    def __init__(self, ids: Ids, *, team_id: str, app_id: str, bot_id: str) -> None:
        self._ids = ids
        self._team_id = team_id
        self._app_id = app_id
        self._bot_id = bot_id
        self.homes: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}

    def stack(self, user_id: str) -> list[View]:
        return self._stacks.setdefault(user_id, [])

    def __iter__(self) -> Iterator[View]:
        for stack in self._stacks.values():
            yield from stack
        yield from self.homes.values()

    def get(self, view_id: object) -> View:
        for view in self:
            if view.id == view_id:
                return view
        raise Refusal("not_found", f"no open view {view_id}")

    def by_external_id(self, external_id: object) -> View:
        for view in self:
            if external_id and view.body.get("external_id") == external_id:
                return view
        raise Refusal("not_found", f"no open view with external_id {external_id}")

    def open(self, user_id: str, body: Json, blocks: list[Json]) -> View:
        """A new root. It takes the place of whatever was open: a person looks at one stack."""
        view = self._new(user_id, body, blocks, under=None)
        self._stacks[user_id] = [view]
        return view

    def push(self, user_id: str, body: Json, blocks: list[Json]) -> View:
        stack = self.stack(user_id)
        if not stack:
            raise Refusal("not_found", "nothing is open to push onto")
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached", f"a stack holds {STACK} views")
        view = self._new(user_id, body, blocks, under=stack[-1])
        stack.append(view)
        return view

    def publish(self, user_id: str, body: Json, blocks: list[Json]) -> View:
        home = self.homes.get(user_id)
        if home is None:
            home = self.homes[user_id] = self._new(user_id, body, blocks, under=None)
        else:
            self.replace(home, body, blocks)
        return home

    def detached(self, user_id: str, body: Json) -> View:
        """A view nobody has open, for a submission made up by hand."""
        return self._new(user_id, body, [], under=None)

    def replace(self, view: View, body: Json, blocks: list[Json]) -> None:
        """New content under the same id: what stands in kept elements stays (see Form)."""
        if body["type"] != view.kind:
            raise Refusal("invalid_arguments", f"a {view.kind} cannot become a {body['type']}")
        external_id = str(body.get("external_id", view.body.get("external_id", "")))
        self._unique(external_id, besides=view)
        view.body = {**_only_known(body), "external_id": external_id}
        view.form.show(blocks)
        view.hash = self._ids.fresh("1700000000.")
        view.errors = {}

    def _new(self, user_id: str, body: Json, blocks: list[Json], under: View | None) -> View:
        self._unique(body.get("external_id", ""), besides=None)
        view_id = self._ids.fresh("V")
        return View(
            id=view_id,
            user_id=user_id,
            team_id=self._team_id,
            app_id=self._app_id,
            bot_id=self._bot_id,
            root_id=under.root_id if under else view_id,
            previous_id=under.id if under else None,
            hash=self._ids.fresh("1700000000."),
            body=_only_known(body),
            form=Form(blocks),
        )

    def _unique(self, external_id: str, *, besides: View | None) -> None:
        if external_id and any(
            view is not besides and view.body.get("external_id") == external_id for view in self
        ):
            raise Refusal("duplicate_external_id", external_id)


def _only_known(body: Json) -> Json:
    return {name: body[name] for name in _COPIED if name in body}
