"""Django application `crypto`."""

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    """crypto of the part `kernel`."""

    name = "minamo.kernel.crypto"
    label = "crypto"
    verbose_name = "暗号"
