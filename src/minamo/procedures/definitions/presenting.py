"""Showing: pages to go through, fields to fill in, answers to check."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from minamo.kernel.ui.api import day_text

from .compile import CompiledProcedure
from .kinds.base import input_id, list_of, parts_of
from .kinds.day import as_day
from .kinds.registry import kind_of
from .program import Outcome
from .reading import SHOWN, StoredFileLike, circumstances, outcome_of, questions_of
from .schema.field import FieldSpec
from .schema.settings import Page
from .shapes import (
    Answers,
    ExitView,
    FieldError,
    FieldView,
    FileView,
    PageView,
    Raw,
    SummaryPage,
    SummaryRow,
)

_HIDDEN = gettext_noop("••••（表示しません）")


def visible_pages(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[PageView]:
    """Return the question pages this person will see, in order, counted."""
    outcome = outcome_of(compiled, answers, today=today)
    pages = [page for page in compiled.pages if _is_seen(compiled, page, outcome)]
    return [
        PageView(page.key, page.title.ja, n, len(pages), page.heading or page.title.ja, page.lead)
        for n, page in enumerate(pages, 1)
    ]


def field_views(
    compiled: CompiledProcedure,
    page_key: str,
    answers: Answers,
    *,
    raw: Raw | None = None,
    errors: Sequence[FieldError] = (),
    warnings: Sequence[FieldError] = (),
    today: date,
    now: datetime | None = None,
    files: Mapping[str, Sequence[StoredFileLike]] | None = None,
) -> list[FieldView]:
    """Return the visible fields of a page, ready for `definitions/fields.html`.

    With `raw` (the posted data, or `PageReading.raw` kept in a draft) every control shows
    what was typed, character by character. When `raw` holds `_lookup=<field key>` that
    address field offers the towns of its postal code. `files` names the stored files of
    each file field.
    """
    page = compiled.page(page_key)
    if page is None:
        raise LookupError(f"procedure {compiled.code} has no page {page_key!r}")
    moment = now or _moment_on(today)
    outcome = outcome_of(compiled, answers, today=today)
    views = []
    for key in page.fields:
        spec = compiled.fields[key]
        if key in outcome.visible and spec.kind != "hidden":
            typed = raw if raw and _is_in(key, raw) else None
            view = _view(compiled, spec, outcome, answers.get(key), typed, moment)
            _add_messages(view, spec, errors, warnings)
            _add_files(view, outcome.values.get(key), (files or {}).get(key, ()))
            views.append(view)
    return views


def exit_page(
    compiled: CompiledProcedure, answers: Answers, page_key: str, *, today: date | None = None
) -> ExitView | None:
    """Return the exit that the answers up to and including this page lead to, if any."""
    outcome = outcome_of(compiled, answers, today=today)
    here = compiled.page_index(page_key)
    for _index, exit_key, field_key in outcome.exits:
        page = compiled.page_of.get(field_key, "")
        if compiled.page_index(page) <= here:
            way_out = next(e for e in compiled.document.exits if e.key == exit_key)
            links = [(link.label, link.url) for link in way_out.links]
            return ExitView(way_out.key, way_out.title.ja, list(way_out.lines), links, page)
    return None


def summary(
    compiled: CompiledProcedure,
    answers: Answers,
    *,
    files: Mapping[str, Sequence[StoredFileLike]] | None = None,
    change_urls: Mapping[str, str] | None = None,
    today: date | None = None,
) -> list[SummaryPage]:
    """Return the answers in words, page by page; optional questions left empty are left out.

    `change_urls` gives each page the address of its 変更 links.
    """
    outcome = outcome_of(compiled, answers, today=today)
    pages = []
    for page in compiled.pages:
        rows = []
        for key in page.fields:
            spec = compiled.fields[key]
            if key in outcome.visible and spec.kind != "hidden":
                names = tuple(file.name for file in (files or {}).get(key, ()))
                row = _row(compiled, spec, outcome.values.get(key), names)
                rows += [row] if row.lines else []
        if rows:
            pages.append(
                SummaryPage(page.key, page.title.ja, rows, (change_urls or {}).get(page.key, ""))
            )
    return pages


def field_labels(compiled: CompiledProcedure) -> dict[str, str]:
    """Return the Japanese label of every question in page order, for choosing what to send back."""
    return {
        spec.key: spec.label.ja for page in compiled.pages for spec in questions_of(compiled, page)
    }


def page_of_field(compiled: CompiledProcedure, field_key: str) -> str | None:
    """Return the page on which a field is asked."""
    return compiled.page_of.get(field_key)


def _is_seen(compiled: CompiledProcedure, page: Page, outcome: Outcome) -> bool:
    return page.key not in outcome.skipped_pages and any(
        spec.key in outcome.visible for spec in questions_of(compiled, page)
    )


def _is_in(key: str, raw: Raw) -> bool:
    """Return whether the field was on the posted page; one that is new shows its answer."""
    listed = list_of(raw, SHOWN)
    return not listed or key in listed


def _view(
    compiled: CompiledProcedure,
    spec: FieldSpec,
    outcome: Outcome,
    value: object,
    raw: Raw | None,
    now: datetime,
) -> FieldView:
    kind = kind_of(spec.kind)
    anchor = input_id(spec.key)
    view = FieldView(
        key=spec.key,
        kind=spec.kind,
        partial=f"definitions/kinds/{kind.partial}.html",
        label=spec.label.ja,
        id=anchor,
        name=spec.key,
        hint=spec.hint,
        help_title=spec.help_title or gettext_noop("くわしい説明"),
        help_text=spec.help_text,
        required=spec.key in outcome.required,
    )
    shown = outcome.values.get(spec.key) if kind.is_given else value
    at = circumstances(compiled, outcome, spec.key, now=now)
    if raw is None and not kind.conforms(spec, shown):
        shown = None
    kind.show(spec, view, shown, raw, at)
    view.hint_id = f"{anchor}-h" if view.hint else ""
    return view


def _moment_on(today: date) -> datetime:
    """Return now for today, and the morning of any other day (a preview, a test)."""
    now = timezone.now()
    if timezone.localdate(now) == today:
        return now
    return timezone.make_aware(datetime.combine(today, time(9)))


def _add_messages(
    view: FieldView,
    spec: FieldSpec,
    errors: Sequence[FieldError],
    warnings: Sequence[FieldError],
) -> None:
    mine = [error for error in errors if error.field == spec.key]
    view.errors = [*(error.message for error in mine), *view.errors]
    view.warnings = [warning.message for warning in warnings if warning.field == spec.key]
    view.error_id = f"{view.id}-e" if view.errors else ""
    view.described_by = " ".join(filter(None, (view.hint_id, view.error_id)))
    wrong = {error.input_id for error in mine}
    for option in view.options:
        option.invalid = bool(mine) and option.name == view.name
    for made in view.inputs:
        made.invalid = made.invalid or made.id in wrong
        if not view.group:
            made.described_by = view.described_by
        elif made.invalid:
            made.described_by = view.error_id


def _add_files(view: FieldView, value: object, stored: Sequence[StoredFileLike]) -> None:
    if view.kind not in ("file", "photo"):
        return
    known = {str(file.uuid): file for file in stored}
    uuids = [uuid for uuid in value if isinstance(uuid, str)] if isinstance(value, list) else []
    for number, uuid in enumerate(uuids, 1):
        file = known.get(uuid)
        view.files.append(
            FileView(
                uuid=uuid,
                name=file.name if file else f"{number}つめの書類",
                size_text=_size(file.size_bytes) if file else "",
                remove_id=f"{view.id}-remove-{number}",
            )
        )


def _size(size_bytes: int) -> str:
    if size_bytes >= 1_000_000:
        return f"{size_bytes / 1_000_000:.1f}MB"
    return f"{max(1, round(size_bytes / 1000))}KB"


def _row(
    compiled: CompiledProcedure, spec: FieldSpec, value: object, names: tuple[str, ...]
) -> SummaryRow:
    kind = kind_of(spec.kind)
    lines = kind.lines(spec, value) if kind.conforms(spec, value) else []
    if lines and spec.kind == "date" and compiled.language != "ja":
        lines = [day_text(as_day(value))]
    if lines and names:
        lines = list(names)
    if lines and spec.sensitivity == "secret":
        hidden = _HIDDEN if compiled.language == "ja" else gettext(_HIDDEN)
        return SummaryRow(spec.key, spec.label.ja, [hidden], sensitivity="secret")
    is_known = bool(lines)
    return SummaryRow(
        field=spec.key,
        label=spec.label.ja,
        lines=lines,
        kana=kind.kana(spec, value) if is_known else "",
        ruby=kind.ruby(spec, value) if is_known and parts_of(value) else (),
        input_id=kind.focus_id(spec),
        sensitivity=spec.sensitivity,
        files=names,
        is_date=spec.kind == "date",
    )
