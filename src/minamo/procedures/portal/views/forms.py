"""The few forms that are not defined by a procedure."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_MESSAGE = 2_000
LONGEST_REASON = 500


class InquiryForm(forms.Form):
    """受付番号 and 確認番号, tolerant of width, capitals and hyphens."""

    reference = forms.CharField(
        max_length=40, error_messages={"required": _("受付番号を入れてください")}
    )
    secret = forms.CharField(
        max_length=40, error_messages={"required": _("確認番号を入れてください")}
    )


class MessageForm(forms.Form):
    """A message to the bureau; `key` makes a second click the same message."""

    body = forms.CharField(
        max_length=LONGEST_MESSAGE,
        error_messages={
            "required": _("メッセージを入れてください"),
            "max_length": _(
                "メッセージは%(limit_value)d文字までです。短くするか、2回に分けてください"
            ),
        },
    )
    key = forms.CharField(max_length=64)


class WithdrawForm(forms.Form):
    """Confirmation and, if the person likes, the reason of a withdrawal."""

    confirm = forms.BooleanField(
        error_messages={"required": _("取り下げてよいか、チェックを入れてください")}
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        required=False,
        error_messages={"max_length": _("理由は%(limit_value)d文字までです")},
    )
    version = forms.IntegerField()
