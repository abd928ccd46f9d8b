"""Reads: which proposals a person sees, whose turn it is, what a section still owes."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from minamo.kernel.identity.api import User, sections_with

from ..measures.owed import Owed
from .models import Proposal
from .policies import CONFIRM, WRITE, stage_of
from .routes import stages_of

State = Proposal.State


def visible_proposals(user: User, on: date) -> QuerySet[Proposal]:
    """Return the proposals a person may read: handed-in ones, and drafts of the own sections."""
    own = [*_sections(user, WRITE, on), *_sections(user, CONFIRM, on)]
    return (
        Proposal.objects.filter(Q(round__gt=0) | Q(section__in=own))
        .select_related("section", "addition__revision", "plan")
        .order_by("-changed_at", "-pk")
    )


def whose_turn(user: User, on: date) -> list[Proposal]:
    """Return the open proposals that wait for this person.

    A proposal on its way waits for who may decide at its stage; one that was sent back
    waits for its section.
    """
    # There are a few dozen open ones at most: a section proposes once or twice a year.
    is_open = Q(state__in=[State.IN_ROUTE, State.RETURNED])
    rows = Proposal.objects.filter(is_open).select_related("section").order_by("changed_at", "pk")
    covered = _Covered(user, on)
    return [row for row in rows if covered.may_act(row)]


def owed_by(user: User, on: date) -> list[Owed]:
    """Return what a person owes for proposals, which have no day of their own."""
    return [
        Owed(
            title=f"{row.number}「{row.title}」{_what(row)}",
            url=reverse("plan:proposal", args=[row.uuid]),
            due_date=None,
            is_late=False,
        )
        for row in whose_turn(user, on)
    ]


def stage_titles(proposals: Iterable[Proposal]) -> dict[int, str]:
    """Return in words where each proposal stands, by key."""
    titles = {}
    for proposal in proposals:
        stage = stage_of(proposal)
        titles[proposal.pk] = stage.title if stage else proposal.get_state_display()
    return titles


class _Covered:
    """The sections a person's permissions reach, asked once per permission."""

    def __init__(self, user: User, on: date) -> None:
        self._user, self._on = user, on
        self._known: dict[str, frozenset[int]] = {}

    def may_act(self, proposal: Proposal) -> bool:
        if proposal.state == State.RETURNED:
            return self._reaches(WRITE, proposal)
        stage = stages_of(proposal.stages)[proposal.stage]
        return self._reaches(stage.permission, proposal)

    def _reaches(self, permission: str, proposal: Proposal) -> bool:
        if permission not in self._known:
            self._known[permission] = frozenset(_sections(self._user, permission, self._on))
        return proposal.section_id in self._known[permission]


def _sections(user: User, permission: str, on: date) -> list[int]:
    return [section.pk for section in sections_with(user, permission, on)]


def _what(proposal: Proposal) -> str:
    if proposal.state == State.RETURNED:
        return "を直して、もう一度提出する"
    stage = stage_of(proposal)
    return f"の{stage.title}を記録する" if stage else ""
