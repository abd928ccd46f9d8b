"""The link to go on later, by e-mail."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import wareki_text
from minamo.kernel.japanese.api import TextRefused, parse_email
from minamo.kernel.notify.api import Recipient, send
from minamo.kernel.ui.api import site_identity
from minamo.procedures.portal import limits
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.notices import RESUME_LINK
from minamo.procedures.portal.refusals import MailRefused, TooMany


def mail_resume_link(*, draft: Draft, token: str, address: str, by: Actor, at: datetime) -> str:
    """Send the link of a draft to an address; return the address as it was understood.

    The address is used for this mail and not kept in the draft. What was answered is not
    in the mail.

    Raises: MailRefused with the reason at the field; TooMany from one draft or to one person.
    """
    try:
        email = parse_email(address)
    except TextRefused as refusal:
        raise MailRefused(refusal.message_ja) from refusal
    key = str(draft.uuid)
    if limits.used_up(limits.MAILS_BY_DRAFT, key, at=at) or limits.used_up(
        limits.MAILS_BY_RECIPIENT, email.lower(), at=at
    ):
        raise TooMany(
            gettext_noop(
                "きょうはもう5回送っています。"
                "届いたメールを確かめるか、下のリンクを控えてください。"
            )
        )
    site = site_identity()
    with transaction.atomic():
        limits.count(limits.MAILS_BY_RECIPIENT, email.lower(), at=at)
        attempt = limits.count(limits.MAILS_BY_DRAFT, key, at=at)
        send(
            notice=RESUME_LINK,
            to=Recipient(email=email),
            subject=draft.subject,
            unique_key=f"{RESUME_LINK}:{draft.uuid}:{attempt.pk}",
            context={
                "procedure": draft.version.procedure.title,
                "url": settings.PUBLIC_ORIGIN + reverse("portal:draft", args=[token]),
                "until": wareki_text(draft.expires_at.date()),
                "utility": site.name,
                "telephone": site.telephone,
            },
        )
        record(actor=by, action="procedures.draft.link_mailed", subject=draft.subject)
    return email
