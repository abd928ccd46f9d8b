"""Water levels: the one picture for every share."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Number = int | float | Decimal
# Geometry of the reference drawing: the tube's inside, from the bottom to the goal line.
_BOTTOM, _FULL, _TOP = 53.0, 44.6, 3.0
_STATES = {"": "", "full": " mn-gauge__water--full", "late": " mn-gauge__water--late"}
_STATES["idle"] = " mn-gauge__water--idle"
_FILLS = {"": "f-w3", "ok": "f-ok", "late": "f-late", "idle": "f-idle"}


def gauge(ratio: Number | None, goal: Number | None = 1, state: str = "") -> SafeString:
    """Draw a standing gauge; hidden from screen readers, because the number is text beside it.

    `ratio` 1 is the goal line; above it the water rises to the rim and stops.
    """
    share = max(0.0, float(ratio or 0))
    height = max(1.0, min(_FULL * share, _BOTTOM - _TOP))
    rounding = min(5.0, height / 2)
    line = _BOTTOM - _FULL * float(goal or 0)
    goal_line = format_html('<path class="mn-gauge__goal" d="M0 {}h20"/>', _n(line)) if goal else ""
    return format_html(
        '<svg class="mn-gauge" viewBox="0 0 20 56" aria-hidden="true" focusable="false">'
        '<rect class="mn-gauge__tube" x="3" y="1.5" width="14" height="53" rx="7"/>'
        '<rect class="mn-gauge__water{}" x="5" y="{}" width="10" height="{}" rx="{}"/>{}</svg>',
        _STATES[state] if ratio is not None else _STATES["idle"],
        _n(_BOTTOM - height),
        _n(height),
        _n(rounding),
        goal_line,
    )


def level(
    ratio: Number | None, label: str = "", state: str = "", goal: Number | None = None
) -> SafeString:
    """Draw a lying bar; with a label it speaks, without one the number stands beside it."""
    share = min(1.0, max(0.0, float(ratio or 0)))
    says = format_html('role="img" aria-label="{}"', label) if label else None
    mark = (
        format_html('<path class="mn-gauge__goal" d="M{} -3v18"/>', _n(1200 * float(goal)))
        if goal is not None
        else ""
    )
    return format_html(
        '<svg class="mn-level" viewBox="0 0 1200 12" preserveAspectRatio="none" {} '
        'focusable="false"><rect width="1200" height="12" rx="6" class="f-line"/>'
        '<rect width="{}" height="12" rx="6" class="{}"/>{}</svg>',
        says or mark_safe('aria-hidden="true"'),
        _n(1200 * share),
        _FILLS[state],
        mark,
    )


def _n(value: float) -> str:
    """Return a coordinate without noise behind the point and without a local comma."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
