"""The documented rules of POST /v3/mail/send, one small generator each.

Every rule takes a request whose JSON shape is right and yields what it finds broken; SendGrid
answers all of them together, as a 400 for the WHOLE request.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .records import Problem
from .shapes import misshapen

MAX_RECIPIENTS = 1000
MAX_REQUEST_BYTES = 20_000_000  # the service ends at 30 MB with attachments; its advice is to stay under 20
MAX_SUBSTITUTION_BYTES = 10_000
MAX_CUSTOM_ARGS_BYTES = 10_000
MAX_CATEGORIES = 10
MAX_CATEGORY = 255
MAX_AHEAD = timedelta(hours=72)
RESERVED_HEADERS = frozenset(
    [
        "x-sg-id",
        "x-sg-eid",
        "received",
        "dkim-signature",
        "content-type",
        "content-transfer-encoding",
        "to",
        "from",
        "subject",
        "reply-to",
        "cc",
        "bcc",
    ]
)
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])"
)
_HEADER_NAME = re.compile(r"[!-9;-~]+")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request body whose shape was checked, beside what the rules judge it against."""

    body: Mapping[str, Any]
    now: datetime
    groups: frozenset[int]

    @property
    def personalizations(self) -> list[dict[str, Any]]:
        return list(self.body.get("personalizations", []))


Rule = Callable[[Draft], Iterator[Problem]]


def valid_address(value: str) -> bool:
    return _ADDRESS.fullmatch(value) is not None


def personalizations_counted(draft: Draft) -> Iterator[Problem]:
    count = len(draft.personalizations)
    if count == 0:
        yield Problem(message="At least one personalization is required.", field="personalizations")
    if count > MAX_RECIPIENTS:
        yield Problem(
            message=f"At most {MAX_RECIPIENTS} personalizations a request, {count} given.",
            field="personalizations",
        )


def recipients_counted(draft: Draft) -> Iterator[Problem]:
    count = sum(len(entry.get(kind, [])) for entry in draft.personalizations for kind in ("to", "cc", "bcc"))
    if count > MAX_RECIPIENTS:
        yield Problem(
            message=f"At most {MAX_RECIPIENTS} recipients (to + cc + bcc) a request.",
            field="personalizations",
        )


def recipients_named(draft: Draft) -> Iterator[Problem]:
    for number, entry in enumerate(draft.personalizations):
        if not entry.get("to"):
            yield Problem(
                message="The to array needs at least one address.", field=f"personalizations.{number}.to"
            )


def recipients_valid(draft: Draft) -> Iterator[Problem]:
    for number, entry in enumerate(draft.personalizations):
        for kind in ("to", "cc", "bcc"):
            for place, address in enumerate(entry.get(kind, [])):
                if not valid_address(address.get("email", "")):
                    yield Problem(
                        message="Does not contain a valid address.",
                        field=f"personalizations.{number}.{kind}.{place}.email",
                    )


def recipients_unique(draft: Draft) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for number, entry in enumerate(draft.personalizations):
        for kind in ("to", "cc", "bcc"):
            for place, address in enumerate(entry.get(kind, [])):
                email = address.get("email", "").lower()
                seen[email] += 1
                if seen[email] == 2:
                    yield Problem(
                        message=f"Each address may appear once; [{email}] appears again.",
                        field=f"personalizations.{number}.{kind}.{place}.email",
                    )


def substitutions_small(draft: Draft) -> Iterator[Problem]:
    for number, entry in enumerate(draft.personalizations):
        values = entry.get("substitutions", {})
        if sum(len(tag.encode()) + len(value.encode()) for tag, value in values.items()) > (
            MAX_SUBSTITUTION_BYTES
        ):
            yield Problem(
                message=f"Substitutions are limited to {MAX_SUBSTITUTION_BYTES} bytes a personalization.",
                field=f"personalizations.{number}.substitutions",
            )


def custom_args_small(draft: Draft) -> Iterator[Problem]:
    shared = draft.body.get("custom_args", {})
    places = [("custom_args", shared)] + [
        (f"personalizations.{number}.custom_args", {**shared, **entry["custom_args"]})
        for number, entry in enumerate(draft.personalizations)
        if entry.get("custom_args")
    ]
    for field, values in places:
        if len(json.dumps(values, ensure_ascii=False).encode()) >= MAX_CUSTOM_ARGS_BYTES:
            yield Problem(message=f"Must stay under {MAX_CUSTOM_ARGS_BYTES} bytes.", field=field)


def categories_short(draft: Draft) -> Iterator[Problem]:
    categories = draft.body.get("categories", [])
    if len(categories) > MAX_CATEGORIES:
        yield Problem(message=f"At most {MAX_CATEGORIES} categories a request.", field="categories")
    if len(set(categories)) != len(categories):
        yield Problem(message="Categories must be unique.", field="categories")
    for number, category in enumerate(categories):
        if not 0 < len(category) <= MAX_CATEGORY or not category.isascii():
            yield Problem(
                message=f"A category is 1 to {MAX_CATEGORY} ASCII characters.", field=f"categories.{number}"
            )


def departure_near(draft: Draft) -> Iterator[Problem]:
    moments = [("send_at", draft.body.get("send_at"))] + [
        (f"personalizations.{number}.send_at", entry.get("send_at"))
        for number, entry in enumerate(draft.personalizations)
    ]
    limit = (draft.now + MAX_AHEAD).timestamp()
    for field, moment in moments:
        if moment is not None and moment > limit:
            yield Problem(message="Cannot be scheduled more than 72 hours ahead.", field=field)


def senders_valid(draft: Draft) -> Iterator[Problem]:
    if not draft.body.get("from"):
        yield Problem(message="The from object needs an email.", field="from")
        return
    places = [("from", draft.body["from"])]
    places += [
        (f"personalizations.{number}.from", entry["from"])
        for number, entry in enumerate(draft.personalizations)
        if "from" in entry
    ]
    places += [("reply_to", draft.body["reply_to"])] if "reply_to" in draft.body else []
    for field, address in places:
        email = address.get("email", "")
        if not email.isascii():
            yield Problem(message="Unicode is not supported in this address.", field=f"{field}.email")
        elif not valid_address(email):
            yield Problem(message="Does not contain a valid address.", field=f"{field}.email")


def subject_present(draft: Draft) -> Iterator[Problem]:
    if draft.body.get("subject") or draft.body.get("template_id"):
        return
    if not draft.personalizations or not all(entry.get("subject") for entry in draft.personalizations):
        yield Problem(message="A subject is required.", field="subject")


def content_present(draft: Draft) -> Iterator[Problem]:
    content = draft.body.get("content", [])
    if not content and not draft.body.get("template_id"):
        yield Problem(message="At least one content block is required.", field="content")
    for number, block in enumerate(content):
        if not block.get("value"):
            yield Problem(message="Must be at least one character long.", field=f"content.{number}.value")
        if not block.get("type"):
            yield Problem(message="A MIME type is required.", field=f"content.{number}.type")


def content_ordered(draft: Draft) -> Iterator[Problem]:
    kinds = [block.get("type") for block in draft.body.get("content", [])]
    if len(set(kinds)) != len(kinds):
        yield Problem(message="Each MIME type may be given once.", field="content")
    order = [kind for kind in kinds if kind in ("text/plain", "text/html")]
    if order != sorted(order, reverse=True) or (order and kinds[: len(order)] != order):
        yield Problem(message="text/plain comes first, then text/html.", field="content")


def headers_allowed(draft: Draft) -> Iterator[Problem]:
    places = [("headers", draft.body.get("headers", {}))] + [
        (f"personalizations.{number}.headers", entry.get("headers", {}))
        for number, entry in enumerate(draft.personalizations)
    ]
    for field, headers in places:
        for name, value in headers.items():
            if name.lower() in RESERVED_HEADERS:
                yield Problem(message=f"The header {name} is reserved.", field=f"{field}.{name}")
            elif not _HEADER_NAME.fullmatch(name) or not one_line(value) or not value.isascii():
                yield Problem(
                    message="A header is ASCII, on one line; encode Unicode.", field=f"{field}.{name}"
                )


def lines_single(draft: Draft) -> Iterator[Problem]:
    """CR, LF or control characters in anything that becomes a header."""
    if not one_line(draft.body.get("subject", "")):
        yield Problem(message="A subject is one line.", field="subject")
    for number, entry in enumerate(draft.personalizations):
        if not one_line(entry.get("subject", "")):
            yield Problem(message="A subject is one line.", field=f"personalizations.{number}.subject")
        if not all(one_line(address.get("name", "")) for address in entry.get("to", [])):
            yield Problem(message="A name is one line.", field=f"personalizations.{number}.to")
    if not one_line(draft.body.get("from", {}).get("name", "")):
        yield Problem(message="A name is one line.", field="from.name")


def group_known(draft: Draft) -> Iterator[Problem]:
    asm = draft.body.get("asm")
    if asm is not None and asm.get("group_id") not in draft.groups:
        yield Problem(message="No such unsubscribe group.", field="asm.group_id")


def one_line(value: str) -> bool:
    return not any(ord(character) < 32 or ord(character) == 127 for character in value)


RULES: tuple[Rule, ...] = (
    personalizations_counted,
    recipients_counted,
    recipients_named,
    recipients_valid,
    recipients_unique,
    substitutions_small,
    custom_args_small,
    categories_short,
    departure_near,
    senders_valid,
    subject_present,
    content_present,
    content_ordered,
    headers_allowed,
    lines_single,
    group_known,
)


def broken(draft: Draft) -> list[Problem]:
    """Everything SendGrid would refuse in this request; a misshapen one gets a bare answer."""
    if any(misshapen(draft.body)):
        return [Problem(message="Bad Request")]
    return [problem for rule in RULES for problem in rule(draft)]
