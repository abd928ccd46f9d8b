"""The gallery in a real browser: axe, width, content policy, keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from minamo.kernel.ui import assets, gallery

AXE = Path(assets.__file__).resolve().parents[4] / "node_modules/axe-core/axe.min.js"
PAGES = ["/ui/", "/preferences/", "/accessibility/", "/privacy/"]
PAGES += [f"/ui/{entry.name}/" for entry in gallery.ENTRIES]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def page(browser_program: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser_program.new_context(
        viewport={"width": request.param, "height": 900}, locale="ja-JP", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_passes_axe_and_the_policy(path: str, page: Page, live_server: object) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}{path}")  # type: ignore[attr-defined]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page must not scroll sideways"
    assert said == []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        told = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
        assert told == [], theme


def test_error_summary_takes_focus_and_leads_to_the_field(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/ui/errors/")  # type: ignore[attr-defined]
    assert page.evaluate("document.activeElement.className") == "mn-errors"
    page.locator(".mn-errors a").first.click()
    assert page.evaluate("document.activeElement.id") == "zip"


def test_date_line_repeats_both_calendars(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/ui/date/")  # type: ignore[attr-defined]
    page.locator("#f-bad-day").fill("３０")
    line = page.locator("#f-bad .mn-echo")
    assert line.inner_text().startswith("令和8年11月30日（月）・2026年11月30日")


def test_rows_chosen_bring_the_bar_with_the_count(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/ui/table/")  # type: ignore[attr-defined]
    page.locator("tbody input[type=checkbox]").nth(1).check()
    assert page.locator("[data-mn-count]").inner_text() == "2件を選んでいます"
    page.locator("[data-mn-clear]").click()
    assert page.locator(".mn-bulk").is_hidden()


def test_file_names_and_sizes_are_shown_before_sending(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/ui/file/")  # type: ignore[attr-defined]
    photo = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG" + b"0" * 2000}
    page.locator("#f-paper").set_input_files(files=[photo])  # type: ignore[list-item]
    assert "a.png" in page.locator("[role=status] .mn-file").inner_text()


def test_dialog_opens_asks_and_gives_the_focus_back(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/ui/dialog/")  # type: ignore[attr-defined]
    page.locator("[data-mn-opens]").click()
    assert page.locator("dialog#withdraw").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog#withdraw").is_hidden()


def test_a_second_press_sends_nothing(page: Page, live_server: object) -> None:
    page.goto(f"{live_server.url}/preferences/")  # type: ignore[attr-defined]
    with page.expect_navigation():
        let_through = page.evaluate(
            """() => {
                let sent = 0;
                addEventListener("submit", (event) => { if (!event.defaultPrevented) sent += 1; });
                const button = document.querySelector("form[data-mn-appearance] button");
                button.click();
                button.click();
                return sent;
            }"""
        )
    assert let_through == 1
