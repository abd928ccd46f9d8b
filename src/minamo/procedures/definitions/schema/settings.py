"""The parts of a definition that are not questions: dates, work, hand-off, keeping."""

from datetime import datetime, time
from typing import Any, Literal

from pydantic import Field

from .base import Column, Key, Label, Paragraph, Part, Standing, Words


class LeadTime(Part):
    """How early a date must be asked for: whole business days after the day of receipt.

    An application after `cut_off` counts as received on the next business day. The
    calendar is the utility's: weekends, national holidays, 12/29–1/3 and local closures.
    """

    business_days: int = Field(ge=0, le=60)
    cut_off: time = time(17, 0)
    max_days_ahead: int = Field(default=90, ge=1, le=400)
    calendar: Literal["utility"] = "utility"
    standing: Standing = "見本"
    note: str = Field(default="", max_length=400)


class StateLabel(Part):
    """How one state of the workflow is called for applicants and for staff."""

    public: Words
    staff: Words


class Workflow(Part):
    """Due date of the bureau and the words for the states of a case."""

    due_business_days: int = Field(default=3, ge=0, le=120)
    states: dict[
        Literal["submitted", "accepted", "returned", "completed", "rejected", "withdrawn"],
        StateLabel,
    ] = Field(default_factory=dict)


class Notices(Part):
    """Sentences of this procedure inside the mails; empty uses the general words only."""

    received: Paragraph = ""
    completed: Paragraph = ""


class Kpi(Part):
    """Which measure of the plan counts cases of this procedure, and under which metric."""

    measure: str = Field(pattern=r"^[A-Z0-9-]{3,16}$")
    metric: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")


class HandoffColumn(Part):
    """One column of the hand-off CSV: an answer (or a part of it), or a fixed text."""

    header: Column
    field: Key | None = None
    part: str = Field(default="", max_length=32)
    fixed: str = Field(default="", max_length=60)
    form: Literal["plain", "label", "date_compact", "kana_half"] = "plain"


class Handoff(Part):
    """The CSV that the billing system takes over."""

    layout: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    after: Literal["accepted", "completed"] = Field(
        default="completed", description="From which state on a case is handed over."
    )
    standing: Standing = "見本"
    columns: list[HandoffColumn] = Field(min_length=1, max_length=100)


class WorkOrder(Part):
    """A field-work order (開栓/閉栓) that follows from the answers."""

    kind: Literal["open", "close"]
    label: Label
    date: Key
    time_band: Key | None = None
    place: Key
    key_number: Key | None = None
    note: Key | None = None
    when: Any = Field(
        default=None, description="An expression; without it the order is always made."
    )


class Retention(Part):
    """How long a closed case is kept; the years are the utility's document rules."""

    years: int = Field(ge=1, le=30)
    start: Literal["closed", "fiscal_year_end"] = "fiscal_year_end"
    method: Literal["delete", "anonymise"] = "delete"
    standing: Standing = "見本"


class CaseFields(Part):
    """Which answers a case shows outside its form.

    The first filled one of a list counts; of several wanted dates the earliest.
    """

    applicant: list[Key] = Field(min_length=1)
    email: Key | None = None
    phone: Key | None = None
    place: list[Key] = Field(default_factory=list)
    key_number: list[Key] = Field(default_factory=list)
    wanted_date: list[Key] = Field(default_factory=list)


class Link(Part):
    """A link on an exit page."""

    label: Words
    url: str = Field(pattern=r"^(/|https://|tel:)", max_length=400)


class Exit(Part):
    """出口のページ: where the form ends with words on what to do instead."""

    key: Key
    title: Label
    lines: list[Words] = Field(min_length=1)
    links: list[Link] = Field(default_factory=list)


class Page(Part):
    """One question page about one topic."""

    key: Key
    title: Label
    heading: str = Field(default="", max_length=120, description="The question as a headline.")
    lead: str = Field(default="", max_length=400)
    fields: list[Key] = Field(min_length=1)


class Opening(Part):
    """When the version takes applications; the end is hard, even for drafts begun in time."""

    open_from: datetime | None = None
    closes_at: datetime | None = None
