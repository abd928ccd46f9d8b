"""What applicants are told by e-mail, in plain words."""

from django.conf import settings
from django.core import signing

from minamo.kernel.calendar.api import wareki_text
from minamo.kernel.notify.api import Notice, Recipient, register, send
from minamo.kernel.ui.api import site_identity

from .models import Case

_STATUS_SALT = "procedures.case.status"
_FOOT = """
----
{{ utility }}
ようすを見る・直す・取り下げる：{{ status_url }}
受付番号 {{ reference }}
このメールに返信しても届きません。お問い合わせは {{ phone }} へどうぞ。
"""

NOTICES = (
    Notice(
        key="procedures.case.received",
        label="申し込みを受け取りました",
        subject_template="【{{ procedure }}】申し込みを受け取りました（{{ reference }}）",
        body_template="""{{ name }} 様

{{ procedure }}の申し込みを受け取りました。

受付番号　{{ reference }}
確認番号　{{ secret }}
（お電話や、このあとのようすを見るときに使います。人に知らせないでください）

{{ due }}までに内容を確かめて、メールでお知らせします。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.revised",
        label="直した内容を受け取りました",
        subject_template="【{{ procedure }}】直した内容を受け取りました（{{ reference }}）",
        body_template="""{{ name }} 様

直した内容を受け取りました。受付番号は変わりません。
{{ due }}までに確かめて、メールでお知らせします。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.accepted",
        label="手続きを進めています",
        subject_template="【{{ procedure }}】手続きを進めています（{{ reference }}）",
        body_template="""{{ name }} 様

申し込みの内容を確かめました。手続きを進めています。
終わりましたら、メールでお知らせします。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.returned",
        label="直してください",
        subject_template="【{{ procedure }}】直していただきたいところがあります（{{ reference }}）",
        body_template="""{{ name }} 様

申し込みに、直していただきたいところがあります。

{{ words }}

下のページから、そこだけ直して送ってください。ほかの答えはそのままで大丈夫です。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.completed",
        label="手続きが終わりました",
        subject_template="【{{ procedure }}】手続きが終わりました（{{ reference }}）",
        body_template="""{{ name }} 様

{{ procedure }}の手続きが終わりました。ありがとうございました。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.rejected",
        label="お受けできませんでした",
        subject_template="【{{ procedure }}】申し込みをお受けできませんでした（{{ reference }}）",
        body_template="""{{ name }} 様

申し込みをお受けできませんでした。理由は次のとおりです。

{{ words }}

わからないことは、お電話でお尋ねください。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.withdrawn",
        label="取り下げました",
        subject_template="【{{ procedure }}】申し込みを取り下げました（{{ reference }}）",
        body_template="""{{ name }} 様

申し込みを取り下げました。必要になったときは、あらためて申し込んでください。
"""
        + _FOOT,
    ),
    Notice(
        key="procedures.case.message",
        label="メッセージが届きました",
        subject_template="【{{ procedure }}】メッセージが届いています（{{ reference }}）",
        body_template="""{{ name }} 様

担当からのメッセージです。

{{ words }}

お返事は、下のページから書けます。
"""
        + _FOOT,
    ),
)

for _notice in NOTICES:
    register(_notice)


def status_token(case: Case) -> str:
    """Return the signed text in mailed links that opens this case, until the secret is renewed."""
    return signing.dumps([str(case.uuid), case.secret_generation], salt=_STATUS_SALT)


def case_of_token(token: str) -> Case | None:
    """Return the case of a mailed link, or None when it is not ours or no longer good."""
    try:
        case_uuid, generation = signing.loads(token, salt=_STATUS_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Case.objects.filter(uuid=case_uuid, secret_generation=generation).first()


def send_to_applicant(case: Case, notice: str, *, unique: str, words: str = "") -> None:
    """Queue a mail to the applicant in this transaction; without an address nothing is queued."""
    if not case.email:
        return
    site = site_identity()
    send(
        notice=notice,
        to=Recipient(email=case.email),
        subject=case.subject,
        unique_key=f"{notice}:{case.uuid}:{unique}"[:200],
        context={
            "name": case.applicant_name,
            "procedure": case.procedure.title,
            "reference": case.reference,
            "secret": case.secret,
            "due": wareki_text(case.due_date),
            "words": words,
            "utility": site.name,
            "phone": site.telephone,
            "status_url": f"{settings.PUBLIC_ORIGIN}/status/open/{status_token(case)}/",
        },
    )
