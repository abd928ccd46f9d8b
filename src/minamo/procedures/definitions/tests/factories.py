"""Small definitions for tests, and the moment they are asked at."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from minamo.procedures.definitions.compile import (
    CompiledProcedure,
    compile_document,
    read_document,
)
from minamo.procedures.definitions.kinds.base import Circumstances
from minamo.procedures.definitions.kinds.registry import FieldDefinition
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.schema.settings import LeadTime

# A Tuesday, 10:00 in Tokyo; the day before was 勤労感謝の日.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LEAD = LeadTime(business_days=3, max_days_ahead=90)

_ADAPTER: TypeAdapter[FieldSpec] = TypeAdapter(FieldDefinition)
# What a kind cannot do without.
NEEDS: dict[str, dict[str, Any]] = {
    "choice": {"options": [{"value": v, "label": {"ja": v}} for v in ("a", "b", "c")]},
    "choices": {"options": [{"value": v, "label": {"ja": v}} for v in ("a", "b", "c")]},
    "time_band": {"options": [{"value": v, "label": {"ja": v}} for v in ("am", "pm")]},
    "digits": {"masks": ["9999-9999"]},
    "consent": {"statement": "約款に同意します"},
    "guidance": {"lines": ["読んでください"]},
    "computed": {"value": 1},
}


def field(kind: str, key: str = "item", **settings: Any) -> dict[str, Any]:
    """Return a field of a definition."""
    return {"key": key, "kind": kind, "label": {"ja": "項目"}, **NEEDS.get(kind, {}), **settings}


def spec(kind: str, key: str = "item", **settings: Any) -> FieldSpec:
    """Return a parsed field."""
    return _ADAPTER.validate_python(field(kind, key, **settings))


def circumstances(**changes: Any) -> Circumstances:
    """Return the circumstances of a required field, asked now."""
    settings = {"now": NOW, "today": TODAY, "required": True, "lead_time": LEAD} | changes
    return Circumstances(**settings)


def definition(**changes: Any) -> dict[str, Any]:
    """Return the smallest definition: one page that asks for a name."""
    return {
        "kind": "procedure",
        "code": "sample",
        "title": {"ja": "見本の手続き"},
        "section": "keiei",
        "reference_letter": "X",
        "fields": [field("text", "who", required=True)],
        "pages": [{"key": "first", "title": {"ja": "はじめ"}, "fields": ["who"]}],
        "case": {"applicant": ["who"]},
        **changes,
    }


def compiled(**changes: Any) -> CompiledProcedure:
    """Return a compiled definition."""
    return compile_document(read_document(definition(**changes)))


def page(key: str, *fields: str) -> dict[str, Any]:
    """Return a page of a definition."""
    return {"key": key, "title": {"ja": key}, "fields": list(fields)}


def rule(key: str, when: object, *then: dict[str, Any]) -> dict[str, Any]:
    """Return a rule of a definition."""
    return {"key": key, "when": when, "then": list(then)}
