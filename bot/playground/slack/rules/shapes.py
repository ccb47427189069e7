"""The checks every rule is made of. A check looks at one value and yields what is wrong, and where."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    path: str
    message: str
    error: str = ""
    """The error Slack has for just this; empty: the surface's usual one."""

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.path or '/'}]"


Check = Callable[[object, str], Iterator[Fault]]


def text(most: int | None = None, *, least: int = 0, pattern: str | None = None) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path=path, message="must be a string")
        elif most is not None and len(value) > most:
            yield Fault(path=path, message=f"must be less than {most + 1} characters")
        elif len(value) < least:
            yield Fault(path=path, message=f"must be more than {least - 1} characters")
        elif pattern is not None and not re.search(pattern, value):
            yield Fault(path=path, message=f"must match {pattern}")

    return check


def whole(least: int | None = None, most: int | None = None) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(path=path, message="must be an integer")
        elif (least is not None and value < least) or (most is not None and value > most):
            yield Fault(path=path, message=f"must be between {least} and {most}")

    return check


def number(value: object, path: str) -> Iterator[Fault]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Fault(path=path, message="must be a number")


def flag(value: object, path: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(path=path, message="must be a boolean")


def anything(value: object, path: str) -> Iterator[Fault]:  # noqa: ARG001 - a check like any other
    yield from ()


def one_of(*allowed: object) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if value not in allowed:
            yield Fault(path=path, message=f"must be one of {', '.join(map(str, allowed))}")

    return check


def listing(of: Check, *, least: int = 1, most: int | None = None) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path=path, message="must be an array")
            return
        if len(value) < least:
            yield Fault(path=path, message=f"must have at least {least} items")
        if most is not None and len(value) > most:
            yield Fault(path=path, message=f"no more than {most} items allowed")
        for index, item in enumerate(value):
            yield from of(item, f"{path}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields, no other, and no null: Slack refuses both."""
    known = {**required, **(optional or {})}

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path=path, message="must be an object")
            return
        for name in required:
            if name not in value:
                yield Fault(path=path, message=f"missing required field: {name}")
        for name, inner in value.items():
            if inner is None:
                yield Fault(path=f"{path}/{name}", message="must not be null")
            elif name in known:
                yield from known[name](inner, f"{path}/{name}")
            elif name != "type":
                yield Fault(path=f"{path}/{name}", message=f"additional property not allowed: {name}")

    return check


def kind_of(table: Mapping[str, Check]) -> Check:
    """An object whose `type` names its shape."""

    def check(value: object, path: str) -> Iterator[Fault]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            yield Fault(path=path, message=f"unsupported type: {kind}")
            return
        yield from table[kind](value, path)

    return check


def both(*checks: Check) -> Check:
    """Each in turn; the later ones only see a value the earlier ones accepted."""

    def check(value: object, path: str) -> Iterator[Fault]:
        for one in checks:
            faults = list(one(value, path))
            yield from faults
            if faults:
                return

    return check


def plain(most: int | None = None) -> Check:
    letters = text(3000 if most is None else most, least=1)
    return kind_of({"plain_text": shape({"text": letters}, {"emoji": flag})})


def words(most: int | None = None) -> Check:
    """Plain text or mrkdwn."""
    letters = text(3000 if most is None else most, least=1)
    return kind_of(
        {
            "plain_text": shape({"text": letters}, {"emoji": flag}),
            "mrkdwn": shape({"text": letters}, {"verbatim": flag}),
        }
    )
