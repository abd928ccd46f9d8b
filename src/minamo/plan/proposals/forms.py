"""The form of a proposal: everything typed is kept, rows are added without script."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from minamo.kernel.identity.api import Section
from minamo.plan.measures.models import Measure
from minamo.plan.revisions.typed import (
    LONGEST_CONTENT,
    LONGEST_TITLE,
    MAX_INDICATORS,
    IndicatorRow,
    NumberRefused,
    Problem,
    check_numbers,
    indicators_from_post,
    number,
    require_text,
    steps_from_post,
    too_long,
)

from . import flow
from .completeness import rows_of
from .models import BprSheet, Proposal
from .services import Facts

TEXTS = (
    "section",
    "title",
    "content",
    "category",
    "goal",
    "initial_cost",
    "yearly_cost",
    "cost_note",
    "business",
    "regularity",
    "core",
    "before_minutes",
    "before_count",
    "before_people",
    "after_minutes",
    "after_count",
    "after_people",
    "outsourcing",
    "digitisation",
    "problems",
    "improvement",
    "measurement",
)
SHEET_TEXTS = (
    "business",
    "regularity",
    "core",
    "outsourcing",
    "digitisation",
    "problems",
    "improvement",
    "measurement",
)
LONG_TEXTS = {
    "cost_note": "費用の説明",
    "outsourcing": "外部化の可能性",
    "digitisation": "デジタル化の可能性",
    "problems": "課題",
    "improvement": "改善策",
    "measurement": "効果のはかり方",
}
LONGEST_TEXT = 2000
LONGEST_ACTOR = 40
FLOWS = {"as_is": "いまの流れ", "to_be": "変えたあとの流れ"}
_MAX_COUNT = 2_000_000_000
_MAX_MINUTES = Decimal(999_999)
_MAX_PEOPLE = 30_000
_MAX_YEN = Decimal(10_000_000_000)


@dataclass(slots=True)
class StepRow:
    """One step of a flow as typed."""

    who: str = ""
    what: str = ""
    minutes: str = ""
    tool: str = ""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed."""
        return not any((self.who, self.what, self.minutes, self.tool))


@dataclass(slots=True)
class TypedProposal:
    """A proposal as typed; `found` are the problems of its inputs."""

    texts: dict[str, str]
    partners: list[str] = field(default_factory=list)
    steps: dict[int, str] = field(default_factory=dict)
    indicators: list[IndicatorRow] = field(default_factory=list)
    flows: dict[str, list[StepRow]] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)


def blank(*, section: str = "") -> TypedProposal:
    """Return an empty form."""
    typed = TypedProposal(texts=dict.fromkeys(TEXTS, ""))
    typed.texts["section"] = section
    typed.indicators = [IndicatorRow()]
    typed.flows = {name: [StepRow(), StepRow(), StepRow()] for name in FLOWS}
    return typed


def from_proposal(proposal: Proposal, sheet: BprSheet) -> TypedProposal:
    """Return a stored proposal as its form shows it."""
    texts = {name: _shown(getattr(sheet, name, "")) for name in TEXTS if hasattr(sheet, name)}
    texts |= {
        "section": proposal.section.code,
        "title": proposal.title,
        "content": proposal.content,
        "category": proposal.category,
        "goal": str(proposal.goal),
        "initial_cost": _shown(proposal.initial_cost_yen),
        "yearly_cost": _shown(proposal.yearly_cost_yen),
        "cost_note": proposal.cost_note,
    }
    stored = {name: [StepRow(**row) for row in getattr(sheet, name)] for name in FLOWS}
    return TypedProposal(
        texts=dict.fromkeys(TEXTS, "") | texts,
        partners=list(proposal.partners),
        steps={int(step["fiscal_year"]): str(step["text"]) for step in proposal.steps},
        indicators=rows_of(proposal) or [IndicatorRow()],
        flows={name: rows or [StepRow()] for name, rows in stored.items()},
    )


def from_post(data: QueryDict, *, years: Sequence[int]) -> TypedProposal:
    """Return what was typed."""
    return TypedProposal(
        texts={name: data.get(name, "").strip() for name in TEXTS},
        partners=list(dict.fromkeys(data.getlist("partners"))),
        steps=steps_from_post(data, years=years),
        indicators=indicators_from_post(data),
        flows={name: _flow_from_post(data, name) for name in FLOWS},
    )


def reshape(typed: TypedProposal, act: str) -> bool:
    """Add, move or take away a row when a button asks for it; return whether one did."""
    verb, _, rest = act.partition(":")
    name, _, place = rest.partition(":")
    rows: list[Any] | None = typed.indicators if name == "indicator" else typed.flows.get(name)
    if verb not in {"add", "remove", "up"} or rows is None:
        return False
    index = int(place) - 1 if place.isdecimal() and len(place) < 4 else -1
    if verb == "add":
        limit = MAX_INDICATORS if name == "indicator" else flow.MAX_STEPS
        if len(rows) < limit:
            rows.append(IndicatorRow() if name == "indicator" else StepRow())
    elif verb == "remove" and 0 <= index < len(rows):
        del rows[index]
    elif verb == "up" and 0 < index < len(rows):
        rows[index - 1], rows[index] = rows[index], rows[index - 1]
    return True


def read(
    typed: TypedProposal, *, goals: Collection[int], sections: Collection[Section]
) -> tuple[Section, Facts] | None:
    """Return the section and what was typed, or None with the reasons in `typed.found`.

    A draft may have gaps; only what is there must be readable. `sections` are those the
    person may propose for.
    """
    texts, found = typed.texts, typed.found
    section = next((each for each in sections if each.code == texts["section"]), None)
    if section is None:
        found.append(Problem("section", "担当課を選んでください"))
    require_text(texts["title"], "title", "件名", LONGEST_TITLE, found)
    if len(texts["content"]) > LONGEST_CONTENT:
        found.append(too_long("content", "内容", LONGEST_CONTENT, texts["content"]))
    if texts["category"] not in Measure.Category.values:
        found.append(Problem("category", "区分を選んでください"))
    if not texts["goal"].isdecimal() or int(texts["goal"]) not in goals:
        found.append(Problem("goal", "重点目標を選んでください"))
    for year, text in typed.steps.items():
        if len(text) > LONGEST_TITLE:
            found.append(too_long(f"step-{year}", "工程", LONGEST_TITLE, text))
    for place, row in enumerate(typed.indicators, start=1):
        check_numbers(row, place, found)
    sheet = _read_sheet(typed)
    initial = _whole(typed, "initial_cost", "はじめの費用", _MAX_YEN)
    yearly = _whole(typed, "yearly_cost", "毎年の費用", _MAX_YEN)
    if found or section is None:
        return None
    facts = Facts(
        title=texts["title"],
        goal=int(texts["goal"]),
        category=texts["category"],
        content=texts["content"],
        partners=tuple(typed.partners),
        steps=tuple({"fiscal_year": y, "text": typed.steps[y]} for y in sorted(typed.steps)),
        indicators=tuple(asdict(row) for row in typed.indicators if not row.is_blank),
        initial_cost_yen=initial,
        yearly_cost_yen=yearly,
        cost_note=texts["cost_note"],
        sheet=sheet,
    )
    return section, facts


def _read_sheet(typed: TypedProposal) -> dict[str, Any]:
    texts, found = typed.texts, typed.found
    if len(texts["business"]) > LONGEST_TITLE:
        found.append(too_long("business", "業務名", LONGEST_TITLE, texts["business"]))
    for name, what in LONG_TEXTS.items():
        if len(texts[name]) > LONGEST_TEXT:
            found.append(too_long(name, what, LONGEST_TEXT, texts[name]))
    sheet: dict[str, Any] = {name: texts[name] for name in SHEET_TEXTS}
    if sheet["regularity"] not in BprSheet.Regularity.values:
        sheet["regularity"] = ""
    if sheet["core"] not in BprSheet.Core.values:
        sheet["core"] = ""
    for when, words in (("before", "いま"), ("after", "変えたあと")):
        sheet[f"{when}_minutes"] = _minutes(typed, f"{when}_minutes", f"{words}の1件あたりの分")
        sheet[f"{when}_count"] = _whole(
            typed, f"{when}_count", f"{words}の年間の件数", Decimal(_MAX_COUNT)
        )
        sheet[f"{when}_people"] = _whole(
            typed, f"{when}_people", f"{words}の人数", Decimal(_MAX_PEOPLE)
        )
    for name, words in FLOWS.items():
        sheet[name] = flow.written(_read_flow(typed, name, words))
    return sheet


def _read_flow(typed: TypedProposal, name: str, words: str) -> list[flow.Step]:
    found = typed.found
    read_steps: list[flow.Step] = []
    for place, row in enumerate(typed.flows.get(name, []), start=1):
        if row.is_blank:
            continue
        start = f"{name}-{place}"
        require_text(
            row.who, f"{start}-who", f"{words}の{place}番の「だれが」", LONGEST_ACTOR, found
        )
        require_text(row.what, f"{start}-what", f"{words}の{place}番の「すること」", 100, found)
        if len(row.tool) > LONGEST_ACTOR:
            found.append(too_long(f"{start}-tool", "使うもの", LONGEST_ACTOR, row.tool))
        minutes = _number(row.minutes, f"{start}-minutes", f"{words}の{place}番の分", found)
        plain = "" if minutes is None else f"{minutes.normalize():f}"
        read_steps.append(flow.Step(row.who, row.what, plain, row.tool))
    if len(flow.actors(read_steps)) > flow.MAX_ACTORS:
        message = f"{words}に出てくる人は{flow.MAX_ACTORS}人（課）までにまとめてください"
        found.append(Problem(f"{name}-1-who", message))
    return read_steps


def _minutes(typed: TypedProposal, name: str, what: str) -> Decimal | None:
    value = _number(typed.texts[name], name, what, typed.found)
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    if value > _MAX_MINUTES or (isinstance(exponent, int) and exponent < -2):
        typed.found.append(
            Problem(name, f"{what}は、{_MAX_MINUTES:,}までの数で、小数第2位まで入れてください")
        )
        return None
    return value


def _whole(typed: TypedProposal, name: str, what: str, largest: Decimal) -> int | None:
    value = _number(typed.texts[name], name, what, typed.found)
    if value is None:
        return None
    if value != value.to_integral_value() or value > largest:
        message = f"{what}は、{int(largest):,}までの整数で入れてください"
        typed.found.append(Problem(name, f"{message}（いまは「{typed.texts[name]}」です）"))
        return None
    return int(value)


def _number(text: str, input_id: str, what: str, found: list[Problem]) -> Decimal | None:
    if not text:
        return None
    try:
        return number(text, what)
    except NumberRefused as refusal:
        found.append(Problem(input_id, str(refusal)))
        return None


def _flow_from_post(data: QueryDict, name: str) -> list[StepRow]:
    text = data.get(f"{name}-count", "0")
    count = min(int(text), flow.MAX_STEPS) if text.isascii() and text.isdigit() else 0
    names = list(asdict(StepRow()))
    return [
        StepRow(**{part: data.get(f"{name}-{i}-{part}", "").strip() for part in names})
        for i in range(1, count + 1)
    ]


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
