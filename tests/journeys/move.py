"""One family's 転居: what they would type, page by page, whichever browser they use."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from ..robot import Answer, Robot

# Field names as the forms have them; a page takes those it has.
MOVE: Mapping[str, str] = {
    "inside_city": "yes",
    "old_tap_number": "0412-3387",
    "old_address.postal_code": "020-0013",
    "old_address.prefecture": "岩手県",
    "old_address.city": "盛岡市",
    "old_address.town": "愛宕町",
    "old_address.street": "4番12号",
    "old_address.building": "コーポいずみ 203",
    "new_address.postal_code": "020-0114",
    "new_address.prefecture": "岩手県",
    "new_address.city": "盛岡市",
    "new_address.town": "高松",
    "new_address.street": "1番7号",
    "new_address.building": "",
    "use": "household",
    "residents": "3",
    "user_type": "individual",
    "user_name.family": "小野寺",
    "user_name.given": "はるか",
    "user_name.family_kana": "おのでら",
    "user_name.given_kana": "はるか",
    "phone": "090-0000-4417",
    "email": "haruka@residents.example",
    "applicant_is_user": "yes",
    "settlement": "slip",
    "payment": "debit_new",
    "attendance": "no",
    "access_note": "メーターは門の右がわです。",
    "consent": "yes",
}


JAPAN = ZoneInfo("Asia/Tokyo")


def first_working_day(after_days: int = 12) -> date:
    """Return a day well beyond every lead time on which the bureau works."""
    from minamo.kernel.calendar.national import national_holiday

    day = timezone.localdate(timezone.now(), JAPAN) + timedelta(days=after_days)
    while day.weekday() >= 5 or national_holiday(day) or (day.month, day.day) in _YEAR_END:
        day += timedelta(days=1)
    return day


_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def date_values(name: str, day: date) -> dict[str, str]:
    """Return what is typed into a date field, in 令和."""
    return {
        f"{name}.era": "令和",
        f"{name}.year": str(day.year - 2018),
        f"{name}.month": str(day.month),
        f"{name}.day": str(day.day),
    }


def move_values(day: date | None = None) -> dict[str, str]:
    """Return everything typed, with both dates."""
    day = day or first_working_day()
    return {**MOVE, **date_values("stop_date", day), **date_values("start_date", day)}


def walk_to_check(robot: Robot, values: Mapping[str, str]) -> Answer:
    """Go from the start page to the check page, answering each page's questions."""
    page = robot.post(robot.get("/apply/service-move/"))
    for _ in range(25):
        if page.url.rstrip("/").endswith("/check"):
            return page
        names = page.main_form().names()
        page = robot.post(page, {k: v for k, v in values.items() if k in names})
        assert page.status == 200, f"{page.status} on {page.url}:\n{page.text[:3000]}"
    raise AssertionError(f"never came to the check page; stuck on {page.url}")
