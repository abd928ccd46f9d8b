"""Who is told what about a proposal."""

from django.urls import reverse
from django.utils import timezone

from minamo.kernel.identity.api import Membership, Role, User, members_with
from minamo.kernel.notify.api import Notice, Recipient, register, send

from .models import Comment, DecisionRecord, Proposal
from .policies import stage_of
from .schemas import StageDocument

YOUR_TURN = "plan.proposal.your_turn"
RETURNED = "plan.proposal.returned"
DECIDED = "plan.proposal.decided"
COMMENTED = "plan.proposal.commented"


def register_notices() -> None:
    """Make the notices known to the house."""
    register(
        Notice(
            key=YOUR_TURN,
            label="新規施策：あなたの番です",
            subject_template="{{ number }}「{{ title }}」が{{ stage }}に来ました",
            body_template="{{ section }}の新規施策の提案です。内容を読み、決定を記録してください。",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=RETURNED,
            label="新規施策：差し戻し",
            subject_template="{{ number }}「{{ title }}」が差し戻されました",
            body_template="{{ stage }}から：{{ reason }}",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=DECIDED,
            label="新規施策：決定",
            subject_template="{{ number }}「{{ title }}」が{{ outcome }}になりました",
            body_template="{{ stage }}の決定です。{{ reason }}",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=COMMENTED,
            label="新規施策：意見",
            subject_template="{{ number }}「{{ title }}」に意見がつきました",
            body_template="{{ writer }}：{{ body }}",
            url_template="{{ url }}",
        )
    )


def tell_stage(proposal: Proposal) -> None:
    """Tell everybody who may decide at the stage a proposal has come to."""
    stage = stage_of(proposal)
    if stage is None:
        return
    for user in deciders(proposal, stage):
        _send(
            YOUR_TURN,
            user,
            proposal,
            f"{proposal.round}:{stage.key}",
            stage=stage.title,
            section=proposal.section.name,
        )


def tell_outcome(proposal: Proposal, decision: DecisionRecord) -> None:
    """Tell whoever proposed it that it was sent back or decided."""
    is_returned = decision.outcome == DecisionRecord.Outcome.RETURN
    key = RETURNED if is_returned else DECIDED
    for user in _proposers(proposal):
        _send(
            key,
            user,
            proposal,
            f"{decision.round}:{decision.stage_key}",
            stage=decision.stage_title,
            outcome=proposal.get_state_display(),
            reason=decision.reason or "理由は書かれていません。",
        )


def tell_comment(proposal: Proposal, comment: Comment) -> None:
    """Tell the proposer that somebody else wrote beside the proposal."""
    if comment.written_by_id == proposal.created_by_id or proposal.round == 0:
        return
    _send(
        COMMENTED,
        proposal.created_by,
        proposal,
        f"comment:{comment.pk}",
        writer=comment.written_by.display_name,
        body=comment.body,
    )


def deciders(proposal: Proposal, stage: StageDocument) -> list[User]:
    """Return who may decide at a stage: the section's people, and those of the whole bureau."""
    today = timezone.localdate()
    own = members_with(proposal.section, stage.permission, today)
    roles = [
        role.pk
        for role in Role.objects.filter(covers_all_sections=True)
        if stage.permission in role.permissions
    ]
    wide = Membership.objects.on(today).filter(role__in=roles, user__is_active=True)
    users = [*own, *(membership.user for membership in wide.select_related("user"))]
    return list({user.pk: user for user in users}.values())


def _proposers(proposal: Proposal) -> list[User]:
    """Return who proposed it and, once it was handed in, the head who confirmed it."""
    confirmed = proposal.decisions.filter(
        round=proposal.round, outcome=DecisionRecord.Outcome.FORWARD
    ).order_by("pk")
    head = confirmed.select_related("recorded_by").first()
    users = [proposal.created_by, *([head.recorded_by] if head else [])]
    return [user for user in {user.pk: user for user in users}.values() if user.is_active]


def _send(key: str, user: User, proposal: Proposal, moment: str, **words: str) -> None:
    send(
        notice=key,
        to=Recipient(user=user),
        context={
            "number": proposal.number,
            "title": proposal.title,
            "url": reverse("plan:proposal", args=[proposal.uuid]),
            **words,
        },
        subject=proposal.subject,
        unique_key=f"{key}:{proposal.uuid}:{moment}:{user.pk}",
    )
