"""Filling in Morioka's procedures page by page, as a browser without script would."""

from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from minamo.procedures.definitions.compile import (
    CompiledProcedure,
    compile_document,
    read_document,
)
from minamo.procedures.definitions.forms import (
    FieldError,
    exit_page,
    field_views,
    read_page,
    visible_pages,
)

from .factories import NOW, TODAY

REPOSITORY = Path(__file__).resolve().parents[5]
FOLDER = REPOSITORY / "packs/morioka/procedures"

PERSON = {
    "user_type": "individual",
    "user_name.family": "小野寺",
    "user_name.given": "はるか",
    "user_name.family_kana": "おのでら",
    "user_name.given_kana": "はるか",
    "phone": "090-0000-4417",
    "email": "haruka.o@example.jp",
    "applicant_is_user": "yes",
    "consent": "yes",
}


def day(key: str, month: int, number: int) -> dict[str, str]:
    """Return the inputs of a date in 令和8年."""
    return {f"{key}.era": "令和", f"{key}.year": "8", f"{key}.month": str(month),
            f"{key}.day": str(number)}  # fmt: skip


def place(key: str, *, code: str = "020-0013", town: str = "愛宕町") -> dict[str, str]:
    """Return the inputs of an address in Morioka."""
    return {f"{key}.postal_code": code, f"{key}.town": town, f"{key}.street": "4-12",
            f"{key}.building": "コーポいずみ 203"}  # fmt: skip


START = {**PERSON, **day("start_date", 12, 1), **place("service_address"),
         "use": "household", "payment": "slip"}  # fmt: skip
STOP = {**PERSON, **day("stop_date", 12, 1), "reason": "vacancy", "tap_number": "0412-3387",
        "settlement": "debit"}  # fmt: skip
MOVE = {**PERSON, "inside_city": "yes", **day("stop_date", 12, 2), **day("start_date", 12, 1),
        "customer_number": "1234-567890", **place("new_address"), "use": "household",
        "payment": "slip", "settlement": "debit"}  # fmt: skip


def load(name: str) -> CompiledProcedure:
    """Return one of Morioka's procedures."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return compile_document(read_document(YAML(typ="safe", pure=True).load(text)))


def walk(
    form: CompiledProcedure, typed: dict[str, str], *, now: datetime = NOW
) -> tuple[dict[str, Any], list[FieldError], list[str]]:
    """Go through all pages; stop at the first error or exit. Return answers, errors and pages.

    Every page is rendered and posted with what its own inputs are called, so that a wrong
    name shows itself as a missing answer.
    """
    answers: dict[str, Any] = {}
    seen: list[str] = []
    while True:
        following = [p.key for p in visible_pages(form, answers, today=TODAY)]
        page_key = next((key for key in following if key not in seen), None)
        if page_key is None:
            return answers, [], seen
        seen.append(page_key)
        for _attempt in range(2):
            views = field_views(form, page_key, answers, today=TODAY)
            names = {i.name for v in views for i in v.inputs} | {v.name for v in views}
            data = {name: [typed[name]] for name in names if name in typed}
            data["_shown"] = [view.key for view in views]
            reading = read_page(form, page_key, data, {}, answers, now=now)
            answers = reading.answers
            if not reading.revealed:
                break
        if reading.errors or exit_page(form, answers, page_key, today=TODAY):
            return answers, reading.errors, seen
