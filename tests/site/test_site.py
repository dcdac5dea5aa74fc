"""The documentation's site in a real browser, from file:// and without a network: an operation is searched for with the
keyboard alone and found, and nothing is wider than a phone. Chromium is spoken to over its DevTools protocol."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

SITE = Path(__file__).resolve().parents[2] / "build/docs"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
OPTIONS = [
    *"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync --remote-debugging-port=0".split(),
]
KEYS = {"Enter": 13, "ArrowDown": 40, "Escape": 27, "Tab": 9}


class Tab:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while True:
            said = await self._socket.receive_json(timeout=30)
            if said.get("id") == self._number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result

    async def value(self, expression: str) -> Any:
        said = await self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    async def open(self, page: str, width: int = 1280) -> None:
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        await self.send("Page.navigate", url=f"{SITE.as_uri()}/{page}")
        await self.until(f"location.href.endsWith({json.dumps(page)}) && document.readyState === 'complete'")

    async def until(self, expression: str) -> None:
        end = time.monotonic() + 20
        while not await self.value(expression):
            assert time.monotonic() < end, f"never came true: {expression}, at {await self.value('location.href')}"
            await asyncio.sleep(0.05)

    async def type(self, text: str) -> None:
        for letter in text:
            await self.send("Input.dispatchKeyEvent", type="char", text=letter)
        await self.until(f"document.activeElement.value === {json.dumps(text)}")

    async def press(self, key: str) -> None:
        code = KEYS.get(key, 0)
        given = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"Enter": "\r"}.get(key, key if code == 0 else "")
        await self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **given)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **given)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("browser")
    browser = subprocess.Popen(
        [CHROMIUM, *OPTIONS, f"--user-data-dir={folder}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    said = folder / "DevToolsActivePort"
    end = time.monotonic() + 60
    while not (said.exists() and said.read_text().count("\n")):
        assert browser.poll() is None and time.monotonic() < end, "the browser did not start"
        time.sleep(0.1)
    yield int(said.read_text().splitlines()[0])
    browser.terminate()
    browser.wait(20)


def in_browser(port: int, story: Callable[[Tab], Awaitable[None]]) -> None:
    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            async with session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as made:
                address = (await made.json())["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                await story(Tab(socket))

    asyncio.run(run())


def test_an_operation_is_found_with_the_keyboard(port: int) -> None:
    async def story(tab: Tab) -> None:
        await tab.open("index.html")
        await tab.press("/")
        await tab.until("document.activeElement.id === 'search'")
        await tab.type("app version create")
        await tab.until("document.querySelectorAll('#found [role=option]').length > 3")
        first = await tab.value("document.querySelector('#found [aria-selected=true] b').textContent")
        assert first == "edgegap_app_version_create"
        await tab.press("Enter")
        await tab.until("document.title.startsWith('edgegap_app_version_create')")
        await tab.until("document.querySelector('main h1')?.textContent === 'edgegap_app_version_create'")

    in_browser(port, story)


@pytest.mark.parametrize(
    "words, found",
    [
        ("eb_client_new", "eb_client_new"),
        ("EB_MAYBE_SENT", "EB_MAYBE_SENT"),
        ("throttling.user", "DCDN_ERROR_THROTTLING_USER"),
        ("vendoring", "Vendoring"),
    ],
)
def test_functions_constants_errors_and_guides_are_found(port: int, words: str, found: str) -> None:
    async def story(tab: Tab) -> None:
        await tab.open("generated/docs/esa/esa_container.html")  # addresses are right from a folder too
        await tab.press("/")
        await tab.type(words)
        await tab.until("document.querySelectorAll('#found [role=option]').length > 0")
        titles = await tab.value("[...document.querySelectorAll('#found b')].slice(0, 3).map(b => b.textContent)")
        assert found in titles
        await tab.press("Enter")
        await tab.until("!location.href.includes('esa_container.html')")
        await tab.until("document.querySelector('main h1') !== null")

    in_browser(port, story)


def test_escape_closes_and_nonsense_finds_nothing(port: int) -> None:
    async def story(tab: Tab) -> None:
        await tab.open("index.html")
        await tab.press("/")
        await tab.type("qwertz")
        assert await tab.value("document.getElementById('found').textContent") == "Nothing found."
        await tab.press("Escape")
        assert await tab.value("document.getElementById('found').hidden")

    in_browser(port, story)


def test_no_page_is_wider_than_a_phone(port: int) -> None:
    async def story(tab: Tab) -> None:
        for page in sorted(str(p.relative_to(SITE)) for p in SITE.rglob("*.html")):
            await tab.open(page, width=390)
            assert await tab.value("document.documentElement.scrollWidth") <= 390, page
            assert await tab.value("document.querySelectorAll('main h1').length") == 1, page
            assert await tab.value("document.querySelector('nav details').open") is False, page

    in_browser(port, story)
