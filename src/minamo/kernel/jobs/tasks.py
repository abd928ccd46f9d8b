"""The one task of django-tasks through which all registered jobs run."""

from collections.abc import Mapping
from typing import Any

from django_tasks import task

from .registry import spec_of


class UnknownJob(LookupError):
    """The queue holds a job that no installed part knows."""


@task()
def run_job(*, key: str, kwargs: Mapping[str, Any]) -> Any:
    """Run the body registered under a key.

    Going through the key instead of the body's path lets code move while jobs wait.
    Raises: UnknownJob.
    """
    spec = spec_of(key)
    if spec is None:
        raise UnknownJob(f"no job is registered as {key!r}")
    return spec.body(**kwargs)
