"""The verbs of a revision: start, change, take back, rebase, publish, withdraw.

Every verb asks for the permission, locks the draft and writes its audit entry in one
transaction; the plan itself is written by `measures.services.publish_version` only.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import JSON, record
from minamo.kernel.identity.api import User, actor_for, may, require
from minamo.kernel.packs.api import DocumentRefused
from minamo.plan.measures.models import Plan, PlanVersion
from minamo.plan.measures.schemas import MeasureDocument, PlanDocument
from minamo.plan.measures.services import newest_version, publish_version

from . import comparison, drafting
from .models import Addition, Revision

EDIT = "plan.revision.edit"
# A month further ahead than this is a slip of the hand.
MONTHS_AHEAD = 12
LONGEST_REASON = 400


class RevisionRefused(Exception):
    """A revision cannot go on like this; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class RevisionMoved(RevisionRefused):
    """Somebody else changed the draft since this page was shown."""

    def __init__(self) -> None:
        super().__init__(
            "plan.revision.moved",
            "ほかの人が先に保存しました。入力した内容は残っています。"
            "最新の改定案を確かめてから、もう一度保存してください。",
        )


def start_revision(*, plan: Plan, by: User) -> Revision:
    """Start a draft from the newest version; an open draft is returned as it is.

    Raises: Refused; RevisionRefused while the plan has no version with a document.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        Plan.objects.select_for_update().get(pk=plan.pk)
        return _open_draft(plan, by=by)


def next_measure_code(*, plan: Plan, fiscal_year: int, goal: int) -> str:
    """Return the next free code of a fiscal year and goal in the next version, e.g. R8-1-3.

    Call it in the transaction that adds the measure: it keeps other writers waiting.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    draft = Revision.objects.filter(plan=plan, state=Revision.State.DRAFT).first()
    version = newest_version(plan)
    data = draft.document if draft else version.document if version else None
    codes = [measure.code for measure in document_of(data).measures] if data else []
    codes += plan.measures.values_list("code", flat=True)
    return drafting.next_code(codes, fiscal_year=fiscal_year, goal=goal)


def add_measure_to_next_version(
    *, plan: Plan, measure: MeasureDocument, by: User, reason: str
) -> Revision:
    """Put an adopted measure into the draft of the next version, started when there is none.

    The measure's `since` becomes the next version. Raises: Refused, RevisionRefused.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        Plan.objects.select_for_update().get(pk=plan.pk)
        draft = _locked(_open_draft(plan, by=by), None)
        return _add(draft, measure, by=by, reason=reason, is_adopted=True)


def add_measure(
    *,
    revision: Revision,
    measure: MeasureDocument,
    by: User,
    reason: str = "",
    expected_version: int | None = None,
) -> Revision:
    """Add a measure by hand.

    Raises: Refused, RevisionMoved, RevisionRefused.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        draft = _locked(revision, expected_version)
        return _add(draft, measure, by=by, reason=reason, is_adopted=False)


def change_measure(
    *,
    revision: Revision,
    measure: MeasureDocument,
    by: User,
    expected_version: int | None = None,
) -> Revision:
    """Write a measure as it shall read in the next version.

    Raises: Refused, RevisionMoved, RevisionRefused.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        draft = _locked(revision, expected_version)
        document = document_of(draft.document)
        before = drafting.find(document, measure.code)
        if before is None:
            raise _unknown(measure.code)
        if before == measure:
            return draft
        changed = comparison.measure_differences(before, measure)
        detail: dict[str, JSON] = {
            "code": measure.code,
            "fields": sorted({difference.field.name.lower() for difference in changed}),
        }
        _save(draft, drafting.with_measure(document, measure), by=by)
        record(
            actor=actor_for(by),
            action="plan.revision.measure_changed",
            subject=draft.subject,
            detail=detail,
        )
    return draft


def take_back(
    *,
    revision: Revision,
    code: str,
    by: User,
    reason: str = "",
    expected_version: int | None = None,
) -> Revision:
    """Bring one measure back to how the base version has it; an added one goes again.

    Raises: Refused, RevisionMoved, RevisionRefused (an adopted measure needs a reason).
    """
    with transaction.atomic():
        require(may(by, EDIT))
        draft = _locked(revision, expected_version)
        addition = draft.additions.filter(code=code, is_taken_back=False).first()
        if addition and addition.is_adopted and not reason.strip():
            raise RevisionRefused(
                "plan.revision.reason_missing",
                f"{code} は会議で採用された施策です。外す理由を書いてください。",
            )
        try:
            document = drafting.taken_back(
                document_of(draft.document), document_of(draft.base_document), code
            )
        except KeyError as error:
            raise _unknown(code) from error
        if addition:
            addition.is_taken_back = True
            addition.save(update_fields=["is_taken_back"])
        _save(draft, document, by=by)
        record(
            actor=actor_for(by),
            action="plan.revision.change_taken_back",
            subject=draft.subject,
            detail={"code": code},
            reason=reason.strip(),
        )
    return draft


def rebase(
    *, revision: Revision, by: User, expected_version: int | None = None
) -> drafting.Rebased:
    """Carry the draft over to the version that was published meanwhile.

    Raises: Refused, RevisionMoved, RevisionRefused.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        Plan.objects.select_for_update().get(pk=revision.plan_id)
        draft = _locked(revision, expected_version)
        newest = _newest(draft.plan)
        newest_document = document_of(newest.document)
        result = drafting.rebased(
            document_of(draft.document),
            key=draft.key,
            base=document_of(draft.base_document),
            newest=newest_document,
            month=_next_month(newest_document),
        )
        for old, new in result.renumbered.items():
            draft.additions.filter(code=old, is_taken_back=False).update(code=new)
        old_base = draft.base_key
        draft.base_key, draft.base_document = newest.key, newest.document
        draft.key = drafting.version_key(_next_month(newest_document))
        _save(draft, result.document, "base_key", "base_document", "key", by=by)
        record(
            actor=actor_for(by),
            action="plan.revision.rebased",
            subject=draft.subject,
            detail={"from": old_base, "to": newest.key, "both": list(result.both)},
        )
    return result


def publish(
    *,
    revision: Revision,
    month: date,
    reason: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> PlanVersion:
    """Make the draft the plan's newest version, all of it or nothing.

    Raises: Refused, RevisionMoved, RevisionRefused.
    """
    with transaction.atomic():
        require(may(by, EDIT))
        Plan.objects.select_for_update().get(pk=revision.plan_id)
        draft = _locked(revision, expected_version)
        document = document_of(draft.document)
        _refuse_unready(draft, document, month=month, reason=reason, on=timezone.localdate(at))
        document = drafting.dated(document, key=draft.key, month=month)
        draft.key = drafting.version_key(month)
        try:
            version = publish_version(
                document=document, key=draft.key, reason=reason.strip(), by=actor_for(by), at=at
            )
        except DocumentRefused as refusal:
            raise RevisionRefused("plan.revision.refused", refusal.reason) from refusal
        draft.version, draft.state, draft.closed_at = version, Revision.State.PUBLISHED, at
        draft.closing_reason = reason.strip()
        fields = ("version", "state", "closed_at", "closing_reason", "key")
        _save(draft, document, *fields, by=by)
        record(
            actor=actor_for(by),
            action="plan.revision.published",
            subject=draft.subject,
            detail={"version": version.key, "base": draft.base_key},
            reason=reason.strip(),
        )
    return version


def withdraw(
    *,
    revision: Revision,
    reason: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> Revision:
    """Give a draft up; it stays readable.

    Raises: Refused, RevisionMoved, RevisionRefused (no reason; adopted measures in it).
    """
    with transaction.atomic():
        require(may(by, EDIT))
        draft = _locked(revision, expected_version)
        if not reason.strip():
            raise RevisionRefused(
                "plan.revision.reason_missing", "取り下げる理由を書いてください。"
            )
        adopted = draft.additions.filter(is_adopted=True, is_taken_back=False)
        if codes := list(adopted.values_list("code", flat=True)):
            raise RevisionRefused(
                "plan.revision.has_adopted",
                f"会議で採用された施策 {'、'.join(codes)} が入っているため、取り下げられません。"
                "ほかの変更だけをやめるときは、施策ごとに「もとに戻す」を押してください。",
            )
        draft.state, draft.closed_at = Revision.State.WITHDRAWN, at
        draft.closing_reason = reason.strip()[:400]
        document = document_of(draft.document)
        _save(draft, document, "state", "closed_at", "closing_reason", by=by)
        record(
            actor=actor_for(by),
            action="plan.revision.withdrawn",
            subject=draft.subject,
            reason=reason.strip(),
        )
    return draft


def document_of(data: object) -> PlanDocument:
    """Read a stored document."""
    return PlanDocument.model_validate(data)


def is_stale(revision: Revision) -> bool:
    """Return whether another text became the newest version since the draft was started."""
    newest = newest_version(revision.plan)
    return newest is not None and (
        newest.key != revision.base_key
        or document_of(newest.document) != document_of(revision.base_document)
    )


def _open_draft(plan: Plan, *, by: User) -> Revision:
    present = Revision.objects.filter(plan=plan, state=Revision.State.DRAFT).first()
    if present is not None:
        return present
    newest = _newest(plan)
    document = document_of(newest.document)
    month = _next_month(document)
    draft = Revision.objects.create(
        plan=plan,
        base_key=newest.key,
        base_document=newest.document,
        key=drafting.version_key(month),
        document=drafting.with_version(document, month=month).model_dump(mode="json"),
        created_by=by.display_name,
        changed_by=by.display_name,
    )
    record(
        actor=actor_for(by),
        action="plan.revision.started",
        subject=draft.subject,
        detail={"base": newest.key},
    )
    return draft


def _newest(plan: Plan) -> PlanVersion:
    newest = newest_version(plan)
    if newest is None or not newest.document:
        raise RevisionRefused(
            "plan.revision.no_document",
            "もとにする版の文書がありません。計画のパックを読み込み直してください。",
        )
    return newest


def _next_month(document: PlanDocument) -> date:
    """Return this month, or the one after the newest version when that is later."""
    today = timezone.localdate()
    return max(
        date(today.year, today.month, 1), drafting.month_after(drafting.newest_month(document))
    )


def _locked(revision: Revision, expected_version: int | None) -> Revision:
    draft = (
        Revision.objects.select_for_update(of=("self",)).select_related("plan").get(pk=revision.pk)
    )
    if draft.state != Revision.State.DRAFT:
        raise RevisionRefused(
            "plan.revision.closed",
            f"この改定案は{draft.get_state_display()}です。もう変えられません。",
        )
    if expected_version is not None and draft.lock_version != expected_version:
        raise RevisionMoved
    return draft


def _save(draft: Revision, document: PlanDocument, *fields: str, by: User) -> None:
    draft.document = document.model_dump(mode="json")
    draft.changed_at, draft.changed_by = timezone.now(), by.display_name
    draft.lock_version += 1
    draft.save(update_fields=["document", "changed_at", "changed_by", "lock_version", *fields])


def _add(
    draft: Revision, measure: MeasureDocument, *, by: User, reason: str, is_adopted: bool
) -> Revision:
    added = measure.model_copy(update={"since": draft.key})
    try:
        document = drafting.with_new_measure(document_of(draft.document), added)
    except drafting.CodeTaken as error:
        raise RevisionRefused(
            "plan.revision.code_taken",
            f"番号 {measure.code} は、もう使われています。ほかの番号にしてください。",
        ) from error
    Addition.objects.create(
        revision=draft,
        code=measure.code,
        reason=reason.strip()[:400],
        is_adopted=is_adopted,
        added_by=by.display_name,
    )
    _save(draft, document, by=by)
    record(
        actor=actor_for(by),
        action="plan.revision.measure_added",
        subject=draft.subject,
        detail={"code": measure.code, "adopted": is_adopted},
        reason=reason.strip(),
    )
    return draft


def _refuse_unready(
    draft: Revision, document: PlanDocument, *, month: date, reason: str, on: date
) -> None:
    """Refuse to publish what is stale, empty, without reason, or dated wrongly."""
    base = document_of(draft.base_document)
    if is_stale(draft):
        raise RevisionRefused(
            "plan.revision.stale",
            "この改定案のもとの版より新しい版が公開されています。"
            "「新しい版に合わせる」を押し、変更を確かめてから公開してください。",
        )
    if not comparison.differences(base, document):
        raise RevisionRefused("plan.revision.empty", "もとの版から変わったところがありません。")
    if not reason.strip():
        raise RevisionRefused("plan.revision.reason_missing", "改定の理由を書いてください。")
    if len(reason.strip()) > LONGEST_REASON:
        raise RevisionRefused(
            "plan.revision.reason_long",
            f"改定の理由は{LONGEST_REASON}文字までで入れてください"
            f"（いまは{len(reason.strip())}文字です）。",
        )
    if month <= drafting.newest_month(base):
        raise RevisionRefused(
            "plan.revision.month_early",
            f"改定の年月は、いまの版（{draft.base_key}）より後の月にしてください。",
        )
    ahead = (month.year - on.year) * 12 + month.month - on.month
    if ahead > MONTHS_AHEAD:
        raise RevisionRefused(
            "plan.revision.month_late", "改定の年月が1年より先です。年と月を確かめてください。"
        )


def _unknown(code: str) -> RevisionRefused:
    return RevisionRefused(
        "plan.revision.unknown_measure", f"施策 {code} は、この改定案にありません。"
    )
