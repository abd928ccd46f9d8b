"""Django application `search`."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """search of the part `kernel`."""

    name = "minamo.kernel.search"
    label = "search"
    verbose_name = "検索"
