"""The applicant shows that a case is theirs: by number and secret, or by the mailed link."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.crypto.api import blind_index
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.notices import case_of_token
from minamo.procedures.cases.queries import find_by_reference_and_secret
from minamo.procedures.cases.references import tidy
from minamo.procedures.portal import limits
from minamo.procedures.portal.refusals import InquiryRefused, TooMany


def open_by_inquiry(*, reference: str, secret: str, by: Actor, at: datetime) -> Case:
    """Return the case that the typed pair opens.

    The attempt is written down before the pair is compared, so that many tries at the
    same moment all count. A pair that fits is taken back from the count.

    Raises: TooMany, InquiryRefused; both are in the audit trail.
    """
    number = tidy(reference)
    attempts = (
        limits.count(limits.INQUIRY_BY_REFERENCE, number, at=at),
        limits.count(limits.INQUIRY_BY_ADDRESS, by.ip_hash, at=at),
    )
    if limits.overdrawn(limits.INQUIRY_BY_REFERENCE, number, at=at) or limits.overdrawn(
        limits.INQUIRY_BY_ADDRESS, by.ip_hash, at=at
    ):
        _record_failure(number, by, "too_many")
        raise TooMany(
            gettext_noop(
                "続けてまちがえたため、15分のあいだ照会を止めています。"
                "時間をおいてもう一度お試しいただくか、メールのリンクから開くか、お電話ください。"
            )
        )
    case = find_by_reference_and_secret(reference, secret)
    if case is None:
        _record_failure(number, by, "no_match")
        raise InquiryRefused
    limits.forgive(*attempts)
    _record_opening(case, by, "inquiry")
    return case


def open_by_link(*, token: str, by: Actor, at: datetime) -> Case:
    """Return the case of a mailed link.

    Raises: TooMany, InquiryRefused; a forged link counts like a wrong secret.
    """
    if limits.used_up(limits.INQUIRY_BY_ADDRESS, by.ip_hash, at=at):
        raise TooMany
    case = case_of_token(token)
    if case is None:
        limits.count(limits.INQUIRY_BY_ADDRESS, by.ip_hash, at=at)
        _record_failure("", by, "bad_link")
        raise InquiryRefused(
            gettext_noop(
                "このリンクは使えません。メールの文を最後までコピーできているか確かめるか、"
                "受付番号と確認番号を入れてください。"
            )
        )
    _record_opening(case, by, "link")
    return case


def _record_opening(case: Case, by: Actor, way: str) -> None:
    with transaction.atomic():
        record(
            actor=by,
            action="procedures.inquiry.opened",
            subject=case.subject,
            detail={"way": way},
        )


def _record_failure(number: str, by: Actor, cause: str) -> None:
    # The typed number may hold anything, so only its keyed hash goes to the trail.
    hashed = blind_index(number, purpose="procedures.portal.inquiry") if number else "link"
    with transaction.atomic():
        record(
            actor=by,
            action="procedures.inquiry.refused",
            subject=SubjectRef("procedures.inquiry", hashed),
            detail={"cause": cause},
        )
