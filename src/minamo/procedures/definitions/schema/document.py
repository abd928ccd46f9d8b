"""The whole definition document of a procedure."""

from typing import Literal

from pydantic import Field

from minamo.procedures.definitions.kinds.registry import FieldDefinition

from .base import Label, Part, Words
from .rule import Rule
from .settings import (
    CaseFields,
    Exit,
    Handoff,
    Kpi,
    LeadTime,
    Notices,
    Opening,
    Page,
    Retention,
    Workflow,
    WorkOrder,
)

SCHEMA_VERSION = 1


class ProcedureDocument(Part):
    """手続きの定義: everything about a procedure that is not code.

    The same document is the pack's YAML file, the JSON in the database and the export
    for a neighbouring utility.
    """

    kind: Literal["procedure"] = "procedure"
    schema_version: Literal[1] = 1
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,62}$")
    title: Label
    kana: str = Field(default="", max_length=240)
    summary: str = Field(default="", max_length=400)
    audience: Literal["public", "internal", "app", "report"] = "public"
    section: str = Field(min_length=1, max_length=32, description="Code of the section.")
    category: str = Field(default="", max_length=32)
    list_order: int = Field(default=100, ge=0, le=10_000)
    legal_basis: list[str] = Field(default_factory=list)
    reference_letter: str = Field(pattern=r"^[A-Z]$", description="First letter of references.")
    lead: str = Field(default="", max_length=400, description="Sentence under the title.")
    minutes_needed: int = Field(default=5, ge=1, le=120)
    note: str = Field(default="", max_length=400, description="Why this version was made.")
    opening: Opening = Opening()
    fields: list[FieldDefinition] = Field(min_length=1, max_length=1000)
    pages: list[Page] = Field(min_length=1, max_length=100)
    exits: list[Exit] = Field(default_factory=list, max_length=50)
    rules: list[Rule] = Field(default_factory=list, max_length=1000)
    case: CaseFields
    lead_time: LeadTime | None = None
    workflow: Workflow = Workflow()
    notices: Notices = Notices()
    kpi: list[Kpi] = Field(default_factory=list, max_length=10)
    handoff: Handoff | None = None
    work_orders: list[WorkOrder] = Field(default_factory=list, max_length=5)
    duplicate_key: list[str] = Field(
        default_factory=list,
        description="Fields whose equal answers make two cases duplicates; `a|b` takes the first filled.",
    )
    retention: Retention | None = None
    english: dict[Words, Words] | None = Field(
        default=None,
        description="English for sentences that have no `en` of their own, by the Japanese sentence.",
    )
