"""Who acts: a member of a workspace, and what a member may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.ids import MemberId, WorkspaceId


class Language(StrEnum):
    FRENCH = "fr"
    ENGLISH = "en"

    @classmethod
    def of_locale(cls, locale: str | None, default: "Language") -> "Language":
        if not locale:
            return default
        return cls.FRENCH if locale.lower().startswith("fr") else cls.ENGLISH


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person of a workspace as last seen: Slack's profile, and what the person told us.

    `chosen` is the language asked for in words ("english"); it outweighs Slack's locale.
    """

    workspace: WorkspaceId
    id: MemberId
    name: str = ""
    first_name: str = ""
    email: str = ""
    locale: Language = Language.ENGLISH
    chosen: Language | None = None
    zone: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False  # restricted accounts and people of other workspaces (Slack Connect)
    is_deactivated: bool = False
    seen_at: datetime | None = None  # when Slack was last asked
    greeted: bool = False
    dm: str = ""  # their conversation with us, as Slack names it; "" until it told
    last_link: str = ""
    last_sender_name: str = ""
    last_sender_address: str = ""  # "": the settings' own
    last_subjects: tuple[tuple[str, str], ...] = ()  # (language, subject) of the last letter written
    last_bodies: tuple[tuple[str, str], ...] = ()  # (language, Markdown) of the last letter written

    @property
    def language(self) -> Language:
        return self.chosen or self.locale

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def called(member: Member) -> str:
    """As one person tells another of a third."""
    return member.first_name or member.name or member.id


def may_use(member: Member) -> bool:
    """Guests and Slack Connect strangers may not use the bot."""
    return not (member.is_guest or member.is_deactivated)


def may_send(member: Member, senders: Sequence[str]) -> bool:
    """`senders` empty: every full member."""
    return may_use(member) and (not senders or member.id in senders)


def is_admin(member: Member, admins: Sequence[str]) -> bool:
    """`admins` empty: Slack's own admins."""
    return may_use(member) and (member.id in admins if admins else member.is_admin)
