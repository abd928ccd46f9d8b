"""From a selection to rows: row permission first, then one index per view, never a count of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.calendar.api import BusinessCalendar
from minamo.kernel.identity.api import Section, User, may, sections_of
from minamo.kernel.search.api import find

from ..cases.models import Case
from ..cases.policies import VIEW
from ..cases.queries import visible_cases
from ..cases.references import is_well_formed, tidy
from ..cases.services.indexing import section_scope
from ..cases.workflow import State
from .selection import VIEWS, Selection

COUNT_CAP = 1000
# So many open cases are walked for the numbers; what lies beyond shows as a plus sign.
WALK_CAP = 5000
SEARCH_LIMIT = 200
SOON_DAYS = 2
WEEK_DAYS = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits at the desk, when, and which of their sections is on the table."""

    user: User
    today: date
    calendar: BusinessCalendar
    sections: Sequence[Section]
    section: Section | None


def desk_of(user: User, selection: Selection, *, today: date, calendar: BusinessCalendar) -> Desk:
    """Return the reader's desk; the first own section unless another own one is asked for."""
    sections = [s for s in sections_of(user, today) if may(user, VIEW, section=s, on=today)]
    chosen = next((s for s in sections if s.code == selection.section), None)
    return Desk(user, today, calendar, sections, chosen or (sections[0] if sections else None))


def cases_for(selection: Selection, desk: Desk) -> QuerySet[Case]:
    """Return the cases of a selection, unordered.

    One section at a time, so that every view is one range of one index.
    """
    cases: QuerySet[Case] = visible_cases(desk.user, desk.today)
    if selection.is_search:
        cases = cases.filter(uuid__in=_found(selection.q, desk))
    elif selection.view == "mine":
        cases = cases.filter(assignee=desk.user, closed_at__isnull=True)
    else:
        cases = _in_section(cases, desk).filter(_of_view(selection.view, desk))
    return _filtered(cases, selection, desk)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers around the list, in words: (key, label, count) of each view, and what is urgent."""

    views: Sequence[tuple[str, str, str]]
    late: str
    today: str


def counts_of(desk: Desk) -> Counts:
    """Return all numbers of the section's open cases from one walk over one index."""
    # What lies with the applicant is not late at the desk.
    at_desk = ~Q(state=State.RETURNED)
    # Names only columns of one index, so that counting reads no row.
    walked = (
        _in_section(visible_cases(desk.user, desk.today), desk)
        .filter(closed_at__isnull=True)
        .order_by("due_date", "id")
        .only("due_date", "state", "assignee")[: WALK_CAP + 1]
    )
    numbers = walked.aggregate(
        everything=Count("pk"),
        section=Count("pk", filter=at_desk),
        unassigned=Count("pk", filter=at_desk & Q(assignee__isnull=True)),
        soon=Count("pk", filter=at_desk & Q(due_date__lte=_soon_limit(desk))),
        late=Count("pk", filter=at_desk & Q(due_date__lt=desk.today)),
        today=Count("pk", filter=at_desk & Q(due_date=desk.today)),
    )
    numbers["returned"] = numbers["everything"] - numbers["section"]
    cut = numbers["everything"] > WALK_CAP
    words = {key: _number(number, COUNT_CAP, cut=cut) for key, number in numbers.items()}
    words |= {"mine": capped(cases_for(Selection(view="mine"), desk)), "done": ""}
    views = [(view, label, words[view]) for view, label in VIEWS.items()]
    return Counts(views=views, late=words["late"], today=words["today"])


def total_of(selection: Selection, desk: Desk, counts: Counts) -> str:
    """Return how many cases a selection holds, from the counts where they say so already."""
    plain = Selection(view=selection.view, section=selection.section, sort=selection.sort)
    if selection == plain and selection.view != "done":
        return next(count for view, _, count in counts.views if view == selection.view)
    return capped(cases_for(selection, desk))


def capped(cases: QuerySet[Case], cap: int = COUNT_CAP) -> str:
    """Return the number of cases as text, or 1000+ when there are more than the cap."""
    return _number(cases.order_by()[: cap + 1].count(), cap)


def _number(number: int, cap: int, *, cut: bool = False) -> str:
    if number > cap:
        return f"{cap}+"
    return f"{number}+" if cut else str(number)


def neighbours(case: Case, selection: Selection, desk: Desk) -> tuple[Case | None, Case | None]:
    """Return the cases before and after this one in a selection's order."""
    cases = cases_for(selection, desk)
    order = selection.order
    name = order[0].removeprefix("-")
    value = getattr(case, name)
    if value is None:
        return None, None
    forward = not order[0].startswith("-")
    after = _beyond(name, value, case.pk, up=forward)
    before = _beyond(name, value, case.pk, up=not forward)
    backwards = [key.removeprefix("-") if key.startswith("-") else f"-{key}" for key in order]
    return (
        cases.filter(before).order_by(*backwards).only("reference").first(),
        cases.filter(after).order_by(*order).only("reference").first(),
    )


def doubles_among(cases: Sequence[Case]) -> set[int]:
    """Return the keys of those cases of a page that ask for the same as another case.

    One query for the page. An `EXISTS` beside each row would walk through every case
    that has nothing to compare, because all of those share the empty index.
    """
    compared = {(c.procedure_id, c.duplicate_index) for c in cases if c.duplicate_index}
    if not compared:
        return set()
    found = (
        Case.objects.filter(
            procedure_id__in={procedure for procedure, _ in compared},
            duplicate_index__in={index for _, index in compared},
        )
        .exclude(state=State.WITHDRAWN)
        .values_list("pk", "procedure_id", "duplicate_index")
    )
    same: dict[tuple[int, str], set[int]] = {}
    for pk, procedure, index in found:
        same.setdefault((procedure, index), set()).add(pk)
    return {c.pk for c in cases if same.get((c.procedure_id, c.duplicate_index), set()) - {c.pk}}


def exact_reference(words: str, desk: Desk) -> Case | None:
    """Return the case whose whole number was typed, so that it opens at once."""
    tidied = tidy(words)
    if not is_well_formed(tidied):
        return None
    return visible_cases(desk.user, desk.today).filter(reference=tidied).first()


def _in_section(cases: QuerySet[Case], desk: Desk) -> QuerySet[Case]:
    return cases.filter(section=desk.section) if desk.section else cases.none()


def _of_view(view: str, desk: Desk) -> Q:
    if view == "done":
        return Q(closed_at__isnull=False)
    is_open = Q(closed_at__isnull=True)
    if view == "returned":
        return is_open & Q(state=State.RETURNED)
    # What lies with the applicant has a view of its own and would only stand in the way.
    at_desk = is_open & ~Q(state=State.RETURNED)
    if view == "unassigned":
        return at_desk & Q(assignee__isnull=True)
    if view == "soon":
        return at_desk & Q(due_date__lte=_soon_limit(desk))
    return at_desk


def _soon_limit(desk: Desk) -> date:
    return desk.calendar.add_business_days(desk.today, SOON_DAYS)


def _filtered(cases: QuerySet[Case], selection: Selection, desk: Desk) -> QuerySet[Case]:
    if selection.procedure:
        cases = cases.filter(procedure__code=selection.procedure)
    if selection.state:
        cases = cases.filter(state=selection.state)
    if selection.channel:
        cases = cases.filter(channel=selection.channel)
    if selection.assignee == "none":
        cases = cases.filter(assignee__isnull=True)
    elif selection.assignee == "me":
        cases = cases.filter(assignee=desk.user)
    elif selection.assignee:
        cases = cases.filter(assignee_id=int(selection.assignee[:9]))
    if selection.due:
        cases = cases.filter(_due(selection.due, desk))
    return cases


def _due(word: str, desk: Desk) -> Q:
    if word == "late":
        return Q(due_date__lt=desk.today)
    if word == "today":
        return Q(due_date=desk.today)
    limit = desk.calendar.add_business_days(desk.today, WEEK_DAYS)
    return Q(due_date__gte=desk.today, due_date__lte=limit)


def _found(words: str, desk: Desk) -> list[str]:
    scopes = [section_scope(section.code) for section in desk.sections]
    if not scopes:
        return []
    kind = SubjectRef("procedures.case", "").kind
    return [ref.id for ref in find(words, kinds=[kind], scopes=scopes, limit=SEARCH_LIMIT)]


def _beyond(name: str, value: object, pk: int, *, up: bool) -> Q:
    operator, bound = ("gt", "gte") if up else ("lt", "lte")
    return Q(**{f"{name}__{bound}": value}) & (
        Q(**{f"{name}__{operator}": value}) | Q(**{name: value, f"pk__{operator}": pk})
    )
