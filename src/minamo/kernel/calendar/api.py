"""What other parts may use of the calendar."""

from .business_days import BusinessCalendar, NeverOpen
from .fiscal import fiscal_year, fiscal_year_label, fiscal_year_period
from .forms import DayField
from .models import Closure
from .national import HolidaysUnknown, national_holiday
from .parsing import parse_date, parse_date_parts
from .queries import (
    add_business_days,
    business_calendar,
    business_days_between,
    closed_name,
    closures,
    earliest_date,
    is_business_day,
    latest_receipt_date,
    next_business_day,
)
from .services import ClosureRefused, add_closure, remove_closure
from .wareki import ERAS, DateRefused, Era, Wareki, to_wareki, wareki_text, weekday_text

__all__ = [
    "ERAS",
    "BusinessCalendar",
    "Closure",
    "ClosureRefused",
    "DateRefused",
    "DayField",
    "Era",
    "HolidaysUnknown",
    "NeverOpen",
    "Wareki",
    "add_business_days",
    "add_closure",
    "business_calendar",
    "business_days_between",
    "closed_name",
    "closures",
    "earliest_date",
    "fiscal_year",
    "fiscal_year_label",
    "fiscal_year_period",
    "is_business_day",
    "latest_receipt_date",
    "national_holiday",
    "next_business_day",
    "parse_date",
    "parse_date_parts",
    "remove_closure",
    "to_wareki",
    "wareki_text",
    "weekday_text",
]
