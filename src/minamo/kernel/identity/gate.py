"""Enforcing access rules: one place decides for pages, REST endpoints and machines."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone

from . import access, duties, machines, policies, queries, third_party
from .access import AccessRule
from .models import User

NO_RULE = "このページを開ける人が決められていないため、表示できません。"
STAFF_ONLY = "このページは職員だけが使えます。"
INSTALLER_ONLY = "このページは、指定を受けている給水装置工事事業者だけが使えます。"
ACCOUNT_CLOSED = "このアカウントは使えません。"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def rule_of(view: Callable[..., Any], *, url_name: str | None, method: str) -> AccessRule | None:
    """Return the rule of a view: its own, its REST operation's, or the listed third party's."""
    own = getattr(view, "access", None)
    if isinstance(own, AccessRule):
        return own
    operations = operations_of(view)
    if operations is not None:
        return _rule_of_operation(operations, method)
    # The list is for others' views only: our own must say themselves who may open them.
    function = getattr(view, "func", view)
    if str(getattr(function, "__module__", "")).startswith("minamo."):
        return None
    return third_party.RULES.get(url_name or "")


def is_translated(view: Callable[..., Any]) -> bool:
    """Return whether a view is a public page of our own, which speaks the reader's language."""
    own = getattr(view, "access", None)
    return isinstance(own, AccessRule) and own.kind == access.PUBLIC


def check(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
    """Return how a request is turned away, or nothing when the view may answer.

    Raises: Refused with the reason in words.
    """
    match = request.resolver_match
    rule = rule_of(view, url_name=match.url_name if match else None, method=request.method or "")
    if rule is None:
        raise policies.Refused(NO_RULE)
    if rule.kind == access.PUBLIC:
        return None
    if rule.kind == access.MACHINE:
        return _check_machine(request, rule)
    if not isinstance(request.user, User):
        return _ask_to_sign_in(request)
    reason = refusal(request.user, rule)
    if reason:
        if _speaks_json(request):
            return _problem(403, "forbidden", "権限がありません", reason)
        raise policies.Refused(reason)
    due = duties.due(request, request.user) if rule.kind != access.SIGNED_IN else ""
    return HttpResponseRedirect(due) if due else _check_csrf(request, view)


def refusal(user: User, rule: AccessRule) -> str:
    """Return why a signed-in user may not pass a rule, or nothing."""
    today = timezone.localdate()
    if not queries.is_usable(user, today):
        return ACCOUNT_CLOSED
    if rule.kind == access.INSTALLER:
        return "" if queries.is_installer(user, today) else INSTALLER_ONLY
    if rule.kind == access.STAFF:
        if not user.is_staff_member:
            return STAFF_ONLY
        return policies.may(user, rule.permission).reason if rule.permission else ""
    return ""


def operations_of(view: Callable[..., Any]) -> dict[str, Any] | None:
    """Return the django-ninja operations behind a view by method; nothing for other views.

    ninja wraps all methods of one path in a closure over its `PathView`; the closure is
    the only way from the resolved view back to the functions that carry the rules.
    """
    for cell in getattr(view, "__closure__", None) or ():
        operations = getattr(cell.cell_contents, "operations", None)
        if isinstance(operations, list):
            return {method: each for each in operations for method in each.methods}
    return None


def _rule_of_operation(operations: dict[str, Any], method: str) -> AccessRule | None:
    rules = {name: getattr(each.view_func, "access", None) for name, each in operations.items()}
    rule = rules.get(method)
    if method not in rules and None not in rules.values():
        # ninja answers 405 itself; that tells nothing, whoever asks.
        return AccessRule(access.PUBLIC)
    return rule if isinstance(rule, AccessRule) else None


def _check_machine(request: HttpRequest, rule: AccessRule) -> HttpResponse | None:
    value = machines.bearer_of(request)
    token = machines.find_token(value, scope=rule.permission) if value else None
    if token is not None:
        request.machine = token  # type: ignore[attr-defined]
        return None
    if value and machines.exists(value):
        return _problem(403, "forbidden", "権限がありません", "このトークンでは使えません。")
    response = _problem(401, "unauthorized", "認証が必要です", "トークンを付けてください。")
    response["WWW-Authenticate"] = f'Bearer scope="{rule.permission}"'
    return response


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if _speaks_json(request):
        return _problem(401, "unauthorized", "認証が必要です", "サインインしてください。")
    query = {"next": request.get_full_path()} if request.method in SAFE_METHODS else {}
    address = resolve_url(settings.LOGIN_URL) + (f"?{urlencode(query)}" if query else "")
    if request.headers.get("HX-Request"):
        # A fragment must not be replaced by a sign-in page: the whole page goes there.
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _check_csrf(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
    """Check the token of views that opted out although a cookie opens them (ninja's do)."""
    if request.method in SAFE_METHODS or not getattr(view, "csrf_exempt", False):
        return None
    guard = CsrfViewMiddleware(lambda _: HttpResponse())
    guard.process_request(request)
    if guard.process_view(request, _not_exempt, (), {}) is None:
        return None
    return _problem(403, "forbidden", "送信できません", "画面を開き直してから送信してください。")


def _not_exempt(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _speaks_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, code: str, title: str, detail: str) -> JsonResponse:
    return JsonResponse(
        {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
