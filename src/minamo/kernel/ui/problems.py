"""Errors of the REST API in one shape: application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence

from django.http import JsonResponse


def problem(
    status: int,
    code: str,
    title: str,
    detail: str = "",
    errors: Sequence[Mapping[str, str]] = (),
) -> JsonResponse:
    """Return a problem document.

    `code` is stable and dotted (`procedures.case.moved`); `errors` lists per field
    `{"field", "code", "message"}`.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "title": title,
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [dict(e) for e in errors]
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
