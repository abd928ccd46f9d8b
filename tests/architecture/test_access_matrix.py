"""Every address × every visitor × GET and POST: exactly what the view's access rule says.

The addresses come from the URLconf, so a new view is tested the moment it is wired.
An address whose parameters need a certain form gets a sample in `SAMPLES`; the objects
behind samples need not exist, because the gate decides before any view looks for them.
"""

import copy
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from minamo.kernel import testing
from minamo.kernel.identity import access, gate, url_walk
from minamo.kernel.identity import api as identity
from minamo.kernel.identity.access import AccessRule

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
BY_CONVERTER = {
    "int": "1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "slug": "sample",
    "str": "sample",
    "path": "sample/sample",
}
# Parameters whose view or converter wants a certain form, by name.
SAMPLES = {
    "code": "R4-1-4",
    "fiscal_year": "2026",
    "year": "2026",
    "reference": "AAAA-AAAA-AAAA",
    "token": "sample-token-0000000000000000000000000000",
    "postal_code": "0200013",
    "day": "2026-11-24",
}
# Whole addresses, for regular expressions and parameters with the same name but other forms.
ADDRESSES: dict[str, str] = {}


@dataclass(frozen=True)
class Visitor:
    """Somebody who tries every address."""

    name: str
    user: identity.User | None = None
    token: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)

    def client(self) -> Client:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        client = Client(raise_request_exception=False, headers=headers)
        return testing.login(client, self.user) if self.user else client


VISITORS = (
    "anonymous",
    "citizen",
    "installer",
    "clerk",
    "outsider",
    "supervisor",
    "planner",
    "auditor",
    "administrator",
    "machine",
    "weak machine",
)


def make_visitor(name: str, cast: testing.Cast) -> Visitor:
    if name == "anonymous":
        return Visitor(name)
    if name.endswith("machine"):
        scopes = ["nothing.at.all"] if name.startswith("weak") else url_walk.machine_scopes()
        token = identity.issue_token(name=name, scopes=scopes, by=testing.SYSTEM)
        return Visitor(name, token=token, scopes=frozenset(scopes))
    return Visitor(name, user=getattr(cast, name))


def sample_path(address: url_walk.Address) -> str:
    """Return one concrete path of an address."""
    if address.name in ADDRESSES:
        return ADDRESSES[address.name]
    return "/" + PARAMETER.sub(_sample, address.route)


def _sample(found: re.Match[str]) -> str:
    converter = found["converter"] or "str"
    loose = converter in {"str", "slug", "path"}
    return SAMPLES.get(found["name"], BY_CONVERTER[converter]) if loose else BY_CONVERTER[converter]


def methods_of(address: url_walk.Address) -> list[str]:
    return sorted(address.operations or ("GET", "POST"))


def test_every_address_has_a_rule_for_every_method() -> None:
    without = [
        f"{method} /{address.route}"
        for address in url_walk.addresses()
        for method in methods_of(address)
        if address.rule(method) is None
    ]
    assert without == []


@pytest.mark.parametrize("address", url_walk.addresses(), ids=lambda each: each.route or "/")
def test_every_address_has_a_sample_that_leads_to_it(address: url_walk.Address) -> None:
    path = sample_path(address)
    try:
        match = resolve(path)
    except Resolver404:
        pytest.fail(f"/{address.route}: {path} leads nowhere; add it to SAMPLES or ADDRESSES")
    assert match.func is address.view, f"{path} leads to another view than /{address.route}"


def is_sign_in(response: HttpResponse, path: str) -> bool:
    """Return whether the gate asked to sign in."""
    if path.startswith("/api/"):
        return response.status_code == HTTPStatus.UNAUTHORIZED
    return response.status_code == HTTPStatus.FOUND and response["Location"].startswith(
        "/accounts/login/"
    )


def text_of(response: HttpResponse) -> str:
    if getattr(response, "streaming", False):
        return ""
    return html.unescape(response.content.decode(errors="replace"))


GATE_WORDS = (gate.NO_RULE, gate.STAFF_ONLY, gate.INSTALLER_ONLY, gate.ACCOUNT_CLOSED)


def problem_with(visitor: Visitor, rule: AccessRule, path: str, response: HttpResponse) -> str:
    """Return how an answer contradicts the rule, or nothing."""
    status, text = response.status_code, text_of(response)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"answers {status}"
    refused = status == HTTPStatus.FORBIDDEN and any(words in text for words in GATE_WORDS)
    if rule.kind == access.PUBLIC:
        return "is public but the gate refused" if refused or status == 401 else ""
    if rule.kind == access.MACHINE:
        return _machine_problem(visitor, rule, status)
    if visitor.user is None:
        return "" if is_sign_in(response, path) else f"lets nobody's {visitor.name} in ({status})"
    reason = expected_refusal(visitor.user, rule)
    if not reason:
        return "refuses somebody it should let in" if refused or status == 401 else ""
    if status != HTTPStatus.FORBIDDEN:
        return f"answers {status} instead of a refusal"
    return "" if reason in text else "refuses without saying why"


def _machine_problem(visitor: Visitor, rule: AccessRule, status: int) -> str:
    if not visitor.token:
        return "" if status == HTTPStatus.UNAUTHORIZED else f"answers {status} without a token"
    if rule.permission not in visitor.scopes:
        return "" if status == HTTPStatus.FORBIDDEN else f"answers {status} to a weak token"
    return f"refuses its own scope ({status})" if status in {401, 403} else ""


def expected_refusal(user: identity.User, rule: AccessRule) -> str:
    """Say for itself what a rule means, without asking the gate."""
    if rule.kind == access.SIGNED_IN:
        return ""
    if rule.kind == access.INSTALLER:
        return "" if user.kind == "installer" else gate.INSTALLER_ONLY
    if user.kind != "staff":
        return gate.STAFF_ONLY
    held = identity.permissions_of(user, timezone.localdate())
    return "" if not rule.permission or rule.permission in held else "の権限がありません。"


def attempts() -> Iterator[tuple[url_walk.Address, str, AccessRule]]:
    for address in url_walk.addresses():
        for method in methods_of(address):
            rule = address.rule(method)
            if rule is not None:
                yield address, method, rule


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", VISITORS)
def test_every_visitor_gets_exactly_what_the_rules_say(name: str, cast: testing.Cast) -> None:
    visitor = make_visitor(name, cast)
    client = visitor.client()
    cookies = copy.deepcopy(client.cookies)
    problems = []
    for address, method, rule in attempts():
        path = sample_path(address)
        client.cookies = copy.deepcopy(cookies)
        # Whatever a view did (signing out included) is undone before the next attempt.
        with transaction.atomic():
            response = client.generic(method, path)
            # Read to its end: closing it early would close the test's own connection.
            b"".join(getattr(response, "streaming_content", ()))
            transaction.set_rollback(True)
        problem = problem_with(visitor, rule, path, response)
        if problem:
            problems.append(f"{method} {path} ({rule.kind} {rule.permission}) {problem}")
    assert problems == []


@pytest.mark.django_db
def test_a_cookie_alone_does_not_change_anything_through_the_api(cast: testing.Cast) -> None:
    """Operations that a signed-in browser may call need the CSRF token like any form."""
    by_cookie = {access.SIGNED_IN, access.STAFF, access.INSTALLER}
    client = testing.login(Client(enforce_csrf_checks=True), cast.supervisor)
    open_to_forgery = []
    for address, method, rule in attempts():
        if address.operations is None or method == "GET" or rule.kind not in by_cookie:
            continue
        response = client.generic(method, sample_path(address))
        if response.status_code != HTTPStatus.FORBIDDEN:
            open_to_forgery.append(f"{method} /{address.route}")
    assert open_to_forgery == []
