"""A second factor in a real browser: an authenticator app, and a passkey with a virtual key."""

import re
import secrets

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, Page

from ..servers import RunningMinamo
from .browser import Watcher, new_context
from .people import PASSWORD, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def colleague(minamo: RunningMinamo) -> str:
    """A new member of staff who signs in by password only, so far."""
    name = f"shinjin{secrets.token_hex(3)}"
    minamo.python(
        "from datetime import date;"
        "from minamo.contracts.actors import Actor;"
        "from minamo.kernel.identity.api import Role, Section, add_membership, create_user;"
        "by = Actor.system('test');"
        f"u = create_user(username='{name}', display_name='新人 一', kana='シンジン ハジメ', "
        f"kind='staff', password='{PASSWORD}', by=by);"
        "add_membership(user=u, section=Section.objects.get(code='keiei_kikaku'), "
        "role=Role.objects.get(key='clerk'), valid_from=date(2026, 4, 1), by=by)"
    )
    return name


def open_page(browser: Browser, minamo: RunningMinamo, watcher: Watcher) -> Page:
    # A passkey needs a name; browsers take none for an address of digits.
    url = minamo.url.replace("127.0.0.1", "localhost")
    page = new_context(browser, url, phone=True).new_page()
    page.on("console", watcher._console)
    page.on("pageerror", lambda error: watcher.complaints.append(f"script error: {error}"))
    return page


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    page.wait_for_load_state()


def confirm_password(page: Page) -> None:
    """Answer the question for the password that comes before a factor is changed."""
    if page.locator("main input[name=password]").count():
        page.fill("main input[name=password]", PASSWORD)
        page.locator("main button:not([type=button])").first.click()
        page.wait_for_load_state()


def code_of(secret: str, *, steps: int = 0) -> str:
    counter = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter[len(counter) // 2] + steps))


def test_an_authenticator_app_is_set_up_and_asked_for(
    minamo: RunningMinamo, browser_program: Browser, colleague: str
) -> None:
    watcher = Watcher()
    page = open_page(browser_program, minamo, watcher)
    sign_in(page, colleague)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page)
    watcher.axe(page)
    secret = page.locator("main [translate=no]").inner_text().strip()
    page.fill("main input[name=code]", "000000")
    press(page, "認証アプリを設定する")
    assert "エラー" in page.inner_text("main")
    page.fill("main input[name=code]", code_of(secret))
    press(page, "認証アプリを設定する")
    watcher.axe(page)
    page.context.clear_cookies()

    sign_in(page, colleague)
    assert "/desk/" not in page.url  # the password alone opens nothing
    watcher.axe(page)
    # The code of the set-up is used up; the next one is good within its tolerance or soon.
    page.fill("main input[name=code]", code_of(secret, steps=1))
    page.get_by_role("button", name="サインインする", exact=True).click()
    page.wait_for_load_state()
    if "/desk/" not in page.url:
        page.wait_for_timeout(30_000)
        page.fill("main input[name=code]", code_of(secret))
        page.get_by_role("button", name="サインインする", exact=True).click()
        page.wait_for_load_state()
    assert re.search(r"/desk/", page.url), page.inner_text("main")
    watcher.assert_calm()
    page.context.close()


def test_a_passkey_is_registered_and_signs_in_without_a_password(
    minamo: RunningMinamo, browser_program: Browser, colleague: str
) -> None:
    watcher = Watcher()
    page = open_page(browser_program, minamo, watcher)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, colleague)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    watcher.axe(page)
    page.fill("main input[name=name]", "机の端末")
    if page.locator("main input[name=passwordless]").count():
        page.check("main input[name=passwordless]")
    press(page, "キーを登録する")
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto("/accounts/2fa/webauthn/")
    watcher.axe(page)
    assert "机の端末" in page.inner_text("main")
    page.context.clear_cookies()

    page.goto("/accounts/login/")
    page.locator("[data-mn-webauthn=login]").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    assert "/desk/" in page.url, page.inner_text("main")
    watcher.assert_calm()
    page.context.close()
