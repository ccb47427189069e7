"""A person at the playground's page, in a real browser: what they do, counted, and what they see.

    await claire.drags(french_excel_csv())
    await claire.presses("Enter")
    await claire.sees("3 contacts")
    await claire.clicks("lists.view")

Where POSTILLON_SHOTS names a folder, every step leaves a picture in it, to be looked at.
"""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Download, FrameLocator, Locator, Page, expect

from bot.playground.run import Playground, served, town
from tests.conftest import Check
from tests.fixtures.files import File
from tests.playground.page_setting import looking_at

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MESSAGES = "#conversation .message.bots"
LOCALES = {"U0CLAIRE": "fr-FR", "U0BOB": "en-US"}
DROP = """([name, content]) => {
  const given = new DataTransfer();
  given.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name));
  const zone = document.querySelector("#dropzone");
  for (const type of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(type, {dataTransfer: given, bubbles: true, cancelable: true}));
}"""


@dataclass(kw_only=True)
class Album:
    """Pictures of a journey, numbered; without a folder, none."""

    folder: Path | None
    taken: int = 0

    async def keeps(self, page: Page, name: str, *, everywhere: bool = False) -> None:
        """`everywhere`: by night and on a phone, too."""
        if self.folder is None:
            return
        self.taken += 1
        shot = f"{self.taken:02}-{name}"
        await self._picture(page, shot)
        if everywhere:
            await page.emulate_media(color_scheme="dark")
            await self._picture(page, f"{shot}-night")
            await page.emulate_media(color_scheme="light")
            await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            await self._picture(page, f"{shot}-phone")
            await page.set_viewport_size(DESK)  # type: ignore[arg-type]

    async def _picture(self, page: Page, name: str) -> None:
        assert self.folder is not None
        await page.screenshot(path=self.folder / f"{name}.png", animations="disabled")


@dataclass(kw_only=True)
class Visitor:
    """`actions` counts what they did: each click, drag, paste or key pressed is one."""

    page: Page
    playground: Playground
    album: Album
    actions: int = field(default=0)

    # --- what they do ---------------------------------------------------------------------------------

    async def drags(self, file: File) -> None:
        """From the desktop into the conversation, where the file waits for Enter."""
        name, content = file
        self.actions += 1
        await self.page.evaluate(DROP, [name, base64.b64encode(content).decode()])
        await expect(self.page.locator("#attached")).to_contain_text(name)

    async def presses(self, key: str) -> None:
        self.actions += 1
        await self.page.keyboard.press(key)

    async def pastes(self, text: str) -> None:
        """Where the cursor is: whoever has to click into a field first does one thing more."""
        self.actions += 1
        await self.page.keyboard.insert_text(text)

    async def says(self, text: str) -> None:
        await self.page.fill("#composer", text)
        await self.page.press("#composer", "Enter")

    async def clicks(self, action_id: str, *, twice: bool = False) -> None:
        """The newest such button on the surface in front; a question it asks is another click."""
        self.actions += 1
        button = self.front.locator(f'[data-action="{action_id}"]').last
        await (button.dblclick() if twice else button.click())

    async def confirms(self) -> None:
        self.actions += 1
        await self.page.click("[data-confirm=confirm]")

    async def chooses(self, block_id: str, value: str) -> None:
        """In a list of the dialog in front."""
        self.actions += 1
        await self.front.locator(f'[data-block="{block_id}"] select').select_option(value)

    async def fills(self, block_id: str, text: str) -> None:
        """A field of the dialog in front; a moment as `2026-12-01T10:00`."""
        self.actions += 1
        field = self.front.locator(f'[data-block="{block_id}"]')
        await field.locator(".field[data-action]").fill(text)
        await self.page.keyboard.press("Tab")

    async def submits(self, *, twice: bool = False) -> None:
        self.actions += 1
        button = self.page.locator("[data-dialog=submit]")
        await (button.dblclick() if twice else button.click())

    async def turns_to(self, tab: str) -> None:
        """messages | home | mail"""
        self.actions += 1
        await self.page.click(f"#tab-{tab}")

    async def waits_for_departure(self) -> None:
        await self.page.click("#clock-next")
        await expect(self.page.locator("#toast")).to_be_visible()

    # --- what they see --------------------------------------------------------------------------------

    @property
    def front(self) -> Locator:
        """What a click reaches: the dialog where one is open, else the tab's surface."""
        return self.page.locator(
            "dialog.modal[open], body:not(:has(dialog.modal[open])) #conversation:visible, "
            "body:not(:has(dialog.modal[open])) #home:visible"
        )

    @property
    def message(self) -> Locator:
        """The newest message of the bot."""
        return self.page.locator(MESSAGES).last

    async def sees(self, *words: str, under: str = "") -> None:
        """In the newest message; or in the newest one whose heading says `under`."""
        message = self.message
        if under:
            heading = self.page.locator("h3", has_text=under)
            message = self.page.locator(MESSAGES).filter(has=heading).last
        for each in words:
            await expect(message).to_contain_text(each)

    async def reads(self, *words: str) -> None:
        """On the surface in front."""
        for each in words:
            await expect(self.front).to_contain_text(each)

    async def is_at(self, callback_id: str) -> Locator:
        """The dialog, once that one is open and asks nothing more of the person before."""
        await expect(self.page.locator(f'dialog[data-callback="{callback_id}"]')).to_be_visible()
        return self.front

    async def is_done(self) -> None:
        await expect(self.page.locator("dialog.modal[open]")).to_have_count(0)

    async def keeps(self, name: str, *, everywhere: bool = False) -> None:
        await self.album.keeps(self.page, name, everywhere=everywhere)

    async def takes(self, file_name: str) -> bytes:
        """The file of that name in the conversation, as it arrives on their disk."""
        async with self.page.expect_download() as started:
            await self.page.locator(f'[data-file="{file_name}"]').last.click()
        download: Download = await started.value
        assert download.suggested_filename == file_name
        return await asyncio.to_thread(Path(await download.path()).read_bytes)

    # --- the mailbox ----------------------------------------------------------------------------------

    async def opens_letter(self, to: str) -> FrameLocator:
        """The newest letter to that address, as a mail program shows it."""
        if await self.page.locator("#letter-back").is_visible():
            await self.page.click("#letter-back")
        await self.page.locator(f'.letter[data-to="{to}"]').first.click()
        frame = self.page.frame_locator("#letter iframe")
        await expect(frame.locator("body")).to_be_visible()
        return frame

    async def letter_text(self) -> str:
        await self.page.click("[data-part=text]")
        text = await self.page.locator(".letter-text").inner_text()
        await self.page.click("[data-part=html]")
        return text

    async def follows(self, link: Locator) -> Page:
        """A link of the letter, which opens beside the page."""
        async with self.page.expect_popup() as opened:
            await link.click()
        other = await opened.value
        await other.wait_for_load_state()
        return other


@asynccontextmanager
async def at_the_page(
    browser: Browser, data: Path, person: str, album: str, check: Check | None = None
) -> AsyncIterator[Visitor]:
    """`person` before the page of a town of its own. Leaves only if Slack refused nothing."""
    playground = town(data, check=check)
    named = os.environ.get("POSTILLON_SHOTS")
    folder = Path(named) / album if named else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    async with (
        served(playground, 0) as address,
        looking_at(browser, f"{address}?person={person}", locale=LOCALES[person]) as page,
    ):
        yield Visitor(page=page, playground=playground, album=Album(folder=folder))
    assert playground.slack.refusals == []
    assert playground.slack.unanswered == []
