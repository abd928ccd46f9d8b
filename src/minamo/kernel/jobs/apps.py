"""Django application `jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """jobs of the part `kernel`."""

    name = "minamo.kernel.jobs"
    label = "jobs"
    verbose_name = "仕事"
