"""Public pages: the plan's versions, what changed between two, a version as a file."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minamo.kernel.identity.api import access
from minamo.kernel.ui.api import exports
from minamo.plan.measures.models import Plan, PlanVersion
from minamo.plan.measures.queries import current_plan

from . import files, presenters, queries
from .services import document_of


@access.public
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the plan's versions, the newest first, with a form to compare two."""
    plan = current_plan(timezone.localdate())
    found = [] if plan is None else queries.versions_of(plan)
    context = {
        "plan": plan,
        "versions": [(version, len(version.document.get("measures", ()))) for version in found],
        "options": _options(found),
        "old": found[1].key if len(found) > 1 else "",
        "new": found[0].key if found else "",
    }
    return render(request, "revisions/versions.html", context)


@access.public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show in words what changed between two versions."""
    plan = _plan()
    found = queries.versions_of(plan)
    old, new = _chosen(request, found)
    context: dict[str, object] = {
        "plan": plan,
        "options": _options(found),
        "old": old.key if old else request.GET.get("old", ""),
        "new": new.key if new else request.GET.get("new", ""),
    }
    if old is not None and new is not None:
        comparison = queries.compare(old, new)
        context |= {
            "comparison": comparison,
            "groups": presenters.groups(comparison.found),
            "summary": presenters.summary(comparison.found),
            "is_backwards": old.month > new.month,
        }
    return render(request, "revisions/compare.html", context)


@access.public
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the changes between two versions as CSV."""
    plan = _plan()
    old, new = _chosen(request, queries.versions_of(plan))
    if old is None or new is None:
        raise Http404("版がありません")
    found = queries.compare(old, new).found
    name = f"{plan.key}-{old.key}-{new.key}.csv"
    return exports.csv_response(found, presenters.COLUMNS, filename=name)


@access.public
@require_safe
def as_yaml(request: HttpRequest, key: str) -> HttpResponse:
    """Send a version's document as a pack's YAML file."""
    version = _version(key)
    text = files.as_yaml(document_of(version.document))
    if version.is_reconstructed:
        text = f"# いまの文書から復元した版です。{version.key}のときの件名や目標とは限りません。\n{text}"
    return _file(text, "application/yaml", f"{version.plan.key}-{key}.yaml")


@access.public
@require_safe
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """Send a version's document as JSON."""
    version = _version(key)
    text = files.as_json(document_of(version.document))
    return _file(text, "application/json", f"{version.plan.key}-{key}.json")


def _plan() -> Plan:
    plan = current_plan(timezone.localdate())
    if plan is None:
        raise Http404("計画がありません")
    return plan


def _version(key: str) -> PlanVersion:
    version = _plan().versions.filter(key=key).select_related("plan").first()
    if version is None or not version.document:
        raise Http404("版がありません")
    return version


def _chosen(
    request: HttpRequest, found: list[PlanVersion]
) -> tuple[PlanVersion | None, PlanVersion | None]:
    by_key = {version.key: version for version in found if version.document}
    return by_key.get(request.GET.get("old", "")), by_key.get(request.GET.get("new", ""))


def _options(found: list[PlanVersion]) -> list[tuple[str, str]]:
    return [(v.key, f"{v.key} {v.get_kind_display()}") for v in found if v.document]


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    for header, value in exports.download_headers(name).items():
        response.headers[header] = value
    return response
