"""Every page that a role can reach by links: answers, calm console, nothing for axe to find."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from ..servers import RunningMinamo
from .browser import Watcher, new_context
from .people import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# One page of a kind is enough: numbers, references and tokens make no new kind.
_KINDS = (
    (re.compile(r"/R\d+-[A-Z]\d{3}-\d{4}/"), "/<reference>/"),
    (re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27,}/"), "/<uuid>/"),
    (re.compile(r"/apply/d/[^/]+/"), "/apply/d/<token>/"),
    (re.compile(r"/R\d-\d-\d/"), "/<measure>/"),
    (re.compile(r"<measure>/[a-z][a-z_0-9]+/"), "<measure>/<indicator>/"),
    (re.compile(r"/\d+/"), "/<number>/"),
)
_FILES = re.compile(r"\.(csv|xlsx|json|yaml|pdf)($|\?)|export|format=|/print/$")
# Following these would end the visit.
_LEAVE = ("/accounts/logout", "/language/", "mailto:", "tel:", "javascript:")
MOST_PAGES = 90


def kind_of(path: str) -> str:
    """Return the pattern of a path."""
    for pattern, name in _KINDS:
        path = pattern.sub(name, path)
    return path


def links(page: Page, origin: str) -> list[str]:
    """Return the addresses on this site that the page links to, without query and fragment."""
    found = []
    for href in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
        if not href.startswith(origin) or any(word in href for word in _LEAVE):
            continue
        if _FILES.search(href):
            continue
        found.append(urlsplit(href).path)
    return found


def crawl(page: Page, watcher: Watcher, minamo: RunningMinamo, start: list[str]) -> set[str]:
    """Visit pages of new kinds, breadth first; returns the kinds that were seen."""
    waiting, seen = list(start), set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        response = page.goto(minamo.url + path)
        assert response is not None
        if response.status != 200:
            watcher.complaints.append(f"{response.status} on {path}")
            continue
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        watcher.axe(page)
        _no_sideways_scroll(page, watcher)
        waiting += links(page, minamo.url)
    return seen


def _no_sideways_scroll(page: Page, watcher: Watcher) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 1:
        watcher.complaints.append(f"{page.url} is {wide}px wider than the screen")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_citizen_pages(minamo: RunningMinamo, browser_program: Browser, phone: bool) -> None:
    watcher = Watcher()
    context = new_context(browser_program, minamo.url, phone=phone)
    page = context.new_page()
    watcher.watch(page)
    seen = crawl(page, watcher, minamo, ["/", "/plan/", "/status/", "/demo/mailbox/", "/ui/"])
    assert {"/", "/plan/", "/plan/<measure>/", "/procedures/", "/status/"} <= seen
    context.close()
    watcher.assert_calm()


@pytest.mark.parametrize(
    "username", ["hayasaka", "ishikawa", "omori", "fujiwara", "kansa", "kanri"]
)
def test_staff_pages(minamo: RunningMinamo, browser_program: Browser, username: str) -> None:
    watcher = Watcher()
    context = new_context(browser_program, minamo.url, phone=username in {"hayasaka", "omori"})
    clerk = Clerk(context.new_page(), watcher, lambda page, name: None)
    clerk.sign_in(username)
    start = urlsplit(clerk.page.url).path
    seen = crawl(clerk.page, watcher, minamo, [start])
    assert len(seen) > 3
    context.close()
    watcher.assert_calm()
