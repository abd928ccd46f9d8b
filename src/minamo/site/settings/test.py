"""Settings of the test run: everything of an installation, in a folder that is thrown away."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="minamo-test-"))
os.environ.setdefault("SECRET_KEY", "test-only-" + "k" * 48)

from . import *  # noqa: F403

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Nothing is collected for tests; without this whitenoise warns about the missing folder.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
