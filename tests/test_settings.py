"""The environment and `.env`, as people really write them."""

from pathlib import Path

import pytest

from bot.core.letters import Sender
from bot.core.people import Language
from bot.settings import BadSettings, Settings, load, load_basics

BOT = "xoxb-1-2-abc"
APP = "xapp-1-A1-abc"
KEY = "SG.abc.def"
SOUND = {
    "SLACK_BOT_TOKEN": BOT,
    "SLACK_APP_TOKEN": APP,
    "SENDGRID_API_KEY": KEY,
    "MAIL_FROM": "Studio Nova <enquetes@studio-nova.example>",
    "MAIL_POSTAL_ADDRESS": "1 rue de la Poste, 75001 Paris",
}
NAMES = {
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "SENDGRID_API_KEY",
    "SENDGRID_API_URL", "SENDGRID_SANDBOX", "SENDGRID_WEBHOOK_PUBLIC_KEY", "SENDGRID_UNSUBSCRIBE_GROUP",
    "MAIL_FROM", "MAIL_REPLY_TO", "MAIL_POSTAL_ADDRESS", "MAIL_UNSUBSCRIBE_TO", "PUBLIC_URL", "STORAGE_URL",
    "HOST", "PORT", "SENDERS", "ADMINS", "APPROVAL_ABOVE", "APPROVAL_CHANNEL", "SUPPORT_CHANNEL",
    "FREQUENCY_DAYS", "UNDO_SECONDS", "RETENTION_DAYS", "MAX_FILE_MB", "DEFAULT_LANGUAGE", "ANSWERS_SECRET",
    "LOG_FORMAT", "POSTILLON_SECRET",
}  # fmt: skip


def loaded(**changes: str) -> Settings:
    return load({**SOUND, **changes}, env_file=None)


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        load(environ, env_file=None)
    return caught.value.lines


def problem(**changes: str) -> str:
    (line,) = problems({**SOUND, **changes})
    return line


def test_the_mandatory_values_are_enough() -> None:
    settings = loaded()
    assert settings.mode == "socket"
    assert settings.slack_bot_token.get_secret_value() == BOT
    assert settings.mail_from == Sender(address="enquetes@studio-nova.example", name="Studio Nova")
    assert settings.storage_url == "tinydb:./data"
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.sendgrid_api_url == "https://api.sendgrid.com"
    assert (settings.frequency_days, settings.undo_seconds, settings.max_file_mb) == (7, 60, 150)
    assert settings.default_language is Language.ENGLISH
    assert settings.given_secret() is None


def test_every_documented_name_is_read() -> None:
    assert {name.upper() for name in Settings.model_fields} == NAMES


def test_http_mode_needs_the_signing_secret_instead() -> None:
    environ = {**SOUND, "SLACK_SIGNING_SECRET": "abc"}
    del environ["SLACK_APP_TOKEN"]
    assert load(environ, env_file=None).mode == "http"


def test_everything_missing_is_said_at_once() -> None:
    lines = problems({})
    named = [line.split()[0] for line in lines]
    assert named == [
        "SLACK_BOT_TOKEN", "SENDGRID_API_KEY", "MAIL_FROM", "MAIL_POSTAL_ADDRESS", "SLACK_APP_TOKEN",
    ]  # fmt: skip
    assert "SLACK_SIGNING_SECRET" in lines[-1]
    assert all("\n" not in line for line in lines)


def test_bad_and_missing_ones_come_together() -> None:
    environ = {**SOUND, "PORT": "many", "PUBLIC_URL": "postillon", "SENDGRID_SANDBOX": "perhaps"}
    del environ["MAIL_FROM"]
    lines = problems(environ)
    assert {line.split()[0].rstrip(":") for line in lines} == {
        "MAIL_FROM", "PORT", "PUBLIC_URL", "SENDGRID_SANDBOX",
    }  # fmt: skip


def test_lists_are_kept_for_ever_unless_days_are_named() -> None:
    kept = [loaded(), loaded(RETENTION_DAYS="0"), loaded(RETENTION_DAYS="365")]
    assert [one.policy(b"").retention_days for one in kept] == [0, 0, 365]


def test_an_empty_value_is_an_absent_one() -> None:
    assert problem(MAIL_FROM="").startswith("MAIL_FROM is missing")
    assert loaded(PUBLIC_URL="", SENDERS="", PORT="").port == 3000


def test_swapped_slack_tokens_are_named() -> None:
    bot, app = problems({**SOUND, "SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT})
    assert bot.startswith("SLACK_BOT_TOKEN: it holds the app-level token")
    assert app.startswith("SLACK_APP_TOKEN: it holds the bot's token")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "hello"),
        ("SLACK_APP_TOKEN", "hello"),
        ("SENDGRID_API_KEY", "xoxb-9-9-misplaced"),
        ("SENDGRID_API_KEY", "SG.two words"),
        ("SENDGRID_UNSUBSCRIBE_GROUP", "newsletter"),
        ("MAIL_FROM", "Studio Nova"),
        ("MAIL_FROM", "Studio <élodie@studio-nova.example>"),
        ("MAIL_REPLY_TO", "nobody"),
        ("MAIL_UNSUBSCRIBE_TO", "Stop <stop@studio-nova.example>"),
        ("MAIL_POSTAL_ADDRESS", " "),
        ("PUBLIC_URL", "ftp://postillon.example.com"),
        ("PUBLIC_URL", "https://postillon.example.com/?a=1"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://host:port/"),
        ("STORAGE_URL", "mysql://somewhere"),
        ("PORT", "70000"),
        ("UNDO_SECONDS", "-1"),
        ("MAX_FILE_MB", "0"),
        ("SENDERS", "@anna"),
        ("ADMINS", "U0ANNA, anna@example.com"),
        ("DEFAULT_LANGUAGE", "de"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_has_its_line(name: str, value: str) -> None:
    assert problem(**{name: value}).startswith(f"{name}: ")


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SENDGRID_API_KEY"])
def test_a_bad_secret_is_never_shown(name: str) -> None:
    assert "hunter2" not in problem(**{name: "hunter2 hunter2"})


def test_a_password_in_an_address_is_never_shown() -> None:
    assert "hunter2" not in problem(PUBLIC_URL="https://me:hunter2@example.com")
    assert "hunter2" not in problem(STORAGE_URL="mysql://me:hunter2@example.com")


def test_no_secret_stands_in_the_repr() -> None:
    settings = loaded(POSTILLON_SECRET="quiet-quiet-quiet", ANSWERS_SECRET="quiet-as-well")
    for secret in (BOT, APP, KEY, "quiet"):
        assert secret not in repr(settings)
        assert secret not in str(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded().port = 1  # type: ignore[misc]


def test_the_lines_are_in_the_default_language() -> None:
    said = problem(DEFAULT_LANGUAGE="fr", PORT="x").replace("\N{NO-BREAK SPACE}", " ")
    assert said == "PORT : « x » n'est pas un nombre entier possible ici."
    assert problem(DEFAULT_LANGUAGE="fr_FR.UTF-8", MAIL_FROM="").startswith("MAIL_FROM manque")


@pytest.mark.parametrize("name", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
def test_what_would_switch_slack_to_oauth_is_named(name: str) -> None:
    line = problem(**{name: "123"})
    assert line.startswith(name)
    assert "remove" in line


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("a@b.example", "", "a@b.example"),
        ("<a@b.example>", "", "a@b.example"),
        ("Élodie & Cie <a@b.example>", "Élodie & Cie", "a@b.example"),
        ("Dupont, SA <a@b.example>", "Dupont, SA", "a@b.example"),
        ('"Dupont, SA" <a@b.example>', "Dupont, SA", "a@b.example"),
    ],
)
def test_who_writes(written: str, name: str, address: str) -> None:
    assert loaded(MAIL_FROM=written).mail_from == Sender(address=address, name=name)


def test_addresses_of_services() -> None:
    settings = loaded(PUBLIC_URL="https://post.example.com/nova/", SLACK_API_URL="http://127.0.0.1:9/api")
    assert settings.public_url == "https://post.example.com/nova"
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert loaded(SENDGRID_API_URL="http://127.0.0.1:9/").sendgrid_api_url == "http://127.0.0.1:9"


def test_members_between_commas_or_spaces() -> None:
    assert loaded(SENDERS="U0ANNA, W0BOB  U0CLAIRE,").senders == {"U0ANNA", "W0BOB", "U0CLAIRE"}


def test_the_support_channel_is_an_id() -> None:
    assert loaded(SUPPORT_CHANNEL=" C0SUPPORT ").support_channel == "C0SUPPORT"
    assert loaded(SUPPORT_CHANNEL="C0SUPPORT").policy(b"").support_channel == "C0SUPPORT"
    assert loaded().support_channel == ""
    assert "#support" in problem(SUPPORT_CHANNEL="#support")


def test_the_approvals_channel_is_an_id() -> None:
    policy = loaded(APPROVAL_ABOVE="500", APPROVAL_CHANNEL=" C0ACCORDS ").policy(b"")
    assert (policy.approval_above, policy.approval_channel) == (500, "C0ACCORDS")
    assert loaded().policy(b"").approval_above is None
    assert loaded(APPROVAL_ABOVE="500").policy(b"").approval_channel == "", "admins are asked then"
    assert "#accords" in problem(APPROVAL_CHANNEL="#accords")


def test_postgresql_needs_a_secret_of_its_own() -> None:
    assert problem(STORAGE_URL="postgresql://db/postillon").startswith("POSTILLON_SECRET is missing")
    given = loaded(STORAGE_URL="postgresql://db/postillon", POSTILLON_SECRET="s" * 40).given_secret()
    assert given is not None
    assert len(given) == 32


def test_the_env_file_is_read_and_the_environment_outweighs_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    lines = [f"{name}='{value}'" for name, value in SOUND.items()]
    file.write_text("\ufeff" + "\n".join([*lines, "PORT=4000", "HOST=0.0.0.0", "SLACK_CLIENT_ID=1"]), "utf-8")
    settings = load({"PORT": "5000", "HOST": ""}, env_file=file)
    assert (settings.host, settings.port) == ("0.0.0.0", 5000)
    assert settings.mail_from.name == "Studio Nova"


def test_an_env_file_that_is_not_text_gets_a_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("MAIL_FROM=Élodie <a@b.example>".encode("cp1252"))
    with pytest.raises(BadSettings) as caught:
        load(SOUND, env_file=file)
    assert "UTF-8" in caught.value.lines[0]


def test_the_playground_looks_at_nothing_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SENDGRID_API_URL=http://real.example\nPORT=1\n")
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.real")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "real")
    settings = Settings.for_playground(
        slack_bot_token=BOT, slack_app_token=APP, sendgrid_api_key="SG.play",
        mail_from="Studio Nova <a@b.example>", mail_postal_address="Rue", port=0,
    )  # fmt: skip
    assert settings.sendgrid_api_key.get_secret_value() == "SG.play"
    assert settings.sendgrid_api_url == "https://api.sendgrid.com"
    assert settings.slack_signing_secret is None
    assert settings.port == 0


def test_the_policy_is_what_the_services_need() -> None:
    settings = loaded(
        PUBLIC_URL="https://p.example/", ADMINS="U1", MAIL_REPLY_TO="r@b.example", MAX_FILE_MB="2",
        MAIL_POSTAL_ADDRESS="1 rue de la Poste\\n75001 Paris",
    )  # fmt: skip
    policy = settings.policy(b"s" * 32)
    assert policy.mail_from.name == "Studio Nova"
    assert policy.reply_to == Sender(address="r@b.example")
    assert policy.postal_address == "1 rue de la Poste\n75001 Paris"
    assert policy.public_url == "https://p.example"
    assert policy.admins == {"U1"}
    assert policy.max_file_bytes == 2 * 1024 * 1024
    assert policy.secret == b"s" * 32


def test_reading_beside_a_bot_needs_no_account() -> None:
    basics = load_basics({"STORAGE_URL": "tinydb:/srv/data", "DEFAULT_LANGUAGE": "fr"}, env_file=None)
    assert (basics.storage_url, basics.default_language) == ("tinydb:/srv/data", Language.FRENCH)
    with pytest.raises(BadSettings, match="STORAGE_URL"):
        load_basics({"STORAGE_URL": "somewhere"}, env_file=None)
