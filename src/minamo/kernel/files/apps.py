"""Django application `files`."""

from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """files of the part `kernel`."""

    name = "minamo.kernel.files"
    label = "files"
    verbose_name = "ファイル"

    def ready(self) -> None:
        """Register the upkeep of the store."""
        import_module(f"{self.name}.jobs")
