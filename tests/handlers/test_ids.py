"""Every action a screen can emit has a listener, every listener a screen that emits it; dialogs likewise."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest
from slack_bolt.async_app import AsyncApp

import handlers
from handlers.edge import Edge

BLOCKS = Path(handlers.__file__).parent / "blocks"
ACTION = re.compile(r"(lists|campaigns|people|support|templates|openings|log)\.[a-z_]+")
PLACE = {"button": 1, "select": 0, "text_input": 0, "modal": 0}  # where the id stands among the arguments


class Ears(AsyncApp):
    """Bolt's app, which also remembers what it was asked to listen to."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-nobody", signing_secret="none")
        self.actions: set[str] = set()
        self.families: set[re.Pattern[str]] = set()  # ids that only begin alike
        self.dialogs: set[str] = set()

    def action(self, constraints: Any, *more: Any, **other: Any) -> Any:
        if isinstance(constraints, re.Pattern):
            self.families.add(constraints)
        else:
            self.actions.add(constraints)
        return super().action(constraints, *more, **other)

    def view(self, constraints: Any, *more: Any, **other: Any) -> Any:
        self.dialogs.add(constraints)
        return super().view(constraints, *more, **other)


@pytest.fixture(scope="module")
def ears() -> Ears:
    app = Ears()
    edge = Edge(services=MagicMock(), policy=MagicMock(), clicks=MagicMock(), work=MagicMock())
    handlers.register(app, edge)  # nothing is called: only the listening is looked at
    return app


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    for path in sorted(BLOCKS.glob("*.py")):
        if path.stem != "__init__":
            module = importlib.import_module(f"handlers.blocks.{path.stem}")
            yield module, ast.parse(path.read_text("utf-8"))


def emitted(kinds: set[str]) -> set[str]:
    """The ids given to the bricks of these kinds, and to hand-made elements."""
    found: set[str] = set()
    for module, tree in modules():
        for node in ast.walk(tree):
            for given in _ids(node, kinds):
                try:
                    value = eval(ast.unparse(given), dict(vars(module)))
                except NameError:
                    continue  # a parameter: whoever calls gives the id, and is looked at there
                if isinstance(value, str) and ACTION.fullmatch(value):
                    found.add(value)
    return found


def _ids(node: ast.AST, kinds: set[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in kinds and len(node.args) > PLACE[name]:
            yield node.args[PLACE[name]]
        # a builder of our own that is handed the id: any argument that names one
        elif name not in PLACE and "modal" not in kinds and name not in ("say", "mrkdwn", "sentence"):
            yield from (arg for arg in node.args if isinstance(arg, ast.Name | ast.Attribute))
    if isinstance(node, ast.Dict) and "modal" not in kinds:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "action_id":
                yield value


def test_every_action_has_a_listener_and_every_listener_an_action(ears: Ears) -> None:
    shown = emitted({"button", "select", "text_input"})
    assert len(shown) > 20
    assert sorted(shown - ears.actions) == [], "emitted, and nobody listens"
    assert sorted(ears.actions - shown) == [], "listened to, and no screen emits it"
    orphans = [one.pattern for one in ears.families if not any(map(one.match, _callbacks()))]
    assert orphans == [], "listened to, and no screen has such ids"


def test_every_dialog_has_a_listener_and_every_listener_a_dialog(ears: Ears) -> None:
    shown = {view for view in _callbacks() if ACTION.fullmatch(view)}
    assert sorted(ears.dialogs - shown) == [], "listened to, and no screen shows it"


def _callbacks() -> set[str]:
    return {
        value
        for module, _ in modules()
        for name, held in vars(module).items()
        if name.isupper()
        for value in (held.values() if isinstance(held, dict) else [held])
        if isinstance(value, str)
    }
