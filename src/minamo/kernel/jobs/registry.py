"""The bodies of jobs and what repeats by itself, registered when their app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any, TypeVar

Body = TypeVar("Body", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One kind of job.

    `retries` counts the further tries after the first failure; `retry_seconds` is the
    first pause, which grows threefold each time. `label` is what staff read.
    """

    key: str
    body: Callable[..., Any]
    label: str = ""
    retries: int = 5
    retry_seconds: int = 10
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Repetition:
    """When a periodic job runs: every so many minutes, or daily at a time in Asia/Tokyo."""

    key: str
    minutes: int | None = None
    daily_at: time | None = None

    @property
    def rule(self) -> str:
        """Return the rule in words."""
        if self.daily_at is not None:
            return f"毎日 {self.daily_at:%H:%M}"
        return f"{self.minutes}分ごと"


_specs: dict[str, JobSpec] = {}
_keys: dict[Callable[..., Any], str] = {}
_repetitions: dict[str, Repetition] = {}


def job(
    *, key: str, retries: int = 5, retry_seconds: int = 10, label: str = "", priority: int = 0
) -> Callable[[Body], Body]:
    """Register a function as the body of a kind of job; it stays callable as it is.

    Bodies take keyword arguments of plain JSON and are idempotent: after a crash they run
    again.
    Raises: ValueError when another body has the key.
    """

    def register(body: Body) -> Body:
        present = _specs.get(key)
        if present is not None and _name(present.body) != _name(body):
            raise ValueError(f"the job {key!r} is registered twice")
        _specs[key] = JobSpec(key, body, label or key, retries, retry_seconds, priority)
        _keys[body] = key
        return body

    return register


def every(
    *,
    key: str,
    minutes: int | None = None,
    daily_at: str | None = None,
    retries: int = 2,
    label: str = "",
) -> Callable[[Body], Body]:
    """Register a job that the worker starts by itself, e.g. `daily_at="02:00"` (Asia/Tokyo).

    A time missed while the worker was off is made up once.
    Raises: ValueError unless exactly one of `minutes` and `daily_at` is given and sensible.
    """
    if (minutes is None) == (daily_at is None):
        raise ValueError(f"{key}: give either minutes or daily_at")
    if minutes is not None and minutes < 1:
        raise ValueError(f"{key}: minutes must be at least 1")
    at = time.fromisoformat(daily_at) if daily_at is not None else None

    def register(body: Body) -> Body:
        job(key=key, retries=retries, label=label)(body)
        _repetitions[key] = Repetition(key=key, minutes=minutes, daily_at=at)
        return body

    return register


def unregister(key: str) -> None:
    """Forget a job; tests use it to leave the registry as they found it."""
    spec = _specs.pop(key, None)
    if spec is not None:
        _keys.pop(spec.body, None)
    _repetitions.pop(key, None)


def spec_of(key: str) -> JobSpec | None:
    """Return the kind of job registered under a key."""
    return _specs.get(key)


def key_of(job_or_key: str | Callable[..., Any]) -> str:
    """Return the key of a registered body, or the key itself.

    Raises: LookupError for what is not registered.
    """
    key = job_or_key if isinstance(job_or_key, str) else _keys.get(job_or_key, "")
    if key not in _specs:
        raise LookupError(f"no job is registered as {job_or_key!r}")
    return key


def label_of(key: str) -> str:
    """Return what staff read for a kind of job."""
    spec = _specs.get(key)
    return spec.label if spec else key


def repetitions() -> list[Repetition]:
    """Return everything that repeats, in order of key."""
    return [_repetitions[key] for key in sorted(_repetitions)]


def _name(body: Callable[..., Any]) -> str:
    return f"{body.__module__}.{body.__qualname__}"
