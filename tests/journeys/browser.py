"""A Chromium that notices what people would: policy violations, errors, axe findings."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from ..servers import REPOSITORY

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# Best practices of axe that WCAG does not ask for are looked at by people instead.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Watcher:
    """Collects what must never happen on any page of a journey."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page's console and errors."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if "127.0.0.1" in request.url or request.url.startswith(("data:", "blob:"))
                else self.complaints.append(f"request to elsewhere: {request.url}")
            ),
        )

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def axe(self, page: Page) -> None:
        """Run axe over the page as it stands and keep every violation."""
        # CDP evaluation is not subject to the page's content policy.
        page.evaluate(AXE.read_text())
        found: list[dict[str, Any]] = page.evaluate(
            f"async () => (await axe.run(document, {{runOnly: {json.dumps(AXE_TAGS)}}})).violations"
        )
        for violation in found:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self.complaints.append(f"axe {violation['id']} on {page.url}: {nodes}")

    def assert_calm(self) -> None:
        """Fail with everything that was seen."""
        assert not self.complaints, "\n".join(self.complaints)


def new_context(browser: Browser, url: str, *, phone: bool, scripts: bool = True) -> BrowserContext:
    """Open a fresh person's browser window."""
    return browser.new_context(
        base_url=url,
        viewport=PHONE if phone else DESK,
        java_script_enabled=scripts,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        is_mobile=phone,
        has_touch=phone,
    )


def keep_picture(page: Page, folder: Path, name: str) -> None:
    """Save a full-page screenshot."""
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
