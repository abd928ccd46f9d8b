"""Sending the mails of the outbox."""

from minamo.kernel.jobs.api import Pump, job, register_pump

from .mailing import send_mail
from .services import SEND_JOB, has_written_mail, queue_written_mail

register_pump(Pump(key="notify.queue_mail", pending=has_written_mail, work=queue_written_mail))


@job(key=SEND_JOB, retries=8, retry_seconds=15, label="メールの送信")
def send_queued_mail(*, mail_uuid: str, **_future: object) -> None:
    """Hand one mail of the outbox to the mail server."""
    send_mail(mail_uuid)
