"""Claim: twenty fields of a form are written in a millisecond."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.template.loader import get_template
from django.utils import timezone

from minamo.procedures.api import Procedure
from minamo.procedures.definitions.compile import compile_document, read_document
from minamo.procedures.definitions.forms import FieldView, field_views

from .claims import ROUNDS, Claim, cpu_ms
from .house import House

BAR = 1.0
FIELDS = 20
TIMES = 100
CODE = "service-start"
# What a definition holds besides its questions; left out, every question is shown.
_LOGIC = ("rules", "exits", "case", "duplicate_key", "work_orders", "handoff", "workflow", "kpi")


def claims(house: House) -> Iterator[Claim]:
    """Measure a page of text fields; the note tells of questions with several controls each."""
    plain = _views([_text_field(number) for number in range(FIELDS)])
    mixed = _views(_definition()["fields"][:FIELDS])
    controls = sum(len(view.inputs) + len(view.options) for view in mixed)
    yield Claim(
        name=f"template of a page with {len(plain)} fields",
        measured=_milliseconds(plain),
        unit="ms CPU",
        bar=BAR,
        note=f"[the first {len(mixed)} questions of 使用開始 on one page, with {controls} "
        f"controls: {_milliseconds(mixed):.2f} ms]",
    )


def _milliseconds(views: Sequence[FieldView]) -> float:
    write = partial(get_template("definitions/fields.html").render, {"fields": views})
    return statistics.median(cpu_ms(write, times=TIMES) for _ in range(ROUNDS))


def _text_field(number: int) -> dict[str, Any]:
    return {
        "key": f"q{number}",
        "kind": "text",
        "label": {"ja": "項目"},
        "hint": "説明を一行入れます。",
        "required": True,
    }


def _definition() -> Mapping[str, Any]:
    version = Procedure.objects.select_related("active_version").get(code=CODE).active_version
    assert version is not None
    definition: Mapping[str, Any] = version.definition
    return definition


def _views(fields: Sequence[Mapping[str, Any]]) -> list[FieldView]:
    """Put the fields on one page of an otherwise plain procedure, with nothing answered yet."""
    keys = [field["key"] for field in fields]
    document = {
        **{key: value for key, value in _definition().items() if key not in _LOGIC},
        "fields": fields,
        "pages": [{"key": "only", "title": {"ja": "質問"}, "fields": keys}],
        "case": {"applicant": [keys[-1]]},
    }
    compiled = compile_document(read_document(document))
    return field_views(compiled, "only", {}, today=timezone.localdate())
