"""Sending queued mail."""

from minamo.kernel.jobs.api import job

from .mailing import send_mail
from .services import SEND_JOB


@job(key=SEND_JOB, retries=8, retry_seconds=15, label="メールの送信")
def send_queued_mail(*, mail_uuid: str, **_future: object) -> None:
    """Hand one mail of the outbox to the mail server."""
    send_mail(mail_uuid)
