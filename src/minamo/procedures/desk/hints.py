"""What the machine can check beside the answers: it says what fits and what does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from minamo.kernel.calendar.api import BusinessCalendar
from minamo.kernel.japanese.api import TextRefused, lookup_postal_code
from minamo.kernel.ui.api import exports


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark at an answer; `fits` chooses the mark."""

    text: str
    fits: bool


def hints_for(answers: Mapping[str, object], calendar: BusinessCalendar) -> dict[str, list[Hint]]:
    """Return the remarks by field key."""
    found: dict[str, list[Hint]] = {}
    for key, value in answers.items():
        remarks = [*_postal(value), *_day(value, calendar), *_characters(value)]
        if remarks:
            found[key] = remarks
    return found


def _postal(value: object) -> list[Hint]:
    if not isinstance(value, dict) or not value.get("postal_code"):
        return []
    try:
        towns = lookup_postal_code(str(value["postal_code"]))
    except TextRefused as refused:
        return [Hint(refused.message_ja, fits=False)]
    if not towns:
        return [Hint("この郵便番号は、住所の表にありません", fits=False)]
    typed = f"{value.get('prefecture', '')}{value.get('city', '')}{value.get('town', '')}"
    if any(
        typed.startswith(f"{t.prefecture}{t.city}")
        and str(value.get("town", "")).startswith(t.town)
        for t in towns
    ):
        return [Hint("郵便番号と住所が合っています", fits=True)]
    first = towns[0]
    return [
        Hint(
            f"郵便番号の住所は {first.prefecture}{first.city}{first.town} です。ちがいます",
            fits=False,
        )
    ]


def _day(value: object, calendar: BusinessCalendar) -> list[Hint]:
    if not isinstance(value, str) or len(value) != 10:
        return []
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return []
    closed = calendar.closed_name(day)
    return [Hint(f"この日は休みの日です（{closed}）", fits=False)] if closed else []


def _characters(value: object) -> list[Hint]:
    texts = value.values() if isinstance(value, dict) else [value]
    lost = "".join(exports.degenerate(text)[1] for text in texts if isinstance(text, str))
    if not lost:
        return []
    shown = "、".join(dict.fromkeys(lost))
    return [Hint(f"料金システムへ渡すと〓になる文字があります：{shown}", fits=False)]
