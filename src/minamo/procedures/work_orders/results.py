"""Reads what the crew typed on the phone: values, mistakes in words, and the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from minamo.kernel.calendar.api import DateRefused, parse_date
from minamo.kernel.japanese.api import normalise_width

from .services import Result
from .states import ImpossibleReason

MAX_READING_M3 = 999_999
MAX_AGE_DAYS = 60
MAX_NOTE = 500


@dataclass(slots=True)
class Reading:
    """A typed form read: `values` exactly as typed, `errors` by field."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    result: Result | None = None
    reason: ImpossibleReason | None = None
    day: date | None = None

    @property
    def is_done(self) -> bool:
        """Return whether the crew says the work was done."""
        return self.values.get("outcome") == "done"


FIELDS = ("outcome", "done_date", "meter_reading_m3", "meter_number", "reason", "note")


def read_result(data: Mapping[str, str], *, today: date, not_before: date) -> Reading:
    """Read the result form; the visit lies between the order's making and today."""
    reading = Reading(values={name: str(data.get(name, "")) for name in FIELDS})
    if reading.values["outcome"] not in {"done", "impossible"}:
        reading.errors["outcome"] = "「実施した」か「できなかった」を選んでください"
    reading.day = _read_day(reading, today=today, not_before=not_before)
    note = reading.values["note"].strip()
    if len(note) > MAX_NOTE:
        reading.errors["note"] = f"メモは{MAX_NOTE}字までです（いまは{len(note)}字です）"
    if reading.is_done:
        _read_meter(reading, note)
    elif reading.values["outcome"] == "impossible":
        _read_reason(reading, note)
    return reading


def read_day(text: str, *, label: str) -> tuple[date | None, str]:
    """Return the typed day, or None with the sentence that says what is wrong."""
    if not text.strip():
        return None, f"{label}を入れてください"
    try:
        return parse_date(text), ""
    except DateRefused as refused:
        return None, refused.message_ja


def _read_day(reading: Reading, *, today: date, not_before: date) -> date | None:
    day, wrong = read_day(reading.values["done_date"], label="作業した日")
    if day is None:
        reading.errors["done_date"] = wrong
    elif day > today:
        reading.errors["done_date"] = "作業した日が先の日付です。きょうまでの日を入れてください"
    elif day < max(not_before, today - timedelta(days=MAX_AGE_DAYS)):
        reading.errors["done_date"] = (
            "作業した日が、申し込みより前か古すぎます。日にちを確かめてください"
        )
    return day


def _read_meter(reading: Reading, note: str) -> None:
    digits = normalise_width(reading.values["meter_reading_m3"]).strip().replace(",", "")
    number = normalise_width(reading.values["meter_number"]).strip().upper()
    if not digits:
        reading.errors["meter_reading_m3"] = "メーターの指針を入れてください"
    elif not (digits.isascii() and digits.isdigit()):
        reading.errors["meter_reading_m3"] = (
            "メーターの指針は、黒い数字だけを整数で入れてください（赤い針は読みません）"
        )
    elif int(digits) > MAX_READING_M3:
        reading.errors["meter_reading_m3"] = (
            "メーターの指針は6けたまでです。けた数を確かめてください"
        )
    if len(number) > 20 or not all(c.isascii() and (c.isalnum() or c == "-") for c in number):
        reading.errors["meter_number"] = "メーター番号は、英字・数字・ハイフンで20字までです"
    if not reading.errors and reading.day is not None:
        reading.result = Result(
            done_date=reading.day, meter_reading_m3=int(digits), meter_number=number, note=note
        )


def _read_reason(reading: Reading, note: str) -> None:
    try:
        reading.reason = ImpossibleReason(reading.values["reason"])
    except ValueError:
        reading.errors["reason"] = "できなかった理由を選んでください"
        return
    if reading.reason == ImpossibleReason.OTHER and not note:
        reading.errors["note"] = "「そのほか」のときは、メモに理由を書いてください"
