"""Handing mail to the mail server, one message a job."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from minamo.kernel.jobs.api import PermanentFailure, current

from .models import MailState, OutgoingMail


def send_mail(mail_uuid: str) -> None:
    """Send one queued mail; what was sent already is left alone.

    Raises: PermanentFailure when the server refuses the address for good; whatever the
    mail backend raises otherwise, so that the job tries again.
    """
    mail = OutgoingMail.objects.filter(uuid=mail_uuid).first()
    if mail is None or mail.state == MailState.SENT:
        return
    try:
        message_of(mail).send(fail_silently=False)
    except Exception as error:
        permanent = is_permanent(error)
        run = current()
        _keep_failure(mail, error, final=permanent or run is None or run.is_last)
        if permanent:
            raise PermanentFailure(f"{type(error).__name__}: refused for good") from None
        raise
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).exclude(state=MailState.SENT).update(
            state=MailState.SENT, sent_at=timezone.now(), last_error=""
        )


def message_of(mail: OutgoingMail) -> EmailMessage:
    """Return the mail as it goes out; its Message-ID stays the same at every attempt."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    return EmailMessage(
        subject=mail.title,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers={
            "Message-ID": f"<{mail.uuid}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def is_permanent(error: Exception) -> bool:
    """Return whether the server said that trying again cannot help (a 5xx about the address)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        # Our own settings are wrong; somebody will mend them.
        return False
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 550


def _keep_failure(mail: OutgoingMail, error: Exception, *, final: bool) -> None:
    # The class only: server replies repeat the address.
    code = getattr(error, "smtp_code", "")
    words = f"{type(error).__name__} {code}".strip()
    state = MailState.FAILED if final else MailState.QUEUED
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, last_error=words[:300])
