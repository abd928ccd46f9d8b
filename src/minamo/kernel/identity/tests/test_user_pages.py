"""Administrators make, move and close accounts; nobody else can."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from minamo.kernel import testing
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import api as identity
from minamo.kernel.identity.packs import RolesDocument, SectionsDocument, load_roles, load_sections


@pytest.fixture
def admin(cast: testing.Cast) -> Client:
    cache.clear()
    return testing.login(Client(), cast.administrator)


NEW = {
    "kind": "staff",
    "username": "ishikawa",
    "display_name": "石川 直",
    "kana": "イシカワ ナオ",
    "email": "",
    "valid_to": "",
}


def password_in(response: object) -> str:
    found = re.search(r">([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<", response.content.decode())
    assert found is not None
    return found[1]


def test_an_account_is_made_with_a_password_shown_once(admin: Client) -> None:
    response = admin.post("/desk/users/new/", NEW)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    user = identity.User.objects.get(username="ishikawa")
    assert user.must_change_password
    assert user.check_password(password_in(response))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "x"}, "半角の英小文字"),
        ({"username": "shokuin"}, "すでに使われています"),
        ({"username": ""}, "利用者IDを入力してください"),
        ({"display_name": ""}, "氏名を入力してください"),
        ({"kind": "robot"}, "種類を選んでください"),
        ({"kind": "guest"}, "ゲストには利用期限を"),
        ({"email": "x"}, "メールアドレスの形"),
        ({"valid_to": "きのう"}, "mn-error"),
    ],
)
def test_mistakes_are_told_and_nothing_typed_is_lost(
    admin: Client, change: dict[str, str], words: str
) -> None:
    response = admin.post("/desk/users/new/", NEW | change)
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "イシカワ ナオ" in html
    assert "エラー：" in html


def test_users_are_found_by_name_reading_and_sign_in_name(admin: Client) -> None:
    for words, found in {"佐藤": True, "SHOKUIN": True, "ｵｲｶﾜ": False, "いない": False}.items():
        html = admin.get("/desk/users/", {"q": words}).content.decode()
        assert (">shokuin<" in html) is found


def test_a_transfer_is_registered_for_a_japanese_date(admin: Client, cast: testing.Cast) -> None:
    url = f"/desk/users/{cast.clerk.uuid}/transfer/"
    values = {
        "transfer-section": "keiei",
        "transfer-role": "supervisor",
        "transfer-on": "令和９年４月１日",
    }
    assert admin.post(url, values).status_code == 302
    day = date(2027, 4, 1)
    assert list(identity.sections_of(cast.clerk, day)) == [cast.other_section]
    html = admin.get(f"/desk/users/{cast.clerk.uuid}/").content.decode()
    assert "令和9年4月1日（木）の前まで" in html


def test_a_refused_transfer_keeps_the_form(admin: Client, cast: testing.Cast) -> None:
    url = f"/desk/users/{cast.clerk.uuid}/transfer/"
    values = {"transfer-section": "somu", "transfer-role": "administrator", "transfer-on": ""}
    response = admin.post(url, values)
    assert response.status_code == 422
    assert "いつからかを入力してください" in response.content.decode()


def test_a_further_place_is_added_and_ended(admin: Client, cast: testing.Cast) -> None:
    base = f"/desk/users/{cast.clerk.uuid}"
    values = {"add-section": "keiei", "add-role": "clerk", "add-on": "2026-04-01"}
    assert admin.post(f"{base}/add/", values).status_code == 302
    again = admin.post(f"{base}/add/", values)
    assert again.status_code == 422
    assert "期間が重なっています" in again.content.decode()
    held = cast.clerk.memberships.get(section=cast.other_section)
    url = f"{base}/end/{held.pk}/"
    assert admin.get(url).status_code == 200
    assert admin.post(url, {"on": "2026-04-01"}).status_code == 422
    assert admin.post(url, {"on": "2026-05-01", "reason": "兼務の終わり"}).status_code == 302
    held.refresh_from_db()
    assert held.valid_to == date(2026, 5, 1)


def test_a_membership_is_ended_on_its_own_persons_page_only(
    admin: Client, cast: testing.Cast
) -> None:
    theirs = cast.outsider.memberships.get()
    assert admin.get(f"/desk/users/{cast.clerk.uuid}/end/{theirs.pk}/").status_code == 404


def test_a_password_reset_needs_a_reason_and_ends_all_sessions(
    admin: Client, cast: testing.Cast
) -> None:
    elsewhere = testing.login(Client(), cast.clerk)
    url = f"/desk/users/{cast.clerk.uuid}/password/"
    assert admin.post(url, {}).status_code == 422
    response = admin.post(url, {"password-reason": "窓口で職員証を確認"})
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(password_in(response))
    assert elsewhere.get("/accounts/").status_code == 302
    entry = audit.Entry.objects.get(action="identity.password.reset", reason__startswith="窓口")
    assert entry.actor_name == "藤原 守"


def test_administrators_do_not_reset_themselves(admin: Client, cast: testing.Cast) -> None:
    base = f"/desk/users/{cast.administrator.uuid}"
    for act, prefix in (
        ("password", "password"),
        ("second-factor", "factor"),
        ("active", "active"),
    ):
        assert admin.post(f"{base}/{act}/", {f"{prefix}-reason": "x"}).status_code == 422


def test_an_account_is_closed_and_opened(admin: Client, cast: testing.Cast) -> None:
    url = f"/desk/users/{cast.clerk.uuid}/active/"
    signed_in = testing.login(Client(), cast.clerk)
    admin.post(url, {"active-reason": "休職"})
    assert signed_in.get("/accounts/").status_code in {302, 403}
    assert "止めています" in admin.get("/desk/users/?state=closed").content.decode()
    admin.post(url, {"active-reason": "復職"})
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active


def test_an_installers_person_is_registered_and_ended(admin: Client, cast: testing.Cast) -> None:
    base = f"/desk/users/{cast.installer.uuid}"
    member = cast.installer.installer_memberships.get()
    assert admin.post(f"{base}/company/{member.pk}/end/", {"on": "2026-04-01"}).status_code == 302
    values = {
        "company-company": cast.company.designation_number,
        "company-role": "clerk",
        "company-on": "2026-04-01",
    }
    assert admin.post(f"{base}/company/", values).status_code == 302
    assert cast.installer.installer_memberships.count() == 2
    assert "水沢原設備工業" in admin.get(f"{base}/").content.decode()


def test_a_token_is_issued_and_shown_once(
    admin: Client, cast: testing.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "minamo.kernel.identity.url_walk.machine_scopes", lambda: ["plan.measures.read"]
    )
    html = admin.post(
        "/desk/tokens/", {"name": "庁内GIS", "scopes": ["plan.measures.read"], "valid_to": ""}
    ).content.decode()
    assert re.search(r"minamo_[\w-]{40,}", html)
    assert "minamo_" not in admin.get("/desk/tokens/").content.decode()
    assert admin.post("/desk/tokens/", {"name": "x", "scopes": ["no"]}).status_code == 422
    token = identity.MachineToken.objects.get()
    admin.post(f"/desk/tokens/{token.uuid}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_sections_and_roles_come_from_a_pack_and_twice_changes_nothing(db: None) -> None:
    sections = SectionsDocument.model_validate(
        {
            "kind": "sections",
            "sections": [{"code": "somu", "name": "総務課", "valid_from": "2023-04-01"}],
        }
    )
    roles = RolesDocument.model_validate(
        {
            "kind": "roles",
            "roles": [{"key": "clerk", "title": "担当", "permissions": ["procedures.case.view"]}],
        }
    )
    first = (
        load_sections(sections, by=testing.SYSTEM, path="s"),
        load_roles(roles, by=testing.SYSTEM, path="r"),
    )
    again = (
        load_sections(sections, by=testing.SYSTEM, path="s"),
        load_roles(roles, by=testing.SYSTEM, path="r"),
    )
    assert [str(change) for change in first] == ["created", "created"]
    assert [str(change) for change in again] == ["unchanged", "unchanged"]
