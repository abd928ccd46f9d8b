"""Claim: a form with 500 rules over 700 fields is looked through in 50 ms."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone

from minamo.procedures.api import Procedure
from minamo.procedures.definitions.compile import (
    CompiledProcedure,
    compile_document,
    read_document,
)
from minamo.procedures.definitions.forms import validate_all, visible_pages

from .claims import ROUNDS, Claim, cpu_ms
from .house import House

BAR = 50.0
FIELDS = 700
RULES = 500
TIMES = 5
CODE = "service-start"
_LOGIC = ("rules", "exits", "case", "duplicate_key", "work_orders", "handoff", "workflow", "kpi")


def claims(house: House) -> Iterator[Claim]:
    """Measure which pages show, and a check of every answer."""
    form, now = _large_form(), timezone.now()
    answers = {f"f{number}": "a" for number in range(FIELDS)}
    today = timezone.localdate(now)
    checks: dict[str, Callable[[], object]] = {
        "which pages show": lambda: visible_pages(form, answers, today=today),
        "all answers checked": lambda: validate_all(form, answers, now=now),
    }
    for words, check in checks.items():
        yield Claim(
            name=f"{RULES} rules over {FIELDS} fields, {words}",
            measured=statistics.median(cpu_ms(check, times=TIMES) for _ in range(ROUNDS)),
            unit="ms CPU",
            bar=BAR,
        )


def _large_form() -> CompiledProcedure:
    version = Procedure.objects.select_related("active_version").get(code=CODE).active_version
    assert version is not None
    document = {
        **{key: value for key, value in version.definition.items() if key not in _LOGIC},
        "fields": [_field(number) for number in range(FIELDS)],
        "pages": [_page(number) for number in range(FIELDS // 10)],
        "rules": [_rule(number) for number in range(RULES)],
        "case": {"applicant": ["f0"]},
    }
    return compile_document(read_document(document))


def _field(number: int) -> dict[str, Any]:
    options = [{"value": value, "label": {"ja": value}} for value in ("a", "b")]
    kind = {"kind": "choice", "options": options} if number % 3 else {"kind": "text"}
    return {"key": f"f{number}", "label": {"ja": "項目"}, **kind}


def _page(number: int) -> dict[str, Any]:
    fields = [f"f{field}" for field in range(number * 10, number * 10 + 10)]
    return {"key": f"p{number}", "title": {"ja": f"{number}"}, "fields": fields}


def _rule(number: int) -> dict[str, Any]:
    """Return a rule that looks at three fields and shows or requires a fourth."""
    first, second, third = ({"var": f"f{number + step}"} for step in range(3))
    when = {"or": [{"filled": first}, {"and": [{"filled": second}, {"!": {"empty": third}}]}]}
    then = {"show" if number % 2 else "require": [f"f{number + 150}"]}
    return {"key": f"r{number}", "when": when, "then": [then]}
