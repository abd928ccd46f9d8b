"""Django application `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """ui of the part `kernel`."""

    name = "minamo.kernel.ui"
    label = "ui"
    verbose_name = "画面"

    def ready(self) -> None:
        """Put the site's own policies into the footer of the citizen pages."""
        from .navigation import PublicItem, register_public

        register_public(PublicItem("ウェブアクセシビリティ", "ui:accessibility", "policy", 10))
        register_public(PublicItem("個人情報の取り扱い", "ui:privacy", "policy", 20))
