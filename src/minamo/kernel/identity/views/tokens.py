"""Administration of machine tokens."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from minamo.kernel.identity import access, machines, url_walk
from minamo.kernel.identity.forms import TokenForm
from minamo.kernel.identity.models import MachineToken, User


@access.staff("identity.user.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List the tokens; issue one, whose value is shown once."""
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    form = TokenForm(request.POST or None, scopes=url_walk.machine_scopes())
    value = ""
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["valid_to"]
        value = machines.issue_token(
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            valid_to=timezone.make_aware(datetime.combine(day, time())) if day else None,
            by=request.user,
        )
        form = TokenForm(scopes=url_walk.machine_scopes())
    context = {
        "form": form,
        "value": value,
        "tokens": MachineToken.objects.order_by("revoked_at", "-created_at"),
        "now": timezone.now(),
    }
    return render(request, "identity/tokens.html", context, status=422 if form.errors else 200)


@access.staff("identity.user.manage")
@require_POST
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """Make a token useless from now on."""
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    found = get_object_or_404(MachineToken, uuid=token)
    machines.revoke_token(token=found, by=request.user)
    messages.success(request, f"トークン「{found.name}」を使えなくしました。")
    return redirect("identity:tokens")
