"""How allauth behaves here: no sign-up, second factor where a role asks for it, our words."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import duties, rules
from .models import User, UserKind

# Shown for a wrong name and for a wrong password alike: it must not tell which names exist.
WRONG = "利用者IDかパスワードが違います。もう一度確かめてください。"


def _cipher() -> Fernet:
    digest = hashlib.sha256(settings.SECOND_FACTOR_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts are made by administrators; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "account_inactive": "このアカウントは使えません。",
        "too_many_login_attempts": "続けて失敗したため、サインインを止めています。5分たってから試してください。",
        "enter_current_password": "いまのパスワードを入力してください。",
        "incorrect_password": "パスワードが違います。もう一度確かめてください。",
        "password_min_length": "パスワードは{0}文字以上にしてください。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that sign-up is closed."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a name and a password; the name may be typed in full width or capitals.

        It is normalised before anything counts failures, so that another spelling of the
        same name gets no further tries.
        """
        if "username" in credentials:
            credentials["username"] = rules.normalise_username(str(credentials["username"]))
        user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) else None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a user starts: what is due first, else the side of the house they use."""
        user = request.user
        if not isinstance(user, User):
            return reverse("account_login")
        due = duties.due(request, user)
        return due or (reverse("ui:staff_home") if user.kind == UserKind.STAFF else "/")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Send a closed account to the page that says so."""
        return HttpResponseRedirect(reverse("account_inactive"))

    def is_login_by_code_required(self, login: Login) -> bool:
        """Return that no code is sent by mail; staff networks may have none."""
        return False


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is untyped
    """Second factors, named in Japanese, kept encrypted, not removable while a role needs one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "コードが違います。新しいコードが出てから、もう一度入力してください。",
        "cannot_delete_authenticator": "役割に多要素認証が必要なため、最後の一つは外せません。",
        "cannot_generate_recovery_codes": "多要素認証を設定してから、控えのコードを作ってください。",
    }

    def get_totp_label(self, user: User) -> str:
        """Return the sign-in name, which the authenticator app shows."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Return a second factor's secret as it is kept in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a second factor's secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: object) -> bool:
        """Return whether a second factor may go: not the last one a role asks for."""
        user = getattr(authenticator, "user", None)
        return not isinstance(user, User) or duties.can_lose_second_factor(user)

    def generate_authenticator_name(self, user: User, type: object) -> str:
        """Return a name for a new key, e.g. セキュリティキー 2."""
        count = user.authenticator_set.filter(type=type).count()  # type: ignore[attr-defined]
        return f"セキュリティキー {count + 1}"


class StaffSocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # untyped
    """Sign-in through the organisation's own OpenID provider, for accounts that exist here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return that an unknown person gets no account by signing in elsewhere."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link the provider's account to the staff account of the same name, once."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo", claims) or {}
        name = rules.normalise_username(str(claims.get("preferred_username", "")).partition("@")[0])
        user = User.objects.filter(username=name, kind=UserKind.STAFF, is_active=True).first()
        if name and user is not None:
            sociallogin.connect(request, user)
