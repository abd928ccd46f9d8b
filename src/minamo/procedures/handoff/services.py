"""The verbs of the hand-off: make the next batches, take the newest back, give the file again."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import Section, User, actor_for, require

from ..cases.models import Case
from ..definitions.forms import compile_version, handoff_row
from . import layout as files
from .models import Batch, BatchItem
from .policies import can_make
from .queries import layouts, newest_of, waiting_cases

# One file is checked by a person on the other side; larger ones go in several batches.
MAX_CASES = 2000


class HandoffRefused(Exception):
    """The act cannot be done; `message` says why in Japanese."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class FileChanged(Exception):
    """The file would not be the one that was handed over; nothing is given out."""

    code = "procedures.handoff.file_changed"
    message = "このファイルは、作ったときと同じ中身になりません。渡さずに、システム管理者に知らせてください。"


def make_batches(*, section: Section, layout: str, by: User, at: datetime) -> list[Batch]:
    """Put every waiting case of a layout into batches; with nothing waiting, none is made.

    Cases whose definitions have other columns go into a batch of their own, so that a
    file never mixes layouts. Two people pressing at once: the second finds nothing.

    Raises: Refused, HandoffRefused for an unknown layout.
    """
    require(can_make(by, section))
    procedures = layouts().get(layout)
    if procedures is None:
        raise HandoffRefused(
            "procedures.handoff.unknown_layout",
            "この形式の引き渡しは、いまの手続きにはありません。一覧から選びなおしてください。",
        )
    with transaction.atomic():
        # The section's row orders the makers; without it PostgreSQL lets two read the same cases.
        Section.objects.select_for_update().get(pk=section.pk)
        groups: dict[tuple[str, ...], list[tuple[Case, files.Line]]] = {}
        for case in waiting_cases(section, procedures)[:MAX_CASES]:
            line = _line(case)
            groups.setdefault(line.headers, []).append((case, line))
        return [_make(section, layout, members, by=by, at=at) for members in groups.values()]


def cancel_batch(*, batch: Batch, by: User, at: datetime, reason: str) -> Batch:
    """Take the newest batch back; its cases wait for the next one again.

    Raises: Refused; HandoffRefused when a newer batch exists, it is cancelled already,
    or the reason is missing.
    """
    require(can_make(by, batch.section))
    if not reason.strip():
        raise HandoffRefused(
            "procedures.handoff.no_reason", "取り消す理由を書いてください。記録に残ります"
        )
    with transaction.atomic():
        current = (
            Batch.objects.select_for_update(of=("self",)).select_related("section").get(pk=batch.pk)
        )
        _refuse_unless_newest(current)
        current.cancelled_at, current.cancelled_by = at, by
        current.cancel_reason = reason.strip()[:200]
        current.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
        current.items.update(is_active=False)
        record(
            actor=actor_for(by),
            action="procedures.handoff.cancelled",
            subject=current.subject,
            detail={"batch": str(current), "cases": current.case_count},
            reason=current.cancel_reason,
        )
        _note_on_cases(current, "procedures.case.handoff_cancelled", by=by)
    return current


def batch_file(*, batch: Batch, encoding: str, by: User, at: datetime) -> bytes:
    """Return the file exactly as it was made, and keep who took it.

    Raises: Refused; FileChanged when the bytes differ from the kept hash.
    """
    require(can_make(by, batch.section))
    data = files.encoded(batch.content, encoding)
    kept = batch.utf8_sha256 if encoding == files.UTF8 else batch.cp932_sha256
    if files.digest(data) != kept:
        raise FileChanged(str(batch))
    with transaction.atomic():
        record(
            actor=actor_for(by),
            action="procedures.handoff.downloaded",
            subject=batch.subject,
            detail={"encoding": encoding, "sha256": kept, "cases": batch.case_count},
        )
    return data


def _line(case: Case) -> files.Line:
    pairs = handoff_row(compile_version(case.version), case.answers)
    fixed = [("受付番号", case.reference)] if "受付番号" not in dict(pairs) else []
    return files.Line(reference=case.reference, pairs=[*fixed, *pairs])


def _make(
    section: Section,
    layout: str,
    members: list[tuple[Case, files.Line]],
    *,
    by: User,
    at: datetime,
) -> Batch:
    lines = [line for _, line in members]
    content = files.csv_text(lines)
    losses = files.losses_of(lines)
    batch = Batch.objects.create(
        section=section,
        layout=layout,
        number=_next_number(section, layout),
        content=content,
        losses=[asdict(loss) for loss in losses],
        loss_count=len(losses),
        case_count=len(members),
        utf8_sha256=files.digest(files.encoded(content, files.UTF8)),
        cp932_sha256=files.digest(files.encoded(content, files.CP932)),
        made_at=at,
        made_by=by,
    )
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, case=case, position=position)
        for position, (case, _) in enumerate(members, start=1)
    )
    record(
        actor=actor_for(by),
        action="procedures.handoff.made",
        subject=batch.subject,
        detail={
            "batch": str(batch),
            "cases": len(members),
            "losses": len(losses),
            "utf8_sha256": batch.utf8_sha256,
            "cp932_sha256": batch.cp932_sha256,
        },
    )
    _note_on_cases(batch, "procedures.case.handed_over", by=by)
    return batch


def _note_on_cases(batch: Batch, action: str, *, by: User) -> None:
    """Write the act into the history of every case of the batch."""
    for item in batch.items.select_related("case").order_by("position"):
        record(
            actor=actor_for(by),
            action=action,
            subject=item.case.subject,
            detail={"batch": str(batch), "position": item.position},
        )


def _next_number(section: Section, layout: str) -> int:
    highest = Batch.objects.filter(section=section, layout=layout).aggregate(n=Max("number"))["n"]
    return (highest or 0) + 1


def _refuse_unless_newest(batch: Batch) -> None:
    if batch.is_cancelled:
        raise HandoffRefused(
            "procedures.handoff.already_cancelled", "この引き渡しは、すでに取り消されています。"
        )
    newest = newest_of(batch)
    if newest is not None and newest.pk != batch.pk:
        raise HandoffRefused(
            "procedures.handoff.not_newest",
            f"取り消せるのは、いちばん新しい引き渡し（{newest}）だけです。"
            "あとの分から順に取り消してください。",
        )
