"""A whole life at the chattiest level: whatever happens, no log tells of anybody."""

import io
import logging
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn

import orjson
import pytest

from bot import logs
from bot.services.home import Homes
from bot.services.tracking import Tracking
from tests.fixtures.files import FRENCH_HEADER, csv_bytes, pdf
from tests.journeys.harness import Town, letter_link, open_town, unsubscribe_page

LINK = "https://forms.example/s/privee"
PEOPLE = (
    ("ondine.quemener@exemple.fr", "Ondine", "Quéméner", "Brasserie Ploumanac'h", "Quimperlé", "Maltrice"),
    ("bounce+yann@exemple.fr", "Yannig", "Kerviel", "Brasserie Ploumanac'h", "Quimperlé", "Livreur"),
    ("spam+maiwenn@exemple.fr", "Maïwenn", "Le Goff", "Crêperie Tanguy", "Locronan", "Gérante"),
    ("leave+ewen@exemple.fr", "Ewen", "Abgrall", "Crêperie Tanguy", "Locronan", "Serveur"),
    ("pas une adresse", "Gwenola", "Riou", "", "", ""),
)
FILE = ("Amis d'Ondine Quéméner.csv", csv_bytes([FRENCH_HEADER, *PEOPLE], ";"))
SUBJECT = "Ondine, un secret pour {{prenom}}"


class Diary:
    """Everything logged, in both forms."""

    def __init__(self) -> None:
        self.text, self.json = io.StringIO(), io.StringIO()

    def begin(self) -> None:
        logs.configure("text", logging.DEBUG)
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self.text)
        second = logging.StreamHandler(self.json)
        second.setFormatter(logs.JsonLines())
        logging.getLogger().addHandler(second)

    @property
    def words(self) -> str:
        return self.text.getvalue() + self.json.getvalue()


@pytest.fixture
def diary() -> Iterator[Diary]:
    """Leaves logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    diary = Diary()
    diary.begin()
    yield diary
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
async def town(tmp_path: Path, diary: Diary) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "data") as town:
        town.mail.delivers = True
        yield town


def private(town: Town) -> set[str]:
    """What no log may hold."""
    settings = town.bot.settings
    letters = town.mail.letters
    tokens = {letter_link(one.text).rpartition("/")[2] for one in letters if "/r/" in one.text}
    tokens |= {unsubscribe_page(one).rpartition("/")[2] for one in letters if "/u/" in str(one.headers)}
    keys = {settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret}
    return {
        *(value for person in PEOPLE for value in person if value), *tokens,
        *(key.get_secret_value() for key in keys if key), settings.sendgrid_api_key.get_secret_value(),
        town.bot.services.questionnaires.policy.secret.hex(), "exemple.fr", "Amis d", "un secret pour",
        "forms.example", "claire@studio-nova.example", "Claire", "Martin",
    }  # fmt: skip


async def lives(town: Town) -> None:
    """Looked at, chosen, written, tested, sent, told of, left and refused."""
    claire = town.claire
    await claire.drops(pdf())
    await claire.sees("PDF")
    await claire.drops(FILE)
    await claire.sees("Liste gardée")
    await claire.clicks("lists.view")
    await town.dialog(claire, "lists.view")
    await claire.sees("Quéméner")
    await claire.closes()
    await claire.clicks("lists.download")
    await claire.says("Ondine ?")
    await claire.says("campagnes")
    await town.reaches(claire, "message", LINK)
    await claire.types("subject", SUBJECT)
    for step in ("when", "check"):
        await claire.submits()
        await town.dialog(claire, f"campaigns.{step}")
    await claire.clicks("campaigns.test")
    await town.letters(1)
    await claire.submits()
    await claire.sees("programmée")
    town.mail.answer_next(500, b"<html>ondine.quemener@exemple.fr</html>")
    await town.reaches_departure()
    await claire.sees("à vérifier")


async def goes_wrong(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Defects that quote a contact, on a page and in a click; Slack gone; bad requests."""
    page = unsubscribe_page(town.mail.letters[0])

    def breaks(*_: object) -> NoReturn:
        raise ValueError(f"cannot show {PEOPLE[0]}")

    with monkeypatch.context() as patched:
        patched.setattr(Tracking, "page", breaks)
        with pytest.raises(urllib.error.HTTPError, match="500"):
            await town.opens(page)
    with monkeypatch.context() as patched:
        patched.setattr(Homes, "of", breaks)
        await town.claire.says("campagnes")
        await town.claire.opens_home()
    base = page.partition("/u/")[0]
    for path in ("/u/" + page.rpartition("/")[2][:-3] + "AAA", "/ondine.quemener@exemple.fr"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            await town.opens(base + path)
    forged = urllib.request.Request(
        f"{base}/sendgrid/events", data=orjson.dumps([{"email": PEOPLE[0][0]}]),
        headers={"X-Twilio-Email-Event-Webhook-Signature": "bm8="},
    )  # fmt: skip
    with pytest.raises(urllib.error.HTTPError, match="403"):
        await town.opens(forged)
    await town.slack.disconnect()
    await town.slack.away()
    await town.goes_by(minutes=2)
    town.slack.back()
    await town.goes_by(minutes=2)


async def test_a_whole_life_is_logged_without_anybody(
    town: Town, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lives(town)
    await goes_wrong(town, monkeypatch)
    told = diary.words
    assert "ValueError" in told
    assert "DEBUG" in told or "INFO" in told
    found = {one for one in private(town) if one in told or one.encode("unicode_escape").decode() in told}
    assert found == set()


@pytest.mark.parametrize(
    "secret",
    [
        "anna.smith+1@example.co.uk", "zoé@exemple.fr", "xoxb-12-ab", "xapp-1-A-2", "SG.ab-c_d.EF",
        "https://post.example/u/lAbC_def-123", "Bearer abcdef",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lines", [logs.TextLines(), logs.JsonLines()], ids=["text", "json"])
def test_what_looks_like_an_address_or_a_key_is_struck_out(lines: logging.Formatter, secret: str) -> None:
    try:
        raise OSError(2, f"no such {secret}") from ValueError(secret)
    except OSError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "of %s", (secret,), None)
        record.exc_info = sys.exc_info()
    told = lines.format(record)
    assert secret.rpartition("/")[2].removeprefix("Bearer ") not in told
    assert logs.STRUCK_OUT in told
    assert "FileNotFoundError: [Errno 2]" in told
    assert "ValueError" in told
