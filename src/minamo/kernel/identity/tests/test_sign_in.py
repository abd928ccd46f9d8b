"""Signing in, second factors, session limits, and the devices one is signed in on."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from minamo.kernel import testing
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import api as identity
from minamo.kernel.identity import sessions
from minamo.kernel.identity.models import SignIn

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str = testing.PASSWORD) -> object:
    return client.post(LOGIN, {"login": username, "password": password})


def confirm_again(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": testing.PASSWORD})


def actions(user: identity.User) -> list[str]:
    return list(audit.history(user.subject).values_list("action", flat=True))


def code_of(secret: str) -> str:
    import time

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_staff_sign_in_with_name_and_password(cast: testing.Cast) -> None:
    client = Client()
    response = sign_in(client, "ＳＨＯＫＵＩＮ")
    assert (response.status_code, response["Location"]) == (302, "/staff/")
    assert "identity.sign_in.started" in actions(cast.clerk)
    assert client.get("/accounts/").status_code == 200


def test_an_installer_starts_on_the_first_page(cast: testing.Cast) -> None:
    assert sign_in(Client(), "koji")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(cast: testing.Cast) -> None:
    wrong = sign_in(Client(), "shokuin", "no").content.decode()
    unknown = sign_in(Client(), "nobody", "no").content.decode()
    words = "利用者IDかパスワードが違います。もう一度確かめてください。"
    assert words in wrong
    assert words in unknown
    assert "identity.sign_in.failed" in actions(cast.clerk)
    failed = audit.Entry.objects.filter(action="identity.sign_in.failed")
    assert not failed.filter(subject_id__contains="nobody").exists()


def test_a_closed_account_is_told_so(cast: testing.Cast) -> None:
    identity.set_active(user=cast.clerk, active=False, by=testing.SYSTEM, reason="休職")
    assert not sign_in(Client(), "shokuin").wsgi_request.user.is_authenticated


def test_ten_failures_lock_the_name_in_words(cast: testing.Cast, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    for _ in range(10):
        response = sign_in(client, "shokuin", "no")
    assert response.status_code == 429
    assert "サインインを止めています" in response.content.decode()
    assert sign_in(client, "shokuin").status_code == 429


def test_sign_up_and_other_pages_of_allauth_do_not_exist(client: Client, db: None) -> None:
    for path in (
        "signup/",
        "email/",
        "password/reset/",
        "password/set/",
        "confirm-email/",
        "social/",
    ):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_the_demo_accounts_are_offered_in_demo_mode_only(
    client: Client, db: None, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = identity.DemoAccount("shokuin", "himitsu-no-mizu", "給排水課の担当", "受付を試せます")
    monkeypatch.setattr("minamo.kernel.identity.demo._accounts", {"shokuin": account})
    settings.DEMO = True
    assert "この人でためす" in client.get(LOGIN).content.decode()
    settings.DEMO = False
    assert "この人でためす" not in client.get(LOGIN).content.decode()
    assert "himitsu" not in client.get(LOGIN).content.decode()


ACCOUNT_PAGES = [
    "/accounts/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/reauthenticate/",
    "/accounts/inactive/",
]


@pytest.mark.parametrize("path", [LOGIN, *ACCOUNT_PAGES])
def test_account_pages_are_japanese_and_have_no_inline_script_or_style(
    cast: testing.Cast, path: str
) -> None:
    client = Client()
    if path != LOGIN:
        sign_in(client, "shokuin")
    if path.endswith(("activate/", "add/")):
        assert client.get(path)["Location"].startswith("/accounts/reauthenticate/")
        confirm_again(client)
    response = client.get(path)
    assert response.status_code == 200
    html = response.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert " style=" not in html
    assert re.findall(r"\son[a-z]+=", html) == []
    assert re.search(r"<h1[^>]*>[^<]*[ぁ-んァ-ヶ一-龠]", html)
    assert "Content-Security-Policy" in response.headers


def test_the_second_factor_is_set_up_and_asked_for(cast: testing.Cast) -> None:
    client = Client()
    sign_in(client, "shokuin")
    confirm_again(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'translate="no">([A-Z2-7]{16,})<', page)
    assert secret is not None
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    assert "identity.second_factor.added" in actions(cast.clerk)
    stored = Authenticator.objects.get(user_id=cast.clerk.pk, type="totp").data["secret"]
    assert secret[1] not in stored
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert "控えのコード" in client.get("/accounts/2fa/recovery-codes/download/").content.decode()

    cache.clear()
    again = Client()
    assert sign_in(again, "shokuin")["Location"] == "/accounts/2fa/authenticate/"
    assert not again.get("/accounts/").wsgi_request.user.is_authenticated
    assert again.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert again.get("/accounts/2fa/authenticate/").status_code == 200
    response = again.post("/accounts/2fa/authenticate/", {"code": code_of(secret[1])})
    assert response["Location"] == "/staff/"


def test_a_role_that_needs_a_second_factor_opens_nothing_before(
    cast: testing.Cast, settings: object
) -> None:
    identity.upsert_role(
        key="administrator",
        title="システム管理者",
        permissions=testing.ROLES["administrator"][1],
        covers_all_sections=True,
        requires_mfa=True,
        by=testing.SYSTEM,
    )
    settings.DEMO = True
    client = testing.login(Client(), cast.administrator)
    assert client.get("/desk/users/").status_code == 200
    settings.DEMO = False
    assert client.get("/desk/users/")["Location"] == "/accounts/2fa/"
    assert "先に、多要素認証を設定してください" in client.get("/accounts/2fa/").content.decode()
    assert sign_in(Client(), "kanri")["Location"] == "/accounts/2fa/"
    TOTP.activate(cast.administrator, generate_totp_secret())
    assert client.get("/desk/users/").status_code == 200


def test_a_one_time_password_must_be_changed_first(cast: testing.Cast) -> None:
    value = identity.reset_password(user=cast.clerk, by=testing.SYSTEM, reason="忘れた")
    client = Client()
    assert sign_in(client, "shokuin", value)["Location"] == "/accounts/password/change/"
    assert "一度だけ使えます" in client.get("/accounts/password/change/").content.decode()
    new = "atarashii-mizu-no-oto"
    response = client.post(
        "/accounts/password/change/", {"oldpassword": value, "password1": new, "password2": new}
    )
    assert response.status_code == 302
    cast.clerk.refresh_from_db()
    assert not cast.clerk.must_change_password
    assert "identity.password.changed" in actions(cast.clerk)
    cache.clear()
    assert sign_in(Client(), "shokuin", new)["Location"] == "/staff/"


def _age(client: Client, **seconds: int) -> None:
    session = client.session
    now = int(timezone.now().timestamp())
    session[sessions.SEEN] = now - seconds.get("seen", 0)
    session[sessions.STARTED] = now - seconds.get("started", 0)
    session.save()


@pytest.mark.parametrize(
    ("ages", "alive"),
    [
        ({"seen": 29 * 60, "started": 3600}, True),
        ({"seen": 32 * 60, "started": 3600}, False),
        ({"seen": 10, "started": 12 * 3600 - 60}, True),
        ({"seen": 10, "started": 12 * 3600 + 1}, False),
    ],
)
def test_a_session_ends_when_idle_or_old(
    cast: testing.Cast, ages: dict[str, int], alive: bool
) -> None:
    client = testing.login(Client(), cast.clerk)
    _age(client, **ages)
    response = client.get("/accounts/")
    assert (response.status_code == 200) is alive
    if not alive:
        assert response["Location"] == "/accounts/login/?next=%2Faccounts%2F"
        assert "サインアウトしました" in client.get(LOGIN).content.decode()
        assert SignIn.objects.get(user=cast.clerk).ended_because in {"idle", "expired"}


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(cast: testing.Cast) -> None:
    client = testing.login(Client(), cast.clerk)
    _age(client, seen=600, started=600)
    before = client.session[sessions.SEEN]
    client.get("/accounts/", headers={"X-Minamo-Background": "1"})
    assert client.session[sessions.SEEN] == before
    client.get("/accounts/")
    assert client.session[sessions.SEEN] > before


def test_a_device_is_signed_out_from_another_one(cast: testing.Cast) -> None:
    phone, desk = (
        Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/"}),
        Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/ Safari/ Edg/"}),
    )
    for client in (phone, desk):
        sign_in(client, "shokuin")
    page = desk.get("/accounts/sessions/").content.decode()
    assert "iPhone Safari" in page
    assert "Windows Edge" in page
    other = SignIn.objects.get(device="iPhone Safari")
    assert desk.post(f"/accounts/sessions/{other.uuid}/end/").status_code == 302
    assert phone.get("/accounts/").status_code == 302
    assert desk.get("/accounts/").status_code == 200
    assert "identity.sign_in.revoked" in actions(cast.clerk)


def test_nobody_ends_the_session_of_somebody_else(cast: testing.Cast) -> None:
    testing.login(Client(), cast.clerk)
    theirs = SignIn.objects.get(user=cast.clerk)
    client = testing.login(Client(), cast.outsider)
    assert client.post(f"/accounts/sessions/{theirs.uuid}/end/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_signing_out_is_by_post_and_in_the_trail(cast: testing.Cast) -> None:
    client = testing.login(Client(), cast.clerk)
    client.get("/accounts/logout/")
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302
    assert "identity.sign_in.ended" in actions(cast.clerk)
    assert SignIn.objects.get(user=cast.clerk).ended_because == "signed_out"


def test_old_sessions_leave_the_list(cast: testing.Cast) -> None:
    testing.login(Client(), cast.clerk)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    assert list(sessions.live(cast.clerk)) == []
