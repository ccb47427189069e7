"""Letters as mail readers show them: narrow, wide, by night; measured in Chromium, and looked at.

Where POSTILLON_SHOTS names a folder, every letter leaves its pictures in it.
"""

import os
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright

from bot.core.people import Language
from bot.mail.letters import MarkdownLetters
from tests.mail.bodies import BODIES, TITLES, letter, reader
from tests.mail.conftest import as_read
from tests.playground.page_setting import QUIETLY

pytestmark = pytest.mark.asyncio(loop_scope="module")
every_body = pytest.mark.parametrize(("language", "name", "body"), BODIES, ids=TITLES)
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
FINGER = 44  # pixels, WCAG 2.2, 2.5.5

# every piece of text with its colour, and the colour behind it
INKS = """() => {
  const solid = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = solid(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    found.push({
      words: walker.currentNode.data.trim().slice(0, 40),
      ink: solid(getComputedStyle(element).color).slice(0, 3),
      paper: behind(element),
    });
  }
  return found;
}"""
# what stands out to the right of the page, and cannot be reached
OUTSIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".wide") && one.getBoundingClientRect().right > innerWidth + 0.5)
  .map((one) => one.tagName + "." + one.className)"""
# tables of which a part can neither be seen nor scrolled to
HIDDEN = """() => [...document.querySelectorAll(".wide")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth ||
    getComputedStyle(one).overflowX !== "auto")
  .map((one) => one.textContent.trim())"""
FOCUS = """() => {
  const link = document.querySelector(".go a");
  link.focus();
  const style = getComputedStyle(link);
  return { style: style.outlineStyle, width: parseFloat(style.outlineWidth), height: link.offsetHeight };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(QUIETLY))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    page = await browser.new_page()
    await page.route("**/*", _picture)
    yield page
    await page.close()


async def _picture(route: Route) -> None:
    """Every picture is broader than a letter; nothing leaves the machine."""
    await route.fulfill(body=_png(1_200, 420), content_type="image/png")


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = b"".join(b"\0" + bytes((150, 180, 205 - row * 60 // height)) * width for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


async def opens(page: Page, language: Language, body: str, **changes: Any) -> None:
    made = as_read(MarkdownLetters().compose(letter(language, body, **changes)), reader())
    await page.set_content(made.html, wait_until="load")


async def at(page: Page, width: int, *, scheme: Any = "light") -> None:
    await page.set_viewport_size({"width": width, "height": 900})
    await page.emulate_media(color_scheme=scheme)


async def keeps(page: Page, name: str) -> None:
    if named := os.environ.get("POSTILLON_SHOTS"):
        await page.screenshot(path=f"{named}/letters/{name}.png", full_page=True, animations="disabled")


def contrast(one: list[float], other: list[float]) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(color: list[float]) -> float:
        red, green, blue = (
            part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for value in color
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@every_body
async def test_a_letter_fits_every_screen(page: Page, language: Language, name: str, body: str) -> None:
    await opens(page, language, body)
    for width in (320, 600, 1000):
        await at(page, width)
        await keeps(page, f"{language.value}-{name}-{width}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate(OUTSIDE) == []
        assert await page.evaluate(HIDDEN) == []


@every_body
async def test_a_letter_is_read_by_day_and_by_night(
    page: Page, language: Language, name: str, body: str
) -> None:
    await opens(page, language, body)
    for scheme in ("light", "dark"):
        await at(page, 600, scheme=scheme)
        if scheme == "dark":
            await keeps(page, f"{language.value}-{name}-night")
        inks = await page.evaluate(INKS)
        assert len(inks) > 3
        pale = [one for one in inks if contrast(one["ink"], one["paper"]) < LEAST_CONTRAST]
        assert pale == []
        papers = {tuple(one["paper"]) for one in inks}
        assert all((sum(paper) < 3 * 128) == (scheme == "dark") or _is_button(paper) for paper in papers)


def _is_button(paper: tuple[float, ...]) -> bool:
    red, _, blue = paper
    return blue > 2 * red


@pytest.mark.parametrize("width", [320, 600])
async def test_the_button_is_for_fingers_and_keyboards(page: Page, width: int) -> None:
    await opens(page, Language.FRENCH, "[Oui]({{lien}})")
    await at(page, width)
    button = await page.evaluate(FOCUS)
    assert button["height"] >= FINGER
    assert button["style"] == "solid"
    assert button["width"] >= 2


async def test_short_words_of_a_table_stay_whole(page: Page) -> None:
    """On a telephone, beside a long text."""
    await opens(
        page, Language.FRENCH, "| Qté | Quoi |\n|--|--|\n| 12 | " + "des mots et des mots " * 12 + "|"
    )
    await at(page, 320)
    assert await page.evaluate("document.querySelector('.prose th').offsetHeight") < 50
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_the_preheader_takes_no_place(page: Page) -> None:
    heights = []
    for preheader in ("", "Trois minutes " * 20):
        await opens(page, Language.FRENCH, "Bonjour", preheader=preheader)
        await at(page, 600)
        heights.append(await page.evaluate("document.body.scrollHeight"))
    assert heights[0] == heights[1]
