"""Dates (`date`): era or 西暦 with three short inputs, and rules about when work is possible."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, Literal

from django.utils.translation import gettext, gettext_noop
from pydantic import Field, model_validator

from minamo.kernel.calendar.api import (
    DateRefused,
    earliest_date,
    is_business_day,
    next_business_day,
    parse_date_parts,
    to_wareki,
    wareki_text,
)
from minamo.kernel.ui.api import day_text, language
from minamo.procedures.definitions.schema.base import Key
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, OptionView, Raw

from .base import (
    WRONG_SHAPE,
    Circumstances,
    Fault,
    FieldKind,
    Reading,
    control,
    input_name,
    text_of,
)

WESTERN = gettext_noop("西暦")
ERAS = ("令和", "平成", "昭和", "大正", "明治")
_WORDS = {"year": gettext_noop("年"), "month": gettext_noop("月"), "day": gettext_noop("日")}


class DateSpec(FieldSpec):
    """A day, with what is possible.

    `window` says which days can be meant: `lead_time` uses the procedure's lead time and
    its limit ahead, `future` and `past` include today. `not_before` and `not_after` name
    other date fields.
    """

    kind: Literal["date"]
    window: Literal["any", "lead_time", "future", "past"] = "any"
    business_days_only: bool = False
    max_days_ahead: int | None = Field(default=None, ge=0, le=4000)
    max_days_back: int | None = Field(default=None, ge=0, le=60_000)
    not_before: Key | None = None
    not_after: Key | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "DateSpec":
        # Beyond some years nobody knows the holidays.
        ahead = self.window == "lead_time" or self.max_days_ahead is not None
        if self.business_days_only and not (ahead and self.window in ("lead_time", "future")):
            raise ValueError(
                "business_days_only は、window が lead_time か、"
                "future（max_days_ahead つき）のときに使えます"
            )
        return self


def as_day(value: object) -> date | None:
    """Return the date of a canonical answer, or None for anything else."""
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def both_calendars(day: date) -> list[str]:
    """Return the date in both calendars, as the check page shows it."""
    return [wareki_text(day), f"{day.year}年{day.month}月{day.day}日"]


def earliest_for(spec: DateSpec, at: Circumstances) -> date | None:
    """Return the first day that can be asked for, or None where there is no bound."""
    if spec.window == "lead_time" and at.lead_time is not None:
        first = earliest_date(
            now=at.now,
            lead_business_days=at.lead_time.business_days,
            cut_off=at.lead_time.cut_off,
        )
    elif spec.window in ("lead_time", "future"):
        first = at.today
    elif spec.max_days_back is not None:
        return at.today - timedelta(days=spec.max_days_back)
    else:
        return None
    if spec.business_days_only and not is_business_day(first):
        first = next_business_day(first)
    return first


def latest_for(spec: DateSpec, at: Circumstances) -> date | None:
    """Return the last day that can be asked for, or None where there is no bound."""
    if spec.window == "past":
        return at.today
    ahead = spec.max_days_ahead
    if ahead is None and spec.window == "lead_time" and at.lead_time is not None:
        ahead = at.lead_time.max_days_ahead
    return None if ahead is None else at.today + timedelta(days=ahead)


class DateKind(FieldKind[DateSpec]):
    """日にち: stored as an ISO date."""

    name = "date"
    partial = "date"
    parts = ("era", "year", "month", "day")
    is_whole = True
    _eras_shown: ClassVar[Sequence[str]] = ("令和", WESTERN)

    def conforms(self, spec: DateSpec, value: object) -> bool:
        """Return whether the value is an ISO date."""
        return value is None or as_day(value) is not None

    def parse(self, spec: DateSpec, raw: Raw, at: Circumstances) -> Reading:
        """Read era, year, month and day; each missing one is asked for by its name."""
        typed = {part: text_of(raw, input_name(spec.key, part)).strip() for part in self.parts}
        numbers = {part: typed[part] for part in ("year", "month", "day")}
        if not any(numbers.values()):
            return Reading(None)
        try:
            day = parse_date_parts(typed["era"], **{p: t[:20] for p, t in numbers.items()})
        except DateRefused as refused:
            fault = Fault(f"date.{refused.code}", refused.message_ja, refused.part or "day")
            return Reading(None, (fault,))
        return Reading(day.isoformat())

    def check(self, spec: DateSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse days that cannot be kept, naming the nearest day that can."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE, "day")]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message, "year")] if at.required else []
        day = as_day(value)
        if day is None:
            return [Fault("shape", WRONG_SHAPE, "day")]
        fault = self._outside(spec, day, at) or self._beside_others(spec, day, at)
        return [fault] if fault else []

    def _outside(self, spec: DateSpec, day: date, at: Circumstances) -> Fault | None:
        first, last = earliest_for(spec, at), latest_for(spec, at)
        if first is not None and day < first:
            if spec.window == "lead_time":
                message = f"準備に日にちがかかります。いちばん早い日は{wareki_text(first)}です"
            else:
                message = f"{spec.label.ja}は、{wareki_text(first)}からあとの日を入れてください"
            return Fault("date.too_soon", message, "day")
        if last is not None and day > last:
            message = f"{spec.label.ja}は、{wareki_text(last)}までの日を入れてください"
            return Fault("date.too_late", message, "day")
        if spec.business_days_only and not is_business_day(day):
            following = wareki_text(next_business_day(day))
            message = f"{wareki_text(day)}は休みの日です。次に選べる日は{following}です"
            return Fault("date.closed_day", message, "day")
        return None

    def _beside_others(self, spec: DateSpec, day: date, at: Circumstances) -> Fault | None:
        other = as_day(at.answers.get(spec.not_before)) if spec.not_before else None
        if other is not None and day < other:
            label = at.labels.get(spec.not_before or "", "")
            message = f"{spec.label.ja}は、{label}（{wareki_text(other)}）と同じ日かあとの日を入れてください"
            return Fault("date.before_other", message, "day")
        other = as_day(at.answers.get(spec.not_after)) if spec.not_after else None
        if other is not None and day > other:
            label = at.labels.get(spec.not_after or "", "")
            message = f"{spec.label.ja}は、{label}（{wareki_text(other)}）と同じ日か前の日を入れてください"
            return Fault("date.after_other", message, "day")
        return None

    def show(
        self, spec: DateSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the era and three inputs; the echo line repeats both calendars and the weekday."""
        view.group = True
        day = as_day(value)
        shown = self._typed(spec, raw) if raw is not None else self._parts(day)
        eras = (*ERAS, WESTERN) if spec.window in ("any", "past") else self._eras_shown
        if shown["era"] and shown["era"] not in eras:
            eras = (*eras, shown["era"])
        era = control(view, "era", value=shown["era"], label=gettext_noop("元号"))
        era.type, era.css = "select", "mn-select mn-select--era"
        era.options = [OptionView(e, e, "", checked=e == (shown["era"] or eras[0])) for e in eras]
        for part, unit in _WORDS.items():
            made = control(view, part, value=shown[part], label=unit)
            made.css, made.aria_label = "mn-input mn-input--n2", gettext(unit)
            made.unit, made.inputmode = unit, "numeric"
        if day is not None and raw is None:
            both = both_calendars(day)
            view.echo = "＝ ".join(both) if language() == "ja" else day_text(day)
        first, last = earliest_for(spec, at), latest_for(spec, at)
        if spec.window == "lead_time" and first and last:
            range_text = gettext("いま選べるのは、%(first)sから%(last)sまでです。") % {
                "first": day_text(first),
                "last": day_text(last),
            }
            view.hint = f"{view.hint}{'' if language() == 'ja' else ' '}{range_text}"
        view.data["earliest"] = first.isoformat() if first else ""
        view.data["latest"] = last.isoformat() if last else ""

    def _typed(self, spec: DateSpec, raw: Raw) -> dict[str, str]:
        return {part: text_of(raw, input_name(spec.key, part)) for part in self.parts}

    def _parts(self, day: date | None) -> dict[str, str]:
        if day is None:
            return dict.fromkeys(self.parts, "")
        try:
            wareki = to_wareki(day)
        except DateRefused:
            return {
                "era": WESTERN,
                "year": str(day.year),
                "month": str(day.month),
                "day": str(day.day),
            }
        return {
            "era": str(wareki.era),
            "year": str(wareki.year),
            "month": str(day.month),
            "day": str(day.day),
        }

    def lines(self, spec: DateSpec, value: object) -> list[str]:
        """Return the date in 和暦 with its weekday, and in 西暦 below."""
        day = as_day(value)
        return both_calendars(day) if day else []

    def cells(self, spec: DateSpec, value: object) -> list[str]:
        """Return the ISO date, which sorts."""
        day = as_day(value)
        return [day.isoformat() if day else ""]
