"""The page in a real browser: every kind of block, a dialog, files, the mailbox, the clock."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.playground.page_setting import Setting, a_running_browser, a_setting, looking_at

# one browser for the whole file, so one event loop too
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def setting() -> AsyncIterator[Setting]:
    async with a_setting() as setting:
        yield setting
        assert setting.slack.refusals == []
        assert setting.slack.unanswered == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, setting: Setting) -> AsyncIterator[Page]:
    async with looking_at(browser, setting.url, timezone_id="Asia/Tokyo", locale="en-US") as page:
        yield page


async def says(page: Page, text: str) -> None:
    await page.fill("#composer", text)
    await page.press("#composer", "Enter")


async def opens_dialog(page: Page) -> None:
    await says(page, "tout")
    await page.click('[data-action="show.dialog"]')
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_draws_every_block_and_presses_a_button(setting: Setting, page: Page) -> None:
    await says(page, "tout")
    message = page.locator(".message.bots")
    await expect(message.locator("h3")).to_have_text("Clients <2026> · 412 contacts")
    for tag, words in {"strong >> nth=0": "gras", "em": "penché", "s": "barré", "code": "code"}.items():
        await expect(message.locator(tag)).to_have_text(words)
    await expect(message).to_contain_text("2*3*4 un lien <b>texte</b> @Bob Ray 🎉")
    await expect(message.locator("blockquote")).to_have_text("cité")
    await expect(message.get_by_role("link", name="un lien")).to_have_attribute(
        "href", "https://exemple.fr/a?b=1&c=2"
    )
    # in the person's zone and language, wherever the browser is
    await expect(message.locator(".b-section time")).to_have_text("25 nov. 2025 11:00")
    await expect(message.locator("th")).to_have_text(["Ligne", "E-mail"])
    await expect(message.locator("li")).to_have_text("un point")
    await expect(message.locator(".bar-value")).to_have_text(["3", "7"])
    await expect(message.locator(".alt-text")).to_contain_text("le logo")
    assert await message.locator(".unknown").count() == 0

    await page.get_by_role("button", name="Supprimer").click()
    await page.click("[data-confirm=deny]")
    assert setting.heard.last("show.delete") is None
    await page.get_by_role("button", name="Supprimer").click()
    await page.click("[data-confirm=confirm]")
    assert (await setting.heard.of("show.delete"))["value"] == "x_1:1"

    await page.get_by_role("button", name="Plus d'actions").click()
    await page.get_by_role("menuitem", name="Bis").click()
    await page.select_option('[data-action="show.pick"]', "c")
    await setting.heard.of("show.pick")
    assert setting.heard.last("show.more")["selected_option"]["value"] == "b"
    assert setting.heard.last("show.pick")["selected_option"]["value"] == "c"


async def test_a_dialog_is_filled_in_corrected_and_sent(setting: Setting, page: Page) -> None:
    await opens_dialog(page)
    submit = page.locator("[data-dialog=submit]")
    name = page.locator('[data-block="name"]')
    await submit.click()
    await expect(name.locator(".field-error")).to_have_text("Veuillez remplir ce champ obligatoire.")
    await name.locator("input").fill("pris")
    await submit.click()
    await expect(name.locator(".field-error")).to_have_text("Ce nom est pris.")
    await name.locator("input").fill("Noël")

    await page.fill('[data-action="notes"]', "une ligne\nune autre")
    body = page.locator('[data-action="body"]')
    await body.click()
    await page.keyboard.type("Bonjour ")
    await page.click('[data-tool="bold"]')
    await page.keyboard.type("Zoé")
    await page.keyboard.press("Enter")
    await page.keyboard.type("fin")
    await page.fill('[data-action="list"]', "pros")
    await page.get_by_role("option", name="Prospects").click()
    await page.click('[data-action="who"]')
    await page.get_by_role("dialog").get_by_role("option", name="Samir Haddad").click()
    await page.check('[data-action="options"] [value="c"]')
    await page.check('[data-action="when"] [value="b"]')
    await page.fill('[data-action="day"]', "2026-12-01")
    await page.fill('[data-action="send_at"]', "2026-12-01T10:00")
    await page.fill('[data-action="speed"]', "250")
    await page.set_input_files(
        '[data-action="file"]', {"name": "c.csv", "mimeType": "text/csv", "buffer": b"a"}
    )
    await expect(page.locator('[data-block="file"] .chip')).to_contain_text("c.csv")
    await submit.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert_kept(await setting.heard.of("submitted"))
    assert setting.heard.last("when")["selected_option"]["value"] == "b"


def assert_kept(values: Any) -> None:
    kept = {block_id: state[block_id] for block_id, state in values.items() if block_id in state}
    assert kept["name"]["value"] == "Noël"
    assert kept["notes"]["value"] == "une ligne\nune autre"
    assert kept["body"]["rich_text_value"]["elements"] == [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Bonjour "},
                {"type": "text", "text": "Zoé", "style": {"bold": True}},
                {"type": "text", "text": "\n"},
                {"type": "text", "text": "fin", "style": {"bold": True}},
            ],
        }
    ]
    assert kept["list"]["selected_option"]["value"] == "l2"
    assert kept["who"]["selected_users"] == ["U0SAMIR"]
    assert [option["value"] for option in kept["options"]["selected_options"]] == ["a", "c"]
    assert kept["day"]["selected_date"] == "2026-12-01"
    # ten o'clock in Paris, though the browser is in Tokyo
    assert kept["send_at"]["selected_date_time"] == int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
    assert kept["speed"]["value"] == "250"
    assert kept["file"]["files"][0]["name"] == "c.csv"
    assert kept["tags"]["selected_options"] == []
    assert kept["link"]["value"] is None


async def test_a_view_updated_in_place_keeps_what_was_typed(setting: Setting, page: Page) -> None:
    await opens_dialog(page)
    await page.fill('[data-action="name"]', "Printemps")
    await page.click('[data-action="show.step"]')
    await expect(page.get_by_role("heading", name="Étape 2")).to_be_visible()
    await expect(page.locator('[data-action="name"]')).to_have_value("Printemps")
    await expect(page.locator('[data-action="later"]')).to_be_visible()
    await expect(page.locator('[data-action="notes"]')).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await setting.heard.of("closed")


async def test_files_are_dropped_attached_and_sampled(setting: Setting, page: Page) -> None:
    await page.click('[data-sample="contacts-exemple.csv"]')
    await expect(page.locator(".message.bots")).to_contain_text("lu : contacts-exemple.csv")
    await page.set_input_files("#file", {"name": "été.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    await expect(page.locator("#attached")).to_contain_text("été.csv")
    await page.press("#composer", "Enter")
    await expect(page.locator(".message.bots").last).to_contain_text("lu : été.csv")
    await page.evaluate(
        """() => {
          const given = new DataTransfer();
          given.items.add(new File(["a"], "glisse.csv"));
          const zone = document.querySelector("#dropzone");
          for (const type of ["dragenter", "dragover", "drop"])
            zone.dispatchEvent(new DragEvent(type, {dataTransfer: given, bubbles: true, cancelable: true}));
        }"""
    )
    await page.click("#send")
    await expect(page.locator(".message.bots").last).to_contain_text("lu : glisse.csv")
    await page.locator(".message.mine").last.hover()
    await page.locator(".message.mine").last.get_by_role("button", name="Plus d'actions").click()
    await page.get_by_role("menuitem", name="Importer").click()
    assert (await setting.heard.of("shortcut"))["files"][0]["name"] == "glisse.csv"
    async with page.expect_download() as download:
        await page.click('[data-file="été.csv"]')
    assert (await download.value).suggested_filename == "été.csv"


async def test_mail_arrives_the_clock_moves_and_the_language_changes(setting: Setting, page: Page) -> None:
    await setting.mails("zoe@client.example", "Zoé Leroy", "Votre avis")
    letter = page.locator('.letter[data-to="zoe@client.example"]')
    await letter.click()
    await expect(page.frame_locator("#letter iframe").locator("b")).to_have_text("Zoé Leroy")
    async with page.expect_popup() as popup:
        await page.frame_locator("#letter iframe").get_by_role("link").click()
    outside = await popup.value
    assert outside.url == f"{setting.url}/page/mark.svg"
    await outside.close()
    await page.click("[data-part=text]")
    await expect(page.locator(".letter-text")).to_have_text("Bonjour Zoé Leroy, votre avis ?")
    await expect(page.locator("#letter-unsubscribe")).to_have_attribute("href", "http://127.0.0.1:9/u/t")
    await page.click("#letter-back")
    await expect(letter).to_be_focused()

    await expect(page.locator("#clock-now")).to_have_text("lundi 23 novembre à 10:00")
    await page.click("#clock-day")
    await expect(page.locator("#clock-now")).to_have_text("mardi 24 novembre à 10:00")
    await page.click("#clock-next")
    await expect(page.locator("#clock-now")).to_have_text("mercredi 25 novembre à 10:00")
    await page.click("#clock-next")
    await expect(page.locator("#toast")).to_have_text("Aucun départ n'est programmé.")

    await page.click("#language [value=en-US]")
    await expect(page.locator("#tab-home")).to_have_text("Home")
    assert setting.slack.person("U0CLAIRE").profile.locale == "en-US"
    await page.select_option("#person", "U0SAMIR")
    await expect(page.locator("#tab-home")).to_have_text("Accueil")
    await page.click("#tab-home")
    await page.get_by_role("button", name="Voir").click()
    await setting.heard.of("show.home")


async def test_what_happens_to_a_letter_is_seen_at_once(setting: Setting, page: Page) -> None:
    await setting.mails("zoe@client.example", "Zoé Leroy", "Votre avis")
    letter = page.locator('.letter[data-to="zoe@client.example"]')
    await letter.click()
    story = page.locator("#letter .story")
    await page.click("[data-befalls=delivered]")
    await expect(story).to_contain_text("distribuée 10:00")
    await expect(page.locator("[data-befalls=delivered]")).to_have_count(0)
    await page.click("[data-befalls=bounce]")
    await expect(story.locator("[data-happened=bounce]")).to_contain_text("adresse inconnue")
    await expect(page.locator("[data-befalls=bounce]")).to_be_disabled()
    await page.click("[data-befalls=scan]")
    await expect(story).to_contain_text("un robot a suivi 1 lien")
    await page.click("[data-befalls=leave]")
    await expect(page.locator("#toast")).to_have_text("Cette lettre ne peut pas être quittée en un clic.")
    # told from elsewhere, in the other language, with the letter open
    setting.mail.tell(setting.mail.letters[0], "spamreport")
    await page.click("#language [value=en-US]")
    await expect(story).to_contain_text("reported as spam")
    await page.click("#letter-back")
    await expect(letter.locator("[data-happened]")).to_have_text("reported as spam")


async def test_a_file_of_surprises_is_dropped_like_any_other(setting: Setting, page: Page) -> None:
    await page.click("#surprises summary")
    await expect(page.locator("#surprises code").first).to_have_text("bounce@…")
    await page.click("#surprises-drop")
    await expect(page.locator(".message.bots")).to_contain_text("lu : Adresses à surprises.csv")
    (kept,) = setting.slack.person("U0CLAIRE").files
    assert kept.content.decode("utf-8-sig").splitlines()[:2] == [
        "Email;Prénom;Nom",
        "anna@exemple.fr;Anna;Surprise",
    ]
    assert b"robot@exemple.fr" in kept.content


async def test_on_a_phone_each_surface_has_the_screen_to_itself(setting: Setting, page: Page) -> None:
    await says(page, "tout")
    await expect(page.locator(".message.bots")).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    for tab, surface in (("home", "#home"), ("mail", "#mail"), ("messages", "#conversation")):
        await page.click(f"#tab-{tab}")
        for other in ("#home", "#mail", "#conversation"):
            await expect(page.locator(other)).to_be_visible(visible=other == surface)
        assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_link_is_made_of_selected_words(setting: Setting, page: Page) -> None:
    await opens_dialog(page)
    await page.fill('[data-action="name"]', "Noël")
    body = page.locator('[data-action="body"]')
    await body.click()
    await page.keyboard.type("votre avis")
    await page.keyboard.press("ControlOrMeta+a")
    await page.click("[data-tool=link]")
    await page.fill(".link-form input", "https://exemple.fr/q")
    await page.keyboard.press("Enter")
    await expect(body.locator("a")).to_have_text("votre avis")
    await page.click("[data-dialog=submit]")
    written = (await setting.heard.of("submitted"))["body"]["body"]["rich_text_value"]
    link = {"type": "link", "url": "https://exemple.fr/q", "text": "votre avis"}
    assert written["elements"] == [{"type": "rich_text_section", "elements": [link]}]


async def test_a_command_is_answered_and_an_unreachable_bot_is_told(setting: Setting, page: Page) -> None:
    await says(page, "/contacts aide moi")
    await expect(page.locator(".message.bots")).to_contain_text("vous avez dit aide moi")
    await expect(page.locator(".only-you")).to_have_text("Visible de vous seul")
    await setting.slack.away()
    await says(page, "bonjour")
    await expect(page.locator("#toast")).to_contain_text("n’a pas répondu")
    setting.slack.unanswered.clear()


async def test_what_goes_over_the_wires_is_folded_away_and_searched(setting: Setting, page: Page) -> None:
    await says(page, "tout")
    await expect(page.locator(".message.bots h3").first).to_be_visible()
    traffic = page.locator("#traffic")
    await expect(page.locator("#traffic-search")).to_be_hidden()
    await traffic.locator("> summary").click()
    calls = traffic.locator(".exchange")
    await expect(calls.locator("> summary").filter(has_text="chat.postMessage").first).to_be_visible()
    await expect(traffic.locator('[data-way="event"][data-name="message"]').first).to_be_visible()
    await page.fill("#traffic-search", "chat.postMessage 412")
    await expect(calls.locator("> summary").filter(has_not_text="→ Slack")).to_have_count(0)
    call = calls.first
    await call.locator("> summary").click()
    await expect(call.locator("pre").first).to_contain_text("Clients <2026> · 412 contacts")
    assert setting.slack.bot_token not in await traffic.inner_text()
    await page.fill("#traffic-search", "rien de tel")
    await expect(traffic.locator(".traffic-none")).to_be_visible()
    await page.fill("#traffic-search", "")
    await setting.mails("zoe@exemple.fr", "Zoé", "Votre avis ?")
    await expect(traffic.locator('[data-way="mail"]').first).to_contain_text("POST /v3/mail/send")
    await call.locator("> summary").focus()
    await page.keyboard.press("Enter")
    await expect(call).to_have_attribute("open", "")


async def test_by_keyboard_alone_and_the_focus_comes_back(setting: Setting, page: Page) -> None:
    await expect(page.locator("#composer")).to_be_focused()
    await page.keyboard.type("tout")
    await page.keyboard.press("Enter")
    opener = page.locator('[data-action="show.dialog"]')
    await expect(opener).to_be_visible()
    for _ in range(60):
        await page.keyboard.press("Shift+Tab")
        if await opener.evaluate("node => node === document.activeElement"):
            break
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.locator(":focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()
    await page.locator("#tab-messages").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#tab-home")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#home")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_narrow_phone_shows_everything_without_scrolling_sideways(
    setting: Setting, page: Page, scheme: Any
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 375, "height": 667})
    await opens_dialog(page)
    for _ in range(2):
        assert await page.evaluate("document.documentElement.scrollWidth") == 375
        await page.keyboard.press("Escape")
    ink, paper = await page.evaluate(
        "[getComputedStyle(document.body).color,"
        " getComputedStyle(document.querySelector('#dropzone')).backgroundColor]"
    )
    assert (brightness(ink) > brightness(paper)) == (scheme == "dark")
    await page.click("#tab-mail")
    await page.locator("#traffic > summary").click()
    await expect(page.locator("#traffic-search")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") == 375


async def test_a_window_made_smaller_keeps_the_newest_message_in_sight(setting: Setting, page: Page) -> None:
    """A phone's keyboard does that."""
    await says(page, "tout")
    newest = page.locator(".message.bots").last
    await expect(newest).to_be_visible()
    await page.set_viewport_size({"width": 375, "height": 667})
    await page.set_viewport_size({"width": 375, "height": 480})
    await page.wait_for_function(
        "() => { const log = document.querySelector('#conversation');"
        " return log.scrollHeight - log.scrollTop - log.clientHeight < 5 }"
    )


def brightness(colour: str) -> float:
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3])
