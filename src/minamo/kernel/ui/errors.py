"""Error pages in plain Japanese: what happened, what to do next, what is not lost."""

import logging
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext_noop as _

from .problems import problem

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """What one error page says."""

    code: str
    heading: str
    lead: str
    steps: tuple[str, ...] = field(default_factory=tuple)
    kept: bool = False


WORDS = {
    400: Words(
        "bad_request",
        _("送られた内容を読めませんでした"),
        _("通信の途中で内容がこわれたか、ふつうの画面からではない送り方でした。"),
        (_("前のページに戻り、もう一度送ってください。"),),
    ),
    403: Words(
        "forbidden",
        _("このページは開けません"),
        _("このページを開く権限がありません。"),
        (
            _("別のアカウントをお持ちのときは、サインインし直してください。"),
            _("仕事で必要なときは、所属の課の管理者に権限を頼んでください。"),
        ),
    ),
    404: Words(
        "not_found",
        _("ページが見つかりません"),
        _("住所（URL）がちがうか、ページがなくなりました。"),
        (
            _("住所（URL）に打ちまちがいがないか確かめてください。"),
            _("メールのリンクが途中で切れていないか確かめてください。"),
            _("はじめのページからさがしてください。"),
        ),
    ),
    413: Words(
        "too_large",
        _("送られたものが大きすぎます"),
        _("一度に送れる大きさをこえたため、受け取れませんでした。"),
        (
            _("前のページに戻ると、入力した内容は残っています。"),
            _("写真は1枚ずつ、小さくしてからつけてください。"),
        ),
    ),
    429: Words(
        "too_many_requests",
        _("少し時間をおいてください"),
        _("短い時間に何度も操作があったため、いまは受け付けを止めています。"),
        (_("15分ほどたってから、もう一度お試しください。"), _("お急ぎのときはお電話ください。")),
    ),
    500: Words(
        "internal",
        _("こちらの不具合で表示できませんでした"),
        _("操作のまちがいではありません。不具合は記録し、担当者が確かめます。"),
        (
            _("数分たってから、前のページを開き直してください。"),
            _("受け付け番号が表示されていない申し込みは、まだ受け付けていません。"),
        ),
    ),
    503: Words(
        "unavailable",
        _("いまは使えません"),
        _("点検中か、混み合っています。"),
        (_("数分たってから、もう一度開いてください。"), _("お急ぎのときはお電話ください。")),
    ),
}
CSRF = Words(
    "csrf",
    _("送信を受け取れませんでした"),
    _(
        "画面を開いてから時間がたったか、別の画面でサインインし直したため、"
        "ご本人の操作かどうかを確かめられませんでした。"
    ),
    (
        _("前のページに戻り、画面を開き直してから、もう一度送ってください。"),
        _("戻っても入力した内容が見えないときは、「保存して、あとで続ける」のリンクから開けます。"),
        _("Cookieを使わない設定のときは、使う設定に変えてください。"),
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400; a body over the size limit is answered 413."""
    if type(exception).__name__ in {"RequestDataTooBig", "TooManyFilesSent", "TooManyFieldsSent"}:
        return respond(request, 413)
    return respond(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the policy's reason in words."""
    return respond(request, 403, lead=str(getattr(exception, "reason", "")))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return respond(request, 404)


def too_many_requests(request: HttpRequest, *, retry_after_seconds: int = 900) -> HttpResponse:
    """Answer 429 and say when to try again."""
    response = respond(request, 429)
    response["Retry-After"] = str(retry_after_seconds)
    return response


def locked_out(request: HttpRequest, credentials: object = None, *args: Any) -> HttpResponse:
    """Answer a sign-in that was tried too often (axes calls this)."""
    return too_many_requests(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503."""
    response = respond(request, 503)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference for the log; falls back to a page that needs nothing."""
    reference = uuid.uuid4().hex[:8]
    logger.error("page.unexpected reference=%s path=%s", reference, request.path)
    try:
        return respond(request, 500, reference=reference)
    except Exception:
        # Whatever broke the page may break the error page too (no database, no template).
        logger.exception("page.error_page_failed reference=%s", reference)
        return HttpResponse(emergency_page(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post whose token does not fit, without blaming its sender."""
    logger.warning("page.csrf_refused path=%s reason=%s", request.path, reason)
    if _speaks_json(request):
        return problem(403, CSRF.code, CSRF.heading, CSRF.lead)
    return _page(request, 403, CSRF)


def respond(
    request: HttpRequest, status: int, *, lead: str = "", reference: str = ""
) -> HttpResponse:
    """Return the error page of a status, or its problem document below `/api/`."""
    words = WORDS[status]
    if _speaks_json(request):
        detail = f"問い合わせの番号 {reference}" if reference else lead
        return problem(status, words.code, words.heading, detail)
    return _page(request, status, words, lead=lead, reference=reference)


def emergency_page() -> str:
    """Return a page that needs no database, no session and no style sheet."""
    try:
        return render_to_string("ui/emergency.html")
    except TemplateDoesNotExist:
        return "<!doctype html><title>503</title><p>いまは使えません。</p>"


def _page(
    request: HttpRequest, status: int, words: Words, *, lead: str = "", reference: str = ""
) -> HttpResponse:
    context = {
        "heading": words.heading,
        "lead": lead or words.lead,
        "steps": words.steps,
        "kept": words.kept,
        "reference": reference,
        "back_url": _back(request),
    }
    # A fragment gets the same page as a whole; the script puts it in place of the page.
    return HttpResponse(render_to_string("ui/error.html", context, request), status=status)


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if not referer:
        return ""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    own = f"{request.scheme}://{host}/"
    same_page = referer == request.build_absolute_uri()
    return (
        referer if referer.startswith(own) and (request.method == "POST" or not same_page) else ""
    )


def _speaks_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
