"""Addresses of identity: one's own account, and the administration of users."""

from django.urls import path

from .views import accounts, tokens, users

app_name = "identity"

urlpatterns = [
    path("accounts/", accounts.account, name="account"),
    path("accounts/sessions/", accounts.own_sessions, name="sessions"),
    path("accounts/sessions/end/", accounts.end_others, name="sessions_end"),
    path("accounts/sessions/<uuid:sign_in>/end/", accounts.end_one, name="session_end"),
    path("desk/users/", users.user_list, name="users"),
    path("desk/users/new/", users.new, name="user_new"),
    path("desk/users/<uuid:user>/", users.detail, name="user"),
    path("desk/users/<uuid:user>/edit/", users.edit, name="user_edit"),
    path("desk/users/<uuid:user>/transfer/", users.transfer, name="user_transfer"),
    path("desk/users/<uuid:user>/add/", users.add, name="user_add"),
    path("desk/users/<uuid:user>/end/<int:membership>/", users.end, name="membership_end"),
    path("desk/users/<uuid:user>/company/", users.company, name="user_company"),
    path(
        "desk/users/<uuid:user>/company/<int:member>/end/",
        users.company_end,
        name="installer_member_end",
    ),
    path("desk/users/<uuid:user>/password/", users.password, name="user_password"),
    path("desk/users/<uuid:user>/second-factor/", users.second_factor, name="user_second_factor"),
    path("desk/users/<uuid:user>/active/", users.active, name="user_active"),
    path("desk/tokens/", tokens.token_list, name="tokens"),
    path("desk/tokens/<uuid:token>/revoke/", tokens.revoke, name="token_revoke"),
]
