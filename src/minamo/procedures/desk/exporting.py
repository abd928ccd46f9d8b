"""The columns of an export, and the answers behind them when one procedure is chosen."""

from collections.abc import Sequence

from django.utils import timezone

from minamo.kernel.ui.api import exports

from ..cases.models import Case
from ..definitions.forms import column_headers, compile_version, flat_row
from ..definitions.models import Procedure
from .selection import channel_label

FORMATS = {
    "xlsx": "Excel（XLSX）",
    "utf8": "CSV（UTF-8、BOMつき）",
    "cp932": "CSV（Shift_JIS／CP932）",
}

CASE_COLUMNS: Sequence[exports.Column[Case]] = (
    exports.Column("reference", "受付番号", lambda case: case.reference),
    exports.Column("procedure", "手続き", lambda case: case.procedure.title),
    exports.Column("state", "段階", lambda case: case.words.staff),
    exports.Column("channel", "経路", lambda case: channel_label(case.channel)),
    exports.Column("name", "申請者", lambda case: case.applicant_name),
    exports.Column("place", "場所", lambda case: case.place),
    exports.Column("received", "受付日時", lambda case: case.submitted_at),
    exports.Column("service", "希望日", lambda case: case.service_date),
    exports.Column("due", "期限", lambda case: case.due_date),
    exports.Column(
        "assignee", "担当", lambda case: case.assignee.display_name if case.assignee else ""
    ),
    exports.Column("section", "課", lambda case: case.section.name),
    exports.Column("closed", "終了日時", lambda case: case.closed_at),
)


def columns_for(procedure: Procedure | None) -> list[exports.Column[Case]]:
    """Return the columns of every case, and those of the answers of one procedure.

    Cases filed with an older version are laid out by heading, so that one column never
    holds two meanings.
    """
    if procedure is None or procedure.active_version is None:
        return list(CASE_COLUMNS)
    taken = {column.heading for column in CASE_COLUMNS}
    headers = dict.fromkeys(column_headers(compile_version(procedure.active_version)))
    answers = _Answers()
    return [
        *CASE_COLUMNS,
        *(
            exports.Column(f"a{number}", _free(header, taken), answers.reader(header))
            for number, header in enumerate(headers)
        ),
    ]


class _Answers:
    """Lays the answers of the present row out once for all of its columns."""

    def __init__(self) -> None:
        self._case_id: int | None = None
        self._values: dict[str, str] = {}

    def reader(self, header: str) -> "_Reader":
        """Return the value function of one column."""
        return _Reader(self, header)

    def value(self, case: Case, header: str) -> str:
        """Return the answer under a heading; empty where the version does not ask for it."""
        if self._case_id != case.pk:
            compiled = compile_version(case.version)
            received = timezone.localdate(case.submitted_at)
            row = flat_row(compiled, case.answers, today=received)
            self._values = dict(zip(column_headers(compiled), row, strict=True))
            self._case_id = case.pk
        return self._values.get(header, "")


class _Reader:
    def __init__(self, answers: _Answers, header: str) -> None:
        self._answers, self._header = answers, header

    def __call__(self, case: Case) -> str:
        return self._answers.value(case, self._header)


def _free(header: str, taken: set[str]) -> str:
    return f"{header}（回答）" if header in taken else header
