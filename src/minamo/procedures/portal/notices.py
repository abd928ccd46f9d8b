"""What people are told by e-mail before they have applied."""

from minamo.kernel.notify.api import Notice, register

RESUME_LINK = "procedures.draft.resume_link"

register(
    Notice(
        key=RESUME_LINK,
        label="入力の続きのリンク",
        subject_template="【{{ procedure }}】入力の続きはこちらから",
        body_template="""{{ procedure }}の入力を、途中まで保存しています。
まだ申し込みは終わっていません。続きは、下のページから入力できます。

{{ url }}

{{ until }}まで保存しています。過ぎると、入力した内容は消えます。
このリンクを知っている人は、入力した内容を見られます。人に知らせないでください。

心あたりがないときは、だれかが宛先をまちがえています。このメールは消してください。
----
{{ utility }}
お問い合わせ {{ telephone }}
""",
    )
)
