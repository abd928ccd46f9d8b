"""Telling people something, by e-mail and on the staff screen."""

import smtplib
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.jobs.api import Job, JobState
from minamo.kernel.jobs.worker import Worker
from minamo.kernel.notify import api, registry
from minamo.kernel.notify.models import MailboxMail, OutgoingMail, StaffNotice

pytestmark = pytest.mark.django_db
CASE = SubjectRef("procedures.case", "1")
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
MAILBOX = "minamo.kernel.notify.mailbox.MailboxBackend"


@pytest.fixture(autouse=True)
def _notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_notices", dict(registry._notices))
    api.register(
        api.Notice(
            key="t.hello",
            label="あいさつ",
            subject_template="【{{ procedure }}】受け取りました",
            body_template="{{ name }} 様\n\n受け取りました。{% if words %}{{ words }}{% endif %}",
            url_template="/desk/cases/{{ reference }}/",
        )
    )


def tell(to: api.Recipient | None = None, key: str = "k1", **context: object) -> object:
    return api.send(
        notice="t.hello",
        to=to or api.Recipient(email="tono@example.jp"),
        context={
            "procedure": "使用開始",
            "name": "遠野 <花子>",
            "reference": "A-1",
            "words": "",
            **context,
        },
        subject=CASE,
        unique_key=key,
    )


def work() -> None:
    Worker(worker_id="w").run_until_idle()


def later(seconds: float) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        work()


@pytest.mark.usefixtures("locmem")
def test_a_mail_is_written_with_its_cause_and_sent_by_a_job() -> None:
    tell()
    assert mail.outbox == []
    work()
    sent = mail.outbox[0]
    assert sent.to == ["tono@example.jp"]
    assert sent.subject == "【使用開始】受け取りました"
    # Plain text: nothing is escaped as HTML would be.
    assert sent.body == "遠野 <花子> 様\n\n受け取りました。\n"
    assert OutgoingMail.objects.get().state == "sent"
    headers = sent.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert str(OutgoingMail.objects.get().uuid) in headers["Message-ID"]
    assert str(make_header(decode_header(headers["Subject"]))) == sent.subject


@pytest.fixture
def locmem(settings: object) -> None:
    settings.EMAIL_BACKEND = LOCMEM  # type: ignore[attr-defined]


@pytest.mark.usefixtures("locmem")
def test_the_same_key_tells_once() -> None:
    assert tell() == tell()
    work()
    assert len(mail.outbox) == 1


def test_address_and_text_lie_encrypted() -> None:
    tell(words="見えない言葉")
    with connection.cursor() as cursor:
        cursor.execute("SELECT recipient, title, body FROM notify_outgoingmail")
        row = "".join(cursor.fetchone())
    for clear in ("tono@example.jp", "使用開始", "見えない言葉"):
        assert clear not in row


@pytest.mark.parametrize(
    "address",
    [
        "tono@example.jp\nBcc: all@example.jp",
        "tono@example.jp\r\n\r\nhello",
        "a@example.jp, b@example.jp",
        "a@example.jp;b@example.jp",
        "遠野 <tono@example.jp>",
        "no address",
        "a b@example.jp",
    ],
)
def test_text_that_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(api.RecipientRefused):
        api.Recipient(email=address)


def test_a_recipient_is_a_mail_address_or_a_user_and_nothing_else(cast: testing.Cast) -> None:
    with pytest.raises(api.RecipientRefused):
        api.Recipient()
    with pytest.raises(api.RecipientRefused):
        api.Recipient(email="a@example.jp", user=cast.clerk)


@pytest.mark.usefixtures("locmem")
def test_line_breaks_in_values_cannot_add_headers() -> None:
    tell(procedure="使用開始\r\nBcc: all@example.jp\u2028x")
    work()
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert mail.outbox[0].recipients() == ["tono@example.jp"]
    assert "\n" not in mail.outbox[0].subject


def test_a_missing_value_is_refused_and_names_what_is_missing() -> None:
    with pytest.raises(api.NoticeIncomplete, match="name"):
        api.send(
            notice="t.hello",
            to=api.Recipient(email="a@example.jp"),
            context={"procedure": "x", "reference": "A"},
            subject=CASE,
            unique_key="k",
        )
    assert not OutgoingMail.objects.exists()


def test_an_unknown_notice_is_refused() -> None:
    with pytest.raises(LookupError):
        api.send(
            notice="nobody.knows",
            to=api.Recipient(email="a@example.jp"),
            context={},
            subject=CASE,
            unique_key="k",
        )


def test_other_words_under_the_same_key_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        api.register(api.Notice("t.hello", "x", "x", "x"))


class FailingBackend:
    """Raises what the test says until it is told to stop."""

    errors: list[Exception] = []
    sent: list[EmailMessage] = []

    def __init__(self, **_: object) -> None:
        pass

    def send_messages(self, messages: list[EmailMessage]) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.extend(messages)
        return len(messages)


@pytest.fixture
def failing(settings: object) -> type[FailingBackend]:
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"  # type: ignore[attr-defined]
    FailingBackend.errors, FailingBackend.sent = [], []
    return FailingBackend


def test_a_mail_server_that_is_away_is_tried_again(failing: type[FailingBackend]) -> None:
    failing.errors = [ConnectionRefusedError(), smtplib.SMTPServerDisconnected()]
    tell()
    work()
    queued = OutgoingMail.objects.get()
    assert (queued.state, queued.last_error) == ("queued", "ConnectionRefusedError")
    later(20)
    later(120)
    assert OutgoingMail.objects.get().state == "sent"
    assert len(failing.sent) == 1


def test_a_refused_address_lies_dead_at_once_without_the_address_in_the_error(
    failing: type[FailingBackend],
) -> None:
    failing.errors = [smtplib.SMTPRecipientsRefused({"tono@example.jp": (550, b"no such user")})]
    tell()
    work()
    refused = OutgoingMail.objects.get()
    assert refused.state == "failed"
    job = Job.objects.get(key="notify.send_mail")
    assert job.state == JobState.DEAD
    assert "tono@example.jp" not in refused.last_error + job.last_error + job.task.traceback


def test_a_full_mailbox_is_tried_again(failing: type[FailingBackend]) -> None:
    failing.errors = [smtplib.SMTPRecipientsRefused({"tono@example.jp": (452, b"later")})]
    tell()
    work()
    assert OutgoingMail.objects.get().state == "queued"


def test_retrying_the_dead_job_sends_the_mail(failing: type[FailingBackend]) -> None:
    failing.errors = [smtplib.SMTPRecipientsRefused({"tono@example.jp": (550, b"x")})]
    tell()
    work()
    from minamo.kernel.jobs.claiming import put_back

    job = Job.objects.select_related("task").get(key="notify.send_mail")
    put_back(job, job.task, run_after=timezone.now())
    work()
    assert OutgoingMail.objects.get().state == "sent"


def test_without_a_mail_server_the_mailbox_keeps_it_once(settings: object) -> None:
    settings.EMAIL_BACKEND = MAILBOX  # type: ignore[attr-defined]
    tell()
    work()
    # A crash between sending and writing it down would send again; the mailbox sees the same id.
    OutgoingMail.objects.update(state="queued", sent_at=None)
    from minamo.kernel.notify.mailing import send_mail

    send_mail(str(OutgoingMail.objects.get().uuid))
    kept = MailboxMail.objects.get()
    assert (kept.recipients, kept.title) == ("tono@example.jp", "【使用開始】受け取りました")


def test_the_demo_mailbox_is_read_by_anybody_newest_first(settings: object) -> None:
    settings.EMAIL_BACKEND = MAILBOX  # type: ignore[attr-defined]
    client = Client()
    assert "まだ送られていません" in client.get("/demo/mailbox/").content.decode()
    tell(key="k1", procedure="一つ目")
    work()
    tell(key="k2", procedure="二つ目", words="https://example.jp/x <script>alert(1)</script>")
    work()
    page = client.get("/demo/mailbox/").content.decode()
    assert page.index("二つ目") < page.index("一つ目")
    newest = MailboxMail.objects.order_by("-id")[0]
    shown = client.get(f"/demo/mailbox/{newest.uuid}/").content.decode()
    assert "遠野 &lt;花子&gt; 様" in shown
    assert "<script>alert" not in shown
    assert 'href="https://example.jp/x"' in shown


def test_outside_the_demo_there_is_no_mailbox(settings: object) -> None:
    settings.EMAIL_BACKEND = MAILBOX  # type: ignore[attr-defined]
    tell()
    work()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert Client().get("/demo/mailbox/").status_code == 404
    assert Client().get(f"/demo/mailbox/{MailboxMail.objects.get().uuid}/").status_code == 404


def test_a_mail_that_does_not_exist_is_not_found() -> None:
    address = "/demo/mailbox/00000000-0000-4000-8000-000000000000/"
    assert Client().get(address).status_code == 404


def test_staff_see_their_own_notices_and_the_bell(cast: testing.Cast, clerk_client: Client) -> None:
    tell(to=api.Recipient(user=cast.clerk), key="n1")
    tell(to=api.Recipient(user=cast.clerk), key="n1")
    tell(to=api.Recipient(user=cast.outsider), key="n2", procedure="ほかの人の")
    page = clerk_client.get("/desk/notices/").content.decode()
    assert "【使用開始】受け取りました" in page
    assert "ほかの人の" not in page
    assert '1<span class="mn-vh">件、まだ読んでいません' in page
    notice = StaffNotice.objects.get(user=cast.clerk)
    answer = clerk_client.post(f"/desk/notices/{notice.uuid}/open/")
    assert answer.headers["Location"] == "/desk/cases/A-1/"
    assert "すべて読みました" in clerk_client.get("/desk/notices/").content.decode()


def test_nobody_opens_another_persons_notice(cast: testing.Cast, clerk_client: Client) -> None:
    tell(to=api.Recipient(user=cast.outsider), key="n2")
    notice = StaffNotice.objects.get()
    assert clerk_client.post(f"/desk/notices/{notice.uuid}/open/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_notices_are_marked_read_together(cast: testing.Cast, clerk_client: Client) -> None:
    for number in range(3):
        tell(to=api.Recipient(user=cast.clerk), key=f"n{number}")
    clerk_client.post("/desk/notices/read/")
    assert not StaffNotice.objects.filter(read_at__isnull=True).exists()


def test_a_notice_never_leads_to_another_site(cast: testing.Cast, clerk_client: Client) -> None:
    tell(to=api.Recipient(user=cast.clerk), key="n1")
    StaffNotice.objects.update(url="https://evil.example/")
    notice = StaffNotice.objects.get()
    answer = clerk_client.post(f"/desk/notices/{notice.uuid}/open/")
    assert answer.headers["Location"] == "/desk/notices/"
