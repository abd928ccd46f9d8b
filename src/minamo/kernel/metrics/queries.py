"""Reads of stored numbers."""

from django.db.models import QuerySet

from .models import Snapshot


def latest(key: str, fiscal_year: int) -> Snapshot | None:
    """Return a year's number as it stands, None where none was ever stored."""
    return Snapshot.objects.filter(key=key, fiscal_year=fiscal_year, is_newest=True).first()


def latest_by_key(keys: list[str], fiscal_year: int) -> dict[str, Snapshot]:
    """Return the newest number of each key, in one query."""
    rows = Snapshot.objects.filter(key__in=keys, fiscal_year=fiscal_year, is_newest=True)
    return {snapshot.key: snapshot for snapshot in rows}


def latest_by_year(keys: list[str], years: range) -> dict[tuple[str, int], Snapshot]:
    """Return the newest number of each key and fiscal year, in one query."""
    rows = Snapshot.objects.filter(key__in=keys, fiscal_year__in=years, is_newest=True)
    return {(snapshot.key, snapshot.fiscal_year): snapshot for snapshot in rows}


def corrections(key: str, fiscal_year: int) -> list[Snapshot]:
    """Return a frozen number and its corrections, the first one first; empty while open."""
    rows = Snapshot.objects.filter(key=key, fiscal_year=fiscal_year, frozen=True)
    return list(rows.order_by("revision"))


def correction_count(fiscal_year: int) -> int:
    """Return how many numbers of a closed year were corrected."""
    rows = Snapshot.objects.filter(fiscal_year=fiscal_year, revision__gt=0)
    return rows.values("key").distinct().count()


def frozen_years() -> list[int]:
    """Return the fiscal years in which some number is closed, the newest first."""
    rows = Snapshot.objects.filter(frozen=True).order_by("-fiscal_year")
    return list(rows.values_list("fiscal_year", flat=True).distinct())


def trend(key: str, fiscal_year: int) -> QuerySet[Snapshot]:
    """Return a year's daily numbers, oldest first, corrections left out."""
    return Snapshot.objects.filter(key=key, fiscal_year=fiscal_year, revision=0).order_by("on_date")


def monthly_trend(key: str, fiscal_year: int) -> list[Snapshot]:
    """Return the last stored number of each month of a year, oldest first."""
    last_of_month = {(s.on_date.year, s.on_date.month): s for s in trend(key, fiscal_year)}
    return [last_of_month[month] for month in sorted(last_of_month)]


def is_frozen(key: str, fiscal_year: int) -> bool:
    """Return whether the year of this metric is closed."""
    return Snapshot.objects.filter(key=key, fiscal_year=fiscal_year, frozen=True).exists()
