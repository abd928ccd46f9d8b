"""What holds for every installation: identity of the site, database, apps, middleware."""

from minamo.site import env

BASE_DIR = env.REPOSITORY
DATA_DIR = env.data_dir()
DEMO = env.flag("DEMO", default=False)
DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = env.text("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in env.text("CSRF_TRUSTED_ORIGINS").split(",") if o]

ROOT_URLCONF = "minamo.site.urls"
WSGI_APPLICATION = "minamo.site.wsgi.application"
DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Before allauth, whose templates it replaces.
    "minamo.kernel.identity",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    # kernel, level 1
    "minamo.kernel.ui",
    "minamo.kernel.audit",
    "minamo.kernel.crypto",
    "minamo.kernel.calendar",
    "minamo.kernel.events",
    "minamo.kernel.jobs",
    "minamo.kernel.files",
    "minamo.kernel.notify",
    "minamo.kernel.metrics",
    "minamo.kernel.search",
    "minamo.kernel.packs",
    # procedures, level 2
    "minamo.procedures.definitions",
    "minamo.procedures.cases",
    "minamo.procedures.work_orders",
    "minamo.procedures.handoff",
    "minamo.procedures.portal",
    "minamo.procedures.desk",
    # plan, level 4
    "minamo.plan.measures",
    "minamo.plan.indicators",
    "minamo.plan.revisions",
    "minamo.plan.reviews",
    "minamo.plan.proposals",
    "minamo.plan.savings",
    "minamo.plan.publication",
    "minamo.plan.neighbours",
    "minamo.plan.overview",
    # site, level 5
    "minamo.site.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "minamo.kernel.identity.middleware.SessionLimitsMiddleware",
    "minamo.kernel.identity.middleware.DefaultDenyMiddleware",
    "axes.middleware.AxesMiddleware",
]

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "src/minamo/locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
