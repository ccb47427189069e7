"""The people of the workspace, as Slack describes them to a bot."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.playground.slack.records import Json


@dataclass(frozen=True, kw_only=True)
class Profile:
    id: str
    name: str
    real_name: str
    first_name: str
    locale: str = "fr-FR"
    tz: str = "Europe/Paris"
    email: str | None = None
    is_admin: bool = False
    is_restricted: bool = False
    """A guest."""
    is_bot: bool = False
    is_stranger: bool = False
    """Somebody of another workspace, met through Slack Connect."""
    is_deactivated: bool = False
    team_id: str = ""
    """Empty: the stand-in's own team."""

    @property
    def dm(self) -> str:
        """The conversation of this person with the bot."""
        return f"D{self.id[1:]}"


DEFAULT_PEOPLE = (
    Profile(
        id="U0CLAIRE",
        name="claire",
        real_name="Claire Martin",
        first_name="Claire",
        email="claire@studio-nova.example",
        is_admin=True,
    ),
    Profile(
        id="U0BOB",
        name="bob",
        real_name="Bob Ray",
        first_name="Bob",
        locale="en-US",
        tz="America/New_York",
        email="bob@studio-nova.example",
    ),
    Profile(
        id="U0SAMIR",
        name="samir",
        real_name="Samir Haddad",
        first_name="Samir",
        tz="Indian/Reunion",
        email="samir@studio-nova.example",
    ),
)


def user_json(profile: Profile, *, team_id: str, now: datetime, with_locale: bool, with_email: bool) -> Json:
    """The user object: `tz` always, `locale` only when asked for, the address only with its scope."""
    offset = now.astimezone(ZoneInfo(profile.tz)).utcoffset()
    names = {
        "real_name": profile.real_name,
        "display_name": profile.first_name,
        "first_name": profile.first_name,
        "last_name": profile.real_name.partition(" ")[2],
        "team": profile.team_id or team_id,
    }
    if with_email and profile.email is not None:
        names["email"] = profile.email
    return {
        "id": profile.id,
        "team_id": profile.team_id or team_id,
        "name": profile.name,
        "real_name": profile.real_name,
        "deleted": profile.is_deactivated,
        "tz": profile.tz,
        "tz_label": profile.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": names,
        "is_admin": profile.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": profile.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": profile.is_bot,
        "is_stranger": profile.is_stranger,
        "is_app_user": False,
        "updated": int(now.timestamp()),
        **({"locale": profile.locale} if with_locale else {}),
    }
