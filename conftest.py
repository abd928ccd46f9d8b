"""What every test run shares: the cast, the order switch, the browser's presence."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from minamo.site.catalogues import compile_catalogues

# A busy machine is no finding; how fast things are is measured in bench/.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

pytest_plugins = [
    "minamo.kernel.testing.fixtures",
    "minamo.procedures.definitions.testing",
]

CHROMIUM = os.environ.get("CHROMIUM_PATH") or next(
    (found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), ""
)
_CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the words of other languages, which the repository keeps as text only."""
    compile_catalogues()


@pytest.fixture(autouse=True)
def _each_test_begins_in_japanese() -> Iterator[None]:
    """Forget the language that the last request of a test has left in this thread."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_program() -> Iterator[Browser]:
    """Open the machine's Chromium once for all browser tests of a worker."""
    # Playwright's loop stays in this thread until the run ends; without this, Django would
    # take every later test of the worker for asynchronous code, in whatever order they come.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--reverse`."""
    parser.addoption("--reverse", action="store_true", help="run the tests in reverse order")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Turn the order round on request; skip browser tests loudly where there is no browser."""
    if config.getoption("--reverse"):
        items.reverse()
    for item in items:
        if "browser" not in item.keywords:
            continue
        item.add_marker(pytest.mark.xdist_group("browser"))
        if not CHROMIUM:
            if os.environ.get("CI"):
                raise pytest.UsageError("CI has no Chromium: browser tests must not be skipped")
            item.add_marker(pytest.mark.skip(reason="NO CHROMIUM: set CHROMIUM_PATH"))
