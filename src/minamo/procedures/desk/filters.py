"""The filters above the list: what is set, what can be set, as links that need no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from minamo.kernel.identity.api import User, members_with

from ..cases.policies import PROCESS
from ..cases.workflow import CHANNEL_LABELS, STATES, State
from ..definitions.models import Procedure
from .lists import Desk
from .selection import DUE_WORDS, VIEWS, Selection, channel_label, state_label


@dataclass(frozen=True, slots=True)
class Link:
    """One choice of a filter."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A filter that is not set yet, with its choices."""

    label: str
    links: Sequence[Link]


def colleagues(desk: Desk) -> list[User]:
    """Return the people of the section on the table who can be given a case."""
    if desk.section is None:
        return []
    return members_with(desk.section, PROCESS, desk.today)


def active_filters(
    selection: Selection, procedures: Sequence[Procedure], people: Sequence[User]
) -> list[Link]:
    """Return the set filters; each link takes its own away."""
    titles = {p.code: p.title for p in procedures}
    names = {str(u.pk): u.display_name for u in people} | {"me": "自分", "none": "未定"}
    found: list[tuple[str, str]] = []
    if selection.q:
        found.append(("q", f"検索：{selection.q}"))
    if selection.procedure:
        found.append(
            ("procedure", f"手続き：{titles.get(selection.procedure, selection.procedure)}")
        )
    if selection.state:
        found.append(("state", f"段階：{state_label(selection.state)}"))
    if selection.channel:
        found.append(("channel", f"経路：{channel_label(selection.channel)}"))
    if selection.due:
        found.append(("due", f"期限：{DUE_WORDS[selection.due]}"))
    if selection.assignee:
        found.append(("assignee", f"担当：{names.get(selection.assignee, '不明な人')}"))
    return [Link(label, _url(selection, **{name: ""})) for name, label in found]


def filter_options(
    selection: Selection, procedures: Sequence[Procedure], people: Sequence[User]
) -> list[Option]:
    """Return the filters that are not set yet."""
    offers: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("procedure", "手続き", [(p.code, p.title) for p in procedures]),
        ("state", "段階", _states(selection)),
        ("channel", "経路", [(c.value, label) for c, label in CHANNEL_LABELS.items()]),
        ("due", "期限", [] if selection.is_done else list(DUE_WORDS.items())),
        (
            "assignee",
            "担当",
            [("me", "自分"), ("none", "未定")] + [(str(u.pk), u.display_name) for u in people],
        ),
    ]
    return [
        Option(label, [Link(text, _url(selection, **{name: value})) for value, text in choices])
        for name, label, choices in offers
        if choices and not getattr(selection, name)
    ]


def _states(selection: Selection) -> list[tuple[str, str]]:
    """Return the states that can occur in the view."""
    if selection.view == "returned" and not selection.is_search:
        return []
    return [
        (state.value, words.staff)
        for state, words in STATES.items()
        if selection.is_search
        or (
            words.is_open != (selection.view == "done")
            and (state != State.RETURNED or selection.view == "mine")
        )
    ]


def view_label(selection: Selection) -> str:
    """Return what the list shows, for captions and printed lists."""
    return f"「{selection.q}」の検索" if selection.q else VIEWS[selection.view]


def _url(selection: Selection, **changes: str) -> str:
    query = selection.query(**changes)
    return f"?{query}" if query else "?"
