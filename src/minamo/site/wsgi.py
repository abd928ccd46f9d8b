"""WSGI entry point, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minamo.site.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402 (Django is set up by the line above)

if settings.BEHIND_TLS:
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    # Limits and the audit trail must see the visitor's address, not the proxy's; only a
    # proxy on a trusted address is believed.
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=settings.TRUSTED_PROXIES)
