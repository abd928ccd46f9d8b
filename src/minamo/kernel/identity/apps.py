"""Django application `identity`."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """identity of the part `kernel`."""

    name = "minamo.kernel.identity"
    label = "identity"
    verbose_name = "利用者"
