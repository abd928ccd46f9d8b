"""Django application `files`."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """files of the part `kernel`."""

    name = "minamo.kernel.files"
    label = "files"
    verbose_name = "ファイル"
