"""Templates: words that people keep, to start the next letter from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import MemberId, TemplateId, WorkspaceId
from bot.core.people import Language
from bot.core.sentences import Refusal
from bot.core.text import folded

MOST = 50  # of one person
TITLE_LENGTH = 60
OFFERED = 100  # of others, the newest: Slack's limit of a group of options


class Shipped(StrEnum):
    """Those that everybody has, in both languages."""

    INVITATION = "invitation"
    REMINDER = "reminder"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a letter says; the body is Markdown with merge fields."""

    subject: str
    body: str
    preheader: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """`shared`: everybody in the workspace may start from it; its owner alone changes it."""

    workspace: WorkspaceId
    id: TemplateId
    owner: MemberId
    title: str
    language: Language
    words: Words
    created_at: datetime
    shared: bool = False
    revision: int = 1


def check_title(text: str) -> str:
    """Raises Refusal: a template has a name, on one line."""
    title = " ".join(text.split())
    if not title:
        raise Refusal("templates.title.empty", field="title")
    if len(title) > TITLE_LENGTH:
        raise Refusal("templates.title.long", field="title", limit=TITLE_LENGTH, length=len(title))
    return title


def of_that_name(mine: Sequence[Template], title: str, language: Language) -> Template | None:
    """One's own template that a new one of this name replaces."""
    wanted = folded(title), language
    return next((one for one in mine if (folded(one.title), one.language) == wanted), None)
