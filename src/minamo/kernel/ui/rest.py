"""The REST root: the one NinjaAPI to which parts add their routers in their `rest.py`.

Every operation carries an access rule of `minamo.kernel.identity.api.access`, like
every page; identity's gate reads the rule per method and checks the CSRF token of
operations that a cookie opens.
"""

import logging
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from minamo.kernel.identity.api import access

from . import postal
from .problems import problem

logger = logging.getLogger(__name__)
_TITLES = {
    400: "送られた内容を読めませんでした",
    401: "認証が必要です",
    403: "権限がありません",
    404: "見つかりません",
    405: "この方法では使えません",
    409: "ほかの変更と重なりました",
    413: "送られた内容が大きすぎます",
    415: "この形式は受け付けられません",
    422: "入力に直すところがあります",
    429: "回数の上限をこえました",
    500: "こちらの不具合で答えられませんでした",
    503: "いまは答えられません",
}
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
}


class MinamoAPI(NinjaAPI):
    """NinjaAPI whose own addresses carry access rules too."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls: list[URLResolver | URLPattern] = super()._get_urls()
        for pattern in urls:
            # The root only answers 404; it tells nothing.
            if isinstance(pattern, URLPattern) and pattern.name == "api-root":
                access.public(pattern.callback)
        return urls


# The interactive pages of ninja load scripts from elsewhere, which the policy forbids.
api = MinamoAPI(
    title="Minamo",
    version="1.0.0",
    description="上下水道局の手続き、計画、台帳を機械から読み書きするための入口です。",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=access.public,
)
api.add_router("", postal.router)


def status_problem(status: int, detail: str = "", code: str = "") -> HttpResponse:
    """Return the problem document of a status in our words."""
    return problem(status, code or _CODES.get(status, "error"), _TITLES.get(status, ""), detail)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(step) for step in error["loc"][1:]) or str(error["loc"][0]),
            "code": error["type"],
            "message": error["msg"],
        }
        for error in exc.errors
    ]
    return problem(422, _CODES[422], _TITLES[422], errors=errors)


@api.exception_handler(AuthenticationError)
def _unauthorized(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    response = status_problem(401, "有効なトークンを付けてください。")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Throttled)
def _throttled(request: HttpRequest, exc: Throttled) -> HttpResponse:
    response = status_problem(429, "しばらく待ってから、もう一度送ってください。")
    if exc.wait is not None:
        response["Retry-After"] = str(exc.wait)
    return response


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    return status_problem(exc.status_code, str(exc))


@api.exception_handler(PermissionDenied)
def _refused(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    return status_problem(403, str(getattr(exc, "reason", "")))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exc: Http404) -> HttpResponse:
    return status_problem(404, "番号や住所（URL）を確かめてください。")


@api.exception_handler(Exception)
def _internal(request: HttpRequest, exc: Exception) -> HttpResponse:
    reference = uuid.uuid4().hex[:8]
    logger.error("rest.unexpected reference=%s path=%s", reference, request.path, exc_info=exc)
    return status_problem(500, f"問い合わせの番号 {reference} をお知らせください。")


def schema() -> dict[str, Any]:
    """Return the OpenAPI document, for the reference pages."""
    return dict(api.get_openapi_schema())
