"""The staff page of the queue: what waits, what failed, what repeats."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.identity.api import User, access, actor_of
from minamo.kernel.ui.api import table

from . import queries
from .models import Job, JobState
from .registry import label_of
from .services import MANAGE, JobNotDead, discard_job, retry_job

_ALREADY = "この仕事は、すでにほかの人が処理しました。"


@access.staff(MANAGE)
@never_cache
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """List the jobs of one state, the failed ones first of all, with the counts of the others."""
    state = request.GET.get("state", JobState.DEAD)
    if state not in JobState.values:
        raise Http404(state)
    try:
        page = queries.jobs_page(state, cursor=request.GET.get("cursor", ""))
    except table.CursorRefused:
        page = queries.jobs_page(state)
    context = {
        "state": JobState(state),
        "counts": queries.counts(),
        "page": page,
        "rows": [(job, label_of(job.key)) for job in page.rows],
        "schedules": queries.schedules(),
        "dead_letters": queries.other_dead_letters(),
    }
    return render(request, "jobs/jobs.html", context)


@access.staff(MANAGE)
@never_cache
@require_safe
def job_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show one job with its last failure."""
    job = get_object_or_404(Job.objects.select_related("task"), pk=job_id)
    context = {"job": job, "label": label_of(job.key), "is_dead": job.state == JobState.DEAD}
    return render(request, "jobs/job.html", context)


@access.staff(MANAGE)
@require_POST
def job_retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Queue a failed job again."""
    job = get_object_or_404(Job, pk=job_id)
    try:
        retry_job(job=job, by=_staff(request), actor=actor_of(request))
        messages.success(request, f"{label_of(job.key)}を、もう一度待ち行列に入れました。")
    except JobNotDead:
        messages.warning(request, _ALREADY)
    return redirect("jobs:jobs")


@access.staff(MANAGE)
@require_POST
def job_discard(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Give a failed job up."""
    job = get_object_or_404(Job, pk=job_id)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "やめる理由を入れてください。")
        return redirect("jobs:job", job_id)
    try:
        discard_job(job=job, by=_staff(request), actor=actor_of(request), reason=reason)
        messages.success(request, f"{label_of(job.key)}をやめました。")
    except JobNotDead:
        messages.warning(request, _ALREADY)
    return redirect("jobs:jobs")


@access.staff()
@never_cache
@require_safe
def job_progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Return the fragment that says how far a long job is; it asks again until the end."""
    job = get_object_or_404(Job, pk=job_id)
    return render(request, "jobs/_progress.html", {"job": job})


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user
