"""What the templates of proposals show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from minamo.kernel.audit.api import Entry
from minamo.kernel.calendar.api import fiscal_year_label, wareki_text
from minamo.kernel.identity.api import Section
from minamo.plan.measures import wording
from minamo.plan.measures.models import Goal, Indicator, Measure
from minamo.plan.revisions.presenters import (
    Option,
    by_input,
    indicator_fields,
    step_fields,
    year_options,
)
from minamo.plan.revisions.typed import NumberRefused, number

from . import flow, pictures
from .completeness import rows_of
from .forms import FLOWS, StepRow, TypedProposal
from .models import BprSheet, DecisionRecord, Proposal
from .routes import stages_of
from .rules import Effect, Load, shown

CHIPS = {
    Proposal.State.DRAFT: ("", "edit"),
    Proposal.State.IN_ROUTE: ("info", "arrow"),
    Proposal.State.RETURNED: ("back", "back"),
    Proposal.State.ADOPTED: ("ok", "done"),
    Proposal.State.DECLINED: ("", "stop"),
    Proposal.State.WITHDRAWN: ("", "x"),
}
ACTIONS = {
    "plan.proposal.created": "作成しました",
    "plan.proposal.changed": "内容を直しました",
    "plan.proposal.handed_in": "提出しました",
    "plan.proposal.decided": "決定を記録しました",
    "plan.proposal.withdrawn": "取り下げました",
    "plan.proposal.commented": "意見を書きました",
    "plan.proposal.file_attached": "ファイルをつけました",
    "plan.proposal.file_detached": "ファイルを外しました",
}
_YEARS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a chip."""

    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class RouteItem:
    """One stage on the way, as the timeline shows it."""

    title: str
    time: str
    state: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class FlowField:
    """One step of a flow in the form."""

    place: int
    id: str
    row: StepRow
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FlowForm:
    """One flow in the form."""

    name: str
    title: str
    fields: tuple[FlowField, ...]
    may_add: bool


@dataclass(frozen=True, slots=True)
class FlowView:
    """One flow: drawn wide and narrow, and in words."""

    name: str
    title: str
    steps: tuple[flow.Step, ...]
    wide: pictures.Picture
    narrow: pictures.Picture
    words: str
    minutes: str
    handovers: int


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One line of the table of hours."""

    label: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the proposal in words."""

    label: str
    kind: str
    target: str
    baseline: str
    definition: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act in the proposal's history."""

    at: datetime
    who: str
    what: str
    reason: str


def chip(proposal: Proposal) -> Chip:
    """Return the chip of a proposal's state."""
    tone, icon = CHIPS[Proposal.State(proposal.state)]
    return Chip(proposal.get_state_display(), tone, icon)


def route_items(proposal: Proposal, decisions: Sequence[DecisionRecord]) -> list[RouteItem]:
    """Return the stages with what was decided in this round."""
    handed_in = proposal.round > 0
    first = RouteItem(
        title=f"{proposal.section.name}が作成",
        time=f"{wareki_text(timezone.localdate(proposal.handed_in_at))}に提出"
        if proposal.handed_in_at
        else "",
        state=_state_of_draft(proposal),
        icon="",
        text="",
    )
    this_round = {d.stage_key: d for d in decisions if d.round == proposal.round}
    items = [first]
    for place, stage in enumerate(stages_of(proposal.stages)):
        decision = this_round.get(stage.key) if handed_in else None
        if decision is not None:
            is_bad = decision.outcome in {"return", "decline"}
            items.append(
                RouteItem(
                    title=f"{stage.title}：{decision.get_outcome_display()}",
                    time=wareki_text(decision.held_on),
                    state="done",
                    icon={"return": "back", "decline": "stop"}.get(decision.outcome, ""),
                    text=decision.reason if is_bad else "",
                )
            )
        elif proposal.state == Proposal.State.IN_ROUTE:
            state = "now" if place == proposal.stage else "next"
            items.append(RouteItem(stage.title, "", state, "", ""))
        elif proposal.state in {Proposal.State.RETURNED, Proposal.State.DRAFT}:
            items.append(RouteItem(stage.title, "", "next", "", ""))
    return items


def flow_view(name: str, sheet: BprSheet) -> FlowView:
    """Return one flow of a sheet."""
    steps = flow.read(getattr(sheet, name))
    total = flow.total_minutes(steps)
    return FlowView(
        name=name,
        title=FLOWS[name],
        steps=steps,
        wide=pictures.wide(steps),
        narrow=pictures.narrow(steps),
        words=flow.text(steps),
        minutes="" if total is None else f"{total.normalize():f}分",
        handovers=flow.handovers(steps),
    )


def effect_of(sheet: BprSheet) -> Effect:
    """Return what a sheet's numbers say."""
    return Effect(
        Load(sheet.before_minutes, sheet.before_count, sheet.before_people),
        Load(sheet.after_minutes, sheet.after_count, sheet.after_people),
    )


def effect_rows(effect: Effect) -> list[EffectRow]:
    """Return the table of minutes, cases, hours and person-days."""
    before, after = effect.before, effect.after
    return [
        EffectRow("1件あたりの時間（分）", _amount(before.minutes), _amount(after.minutes), ""),
        EffectRow("年間の件数", _amount(before.count), _amount(after.count), ""),
        EffectRow("担当する人数", _amount(before.people), _amount(after.people), ""),
        EffectRow("1年の時間", shown(before.hours), shown(after.hours), _saved(effect.saved_hours)),
        EffectRow(
            "ひとり分の1年の時間",
            shown(before.hours_per_person),
            shown(after.hours_per_person),
            "",
        ),
        EffectRow("1年の人日（7時間45分で1人日）", "", "", _saved(effect.saved_days)),
    ]


def indicator_lines(proposal: Proposal) -> list[IndicatorLine]:
    """Return the indicators as typed, in words."""
    kinds = dict(Indicator.Kind.choices)
    lines = []
    for row in rows_of(proposal):
        year = f"{fiscal_year_label(int(row.target_year))}末まで" if row.target_year else ""
        target = f"{_grouped(row.target)}{row.unit}" if row.target else "節目"
        baseline = f"{_grouped(row.baseline)}{row.unit}" if row.baseline else ""
        lines.append(
            IndicatorLine(
                label=row.label,
                kind=str(kinds.get(row.kind, "種類は未定")),
                target=f"{target}（{year}）" if year else target,
                baseline=baseline,
                definition=row.definition,
            )
        )
    return lines


def step_lines(proposal: Proposal) -> list[dict[str, str]]:
    """Return the schedule with its years in words."""
    return [
        {"label": fiscal_year_label(int(step["fiscal_year"])), "text": str(step["text"])}
        for step in proposal.steps
    ]


def history_lines(entries: Iterable[Entry]) -> list[HistoryLine]:
    """Return the audit entries of a proposal in words."""
    outcomes = dict(DecisionRecord.Outcome.choices)
    lines = []
    for entry in entries:
        what = ACTIONS.get(entry.action, entry.action)
        if outcome := entry.detail.get("outcome"):
            what = f"「{outcomes.get(outcome, outcome)}」と決めました"
        lines.append(HistoryLine(entry.at, entry.actor_name, what, entry.reason))
    return lines


def form_years(fiscal_year: int, last_fiscal_year: int) -> list[int]:
    """Return the fiscal years a proposal plans for."""
    return list(range(fiscal_year, max(fiscal_year + _YEARS_SHOWN, last_fiscal_year + 2)))


def form_context(
    typed: TypedProposal,
    *,
    years: Sequence[int],
    own: Iterable[Section],
    all_sections: Iterable[Section],
    goals: Iterable[Goal],
) -> dict[str, object]:
    """Return what the form's template needs."""
    errors = by_input(typed.found)
    return {
        "typed": typed,
        "texts": typed.texts,
        "errors": errors,
        "partners_error": errors.get("partners-1", ""),
        "regularity_error": errors.get("regularity-1", ""),
        "core_error": errors.get("core-1", ""),
        "error_list": typed.found,
        "steps": step_fields(typed.steps, years, errors),
        "indicators": indicator_fields(typed.indicators, errors),
        "indicator_count": len(typed.indicators),
        "may_add_indicator": True,
        "flows": [_flow_form(name, typed, errors) for name in FLOWS],
        "own_sections": [(section.code, section.name) for section in own],
        "partner_options": [Option(section.code, section.name) for section in all_sections],
        "goal_options": [(str(goal.number), f"{goal.number} {goal.title}") for goal in goals],
        "categories": Measure.Category.choices,
        "kinds": Indicator.Kind.choices,
        "directions": Indicator.Direction.choices,
        "target_years": year_options(years),
        "baseline_years": year_options(range(min(years) - 6, max(years))),
        "regularities": [Option(v, t) for v, t in BprSheet.Regularity.choices],
        "cores": [Option(v, t) for v, t in BprSheet.Core.choices],
    }


def _flow_form(name: str, typed: TypedProposal, errors: Mapping[str, str]) -> FlowForm:
    rows = typed.flows[name]
    fields = []
    for place, row in enumerate(rows, start=1):
        start = f"{name}-{place}"
        own = {part: errors.get(f"{start}-{part}", "") for part in asdict(row)}
        fields.append(FlowField(place, start, row, own))
    return FlowForm(name, FLOWS[name], tuple(fields), len(rows) < flow.MAX_STEPS)


def _state_of_draft(proposal: Proposal) -> str:
    if proposal.state == Proposal.State.RETURNED:
        return "back"
    return "now" if proposal.state == Proposal.State.DRAFT else "done"


def _amount(value: Decimal | int | None) -> str:
    if isinstance(value, Decimal):
        return wording.number(value)
    return "—" if value is None else f"{value:,}"


def _grouped(text: str) -> str:
    """Return a typed number with commas; the form let no other text through."""
    try:
        return wording.number(number(text, ""))
    except NumberRefused:
        return text


def _saved(value: Decimal | None) -> str:
    if value is None:
        return "—"
    if value == 0:
        return "変わらない"
    return f"{shown(abs(value))} {'減' if value > 0 else '増'}"
