"""Verbs on procedures: draft, publish, close, retire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record

from .changes import Comparison, compare
from .compile import (
    canonical_json,
    compile_document,
    fingerprint,
    read_document,
)
from .models import ChangeClass, Procedure, ProcedureVersion, VersionState
from .policies import can_define
from .schema.document import SCHEMA_VERSION, ProcedureDocument


class VersionFixed(Exception):
    """A published version was asked to change."""


class NotAllowed(Exception):
    """The actor may not define procedures; the text says why."""


def save_draft(
    *, definition: Mapping[str, Any] | ProcedureDocument, by: Actor, at: datetime, note: str = ""
) -> ProcedureVersion:
    """Write the one draft of a procedure, making the procedure on first sight.

    The form of the document must be right; whether it can work is checked at publishing.
    Raises: DefinitionRefused, NotAllowed.
    """
    _allow(by)
    document = _document(definition)
    stored = canonical_json(document)
    with transaction.atomic():
        procedure = _procedure(document, at=at)
        draft = procedure.versions.filter(state=VersionState.DRAFT).first()
        if draft is None:
            draft = ProcedureVersion(
                procedure=procedure,
                number=(procedure.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
                created_at=at,
            )
        draft.schema_version = SCHEMA_VERSION
        draft.definition, draft.sha256 = stored, fingerprint(stored)
        draft.note = note or document.note
        draft.open_from, draft.closes_at = document.opening.open_from, document.opening.closes_at
        draft.change_class = _change_class(procedure, document)
        draft.save()
        _record(by, "draft_saved", draft, {"sha256": draft.sha256})
    return draft


def publish_version(*, version: ProcedureVersion, by: Actor, at: datetime) -> ProcedureVersion:
    """Publish a draft: it becomes the version people fill in, and never changes again.

    The version published before is retired; cases and drafts begun on it stay on it.
    Raises: DefinitionRefused when the definition cannot work; VersionFixed when it is no
    draft any more; NotAllowed.
    """
    _allow(by)
    with transaction.atomic():
        procedure = Procedure.objects.select_for_update().get(pk=version.procedure_id)
        current = ProcedureVersion.objects.select_for_update().get(pk=version.pk)
        if current.state != VersionState.DRAFT:
            raise VersionFixed(f"第{current.number}版は、もう公開されています")
        document = read_document(current.definition)
        compile_document(document, sha256=current.sha256)
        before = _published(procedure)
        words = _words(before, document)
        if before is not None:
            _retire_row(before, at=at)
        current.state = VersionState.PUBLISHED
        current.change_class = _change_class(procedure, document, before)
        current.published_at, current.published_by = at, by.name
        current.save(update_fields=["state", "change_class", "published_at", "published_by"])
        _copy_words(procedure, document, current)
        _record(
            by,
            "published",
            current,
            {"sha256": current.sha256, "change": current.change_class, "differences": words},
        )
    version.refresh_from_db()
    return version


def publish_document(*, document: ProcedureDocument, by: Actor, at: datetime) -> bool | None:
    """Draft and publish a document in one act, as a pack does.

    Returns True for a new procedure, False for a new version, None when the published
    version says exactly this already.
    Raises: DefinitionRefused, NotAllowed.
    """
    with transaction.atomic():
        procedure = Procedure.objects.filter(code=document.code).first()
        before = _published(procedure) if procedure else None
        if before is not None and before.sha256 == fingerprint(canonical_json(document)):
            return None
        compile_document(document)
        draft = save_draft(definition=document, by=by, at=at)
        publish_version(version=draft, by=by, at=at)
    return before is None


def close_version(
    *, version: ProcedureVersion, closes_at: datetime, by: Actor, at: datetime
) -> None:
    """Set the hard deadline of a version: after it even drafts begun in time cannot be sent.

    Raises: NotAllowed.
    """
    _allow(by)
    with transaction.atomic():
        current = ProcedureVersion.objects.select_for_update().get(pk=version.pk)
        current.closes_at = closes_at
        current.save(update_fields=["closes_at"])
        _record(by, "deadline_set", current, {"closes_at": closes_at.isoformat()})
    version.refresh_from_db()


def retire(*, procedure: Procedure, by: Actor, at: datetime, reason: str = "") -> None:
    """End a procedure: nobody can begin it any more, running cases go on.

    Raises: NotAllowed.
    """
    _allow(by)
    with transaction.atomic():
        current = Procedure.objects.select_for_update().get(pk=procedure.pk)
        if current.retired_at is not None:
            return
        published = _published(current)
        current.active_version, current.retired_at = None, at
        current.save(update_fields=["active_version", "retired_at"])
        if published is not None:
            _retire_row(published, at=at)
        record(
            actor=by,
            action="procedures.procedure.retired",
            subject=SubjectRef("procedures.procedure", current.code),
            reason=reason,
        )
    procedure.refresh_from_db()


def difference(*, version: ProcedureVersion) -> Comparison | None:
    """Return what a version changes against the published one; None where there is none."""
    before = _published(version.procedure)
    if before is None or before.pk == version.pk:
        return None
    return compare(read_document(before.definition), read_document(version.definition))


def _allow(by: Actor) -> None:
    decision = can_define(by)
    if not decision:
        raise NotAllowed(decision.reason)


def _document(definition: Mapping[str, Any] | ProcedureDocument) -> ProcedureDocument:
    if isinstance(definition, ProcedureDocument):
        return definition
    return read_document(dict(definition))


def _procedure(document: ProcedureDocument, *, at: datetime) -> Procedure:
    procedure, _made = Procedure.objects.get_or_create(
        code=document.code,
        defaults={
            "kind": document.audience,
            "title": document.title.ja,
            "section_code": document.section,
        },
    )
    return Procedure.objects.select_for_update().get(pk=procedure.pk)


def _published(procedure: Procedure) -> ProcedureVersion | None:
    return procedure.versions.filter(state=VersionState.PUBLISHED).first()


def _change_class(
    procedure: Procedure, document: ProcedureDocument, before: ProcedureVersion | None = None
) -> ChangeClass:
    against = (
        before or procedure.versions.exclude(state=VersionState.DRAFT).order_by("number").last()
    )
    if against is None:
        return ChangeClass.FIRST
    return compare(read_document(against.definition), document).change_class


def _words(before: ProcedureVersion | None, document: ProcedureDocument) -> list[str]:
    if before is None:
        return []
    return compare(read_document(before.definition), document).lines


def _retire_row(version: ProcedureVersion, *, at: datetime) -> None:
    version.state, version.retired_at = VersionState.RETIRED, at
    version.save(update_fields=["state", "retired_at"])


def _copy_words(
    procedure: Procedure, document: ProcedureDocument, version: ProcedureVersion
) -> None:
    procedure.kind = document.audience
    procedure.title, procedure.kana = document.title.ja, document.kana
    procedure.summary, procedure.category = document.summary, document.category
    procedure.section_code, procedure.list_order = document.section, document.list_order
    procedure.measure_codes = [kpi.measure for kpi in document.kpi]
    procedure.active_version, procedure.retired_at = version, None
    procedure.save()


def _record(by: Actor, verb: str, version: ProcedureVersion, detail: Mapping[str, Any]) -> None:
    code = version.procedure.code
    record(
        actor=by,
        action=f"procedures.version.{verb}",
        subject=SubjectRef("procedures.procedure", code),
        detail={"number": version.number, **detail},
        reason=version.note,
    )
