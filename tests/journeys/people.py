"""What a citizen and a clerk do in a browser, in their own words."""

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from .browser import Watcher

PASSWORD = "minamo-demo-2026"
REFERENCE = re.compile(r"R\d+-[A-Z]\d{3}-\d{4}")
SECRET = re.compile(r"確認番号\s*(\d{4}-\d{4})")

Look = Callable[[Page, str], None]


def fill_page(page: Page, values: Mapping[str, str]) -> None:
    """Answer every question of the page that `values` has an answer for."""
    for control in page.locator("main input, main select, main textarea").all():
        name = control.get_attribute("name") or ""
        if name not in values:
            continue
        kind = control.get_attribute("type") or control.evaluate("e => e.tagName.toLowerCase()")
        if kind in {"radio", "checkbox"}:
            if control.get_attribute("value") == values[name]:
                control.check()
        elif kind == "select":
            control.select_option(values[name])
        elif kind != "hidden":
            control.fill(values[name])


def press(page: Page, name: str) -> None:
    """Press a button or follow a link by what is written on it, and wait for the next page."""
    target = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    target.locator("visible=true").first.click()
    page.wait_for_load_state()


class Citizen:
    """A person without an account."""

    def __init__(self, page: Page, watcher: Watcher, look: Look, *, scripts: bool = True) -> None:
        self.page, self.watcher, self.look, self.scripts = page, watcher, look, scripts
        watcher.watch(page)
        self.reference = self.secret = ""

    def see(self, name: str) -> None:
        """Look at the page as it stands: axe (where scripts may run), and a picture."""
        if self.scripts:
            self.watcher.axe(self.page)
        self.look(self.page, name)

    def next(self) -> None:
        """Press the page's filled button."""
        self.page.locator("main button[name=_next]:visible").last.click()
        self.page.wait_for_load_state()

    def walk(self, values: Mapping[str, str], *, pictures: bool = False) -> None:
        """Answer page after page until the check page."""
        for _ in range(25):
            if self.page.url.rstrip("/").endswith("/check"):
                return
            fill_page(self.page, values)
            if pictures:
                self.see(self.page.url.rstrip("/").rsplit("/", 1)[-1])
            self.next()
        raise AssertionError(f"never came to the check page; stuck on {self.page.url}")

    def apply(self, values: Mapping[str, str]) -> None:
        """File a 転居 from the home page to the receipt."""
        self.page.goto("/")
        self.see("home")
        press(self.page, "盛岡市の中での引っ越し")
        self.see("start")
        press(self.page, "申し込みをはじめる")
        self.walk(values, pictures=True)
        self.see("check")
        self.send()
        self.see("receipt")
        words = self.page.inner_text("main")
        reference, secret = REFERENCE.search(words), SECRET.search(words)
        assert reference, words
        assert secret, words
        self.reference, self.secret = reference[0], secret[1]

    def send(self) -> None:
        """Confirm the check page and send."""
        self.page.locator("input[name=confirm]").check()
        self.page.locator("button[name=_send]").click()
        self.page.wait_for_load_state()

    def open_status(self) -> str:
        """Ask how the application stands, by its two numbers; returns the page's words."""
        self.page.goto("/status/")
        self.page.locator("input[name=reference]").last.fill(self.reference)
        self.page.locator("input[name=secret]").last.fill(self.secret)
        press(self.page, "ようすを見る")
        return self.words()

    def words(self) -> str:
        """Return what the page says."""
        return self.page.inner_text("main")


class Clerk:
    """A member of staff at the desk."""

    def __init__(self, page: Page, watcher: Watcher, look: Look) -> None:
        self.page, self.watcher, self.look = page, watcher, look
        watcher.watch(page)

    def sign_in(self, username: str) -> None:
        """Sign in with the demo city's password."""
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="サインインする", exact=True).click()
        self.page.wait_for_load_state()

    def open_case(self, reference: str) -> None:
        """Find a case by its number in the search box of the bar."""
        self.page.goto("/desk/")
        self.page.locator(".mn-bar__find input[name=q]").fill(reference)
        self.page.locator(".mn-bar__find input[name=q]").press("Enter")
        self.page.wait_for_load_state()
        if f"/cases/{reference}" not in self.page.url:
            self.page.locator(f"main a[href*='{reference}']").first.click()
            self.page.wait_for_load_state()

    def act(self, name: str, **typed: str) -> None:
        """Press what is to be done next, fill what it asks and confirm."""
        press(self.page, name)
        if typed:
            fill_page(self.page, typed)
        confirm = self.page.locator("main form .mn-actions button").first
        if confirm.is_visible() and "/cases/" in self.page.url and not self._on_case():
            confirm.click()
            self.page.wait_for_load_state()

    def _on_case(self) -> bool:
        return bool(re.search(r"/cases/[^/]+/(\?.*)?(#.*)?$", self.page.url))

    def see(self, name: str) -> None:
        """Look at the page as it stands: axe, and a picture."""
        self.watcher.axe(self.page)
        self.look(self.page, name)

    def words(self) -> str:
        """Return what the page says."""
        return self.page.inner_text("main")
