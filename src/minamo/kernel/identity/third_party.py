"""Views written by others, by URL name, with the access rule each of them gets.

A third-party view that is not listed here is refused like any view without a rule.
"""

from .access import PUBLIC, SIGNED_IN, AccessRule

_PUBLIC = AccessRule(PUBLIC)
_SIGNED_IN = AccessRule(SIGNED_IN)

RULES: dict[str, AccessRule] = {
    "account_login": _PUBLIC,
    "account_logout": _PUBLIC,
    "account_inactive": _PUBLIC,
    "account_reauthenticate": _SIGNED_IN,
    "account_change_password": _SIGNED_IN,
    "mfa_index": _SIGNED_IN,
    # Reached between password and second factor, when nobody is signed in yet.
    "mfa_authenticate": _PUBLIC,
    "mfa_reauthenticate": _SIGNED_IN,
    "mfa_activate_totp": _SIGNED_IN,
    "mfa_deactivate_totp": _SIGNED_IN,
    "mfa_view_recovery_codes": _SIGNED_IN,
    "mfa_generate_recovery_codes": _SIGNED_IN,
    "mfa_download_recovery_codes": _SIGNED_IN,
    "mfa_list_webauthn": _SIGNED_IN,
    "mfa_add_webauthn": _SIGNED_IN,
    "mfa_edit_webauthn": _SIGNED_IN,
    "mfa_remove_webauthn": _SIGNED_IN,
    "mfa_reauthenticate_webauthn": _SIGNED_IN,
    "mfa_login_webauthn": _PUBLIC,
    "openid_connect_login": _PUBLIC,
    "openid_connect_callback": _PUBLIC,
    "socialaccount_login_cancelled": _PUBLIC,
    "socialaccount_login_error": _PUBLIC,
    # The REST description; it lists addresses, no data.
    "api-root": _PUBLIC,
    "openapi-json": _PUBLIC,
}
