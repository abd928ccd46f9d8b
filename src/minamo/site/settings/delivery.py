"""What leaves the process: static files, mail, jobs, logs."""

from minamo.site import env

from .base import BASE_DIR, DATA_DIR, DEMO

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[str] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_DIR = DATA_DIR / "files"
PACKS_DIR = BASE_DIR / "packs"

# Without a mail server nothing leaves the machine: messages stay in the outbox and,
# in demo mode, can be read on the mailbox screen.
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "minamo.kernel.notify.mailbox.MailboxBackend"
)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "minamo@localhost")
PUBLIC_ORIGIN = env.text("PUBLIC_ORIGIN", f"http://127.0.0.1:{env.number('PORT', 8000)}")
# The demo city must send nobody to a real telephone.
SITE_IDENTITY = {"telephone": "0100-00-1132"} if DEMO else {}
CLAMD_SOCKET = env.text("CLAMD_SOCKET")
# Feeds of neighbouring utilities: those on a closed network need the first; only the demo
# city reads from its own machine.
NEIGHBOURS_ALLOW_PRIVATE = env.flag("NEIGHBOURS_ALLOW_PRIVATE", default=False)
NEIGHBOURS_ALLOW_LOOPBACK = DEMO

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "ENQUEUE_ON_COMMIT": False,
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
}
