"""The staff layout in a real browser: axe, keys, the warning before a session ends."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, Page

from minamo.kernel.identity.api import User

from .test_browser import AXE, RULES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def page(
    browser_program: Browser,
    request: pytest.FixtureRequest,
    clerk: User,
    live_server: object,
    settings: LazySettings,
) -> Iterator[Page]:
    settings.ROOT_URLCONF = "minamo.kernel.ui.tests.staff_sample"
    client = Client()
    client.force_login(clerk)
    name = settings.SESSION_COOKIE_NAME
    url = live_server.url  # type: ignore[attr-defined]
    context = browser_program.new_context(
        viewport={"width": request.param, "height": 800}, locale="ja-JP", reduced_motion="reduce"
    )
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    opened = context.new_page()
    opened.goto(f"{url}/desk/ui-sample/")
    yield opened
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_layout_passes_axe(theme: str, page: Page) -> None:
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_question_mark_lists_the_keys(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    assert "次の行へ" in dialog.inner_text()
    assert "受け付ける" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_keys_walk_along_the_rows(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "row-2"


def test_switched_off_keys_do_nothing(page: Page) -> None:
    page.context.add_cookies(
        [{"name": "minamo-shortcuts", "value": "off", "url": page.url.split("/desk")[0]}]
    )
    page.reload()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0


def test_session_warns_ahead_and_can_be_kept(page: Page) -> None:
    page.evaluate(
        "localStorage.setItem('minamo-session-seen', String(Date.now() / 1000 - 1800 + 60))"
    )
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    assert "サインアウトします" in dialog.inner_text()
    with page.expect_response("**/session/extend/") as answered:
        dialog.get_by_role("button", name="続ける").click()
    assert answered.value.status == 200
    dialog.wait_for(state="hidden")


def test_menu_closes_on_escape(page: Page) -> None:
    page.locator("details.mn-menu > summary").click()
    assert page.get_by_role("button", name="サインアウト").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="サインアウト").is_hidden()
