"""Pages of the screen itself."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.identity.api import User as StaffUser
from minamo.kernel.identity.api import access, session_ends_at

from . import gallery as entries
from .navigation import home_of
from .preferences import SHORTCUTS_COOKIE, TEXT_COOKIE, TEXT_SIZES, THEME_COOKIE, THEMES

_YEAR_SECONDS = 365 * 24 * 3600


@access.staff()
@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """Lead a member of staff to the first page of the rail that is theirs."""
    user = request.user
    assert isinstance(user, StaffUser)  # noqa: S101 (the rule above lets nobody else in)
    return redirect(home_of(user) or reverse("ui:preferences"))


@access.public
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose theme, text size and keyboard shortcuts; kept in cookies of this device."""
    next_url = _safe_next(request)
    if request.method != "POST":
        return render(request, "ui/preferences.html", {"next_url": next_url})
    response = redirect(next_url)
    choices = {
        THEME_COOKIE: (request.POST.get("theme", ""), THEMES),
        TEXT_COOKIE: (request.POST.get("text", ""), TEXT_SIZES),
        SHORTCUTS_COOKIE: (request.POST.get("shortcuts", ""), ("on", "off")),
    }
    for cookie, (value, allowed) in choices.items():
        if value in allowed:
            _remember(response, cookie, value)
    return response


@access.public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the citizen pages."""
    code = request.POST.get("language", "")
    next_url = _safe_next(request)
    if not check_for_language(code):
        return redirect(next_url)
    response = redirect(translate_url(next_url, code))
    _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@access.signed_in
@require_POST
def session_extend(request: HttpRequest) -> JsonResponse:
    """Keep the session alive (passing the middleware did it) and say when it ends."""
    ends = session_ends_at(request)
    return JsonResponse({"ends_at": ends.isoformat() if ends else None})


@access.public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how far this site can be used by everybody, and whom to tell."""
    return render(request, "ui/accessibility.html")


@access.public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what happens with personal data typed here."""
    return render(request, "ui/privacy.html")


@access.public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """List every component; open to all in demo mode, else to staff."""
    _refuse_strangers(request)
    return render(request, "ui/gallery/index.html", {"groups": entries.groups()})


@access.public
@require_safe
def gallery_entry(request: HttpRequest, name: str) -> HttpResponse:
    """Show one component with its edge cases."""
    _refuse_strangers(request)
    entry = entries.find(name)
    if entry is None:
        raise Http404(name)
    return render(request, entry.template, {"entry": entry, **entry.context()})


def _refuse_strangers(request: HttpRequest) -> None:
    staff = isinstance(request.user, StaffUser) and request.user.is_staff_member
    if not settings.DEMO and not staff:
        raise Http404("gallery")


def _safe_next(request: HttpRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if safe else "/"


def _remember(response: HttpResponseRedirect | HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=_YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
