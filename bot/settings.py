"""Environment and `.env` -> one frozen `Settings`, or every problem at once.

    BadSettings    `lines`: each missing or bad value, one readable line each, in DEFAULT_LANGUAGE

An empty value is an absent one, the environment outweighs `.env`, and no line or repr ever shows a secret.
`Settings(...)` itself reads nothing: only `load` and `load_basics` look at the outside.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import setting_values as read
from bot.core.letters import Sender
from bot.core.people import Language
from bot.ports import Policy
from bot.texts import Say

ENV_FILE = Path(".env")
FOREIGN = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
NUMBERS = ("int_parsing", "int_type", "int_from_float", "greater_than_equal", "less_than_equal")

Text = Annotated[str, BeforeValidator(read.one_line)]
Secret = Annotated[SecretStr, BeforeValidator(read.key)]
Url = Annotated[str, BeforeValidator(read.url)]
Members = Annotated[frozenset[str], NoDecode, BeforeValidator(read.members)]
SenderField = Annotated[Sender, NoDecode, BeforeValidator(read.sender)]


class BadSettings(Exception):
    """The settings cannot be used: `lines` says why, and what to do about each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Basics(BaseSettings):
    """What reading beside a running bot needs, which no account is needed for."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=False)

    storage_url: Annotated[str, BeforeValidator(read.storage_url)] = "tinydb:./data"
    default_language: Annotated[Language, BeforeValidator(read.language)] = Language.ENGLISH
    max_file_mb: Annotated[int, Field(ge=1, le=2_000)] = 150
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the four names are the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given values only: a playground must never find a real key by itself."""
        return (init_settings,)

    @property
    def max_file_bytes(self) -> int:
        return self.max_file_mb * 1024 * 1024


class Settings(Basics):
    slack_bot_token: Annotated[SecretStr, BeforeValidator(read.bot_token)]
    slack_app_token: Annotated[SecretStr, BeforeValidator(read.app_token)] | None = None
    slack_signing_secret: Secret | None = None
    slack_api_url: Annotated[str, BeforeValidator(read.slack_url)] = "https://slack.com/api/"

    sendgrid_api_key: Secret
    sendgrid_api_url: Url = "https://api.sendgrid.com"
    sendgrid_sandbox: bool = False
    sendgrid_webhook_public_key: Annotated[str, BeforeValidator(read.public_key)] = ""
    sendgrid_unsubscribe_group: Annotated[int, Field(ge=1)] | None = None

    mail_from: SenderField
    mail_reply_to: SenderField | None = None
    mail_postal_address: Annotated[str, BeforeValidator(read.several_lines)]
    mail_unsubscribe_to: Annotated[str, BeforeValidator(read.address)] = ""

    public_url: Url = ""
    host: Text = "127.0.0.1"  # nothing is open to the network unless asked: containers set 0.0.0.0
    port: Annotated[int, Field(ge=0, le=65_535)] = 3000

    senders: Members = frozenset()
    admins: Members = frozenset()
    approval_above: Annotated[int, Field(ge=0)] | None = None
    approval_channel: Annotated[str, BeforeValidator(read.channel)] = ""
    support_channel: Annotated[str, BeforeValidator(read.channel)] = ""
    frequency_days: Annotated[int, Field(ge=0)] = 7
    undo_seconds: Annotated[int, Field(ge=0, le=3_600)] = 60
    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0  # for ever

    answers_secret: Secret | None = None
    postillon_secret: Secret | None = None

    @classmethod
    def for_playground(cls, **values: Any) -> "Settings":
        """From these values alone: neither the environment nor `.env` is looked at."""
        return cls(**values)

    @property
    def mode(self) -> Literal["socket", "http"]:
        return "socket" if self.slack_app_token else "http"

    def given_secret(self) -> bytes | None:
        """32 bytes of POSTILLON_SECRET; None where the store's own secret is to be used."""
        if self.postillon_secret is None:
            return None
        return hashlib.sha256(self.postillon_secret.get_secret_value().encode()).digest()

    def _answers_secret(self) -> bytes:
        return self.answers_secret.get_secret_value().encode() if self.answers_secret else b""

    def policy(self, secret: bytes) -> Policy:
        """What the services need to know. `secret` signs the tokens of links and letters."""
        return Policy(
            mail_from=self.mail_from, reply_to=self.mail_reply_to, postal_address=self.mail_postal_address,
            unsubscribe_to=self.mail_unsubscribe_to, public_url=self.public_url,
            default_language=self.default_language, senders=self.senders, admins=self.admins,
            max_file_bytes=self.max_file_bytes, undo_seconds=self.undo_seconds, secret=secret,
            support_channel=self.support_channel, approval_above=self.approval_above,
            approval_channel=self.approval_channel, frequency_days=self.frequency_days,
            webhook_key=self.sendgrid_webhook_public_key, retention_days=self.retention_days,
            answers_secret=self._answers_secret(),
        )  # fmt: skip


Loaded = TypeVar("Loaded", bound=Basics)


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Settings:
    """The bot's settings. Raises `BadSettings`. `environ` is the process's own when not given."""
    environ = os.environ if environ is None else environ
    given = _given(Settings, environ, env_file)
    say = Say(_language(given))
    apart = [*_foreign(say, environ), *_pairs(say, given)]
    return _build(Settings, given, say, apart)


def load_basics(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Basics:
    """Only what `status` and `inspect` need. Raises `BadSettings` for these alone."""
    given = _given(Basics, os.environ if environ is None else environ, env_file)
    return _build(Basics, given, Say(_language(given)), [])


def _build(kind: type[Loaded], given: dict[str, Any], say: Say, apart: list[str]) -> Loaded:
    try:
        settings = kind(**given)
    except ValidationError as error:
        raise BadSettings([*(_line(say, detail) for detail in error.errors()), *apart]) from None
    if apart:
        raise BadSettings(apart)
    return settings


def _given(kind: type[Basics], environ: Mapping[str, str], env_file: Path | None) -> dict[str, Any]:
    own = EnvSettingsSource(kind, env_ignore_empty=True)
    own.env_vars = {name.lower(): value for name, value in environ.items() if value}
    try:
        # utf-8-sig: Notepad writes a byte order mark, which would hide the first name
        file = DotEnvSettingsSource(kind, env_file, env_file_encoding="utf-8-sig", env_ignore_empty=True)
        return {**file(), **own()}
    except UnicodeDecodeError:
        raise BadSettings([Say(_language(own()))("settings.env_file", file=str(env_file))]) from None


def _language(given: Mapping[str, Any]) -> Language:
    """For the lines themselves: a bad DEFAULT_LANGUAGE is one of the problems, said in English."""
    return Language.of_locale(str(given.get("default_language") or ""), Language.ENGLISH)


def _foreign(say: Say, environ: Mapping[str, str]) -> list[str]:
    """These make Slack's library forget our token for an OAuth installation it was not asked for."""
    return [say("settings.foreign", name=name) for name in FOREIGN if environ.get(name)]


def _pairs(say: Say, given: Mapping[str, Any]) -> list[str]:
    lines = []
    if not given.get("slack_app_token") and not given.get("slack_signing_secret"):
        lines.append(say("settings.mode"))
    shared = str(given.get("storage_url", "")).startswith("postgres")
    if shared and not given.get("postillon_secret"):
        lines.append(say("settings.secret"))
    return lines


def _line(say: Say, detail: ErrorDetails) -> str:
    field = str(detail["loc"][0])
    match detail["type"]:
        case "missing":
            about = say(f"settings.about.{field}")
            return say("settings.missing", name=field.upper(), about=about)
        case "bool_parsing" | "bool_type":
            problem = say("settings.yes_no", value=str(detail["input"]))
        case "literal_error":
            problem = say("settings.choice", value=str(detail["input"]))
        case kind if kind in NUMBERS:
            problem = say("settings.number", value=str(detail["input"]))
        case kind if say.has(kind):
            problem = say(kind, **detail.get("ctx", {}))
        case _:
            problem = say("settings.unreadable")
    return say("settings.bad", name=field.upper(), problem=problem)
