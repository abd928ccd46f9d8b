"""Who is told what about a yearly review."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from minamo.kernel.identity.api import Membership, Role, User
from minamo.kernel.notify.api import Notice, Recipient, register, send

from .models import ReviewRound, ReviewSheet
from .policies import COLLECT, CONFIRM

YOUR_TURN = "plan.review.your_turn"
RETURNED = "plan.review.returned"
COLLECTING = "plan.review.collecting"
REMINDER = "plan.review.reminder"


def register_notices() -> None:
    """Make the notices known to the house."""
    register(
        Notice(
            key=YOUR_TURN,
            label="現状評価：あなたの番です",
            subject_template="{{ year }}の現状評価「{{ title }}」が{{ step }}に来ました",
            body_template="{{ code }} のシートを読み、確認するか、理由を書いて差し戻してください。",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=COLLECTING,
            label="現状評価：取りまとめ",
            subject_template="{{ year }}の現状評価に、課長の確認が済んだシートがあります",
            body_template="読んで、取りまとめるか、理由を書いて差し戻してください。",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=RETURNED,
            label="現状評価：差し戻し",
            subject_template="{{ year }}の現状評価「{{ title }}」が差し戻されました",
            body_template="{{ who }}から：{{ reason }}",
            url_template="{{ url }}",
        )
    )
    register(
        Notice(
            key=REMINDER,
            label="現状評価：期限のお知らせ",
            subject_template="{{ year }}の現状評価：{{ step }} {{ count }}件（{{ due }}）",
            body_template="{{ names }}",
            url_template="{{ url }}",
        )
    )


def tell_turn(sheet: ReviewSheet, *, permission: str, step: str) -> None:
    """Tell everybody whose check a sheet has come to."""
    for user in people_for(sheet, permission):
        _send(YOUR_TURN, user, sheet, f"{sheet.cycle}:{step}", step=step)


def tell_collectors(sheet: ReviewSheet) -> None:
    """Tell collectors that sheets have come; once a day and round, for they come in dozens."""
    round_ = sheet.round
    day = timezone.localdate().isoformat()
    for user in people_for(sheet, COLLECT):
        send(
            notice=COLLECTING,
            to=Recipient(user=user),
            context={
                "year": round_.label,
                "url": reverse("plan:review_round", args=[round_.uuid]) + "?step=collect",
            },
            subject=round_.subject,
            unique_key=f"{COLLECTING}:{round_.uuid}:{day}:{user.pk}",
        )


def tell_returned(sheet: ReviewSheet) -> None:
    """Tell whoever wrote the sheet, and the heads when it came back from beyond them."""
    writer = [sheet.written_by] if sheet.written_by is not None else []
    heads = people_for(sheet, CONFIRM) if sheet.confirmed_by else []
    for user in {user.pk: user for user in [*writer, *heads]}.values():
        if user.is_active:
            moment = f"{sheet.cycle}:{sheet.lock_version}"
            _send(
                RETURNED,
                user,
                sheet,
                moment,
                who=sheet.returned_by,
                reason=sheet.returned_words,
            )


def remind(
    user: User, round_: ReviewRound, sheets: Sequence[ReviewSheet], *, step: str, due: str, on: date
) -> None:
    """Remind a person of the sheets of one step, once a day."""
    names = "\n".join(f"{sheet.measure.code} {sheet.measure.title}" for sheet in sheets)
    if len(sheets) == 1:
        url = reverse("plan:review", args=[sheets[0].uuid])
    else:
        url = reverse("plan:review_round", args=[round_.uuid]) + "?mine=1"
    send(
        notice=REMINDER,
        to=Recipient(user=user),
        context={
            "year": round_.label,
            "step": step,
            "count": len(sheets),
            "due": due,
            "names": names,
            "url": url,
        },
        subject=round_.subject,
        unique_key=f"{REMINDER}:{round_.uuid}:{step}:{on.isoformat()}:{user.pk}",
    )


def people_for(sheet: ReviewSheet, permission: str) -> list[User]:
    """Return who may act on a sheet: collectors of the bureau, else the sections in charge."""
    sections = (
        None
        if permission == COLLECT
        else [place.section_id for place in sheet.measure.in_charge.all()]
    )
    return people_with(permission, sections=sections)


def people_with(permission: str, *, sections: Iterable[int] | None) -> list[User]:
    """Return who holds a permission today, in these sections or anywhere."""
    roles = [role for role in Role.objects.all() if permission in role.permissions]
    wide = {role.pk for role in roles if role.covers_all_sections}
    wanted = None if sections is None else set(sections)
    held = (
        Membership.objects.on(timezone.localdate())
        .filter(role__in=[role.pk for role in roles], user__is_active=True)
        .select_related("user")
        .order_by("user__kana", "user_id")
    )
    users = [
        membership.user
        for membership in held
        if wanted is None or membership.section_id in wanted or membership.role_id in wide
    ]
    return list({user.pk: user for user in users}.values())


def _send(key: str, user: User, sheet: ReviewSheet, moment: str, **words: str) -> None:
    send(
        notice=key,
        to=Recipient(user=user),
        context={
            "year": sheet.round.label,
            "code": sheet.measure.code,
            "title": sheet.measure.title,
            "url": reverse("plan:review", args=[sheet.uuid]),
            **words,
        },
        subject=sheet.subject,
        unique_key=f"{key}:{sheet.uuid}:{moment}:{user.pk}",
    )
