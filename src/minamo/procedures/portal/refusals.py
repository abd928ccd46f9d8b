"""Why something on a citizen page could not be done, in words for the person asking."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.forms import FieldError


class PortalRefused(Exception):
    """Base of all refusals here; `message` is shown to the applicant."""

    code = "procedures.portal.refused"
    message = gettext_noop("この操作はできませんでした。")

    def __init__(self, message: str = "") -> None:
        self.message = message or self.message
        super().__init__(self.message)


class TooMany(PortalRefused):
    """A limit is used up for now."""

    code = "procedures.portal.too_many"
    message = gettext_noop(
        "短いあいだに何度も操作されたため、しばらく受け付けられません。15分ほどたってから、もう一度お試しください。"
    )


class DraftSent(PortalRefused):
    """The draft was already sent; `case` is what it became."""

    code = "procedures.portal.draft_sent"
    message = gettext_noop("この申し込みは、もう送られています。")

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__()


class DraftIncomplete(PortalRefused):
    """Something is missing or wrong; `errors` say where."""

    code = "procedures.portal.draft_incomplete"
    message = gettext_noop("まだ答えていないところか、直すところがあります。")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = list(errors)
        super().__init__()


class ProcedureClosed(PortalRefused):
    """The procedure takes no applications now."""

    code = "procedures.portal.closed"
    message = gettext_noop("この手続きの受け付けは終わりました。お電話でお問い合わせください。")


class InquiryRefused(PortalRefused):
    """Reference and secret do not open a case; never says which of the two is wrong."""

    code = "procedures.portal.inquiry_refused"
    message = gettext_noop(
        "受付番号か確認番号がちがいます。控えかメールを見て、もう一度入れてください。"
        "どちらも、ハイフンはあってもなくてもかまいません。"
    )


class MailRefused(PortalRefused):
    """The address for the link cannot be used."""

    code = "procedures.portal.mail_refused"
