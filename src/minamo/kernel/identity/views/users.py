"""Administration of users: who they are, where they work, how they sign in."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from minamo.kernel.identity import access, queries, services
from minamo.kernel.identity.forms import (
    CompanyForm,
    EndForm,
    NewUserForm,
    ParticularsForm,
    PlaceForm,
    ReasonForm,
)
from minamo.kernel.identity.models import (
    InstallerCompany,
    InstallerMember,
    Membership,
    User,
    UserKind,
)
from minamo.kernel.identity.services import IdentityRefused
from minamo.kernel.ui.api import table

MANAGE = "identity.user.manage"
PAGE_SIZE = 50


def _administrator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user


def _cursor_page(request: HttpRequest, users: Any) -> table.Page[User]:
    try:
        return table.keyset(
            users, order=["username"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE
        )
    except table.CursorRefused:
        return table.keyset(users, order=["username"], size=PAGE_SIZE)


@access.staff(MANAGE)
@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """List and search users."""
    query = {name: request.GET.get(name, "") for name in ("q", "kind", "state")}
    users = queries.search_users(query["q"], kind=query["kind"], state=query["state"])
    page = _cursor_page(request, users)
    today = timezone.localdate()
    places = queries.places_of([user.pk for user in page.rows], today)
    context = {
        "page": page,
        "rows": [(user, places.get(user.pk, [])) for user in page.rows],
        "query": query,
        "kinds": UserKind.choices,
        "link": request.GET.copy(),
    }
    return render(request, "identity/users.html", context)


@access.staff(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = _administrator(request)
        try:
            user = services.create_user(**form.cleaned_data, by=by)
            password = services.reset_password(user=user, by=by)
        except IdentityRefused as refusal:
            form.add_error("username" if refusal.code != "guest_end" else "valid_to", str(refusal))
        else:
            return _one_time_password(request, user, password)
    return render(request, "identity/user_new.html", {"form": form}, status=_status(form))


@access.staff(MANAGE)
@require_GET
def detail(request: HttpRequest, user: UUID) -> HttpResponse:
    """Show a user with all memberships, past and to come."""
    return _page(request, get_object_or_404(User, uuid=user))


@access.staff(MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, user: UUID) -> HttpResponse:
    """Correct a user's particulars."""
    found = get_object_or_404(User, uuid=user)
    names = ("display_name", "kana", "email", "valid_to")
    form = ParticularsForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(user=found, **form.cleaned_data, by=_administrator(request))
        except IdentityRefused as refusal:
            form.add_error("valid_to", str(refusal))
        else:
            messages.success(request, "利用者の情報を変えました。")
            return redirect("identity:user", user=found.uuid)
    context = {"form": form, "person": found}
    return render(request, "identity/user_edit.html", context, status=_status(form))


@access.staff(MANAGE)
@require_POST
def transfer(request: HttpRequest, user: UUID) -> HttpResponse:
    """Move a user to another section or role from a day on."""
    found = get_object_or_404(User, uuid=user)
    form = PlaceForm(request.POST, prefix="transfer", auto_id="f-%s")
    if form.is_valid():
        try:
            services.transfer(
                user=found,
                on=form.cleaned_data["on"],
                by=_administrator(request),
                **form.values(),
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "異動を登録しました。")
            return redirect("identity:user", user=found.uuid)
    return _page(request, found, transfer_form=form)


@access.staff(MANAGE)
@require_POST
def add(request: HttpRequest, user: UUID) -> HttpResponse:
    """Give a user a further role beside those held (兼務)."""
    found = get_object_or_404(User, uuid=user)
    form = PlaceForm(request.POST, prefix="add", auto_id="f-%s")
    if form.is_valid():
        try:
            services.add_membership(
                user=found,
                valid_from=form.cleaned_data["on"],
                by=_administrator(request),
                **form.values(),
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "所属を加えました。")
            return redirect("identity:user", user=found.uuid)
    return _page(request, found, add_form=form)


@access.staff(MANAGE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, user: UUID, membership: int) -> HttpResponse:
    """End one membership."""
    found = get_object_or_404(User, uuid=user)
    held = get_object_or_404(Membership, pk=membership, user=found)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_membership(
                membership=held, **form.cleaned_data, by=_administrator(request)
            )
        except IdentityRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, "所属の終わりを登録しました。")
            return redirect("identity:user", user=found.uuid)
    context = {"form": form, "person": found, "what": f"{held.section.name} {held.role.title}"}
    return render(request, "identity/user_end.html", context, status=_status(form))


@access.staff(MANAGE)
@require_POST
def company(request: HttpRequest, user: UUID) -> HttpResponse:
    """Let a person act for an installer company."""
    found = get_object_or_404(User, uuid=user)
    form = CompanyForm(request.POST, prefix="company", auto_id="f-%s")
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.add_installer_member(
                user=found,
                company=InstallerCompany.objects.get(designation_number=values["company"]),
                role=values["role"],
                valid_from=values["on"],
                by=_administrator(request),
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "事業者を登録しました。")
            return redirect("identity:user", user=found.uuid)
    return _page(request, found, company_form=form)


@access.staff(MANAGE)
@require_http_methods(["GET", "POST"])
def company_end(request: HttpRequest, user: UUID, member: int) -> HttpResponse:
    """End a person's acting for a company."""
    found = get_object_or_404(User, uuid=user)
    held = get_object_or_404(InstallerMember, pk=member, user=found)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_installer_member(
                member=held, **form.cleaned_data, by=_administrator(request)
            )
        except IdentityRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, "事業者での利用の終わりを登録しました。")
            return redirect("identity:user", user=found.uuid)
    context = {"form": form, "person": found, "what": held.company.name}
    return render(request, "identity/user_end.html", context, status=_status(form))


@access.staff(MANAGE)
@never_cache
@require_POST
def password(request: HttpRequest, user: UUID) -> HttpResponse:
    """Give a user a one-time password, shown once."""
    found = get_object_or_404(User, uuid=user)
    form = ReasonForm(request.POST, prefix="password", auto_id="f-%s")
    if form.is_valid():
        try:
            value = services.reset_password(
                user=found, reason=form.cleaned_data["reason"], by=_administrator(request)
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _one_time_password(request, found, value)
    return _page(request, found, password_form=form)


@access.staff(MANAGE)
@require_POST
def second_factor(request: HttpRequest, user: UUID) -> HttpResponse:
    """Remove a user's second factors, for somebody who lost them."""
    found = get_object_or_404(User, uuid=user)
    form = ReasonForm(request.POST, prefix="factor", auto_id="f-%s")
    if form.is_valid():
        try:
            services.reset_second_factor(
                user=found, reason=form.cleaned_data["reason"], by=_administrator(request)
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "多要素認証の設定を消しました。")
            return redirect("identity:user", user=found.uuid)
    return _page(request, found, factor_form=form)


@access.staff(MANAGE)
@require_POST
def active(request: HttpRequest, user: UUID) -> HttpResponse:
    """Close or open an account."""
    found = get_object_or_404(User, uuid=user)
    form = ReasonForm(request.POST, prefix="active", auto_id="f-%s")
    if form.is_valid():
        try:
            services.set_active(
                user=found,
                active=not found.is_active,
                reason=form.cleaned_data["reason"],
                by=_administrator(request),
            )
        except IdentityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "アカウントの状態を変えました。")
            return redirect("identity:user", user=found.uuid)
    return _page(request, found, active_form=form)


def _status(form: forms.Form) -> int:
    """Return 422 for a form that was sent with mistakes, so that nothing caches or retries it."""
    return 422 if form.is_bound and form.errors else 200


def _one_time_password(request: HttpRequest, user: User, value: str) -> HttpResponse:
    """Show a one-time password; a reload posts again and makes another one."""
    context = {"person": user, "password": value}
    return render(request, "identity/user_password.html", context)


def _page(request: HttpRequest, user: User, **forms_sent: forms.Form) -> HttpResponse:
    """Show the page of a user, with a form that was sent and has mistakes."""
    sent = next(iter(forms_sent.values()), None)
    context: dict[str, Any] = {
        "person": user,
        "form": sent,
        "today": timezone.localdate(),
        "memberships": user.memberships.select_related("section", "role").order_by("-valid_from"),
        "installer_memberships": user.installer_memberships.select_related("company").order_by(
            "-valid_from"
        ),
        "second_factors": Authenticator.objects.filter(user_id=user.pk).count(),
        "transfer_form": PlaceForm(prefix="transfer", auto_id="f-%s"),
        "add_form": PlaceForm(prefix="add", auto_id="f-%s"),
        "company_form": CompanyForm(prefix="company", auto_id="f-%s"),
        "password_form": ReasonForm(prefix="password", auto_id="f-%s"),
        "factor_form": ReasonForm(prefix="factor", auto_id="f-%s"),
        "active_form": ReasonForm(prefix="active", auto_id="f-%s"),
    }
    return render(request, "identity/user.html", context | forms_sent, status=422 if sent else 200)
