"""The page's server: who may ask, what it tells, what becomes of an act."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, WSMsgType

from tests.playground.page_setting import Setting, a_setting


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as setting:
        yield setting
        assert setting.slack.refusals == []


@pytest.fixture
async def browser(setting: Setting) -> AsyncIterator[ClientSession]:
    async with ClientSession(setting.url, headers={"Origin": setting.url}) as session:
        yield session


async def act(browser: ClientSession, **asked: Any) -> Any:
    async with browser.post("/api/acts", json={"person": "U0CLAIRE", **asked}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def state(browser: ClientSession, person: str = "U0CLAIRE") -> Any:
    async with browser.get("/api/state", params={"person": person}) as answer:
        return await answer.json()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "[::2]"])
async def test_a_name_that_is_not_loopback_is_refused(browser: ClientSession, host: str) -> None:
    async with browser.get("/api/state", headers={"Host": host, "Origin": f"http://{host}"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["/api/acts", "/api/drop", "/api/clock"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_site_cannot_act(browser: ClientSession, path: str, origin: str) -> None:
    async with browser.post(path, json={"person": "U0CLAIRE"}, headers={"Origin": origin}) as answer:
        assert answer.status == 403


async def test_an_act_without_an_origin_is_refused(setting: Setting) -> None:
    async with ClientSession(setting.url) as bare, bare.post("/api/clock", json={"next": True}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("name", ["..%2fpage.py", "..%2f..%2fslack%2fstate.py", "page.py", "none.js"])
async def test_only_the_assets_are_served(browser: ClientSession, name: str) -> None:
    async with browser.get(f"/page/{name}") as answer:
        assert answer.status == 404


async def test_the_page_may_load_nothing_from_outside(browser: ClientSession) -> None:
    async with browser.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "http" not in await answer.text()


async def test_everything_in_sight_comes_in_one_document(setting: Setting, browser: ClientSession) -> None:
    await setting.slack.person("U0CLAIRE").says("bonjour")
    await setting.slack.person("U0CLAIRE").sees("412 contacts")
    seen = await state(browser)
    assert [person["name"] for person in seen["people"]] == ["Claire Martin", "Bob Ray", "Samir Haddad"]
    assert [message["mine"] for message in seen["messages"]] == [True, False]
    assert seen["samples"] == [{"name": "contacts-exemple.csv", "about": "5 contacts"}]
    assert seen["clock"]["now"] == "2026-11-23T09:00:00+00:00"
    assert (await state(browser, "U0BOB"))["messages"] == []


async def test_nobody_else_is_a_person(browser: ClientSession) -> None:
    async with browser.get("/api/state", params={"person": "U0BOT"}) as answer:
        assert answer.status == 404


async def test_a_press_on_what_is_gone_says_so(browser: ClientSession) -> None:
    pressed = {"block_id": "acts", "action_id": "show.dialog", "type": "button"}
    answer = await act(browser, act="act_on", surface={"kind": "message", "ts": "1.000000"}, action=pressed)
    assert answer == {"ok": False, "why": "stale"}
    assert await act(browser, act="close", view="V0") == {"ok": False, "why": "stale"}


async def test_a_bot_that_does_not_answer_is_told_in_a_sentence(
    setting: Setting, browser: ClientSession
) -> None:
    await setting.slack.away()
    answer = await act(browser, act="say", text="bonjour")
    assert answer["why"] == "trouble"
    assert "n’a pas répondu" in answer["detail"]


async def test_a_dropped_file_reaches_the_bot_and_comes_back(
    setting: Setting, browser: ClientSession
) -> None:
    form = FormData({"person": "U0CLAIRE", "comment": "voici"}, quote_fields=False)  # as browsers write it
    form.add_field("file", b"Email\r\nzo\xe9@a.fr", filename="été.csv")
    async with browser.post("/api/drop", data=form) as answer:
        assert await answer.json() == {"ok": True}
    event = await setting.heard.of("message")
    assert (event["text"], event["files"][0]["name"]) == ("voici", "été.csv")
    file = f"/api/file/{event['files'][0]['id']}"
    async with browser.get(file, params={"person": "U0CLAIRE"}) as answer:
        assert await answer.read() == b"Email\r\nzo\xe9@a.fr"
        assert answer.headers["Content-Disposition"].endswith("%C3%A9t%C3%A9.csv")
    async with browser.get(file, params={"person": "U0BOB"}) as answer:
        assert answer.status == 404


async def test_a_letter_is_shut_in_and_opens_its_links_outside(
    setting: Setting, browser: ClientSession
) -> None:
    await setting.mails("zoe@client.example", "Zoé", "Votre avis")
    (summary,) = (await state(browser))["letters"]
    assert (summary["to_name"], summary["snippet"]) == ("Zoé", "Bonjour Zoé, votre avis ?")
    async with browser.get(f"/api/letter/{summary['id']}/html") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert '<base target="_blank">' in await answer.text()
    async with browser.get(f"/api/letter/{summary['id']}") as answer:
        assert (await answer.json())["unsubscribe"] == "http://127.0.0.1:9/u/t"


async def test_the_clock_moves_and_says_when_nothing_is_due(setting: Setting, browser: ClientSession) -> None:
    async def move(**asked: Any) -> Any:
        async with browser.post("/api/clock", json=asked) as answer:
            return (await answer.json())["now"]

    assert await move(seconds=3600) == "2026-11-23T10:00:00+00:00"
    assert await move(next=True) == "2026-11-25T09:00:00+00:00"
    assert await move(next=True) is None


async def test_every_open_page_hears_of_a_change(setting: Setting, browser: ClientSession) -> None:
    async with browser.ws_connect("/api/live") as first, browser.ws_connect("/api/live") as second:
        await setting.mails("zoe@client.example", "Zoé", "Votre avis")
        for page in (first, second):
            heard = await page.receive(timeout=5)
            assert heard.type is WSMsgType.TEXT


async def test_a_letter_of_tomorrow_is_not_there_today(setting: Setting, browser: ClientSession) -> None:
    await setting.mails("zoe@client.example", "Zoé", "Votre avis")
    setting.clock.at -= timedelta(minutes=1)
    assert (await state(browser))["letters"] == []


async def test_a_visitor_makes_things_happen_to_a_letter(setting: Setting, browser: ClientSession) -> None:
    await setting.mails("zoe@client.example", "Zoé", "Votre avis")
    (letter,) = (await state(browser))["letters"]
    assert letter["story"] == []
    async with browser.ws_connect("/api/live") as page:
        for what in ("delivered", "bounce", "spamreport", "scan"):
            assert await act(browser, act="letter", letter=letter["id"], what=what) == {"ok": True}
            assert (await page.receive(timeout=5)).type is WSMsgType.TEXT
    (letter,) = (await state(browser))["letters"]
    moment = setting.clock.now().timestamp()
    assert letter["story"] == [
        *({"kind": kind, "at": moment} for kind in ("delivered", "bounce", "spamreport")),
        {"kind": "scanned", "at": moment, "followed": 1, "outside": 0},
    ]
    assert [row.email for row in setting.mail.account.suppressed["bounces"].values()] == [letter["to"]]


async def test_a_letter_that_offers_no_one_click_and_a_letter_that_is_gone(
    setting: Setting, browser: ClientSession
) -> None:
    await setting.mails("zoe@client.example", "Zoé", "Votre avis")
    letter = setting.mail.letters[0].id
    answer = await act(browser, act="letter", letter=letter, what="leave")
    assert answer == {"ok": False, "why": "noWayOut"}
    answer = await act(browser, act="letter", letter="gone", what="bounce")
    assert answer == {"ok": False, "why": "stale"}
    asked = {"person": "U0CLAIRE", "act": "letter", "letter": letter, "what": "burn"}
    async with browser.post("/api/acts", json=asked) as refused:
        assert refused.status == 400
