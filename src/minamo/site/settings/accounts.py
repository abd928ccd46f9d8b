"""Sign-in of staff and installers: allauth with TOTP and passkeys, OIDC by configuration."""

from minamo.site import env

ACCOUNT_ADAPTER = "minamo.kernel.identity.adapters.StaffAccountAdapter"
SOCIALACCOUNT_ADAPTER = "minamo.kernel.identity.adapters.StaffSocialAccountAdapter"
MFA_ADAPTER = "minamo.kernel.identity.adapters.StaffMFAAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses are entered by administrators; staff networks may have no mail to verify by.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers treat http://localhost as secure; anywhere else a passkey needs TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.flag("BEHIND_TLS", default=False)
# Its own key: the secrets of second factors must survive a change of SECRET_KEY.
SECOND_FACTOR_KEY = env.secret("SECOND_FACTOR_KEY")
MFA_TOTP_ISSUER = "Minamo"
SOCIALACCOUNT_OPENID_CONNECT_PKCE_ENABLED = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "staff",
                "name": env.text("OIDC_NAME", "庁内アカウント"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env.text("OIDC_SERVER_URL")},
            }
        ]
        if env.text("OIDC_SERVER_URL")
        else [],
        "OAUTH_PKCE_ENABLED": True,
    }
}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
