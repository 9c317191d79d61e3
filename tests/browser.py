"""The system's Chromium, headless, through the portal's pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-proxy-server",
)  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PATIENCE_MS = 30_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, address: str, *, phone: bool = False, language: str = "en") -> Iterator[Page]:
    """A window that keeps nothing; what the browser itself complains of fails the test."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
        locale=language,
        base_url=address,
        java_script_enabled=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    unexpected = [said for said in complaints if "status of 4" not in said]
    assert unexpected == [], "the browser complains"


def log_in(page: Page, who: str, password: str) -> None:
    """Through the form, with keys."""
    page.goto("/office/login" if who.startswith("HO-") else "/login")
    page.fill("#who", who)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_load_state()
