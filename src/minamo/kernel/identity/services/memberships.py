"""Who holds which role in which section, from when until when."""

from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import queries, rules
from minamo.kernel.identity.models import Membership, Role, Section, User, UserKind

from .base import IdentityRefused, authorise, check_span, locked


@transaction.atomic
def add_membership(
    *,
    user: User,
    section: Section,
    role: Role,
    valid_from: date,
    by: User | Actor,
    valid_to: date | None = None,
    reason: str = "",
) -> Membership:
    """Give a user a role in a section from a day on.

    Raises: IdentityRefused when the same membership already holds on one of the days,
    the section does not exist then, the account is not a member of staff's, or the role
    must be kept apart from one the user holds; Refused without the permission.
    """
    actor = authorise(by)
    user = locked(user)
    check_span(valid_from, valid_to)
    _check_membership(user, section, role, valid_from, valid_to)
    membership = Membership.objects.create(
        user=user, section=section, role=role, valid_from=valid_from, valid_to=valid_to
    )
    queries.forget_grants(user)
    audit.record(
        actor=actor,
        action="identity.membership.added",
        subject=user.subject,
        detail=_membership_detail(membership),
        reason=reason,
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, on: date, by: User | Actor, reason: str = ""
) -> Membership:
    """End a membership; `on` is the first day on which it no longer holds.

    Raises: IdentityRefused when it would end before it began or has already ended;
    Refused without the permission.
    """
    actor = authorise(by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if on <= membership.valid_from:
        raise IdentityRefused("span", "終了日は、開始日より後の日にしてください。")
    if membership.valid_to is not None and membership.valid_to <= on:
        raise IdentityRefused("ended", "この所属は、すでに終わっています。")
    membership.valid_to = on
    membership.save(update_fields=["valid_to"])
    audit.record(
        actor=actor,
        action="identity.membership.ended",
        subject=membership.user.subject,
        detail=_membership_detail(membership),
        reason=reason,
    )
    return membership


@transaction.atomic
def transfer(
    *, user: User, section: Section, role: Role, on: date, by: User | Actor, reason: str = ""
) -> Membership:
    """Move a user to a section and role from a day on, ending what holds until then.

    What was true before that day stays as it was: earlier memberships keep their dates.

    Raises: as `add_membership`; IdentityRefused when a membership begins on or after `on`.
    """
    actor = authorise(by)
    user = locked(user)
    if user.memberships.filter(valid_from__gte=on).exists():
        raise IdentityRefused(
            "later", "この日以後に始まる所属があります。先にそちらを確かめてください。"
        )
    for membership in user.memberships.on(on).select_related("user", "section", "role"):
        end_membership(membership=membership, on=on, by=actor, reason=reason)
    return add_membership(
        user=user, section=section, role=role, valid_from=on, by=actor, reason=reason
    )


def _check_membership(
    user: User, section: Section, role: Role, valid_from: date, valid_to: date | None
) -> None:
    if user.kind not in {UserKind.STAFF, UserKind.GUEST}:
        raise IdentityRefused("kind", "課に所属できるのは、職員とゲストのアカウントだけです。")
    if section.valid_from > valid_from or (
        section.valid_to is not None and section.valid_to <= valid_from
    ):
        raise IdentityRefused("section", f"{section.name}は、{valid_from:%Y-%m-%d}にはありません。")
    held = user.memberships.overlapping(valid_from, valid_to).select_related("role")
    if held.filter(section=section, role=role).exists():
        raise IdentityRefused("overlap", "同じ所属の期間が重なっています。")
    for membership in held:
        problem = rules.separation_problem([*membership.role.permissions, *role.permissions])
        if problem:
            raise IdentityRefused("separation", problem)


def _membership_detail(membership: Membership) -> dict[str, audit.JSON]:
    return {
        "section": membership.section.code,
        "role": membership.role.key,
        "from": str(membership.valid_from),
        "to": str(membership.valid_to) if membership.valid_to else None,
    }
