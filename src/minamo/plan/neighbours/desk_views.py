"""Staff pages that manage neighbouring utilities."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.identity.api import User, access

from ..measures.queries import plan_view
from . import comparison, services
from .forms import MatchForm, NeighbourForm, errors_of, tell
from .models import Neighbour
from .services import MANAGE, NeighbourRefused

NONE_OF_THEIRS = "-"
SHOWN_FAILURES = 20


@access.staff(MANAGE)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """List the utilities with how their feeds are."""
    now = timezone.now()
    rows = comparison.neighbours(is_public_only=False)
    context = {
        "rows": [(row, comparison.trouble_words(row, now=now)) for row in rows],
        "own_url": request.build_absolute_uri(reverse("plan:feed")),
        "crumbs": [("他の事業体", reverse("plan:neighbours_compare")), ("登録", "")],
    }
    return render(request, "neighbours/desk.html", context)


@access.staff(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a utility by the address of its feed."""
    form = NeighbourForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_neighbour(
                particulars=form.particulars(), by=_user(request), at=timezone.now()
            )
        except NeighbourRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "加えました。まもなくフィードを取りに行きます。")
            return redirect("plan:neighbour", added.uuid)
    return _form_page(request, form, "事業体を加える", None)


@access.staff(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, neighbour: UUID) -> HttpResponse:
    """Write a utility's particulars anew."""
    found = _found(neighbour)
    names = ("name", "url", "note", "is_public")
    form = NeighbourForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_neighbour(
                neighbour=found,
                particulars=form.particulars(),
                by=_user(request),
                expected_version=_version(request),
            )
        except NeighbourRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "直しました。")
            return redirect("plan:neighbour", found.uuid)
    return _form_page(request, form, "事業体を直す", found)


@access.staff(MANAGE)
@require_safe
def neighbour(request: HttpRequest, neighbour: UUID) -> HttpResponse:
    """Show a utility: its copy, what went wrong, which indicators belong together."""
    found = _found(neighbour)
    return render(request, "neighbours/neighbour.html", _page(found, _match_form(found)))


@access.staff(MANAGE)
@require_POST
def fetch_now(request: HttpRequest, neighbour: UUID) -> HttpResponse:
    """Have the feed fetched by the worker."""
    found = _found(neighbour)
    services.ask_to_fetch(neighbour=found, by=_user(request))
    messages.success(
        request, "取りに行くよう頼みました。少ししてから、このページを開きなおしてください。"
    )
    return redirect("plan:neighbour", found.uuid)


@access.staff(MANAGE)
@require_POST
def remove(request: HttpRequest, neighbour: UUID) -> HttpResponse:
    """Take a utility out of the comparison."""
    found = get_object_or_404(Neighbour, uuid=neighbour)
    services.remove_neighbour(neighbour=found, by=_user(request), at=timezone.now())
    messages.success(request, f"{found.name}を外しました。")
    return redirect("plan:neighbours_desk")


@access.staff(MANAGE)
@require_POST
def match(request: HttpRequest, neighbour: UUID) -> HttpResponse:
    """Set which of their indicators belongs to ours."""
    found = _found(neighbour)
    form = _match_form(found, request)
    if form.is_valid():
        theirs = form.cleaned_data["theirs"]
        try:
            services.choose_match(
                neighbour=found,
                ours=_pair(form.cleaned_data["ours"]),
                theirs=("", "") if theirs == NONE_OF_THEIRS else _pair(theirs),
                by=_user(request),
            )
        except NeighbourRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "指標の対応を決めました。")
            return redirect(reverse("plan:neighbour", args=[found.uuid]) + "#matches")
    return render(request, "neighbours/neighbour.html", _page(found, form), status=400)


@access.staff(MANAGE)
@require_POST
def unmatch(request: HttpRequest, neighbour: UUID, match: int) -> HttpResponse:
    """Take a choice back, so that the same key decides again."""
    found = _found(neighbour)
    row = get_object_or_404(found.matches, pk=match)
    services.choose_match(
        neighbour=found, ours=(row.our_measure, row.our_key), theirs=None, by=_user(request)
    )
    messages.success(request, "指標の対応を外しました。")
    return redirect(reverse("plan:neighbour", args=[found.uuid]) + "#matches")


def _page(found: Neighbour, form: MatchForm) -> dict[str, Any]:
    feed = services.copy_of(found)
    theirs = services.indicators_of(found)
    ours = dict(_our_choices())
    matches = [
        (
            row,
            ours.get(f"{row.our_measure}/{row.our_key}", f"{row.our_measure}/{row.our_key}"),
            theirs.get((row.their_measure, row.their_key), "いまのフィードにありません")
            if row.their_key
            else "くらべない",
        )
        for row in found.matches.order_by("our_measure", "our_key")
    ]
    return {
        "row": found,
        "feed": feed,
        "trouble": comparison.trouble_words(found, now=timezone.now()),
        "failures": found.failures.order_by("-last_at", "-pk")[:SHOWN_FAILURES],
        "matches": matches,
        "form": form,
        "ours": list(ours.items()),
        "theirs": _their_choices(found),
        "indicator_count": len(theirs),
        "errors": errors_of(form),
        "crumbs": [
            ("他の事業体", reverse("plan:neighbours_compare")),
            ("登録", reverse("plan:neighbours_desk")),
            (found.name, ""),
        ],
    }


def _form_page(
    request: HttpRequest, form: NeighbourForm, title: str, found: Neighbour | None
) -> HttpResponse:
    list_url = reverse("plan:neighbours_desk")
    context = {
        "form": form,
        "title": title,
        "row": found,
        "version": _version(request) or (found.lock_version if found else None),
        "back": reverse("plan:neighbour", args=[found.uuid]) if found else list_url,
        "errors": errors_of(form),
        "crumbs": [("登録", list_url), (title, "")],
    }
    return render(request, "neighbours/form.html", context, status=400 if form.errors else 200)


def _match_form(found: Neighbour, request: HttpRequest | None = None) -> MatchForm:
    return MatchForm(
        None if request is None else request.POST,
        ours=_our_choices(),
        theirs=_their_choices(found),
    )


def _our_choices() -> list[tuple[str, str]]:
    view = plan_view(on=timezone.localdate())
    return [] if view is None else comparison.choices(view)


def _their_choices(found: Neighbour) -> list[tuple[str, str]]:
    theirs = services.indicators_of(found).items()
    return [(NONE_OF_THEIRS, "くらべない"), *((f"{m}/{k}", words) for (m, k), words in theirs)]


def _pair(text: str) -> tuple[str, str]:
    # A key has no slash of ours, but a code of theirs may: the last one parts them.
    code, _, key = text.rpartition("/")
    return code, key


def _found(uuid: UUID) -> Neighbour:
    return get_object_or_404(Neighbour, uuid=uuid, removed_at__isnull=True)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("lock_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
