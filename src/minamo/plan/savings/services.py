"""The verbs about savings: write, change, withdraw, count items.

Every verb that claims work locks the section first, so that two people at once are one
after the other; the database's own constraint stands behind it.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.kernel.audit.api import JSON, record
from minamo.kernel.calendar.api import fiscal_year as fiscal_year_of
from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.identity.api import Section, User, actor_for, may, require
from minamo.kernel.japanese.api import search_key
from minamo.kernel.metrics import api as metrics

from ..measures.models import Measure
from . import rules
from .metrics import metric_key
from .models import Saving, SavingYear
from .policies import MANAGE, may_write
from .rules import Draft, Problem

LONGEST_REASON = 400


class SavingRefused(Exception):
    """Something cannot be written like this; `problems` say why, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems for the form."""
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class SavingMoved(SavingRefused):
    """Somebody else saved since the page was shown."""

    def __init__(self) -> None:
        super().__init__(
            [
                Problem(
                    "",
                    "ほかの人が先に保存しました。入力した内容は残っています。"
                    "いまの内容を確かめてから、もう一度保存してください。",
                )
            ]
        )


def task_key(task: str) -> str:
    """Return the name of a piece of work without width, kana and spaces, to compare by."""
    return search_key(task).replace(" ", "")[:200]


def write_saving(
    *,
    measure: Measure,
    section: Section,
    draft: Draft,
    by: User,
    at: datetime,
    reason: str = "",
) -> Saving:
    """Write what a measure saves in a piece of work of a section.

    Raises: Refused; SavingRefused, also where another measure claims the work.
    """
    require(may_write(by, measure))
    _refuse_wrong(draft, at=at)
    saving = Saving(measure=measure, section=section, written_by=by.display_name, written_at=at)
    try:
        with transaction.atomic():
            _lock(section)
            _refuse_closed(draft.years, by=by, reason=reason)
            _fill(saving, draft)
            _refuse_double(saving)
            saving.save(force_insert=True)
            _claim(saving)
            _keep(saving, "plan.saving.written", by=by, detail=_facts(saving), reason=reason)
    except IntegrityError as error:
        raise _taken_meanwhile() from error
    return saving


def change_saving(
    *,
    saving: Saving,
    section: Section,
    draft: Draft,
    by: User,
    at: datetime,
    expected_version: int | None,
    reason: str = "",
) -> Saving:
    """Write a saving anew; items counted for years that stay are kept.

    Raises: Refused; SavingRefused; SavingMoved.
    """
    require(may_write(by, saving.measure))
    _refuse_wrong(draft, at=at)
    try:
        with transaction.atomic():
            _lock(section)
            row = _locked(saving, expected_version)
            before = _facts(row)
            closed = {*draft.years, *range(row.first_fiscal_year, row.last_fiscal_year + 1)}
            if _differs_in_past(row, draft, section):
                _refuse_closed(sorted(closed), by=by, reason=reason)
            else:
                _refuse_closed(sorted(_years_that_differ(row, draft)), by=by, reason=reason)
            row.section = section
            _fill(row, draft)
            _refuse_double(row)
            row.written_by, row.written_at = by.display_name, at
            row.lock_version += 1
            row.save()
            _claim(row)
            changed: dict[str, JSON] = {
                name: [before[name], value]
                for name, value in _facts(row).items()
                if before[name] != value
            }
            _keep(row, "plan.saving.changed", by=by, detail=changed, reason=reason)
    except IntegrityError as error:
        raise _taken_meanwhile() from error
    return row


def withdraw_saving(
    *, saving: Saving, reason: str, by: User, at: datetime, expected_version: int | None
) -> Saving:
    """Take a saving out of all numbers and free the work; it stays readable with its reason.

    Raises: Refused; SavingRefused; SavingMoved.
    """
    require(may_write(by, saving.measure))
    words = _reason(reason)
    with transaction.atomic():
        row = _locked(saving, expected_version)
        years = range(row.first_fiscal_year, row.last_fiscal_year + 1)
        _refuse_closed(years, by=by, reason=words)
        row.withdrawn_at, row.withdrawn_reason = at, words
        row.lock_version += 1
        row.save(update_fields=["withdrawn_at", "withdrawn_reason", "lock_version"])
        row.years.update(is_counted=False)
        _keep(row, "plan.saving.withdrawn", by=by, detail={}, reason=words)
    return row


def count_items(
    *,
    saving: Saving,
    fiscal_year: int,
    volume: Decimal,
    source: str,
    by: User,
    at: datetime,
    reason: str = "",
) -> SavingYear:
    """Record how many items a year had; the same number again changes nothing.

    Raises: Refused; SavingRefused, also where a metric counts the year.
    """
    require(may_write(by, saving.measure))
    problems = rules.problems_of_volume(volume, source)
    if fiscal_year > fiscal_year_of(timezone.localdate(at)):
        problems.append(
            Problem("volume", f"{fiscal_year_label(fiscal_year)}は、まだ始まっていません。")
        )
    if problems:
        raise SavingRefused(problems)
    with transaction.atomic():
        row = (
            SavingYear.objects.select_for_update(of=("self",))
            .filter(saving=saving, fiscal_year=fiscal_year, is_counted=True)
            .first()
        )
        if row is None:
            raise SavingRefused([Problem("", "この年度は、この削減の年度に入っていません。")])
        if (row.volume, row.volume_source) == (volume, source.strip()):
            return row
        _refuse_counted(saving, fiscal_year)
        _refuse_closed([fiscal_year], by=by, reason=reason)
        before = row.volume
        row.volume, row.volume_source = volume, source.strip()
        row.volume_by, row.volume_at = by.display_name, at
        row.save()
        detail: dict[str, JSON] = {
            "fiscal_year": fiscal_year,
            "volume": [None if before is None else str(before), str(volume)],
        }
        _keep(saving, "plan.saving.counted", by=by, detail=detail, reason=reason)
    return row


def closed_years(years: Sequence[int] | range) -> list[int]:
    """Return those of the years whose numbers are closed."""
    closed = set(metrics.frozen_years())
    return [year for year in years if year in closed]


def _refuse_wrong(draft: Draft, *, at: datetime) -> None:
    problems = rules.problems_of(draft, today=timezone.localdate(at))
    if draft.volume_metric and metrics.find(draft.volume_metric) is None:
        problems.append(Problem("volume_metric", "この指標はありません。選びなおしてください。"))
    if draft.task.strip() and not task_key(draft.task):
        problems.append(Problem("task", "減らした作業を、文字で書いてください。"))
    if problems:
        raise SavingRefused(problems)


def _refuse_closed(years: Sequence[int] | range, *, by: User, reason: str) -> None:
    """Let closed years be changed only by the plan's office, and with a reason."""
    closed = closed_years(years)
    if not closed:
        return
    words = "、".join(fiscal_year_label(year) for year in closed)
    if not may(by, MANAGE):
        raise SavingRefused(
            [
                Problem(
                    "",
                    f"{words}は確定しています。直すときは、計画の担当（総務課）に頼んでください。",
                )
            ]
        )
    if not reason.strip():
        raise SavingRefused(
            [Problem("reason", f"{words}は確定しています。直す理由を書いてください。")]
        )


def _refuse_double(saving: Saving) -> None:
    """Refuse work, or a volume, that another saving claims in one of the years.

    Raises: SavingRefused naming the measure that claims it.
    """
    years = range(saving.first_fiscal_year, saving.last_fiscal_year + 1)
    others = (
        SavingYear.objects.filter(section=saving.section, fiscal_year__in=years, is_counted=True)
        .exclude(saving=saving if saving.pk else None)
        .select_related("saving__measure")
        .order_by("fiscal_year")
    )
    if same := others.filter(task_key=saving.task_key).first():
        raise SavingRefused([Problem("task", _taken_words(saving, same, "この作業"))])
    if not saving.volume_metric:
        return
    counted = others.filter(saving__volume_metric=saving.volume_metric)
    if same := counted.exclude(saving__measure=saving.measure).first():
        raise SavingRefused([Problem("volume_metric", _taken_words(saving, same, "この件数"))])


def _taken_words(saving: Saving, other: SavingYear, what: str) -> str:
    measure = other.saving.measure
    year = fiscal_year_label(other.fiscal_year)
    if measure.pk == saving.measure_id:
        return (
            f"{what}は、{year}の分がこの施策にもう書かれています（{other.saving.task}）。"
            "書かれているほうを直してください。"
        )
    return (
        f"{what}は、{year}に{measure.code} {measure.title}が数えています（{other.saving.task}）。"
        "同じ時間を2つの施策で数えることはできません。"
    )


def _taken_meanwhile() -> SavingRefused:
    words = (
        "同じ作業を、ほかの人がいま書きました。同じ時間を2つの施策で数えることはできません。"
        "一覧で確かめてください。"
    )
    return SavingRefused([Problem("task", words)])


def _refuse_counted(saving: Saving, fiscal_year: int) -> None:
    """Refuse a count by hand where the chosen metric has a number."""
    if not saving.volume_metric:
        return
    snapshot = metrics.latest(saving.volume_metric, fiscal_year)
    is_numerator = saving.volume_part == Saving.VolumePart.NUMERATOR
    number = snapshot and (snapshot.numerator if is_numerator else snapshot.value)
    if number is not None:
        words = "この年度の件数は、指標から数えています。手で書きかえることはできません。"
        raise SavingRefused([Problem("volume", words)])


def _fill(saving: Saving, draft: Draft) -> None:
    saving.business, saving.task = draft.business.strip(), draft.task.strip()
    saving.task_key = task_key(draft.task)
    saving.basis, saving.measured_on = draft.basis, draft.measured_on
    saving.before_minutes, saving.after_minutes = draft.before_minutes, draft.after_minutes
    saving.evidence = draft.evidence.strip()
    saving.volume_metric, saving.volume_part = draft.volume_metric, draft.volume_part
    saving.one_off_cost, saving.running_cost = draft.one_off_cost, draft.running_cost
    saving.first_fiscal_year = draft.first_fiscal_year
    saving.last_fiscal_year = draft.last_fiscal_year


def _claim(saving: Saving) -> None:
    """Bring the years in line with the saving; counted items of left years are kept aside."""
    years = range(saving.first_fiscal_year, saving.last_fiscal_year + 1)
    saving.years.exclude(fiscal_year__in=years).update(is_counted=False)
    claim = {"section": saving.section, "task_key": saving.task_key, "is_counted": True}
    for year in years:
        SavingYear.objects.update_or_create(saving=saving, fiscal_year=year, defaults=claim)


def _differs_in_past(row: Saving, draft: Draft, section: Section) -> bool:
    """Return whether a change touches every year: minutes, yearly cost, volume, work."""
    return (
        row.before_minutes,
        row.after_minutes,
        row.running_cost,
        row.one_off_cost,
        row.volume_metric,
        row.volume_part,
        row.section_id,
        row.basis,
        row.first_fiscal_year,
    ) != (
        draft.before_minutes,
        draft.after_minutes,
        draft.running_cost,
        draft.one_off_cost,
        draft.volume_metric,
        draft.volume_part,
        section.pk,
        draft.basis,
        draft.first_fiscal_year,
    )


def _years_that_differ(row: Saving, draft: Draft) -> set[int]:
    return set(range(row.first_fiscal_year, row.last_fiscal_year + 1)) ^ set(draft.years)


def _lock(section: Section) -> None:
    # Not the key: cases that name the section must go on being filed meanwhile.
    Section.objects.select_for_update(no_key=True).get(pk=section.pk)


def _locked(saving: Saving, expected_version: int | None) -> Saving:
    row = Saving.objects.select_for_update(of=("self",)).get(pk=saving.pk)
    if expected_version is not None and row.lock_version != expected_version:
        raise SavingMoved
    if row.withdrawn_at is not None:
        raise SavingRefused([Problem("", "この削減は取り下げられています。")])
    return row


def _reason(text: str) -> str:
    words = text.strip()
    if not words:
        raise SavingRefused([Problem("reason", "理由を書いてください。")])
    if len(words) > LONGEST_REASON:
        raise SavingRefused([Problem("reason", f"理由は{LONGEST_REASON}字までで書いてください。")])
    return words


def _facts(saving: Saving) -> dict[str, JSON]:
    """Return the numbers of a saving for the audit trail."""
    return {
        "measure": saving.measure.code,
        "section": saving.section.code,
        "task": saving.task,
        "basis": saving.basis,
        "before_minutes": str(saving.before_minutes),
        "after_minutes": str(saving.after_minutes),
        "volume_metric": saving.volume_metric,
        "one_off_cost": saving.one_off_cost,
        "running_cost": saving.running_cost,
        "years": [saving.first_fiscal_year, saving.last_fiscal_year],
    }


def _keep(saving: Saving, action: str, *, by: User, detail: dict[str, JSON], reason: str) -> None:
    record(
        actor=actor_for(by),
        action=action,
        subject=saving.subject,
        detail=detail,
        reason=reason.strip(),
    )
    key = metric_key(saving.measure.code)
    if metrics.find(key) is not None:
        metrics.refresh(key)
