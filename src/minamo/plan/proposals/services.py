"""The verbs of a proposal: written, handed in, decided stage by stage, adopted or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import JSON, record
from minamo.kernel.calendar.api import fiscal_year, to_wareki
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import Section, User, actor_for, may, require
from minamo.plan.measures.models import Plan
from minamo.plan.revisions.models import Addition
from minamo.plan.revisions.services import (
    RevisionRefused,
    add_measure_to_next_version,
    next_measure_code,
)
from minamo.plan.revisions.typed import Problem

from . import notices
from .completeness import measure_of, missing
from .models import Attachment, BprSheet, Comment, DecisionRecord, Proposal
from .policies import WRITE, can_comment, can_decide, can_withdraw, can_write, stage_of
from .routes import current_route

Outcome = DecisionRecord.Outcome
MAX_ATTACHMENTS = 20
LONGEST_COMMENT = 2000


class ProposalRefused(Exception):
    """A proposal cannot go on like this; the message says what to do."""

    def __init__(self, code: str, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = tuple(problems)


class ProposalMoved(ProposalRefused):
    """Somebody else changed the proposal since this page was shown."""

    def __init__(self) -> None:
        super().__init__(
            "plan.proposal.moved",
            "ほかの人が先に保存しました。入力した内容は残っています。"
            "最新の内容を確かめてから、もう一度進めてください。",
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form of a proposal holds."""

    title: str
    goal: int
    category: str
    content: str = ""
    partners: tuple[str, ...] = ()
    steps: tuple[dict[str, Any], ...] = ()
    indicators: tuple[dict[str, str], ...] = ()
    initial_cost_yen: int | None = None
    yearly_cost_yen: int | None = None
    cost_note: str = ""
    # The fields of `BprSheet` by name.
    sheet: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a stage decided."""

    outcome: DecisionRecord.Outcome
    held_on: date
    body: str
    attendees: str = ""
    reason: str = ""


def create_proposal(*, plan: Plan, section: Section, facts: Facts, by: User) -> Proposal:
    """Begin a proposal for a section.

    Raises: Refused.
    """
    with transaction.atomic():
        require(may(by, WRITE, section=section))
        Plan.objects.select_for_update().get(pk=plan.pk)
        year = fiscal_year(timezone.localdate())
        proposal = Proposal(
            plan=plan,
            number=_next_number(year),
            fiscal_year=year,
            section=section,
            created_by=by,
        )
        _fill(proposal, facts)
        proposal.save(force_insert=True)
        BprSheet.objects.create(proposal=proposal, **facts.sheet)
        _record(proposal, "plan.proposal.created", by)
    return proposal


def change_proposal(
    *, proposal: Proposal, facts: Facts, by: User, expected_version: int | None = None
) -> Proposal:
    """Write what the section typed while the proposal is in its hands.

    Raises: Refused, ProposalMoved.
    """
    with transaction.atomic():
        current = _locked(proposal, expected_version)
        require(can_write(by, current))
        _fill(current, facts)
        BprSheet.objects.update_or_create(proposal=current, defaults=dict(facts.sheet))
        _save(current)
        _record(current, "plan.proposal.changed", by)
    return current


def hand_in(
    *, proposal: Proposal, by: User, at: datetime, expected_version: int | None = None
) -> Proposal:
    """Send a complete proposal onto its way; the first stage is told.

    Raises: Refused, ProposalMoved, ProposalRefused (incomplete, with the places; no route).
    """
    with transaction.atomic():
        current = _locked(proposal, expected_version)
        require(can_write(by, current))
        if gaps := missing(current):
            raise ProposalRefused(
                "plan.proposal.incomplete",
                "まだ書いていないところがあります。書いてから提出してください。",
                gaps,
            )
        route = current_route()
        if route is None:
            raise ProposalRefused(
                "plan.proposal.no_route",
                "審議の流れが読み込まれていません。パックに plan-route.yaml を入れて、"
                "読み込んでもらってください。",
            )
        current.stages, current.stage = route.stages, 0
        current.state = Proposal.State.IN_ROUTE
        current.round += 1
        current.handed_in_at = at
        _save(current)
        _record(current, "plan.proposal.handed_in", by, {"round": current.round})
        notices.tell_stage(current)
    return current


def decide(
    *,
    proposal: Proposal,
    ruling: Ruling,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Proposal:
    """Write down a stage's decision and move the proposal on, back, or to its end.

    Adoption puts the measure into the draft of the plan's next version, in the same
    transaction. Raises: Refused, ProposalMoved, ProposalRefused.
    """
    with transaction.atomic():
        # The plan first, in every verb that may write both: no two wait for each other.
        Plan.objects.select_for_update().get(pk=proposal.plan_id)
        current = _locked(proposal, expected_version)
        require(can_decide(by, current))
        _refuse_ruling(current, ruling, on=timezone.localdate(at))
        decision = _write_decision(current, ruling, by=by, at=at)
        if ruling.outcome is Outcome.FORWARD:
            current.stage += 1
        elif ruling.outcome is Outcome.RETURN:
            current.state = Proposal.State.RETURNED
        elif ruling.outcome is Outcome.DECLINE:
            current.state, current.closed_at = Proposal.State.DECLINED, at
        else:
            _adopt(current, ruling, by=by, at=at)
        _save(current)
        _record(
            current,
            "plan.proposal.decided",
            by,
            {"stage": decision.stage_key, "outcome": decision.outcome, "round": decision.round},
            reason=ruling.reason,
        )
        if ruling.outcome is Outcome.FORWARD:
            notices.tell_stage(current)
        else:
            notices.tell_outcome(current, decision)
    return current


def withdraw(
    *,
    proposal: Proposal,
    reason: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Proposal:
    """Take a proposal back; it stays readable.

    Raises: Refused, ProposalMoved, ProposalRefused without a reason.
    """
    with transaction.atomic():
        current = _locked(proposal, expected_version)
        require(can_withdraw(by, current))
        if not reason.strip():
            raise ProposalRefused(
                "plan.proposal.reason_missing",
                "取り下げる理由を書いてください。",
                [Problem("withdraw-reason", "取り下げる理由を書いてください")],
            )
        current.state, current.closed_at = Proposal.State.WITHDRAWN, at
        _save(current)
        _record(current, "plan.proposal.withdrawn", by, reason=reason.strip())
    return current


def comment(*, proposal: Proposal, body: str, by: User, at: datetime) -> Comment:
    """Write something beside the proposal, at whatever stage it is.

    Raises: Refused, ProposalRefused for text that is missing or too long.
    """
    with transaction.atomic():
        current = _locked(proposal, None)
        require(can_comment(by, current))
        text = body.strip()
        if not text or len(text) > LONGEST_COMMENT:
            message = (
                f"意見は{LONGEST_COMMENT}文字までで入れてください（いまは{len(text)}文字です）"
                if text
                else "意見を入れてください"
            )
            raise ProposalRefused("plan.proposal.comment", message, [Problem("comment", message)])
        stage = stage_of(current)
        written = Comment.objects.create(
            proposal=current,
            stage_title=stage.title if stage else current.get_state_display(),
            body=text,
            written_by=by,
            written_at=at,
        )
        _record(current, "plan.proposal.commented", by)
        notices.tell_comment(current, written)
    return written


def attach(
    *, proposal: Proposal, upload: "UploadedFile[Any]", by: User, at: datetime
) -> Attachment:
    """Keep a file beside the proposal.

    Raises: Refused, ProposalRefused when there are too many, files.UploadRefused.
    """
    with transaction.atomic():
        current = _locked(proposal, None)
        require(can_comment(by, current))
        if current.attachments.count() >= MAX_ATTACHMENTS:
            message = f"添付は{MAX_ATTACHMENTS}個までです。いらないものを外してください"
            raise ProposalRefused("plan.proposal.files", message, [Problem("file", message)])
        stored = files.store(upload=upload, purpose="plan.proposal", by=actor_for(by))
        attachment = Attachment.objects.create(
            proposal=current, file_uuid=stored.uuid, added_by=by, added_at=at
        )
        _record(current, "plan.proposal.file_attached", by, {"file": str(stored.uuid)})
    return attachment


def detach(*, proposal: Proposal, file_uuid: UUID, by: User) -> None:
    """Take a file off again; whoever attached it may, and the section while it edits.

    Raises: Refused, ProposalRefused.
    """
    with transaction.atomic():
        current = _locked(proposal, None)
        attachment = current.attachments.filter(file_uuid=file_uuid).first()
        if attachment is None:
            return
        require(can_comment(by, current))
        if attachment.added_by_id != by.pk:
            require(can_write(by, current))
        attachment.delete()
        stored = files.StoredFile.objects.filter(uuid=file_uuid).first()
        if stored is not None:
            files.delete(file=stored, by=actor_for(by), reason="提案から外した")
        _record(current, "plan.proposal.file_detached", by, {"file": str(file_uuid)})


def _adopt(current: Proposal, ruling: Ruling, *, by: User, at: datetime) -> None:
    code = next_measure_code(plan=current.plan, fiscal_year=current.fiscal_year, goal=current.goal)
    reason = f"{current.number}の採用（{ruling.body}）"
    try:
        revision = add_measure_to_next_version(
            plan=current.plan, measure=measure_of(current, code=code), by=by, reason=reason
        )
    except RevisionRefused as refusal:
        raise ProposalRefused(refusal.code, refusal.message) from refusal
    current.addition = Addition.objects.get(revision=revision, code=code, is_taken_back=False)
    current.state, current.closed_at = Proposal.State.ADOPTED, at


def _refuse_ruling(current: Proposal, ruling: Ruling, *, on: date) -> None:
    """Refuse what the stage cannot decide, or what would be no record."""
    stage = stage_of(current)
    is_last = current.stage == len(current.stages) - 1
    problems: list[Problem] = []
    if (ruling.outcome is Outcome.ADOPT) != is_last and ruling.outcome in {
        Outcome.ADOPT,
        Outcome.FORWARD,
    }:
        word = "「採用する」か「見送る」を" if is_last else "「次へ進める」を"
        problems.append(Problem("outcome-1", f"この段階では、{word}選んでください"))
    if ruling.held_on > on:
        problems.append(Problem("held_on", "日付が先の日です。決まった日を入れてください"))
    if not ruling.body.strip():
        problems.append(Problem("body", "会議か決めた人の名前を入れてください"))
    if stage and stage.is_meeting and not ruling.attendees.strip():
        problems.append(Problem("attendees", "出席した人を入れてください"))
    if ruling.outcome in {Outcome.RETURN, Outcome.DECLINE} and not ruling.reason.strip():
        word = "差し戻す" if ruling.outcome is Outcome.RETURN else "見送る"
        problems.append(Problem("reason", f"{word}理由を書いてください"))
    if problems:
        raise ProposalRefused("plan.proposal.ruling", problems[0].message, problems)


def _write_decision(current: Proposal, ruling: Ruling, *, by: User, at: datetime) -> DecisionRecord:
    stage = stage_of(current)
    assert stage is not None  # noqa: S101 (can_decide refused everything without a stage)
    return DecisionRecord.objects.create(
        proposal=current,
        round=current.round,
        stage_key=stage.key,
        stage_title=stage.title,
        outcome=ruling.outcome,
        held_on=ruling.held_on,
        body=ruling.body.strip(),
        attendees=ruling.attendees.strip(),
        reason=ruling.reason.strip(),
        recorded_by=by,
        recorded_at=at,
    )


def _fill(proposal: Proposal, facts: Facts) -> None:
    for name in ("title", "goal", "category", "content", "cost_note"):
        setattr(proposal, name, getattr(facts, name))
    proposal.partners = [code for code in facts.partners if code != proposal.section.code]
    proposal.steps, proposal.indicators = list(facts.steps), list(facts.indicators)
    proposal.initial_cost_yen = facts.initial_cost_yen
    proposal.yearly_cost_yen = facts.yearly_cost_yen


def _next_number(year: int) -> str:
    start = f"R{to_wareki(date(year, 5, 1)).year}-提案"
    numbers = Proposal.objects.filter(fiscal_year=year).values_list("number", flat=True)
    taken = [int(number.removeprefix(start)) for number in numbers]
    return f"{start}{max(taken, default=0) + 1}"


def _locked(proposal: Proposal, expected_version: int | None) -> Proposal:
    current = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("plan", "section", "created_by")
        .get(pk=proposal.pk)
    )
    if expected_version is not None and current.lock_version != expected_version:
        raise ProposalMoved
    return current


def _save(proposal: Proposal) -> None:
    proposal.changed_at = timezone.now()
    proposal.lock_version += 1
    proposal.save()


def _record(
    proposal: Proposal,
    action: str,
    by: User,
    detail: Mapping[str, JSON] | None = None,
    *,
    reason: str = "",
) -> None:
    record(
        actor=actor_for(by),
        action=action,
        subject=proposal.subject,
        detail={"number": proposal.number, **(detail or {})},
        reason=reason,
    )
