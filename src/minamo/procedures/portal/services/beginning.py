"""A draft begins: of a new application, or of the correction of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import require
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.policies import can_correct
from minamo.procedures.definitions.models import ProcedureVersion
from minamo.procedures.portal import limits
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.queries import is_open
from minamo.procedures.portal.refusals import ProcedureClosed, TooMany
from minamo.procedures.portal.tokens import correction_token, hash_token, new_token

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft with the token that opens it; the token is known here and in the link only."""

    draft: Draft
    token: str


def start_draft(*, version: ProcedureVersion, by: Actor, at: datetime) -> Begun:
    """Begin an application on the published version.

    Raises: ProcedureClosed outside the version's opening; TooMany from one address.
    """
    if not is_open(version, at):
        raise ProcedureClosed
    if limits.used_up(limits.DRAFTS_BY_ADDRESS, by.ip_hash, at=at):
        raise TooMany
    token = new_token()
    with transaction.atomic():
        limits.count(limits.DRAFTS_BY_ADDRESS, by.ip_hash, at=at)
        draft = Draft.objects.create(
            token_hash=hash_token(token),
            version=version,
            answers={},
            typed={},
            created_at=at,
            saved_at=at,
            expires_at=at + LIFETIME,
        )
        _record_start(draft, by)
    return Begun(draft, token)


def begin_correction(*, case: Case, by: Actor, at: datetime) -> Begun:
    """Begin to correct a case, or go on with the correction begun before.

    A correction begun on an older revision of the case starts again from the newest.

    Raises: Refused when the case cannot be corrected any more.
    """
    require(can_correct(case))
    with transaction.atomic():
        draft = _open_correction(case) or _new_correction(case, by=by, at=at)
        if draft is None:
            # Another tab was faster; its draft is the one to write into.
            draft = _open_correction(case)
        assert draft is not None  # noqa: S101 (one of the three exists)
        _renew(draft, case, at=at)
    return Begun(draft, correction_token(draft.uuid))


def _open_correction(case: Case) -> Draft | None:
    return Draft.objects.select_for_update().filter(corrects=case, sent_at__isnull=True).first()


def _new_correction(case: Case, *, by: Actor, at: datetime) -> Draft | None:
    draft = Draft(
        version=case.version,
        answers=dict(case.answers),
        typed={},
        file_uuids=[str(file.file_uuid) for file in case.files.all()],
        corrects=case,
        corrects_revision=case.revision_count,
        created_at=at,
        saved_at=at,
        expires_at=at + LIFETIME,
    )
    draft.token_hash = hash_token(correction_token(draft.uuid))
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            _record_start(draft, by)
    except IntegrityError:
        return None
    return draft


def _renew(draft: Draft, case: Case, *, at: datetime) -> None:
    """Bring an old correction up to date: its time, its token's hash, its starting point."""
    draft.expires_at = at + LIFETIME
    draft.token_hash = hash_token(correction_token(draft.uuid))
    if draft.corrects_revision != case.revision_count:
        draft.answers, draft.typed = dict(case.answers), {}
        draft.corrects_revision = case.revision_count
    draft.save(update_fields=["expires_at", "token_hash", "answers", "typed", "corrects_revision"])


def _record_start(draft: Draft, by: Actor) -> None:
    record(
        actor=by,
        action="procedures.draft.started",
        subject=draft.subject,
        detail={
            "procedure": draft.version.procedure.code,
            "version": draft.version.number,
            "corrects": draft.corrects.reference if draft.corrects else None,
            "expires": timezone.localdate(draft.expires_at).isoformat(),
        },
    )
