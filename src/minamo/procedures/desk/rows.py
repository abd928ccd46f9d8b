"""One page of the inbox as the template writes it: words only, no query per row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from minamo.kernel.packs.api import utility

from ..cases.models import Case
from .due import Due, DueWords, received_text
from .lists import Desk, doubles_among
from .selection import SORTS, Selection, channel_label


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column the reader may show or hide; `sort` names its two orders."""

    key: str
    heading: str
    sort: tuple[str, str] | None = None


COLUMNS: Sequence[ListColumn] = (
    ListColumn("who", "申請者・場所"),
    ListColumn("received", "受付", ("received", "-received")),
    ListColumn("due", "期限", ("due", "-due")),
    ListColumn("service", "希望日"),
    ListColumn("state", "段階"),
    ListColumn("assignee", "担当"),
    ListColumn("channel", "経路"),
)
# What a row is written from; a page of whole cases, procedures and people costs twice.
NEEDED: Sequence[str] = (
    "uuid",
    "reference",
    "procedure__title",
    "applicant_name",
    "place",
    "submitted_at",
    "due_date",
    "service_date",
    "state",
    "state_since",
    "closed_at",
    "assignee__display_name",
    "channel",
    "duplicate_index",
)
DEFAULT_COLUMNS = ("who", "received", "due", "state", "assignee", "channel")


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column; `sorted` is the word for aria-sort or empty."""

    key: str
    heading: str
    url: str = ""
    sorted: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    reference: str
    url: str
    title: str
    name: str
    place: str
    received: str
    due: Due
    service: str
    chip: str
    icon: str
    state: str
    assignee: str
    channel: str
    has_duplicate: bool


def rows_of(cases: Sequence[Case], desk: Desk) -> list[Row]:
    """Return the rows for cases fetched with procedure and assignee."""
    words = DueWords(desk.today, desk.calendar)
    served = utility()
    home = f"{served.prefecture}{served.municipality}" if served else ""
    doubles = doubles_among(cases)
    return [_row(case, words, desk, home, case.pk in doubles) for case in cases]


def heads_of(selection: Selection, shown: Sequence[str]) -> list[Head]:
    """Return the headings of the shown columns with the addresses that sort by them."""
    return [_head(column, selection) for column in COLUMNS if column.key in shown]


def _row(case: Case, words: DueWords, desk: Desk, home: str, has_duplicate: bool) -> Row:
    service = case.service_date
    return Row(
        reference=case.reference,
        url=reverse("desk:case", args=[case.reference]),
        title=case.procedure.title,
        name=case.applicant_name,
        # Nearly every place lies in the utility's own city; its name only hides the street.
        place=case.place.removeprefix(home),
        received=received_text(case.submitted_at, desk.today),
        due=words.of(case),
        service=f"{service.month}/{service.day:02d}" if service else "",
        chip=case.words.chip,
        icon=case.words.icon,
        state=case.words.staff,
        assignee=case.assignee.display_name.split()[0] if case.assignee else "",
        channel=channel_label(case.channel),
        has_duplicate=has_duplicate,
    )


def _head(column: ListColumn, selection: Selection) -> Head:
    if column.sort is None:
        return Head(column.key, column.heading)
    up, down = column.sort
    now = selection.effective_sort
    turned = down if now == up else up
    sorted_word = {up: "ascending", down: "descending"}.get(now, "")
    return Head(
        key=column.key,
        heading=column.heading,
        url=f"?{selection.query(sort=turned)}",
        sorted=sorted_word,
        spoken=f"（{SORTS[now]}に並んでいます）" if sorted_word else "",
    )
