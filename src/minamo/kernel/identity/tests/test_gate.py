"""The gate refuses what has no rule, and lets machines in by token only."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone
from ninja import NinjaAPI

from minamo.kernel import testing
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import api as identity
from minamo.kernel.identity import checks, machines, url_walk
from minamo.kernel.identity.api import access

rest = NinjaAPI(urls_namespace="gate-test", docs_url=None, openapi_url=None)


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


# Taking the name of a listed third-party view must not open one of ours.
def impostor(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


impostor.__module__ = "minamo.plan.views"


@access.staff()
def any_staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access.public
def with_csrf_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


@access.installer
def for_installers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@rest.get("/open")
@access.public
def rest_open(request: HttpRequest) -> dict[str, str]:
    return {"actor": identity.actor_of(request).kind}


@rest.get("/both")
@access.machine("meters.read")
def rest_machine(request: HttpRequest) -> dict[str, str]:
    return {"actor": identity.actor_of(request).kind, "name": identity.actor_of(request).name}


@rest.post("/both")
@access.staff("procedures.case.process")
def rest_staff(request: HttpRequest) -> dict[str, str]:
    return {"actor": identity.actor_of(request).kind}


@rest.get("/forgotten")
def rest_forgotten(request: HttpRequest) -> dict[str, str]:
    return {}


urlpatterns = [
    path("forgotten/", forgotten),
    path("impostor/", impostor, name="account_login_"),
    path("impostor2/", impostor, name="mfa_authenticate"),
    path("staff/", any_staff),
    path("csrf/", with_csrf_token),
    path("installers/", for_installers),
    path("api/t/", rest.urls),
    path("accounts/", include("minamo.kernel.identity.account_urls")),
]


@pytest.fixture(autouse=True)
def _own_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize("where", ["/forgotten/", "/impostor2/", "/api/t/forgotten"])
def test_a_view_without_a_rule_is_refused_to_everybody(cast: testing.Cast, where: str) -> None:
    for client in (Client(), testing.login(Client(), cast.administrator)):
        assert client.get(where).status_code == 403


def test_the_system_check_names_addresses_without_a_rule() -> None:
    found = {message.msg.split()[0] for message in checks.every_address_has_a_rule(None)}
    assert found == {"/forgotten/", "/impostor/", "/impostor2/", "/api/t/forgotten"}


def test_staff_pages_are_for_staff(cast: testing.Cast) -> None:
    assert Client().get("/staff/?a=1")["Location"] == "/accounts/login/?next=%2Fstaff%2F%3Fa%3D1"
    assert Client().post("/staff/")["Location"] == "/accounts/login/"
    assert testing.login(Client(), cast.clerk).get("/staff/").status_code == 200
    for outsider in (cast.citizen, cast.installer):
        assert testing.login(Client(), outsider).get("/staff/").status_code == 403
    assert testing.login(Client(), cast.installer).get("/installers/").status_code == 200
    assert testing.login(Client(), cast.clerk).get("/installers/").status_code == 403


def test_a_fragment_sends_the_whole_page_to_sign_in() -> None:
    response = Client(headers={"HX-Request": "true"}).get("/staff/")
    assert (response.status_code, response["HX-Redirect"]) == (
        401,
        "/accounts/login/?next=%2Fstaff%2F",
    )


def bearer(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"})


def test_a_machine_comes_in_by_a_token_with_the_scope(db: None) -> None:
    token = identity.issue_token(name="検針機", scopes=["meters.read"], by=testing.SYSTEM)
    assert bearer(token).get("/api/t/both").json() == {"actor": "machine", "name": "検針機"}
    weak = identity.issue_token(name="弱い", scopes=["other"], by=testing.SYSTEM)
    assert bearer(weak).get("/api/t/both").status_code == 403
    for client in (Client(), bearer("minamo_wrong"), bearer("")):
        response = client.get("/api/t/both")
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"
        assert response["WWW-Authenticate"] == 'Bearer scope="meters.read"'


def test_a_token_ends_by_revocation_and_by_its_date(db: None) -> None:
    token = identity.issue_token(name="a", scopes=["meters.read"], by=testing.SYSTEM)
    identity.revoke_token(token=identity.MachineToken.objects.get(), by=testing.SYSTEM)
    assert bearer(token).get("/api/t/both").status_code == 401
    past = timezone.now() - timedelta(seconds=1)
    old = identity.issue_token(name="b", scopes=["meters.read"], valid_to=past, by=testing.SYSTEM)
    assert bearer(old).get("/api/t/both").status_code == 401
    assert not machines.exists(old)


def test_the_value_of_a_token_is_nowhere_in_the_database(db: None) -> None:
    value = identity.issue_token(name="a", scopes=["x"], by=testing.SYSTEM)
    token = identity.MachineToken.objects.get()
    assert value not in str(vars(token))
    assert all(value not in str(entry.detail) for entry in audit.Entry.objects.all())


def test_methods_of_one_rest_path_have_their_own_rules(cast: testing.Cast) -> None:
    clerk = testing.login(Client(), cast.clerk)
    assert clerk.get("/api/t/both").status_code == 401
    assert clerk.post("/api/t/both").json() == {"actor": "staff"}
    assert testing.login(Client(), cast.auditor).post("/api/t/both").status_code == 403
    assert Client().post("/api/t/both").status_code == 401
    assert Client().get("/api/t/open").json() == {"actor": "guest"}
    assert clerk.delete("/api/t/both").status_code == 405


def test_a_cookie_needs_the_csrf_token_in_the_api(cast: testing.Cast) -> None:
    client = testing.login(Client(enforce_csrf_checks=True), cast.clerk)
    assert client.post("/api/t/both").status_code == 403
    token = client.get("/csrf/").content.decode()
    assert client.post("/api/t/both", headers={"X-CSRFToken": token}).status_code == 200


def test_scopes_are_gathered_from_the_addresses() -> None:
    assert url_walk.machine_scopes() == ["meters.read"]


def test_the_ip_hash_compares_but_does_not_tell(db: None) -> None:
    def of(address: str) -> str:
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = address
        return identity.ip_hash(request)

    assert of("192.0.2.1") == of("192.0.2.1") != of("192.0.2.2")
    assert len(of("192.0.2.1")) == 32
    assert identity.ip_hash(HttpRequest()) == ""
