"""Pages of the hand-off: what waits, what went, one batch with its file and its losses."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.identity.api import Section, User, access, actor_of, require
from minamo.kernel.ui.api import exports, table

from ..cases.reading import note_read
from . import services
from .layout import CP932, UTF8, Loss
from .models import Batch
from .policies import MAKE, can_make
from .queries import batches_of, newest_of, sections_for, waiting

_ENDINGS = {UTF8: "utf8", CP932: "cp932"}


@access.staff(MAKE)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show what waits in each section and the batches made so far."""
    sections = list(sections_for(_user(request), timezone.localdate()))
    order = ("-made_at", "-id")
    try:
        page = table.keyset(
            batches_of(sections), order=order, cursor=request.GET.get("cursor", ""), size=30
        )
    except table.CursorRefused:
        return redirect("handoff:list")
    context = {"sections": [(section, waiting(section)) for section in sections], "page": page}
    return render(request, "handoff/list.html", context)


@access.staff(MAKE)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the next batches of a layout; with nothing new, say so."""
    section = get_object_or_404(Section, code=request.POST.get("section", ""))
    layout = request.POST.get("layout", "")
    try:
        made = services.make_batches(
            section=section, layout=layout, by=_user(request), at=timezone.now()
        )
    except services.HandoffRefused as refused:
        messages.error(request, refused.message)
        return redirect("handoff:list")
    if not made:
        messages.info(
            request, "新しく引き渡す案件はありません。前に作った分は下の一覧から出せます。"
        )
        return redirect("handoff:list")
    total = sum(batch.case_count for batch in made)
    messages.success(request, f"{total}件の引き渡しを作りました。")
    return (
        redirect("handoff:batch", uuid=made[0].uuid) if len(made) == 1 else redirect("handoff:list")
    )


@access.staff(MAKE)
@require_safe
def batch_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one batch: its cases, its losses, its files."""
    return _show(request, _batch(request, uuid))


@access.staff(MAKE)
@require_safe
def download(request: HttpRequest, uuid: UUID, encoding: str) -> HttpResponse:
    """Give the file again, byte for byte."""
    if encoding not in _ENDINGS.values():
        raise Http404(encoding)
    chosen = UTF8 if encoding == _ENDINGS[UTF8] else CP932
    batch = _batch(request, uuid)
    try:
        data = services.batch_file(
            batch=batch, encoding=chosen, by=_user(request), at=timezone.now()
        )
    except services.FileChanged as changed:
        return _show(request, batch, alarm=changed.message, status=409)
    charset = "utf-8" if chosen == UTF8 else "Shift_JIS"
    return HttpResponse(
        data,
        content_type=f"text/csv; charset={charset}",
        headers=exports.download_headers(f"{batch}-{encoding}.csv"),
    )


@access.staff(MAKE)
@require_POST
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the newest batch back, with a reason."""
    batch = _batch(request, uuid)
    reason = request.POST.get("reason", "")
    try:
        services.cancel_batch(batch=batch, by=_user(request), at=timezone.now(), reason=reason)
    except services.HandoffRefused as refused:
        status = 422 if refused.code.endswith("no_reason") else 409
        return _show(
            request,
            _batch(request, uuid),
            error=refused.message,
            status=status,
            typed_reason=reason,
        )
    messages.success(request, f"{batch}を取り消しました。案件は次の引き渡しに入ります。")
    return redirect("handoff:list")


def _show(
    request: HttpRequest, batch: Batch, *, error: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    note_read(
        actor=actor_of(request),
        subject=batch.subject,
        fields=["applicant_name", "place"],
        at=timezone.now(),
    )
    newest = newest_of(batch)
    items = batch.items.select_related("case__procedure").order_by("position")
    context = {
        "batch": batch,
        "items": items[:500],
        "more_items": max(0, batch.case_count - 500),
        "losses": [Loss(**loss) for loss in batch.losses],
        "may_cancel": newest is not None and newest.pk == batch.pk,
        "error": error,
        **more,
    }
    return render(request, "handoff/batch.html", context, status=status)


def _batch(request: HttpRequest, uuid: UUID) -> Batch:
    batches = Batch.objects.select_related("section", "made_by", "cancelled_by")
    batch = get_object_or_404(batches, uuid=uuid)
    require(can_make(_user(request), batch.section))
    return batch


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the gate let staff only through)
    return request.user
