"""What a reader asked the inbox for: parsed from the address, written back into addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from ..cases.workflow import CHANNEL_LABELS, STATES, Channel, State

VIEWS: Mapping[str, str] = {
    "section": "課の仕事",
    "mine": "自分の担当",
    "unassigned": "担当が未定",
    "soon": "期限が近い",
    "returned": "差し戻し中",
    "done": "完了",
}
DUE_WORDS: Mapping[str, str] = {
    "late": "期限を過ぎた",
    "today": "今日まで",
    "week": "5営業日のうち",
}
SORTS: Mapping[str, str] = {
    "due": "期限の近い順",
    "-due": "期限の遠い順",
    "received": "受付の古い順",
    "-received": "受付の新しい順",
    "-closed": "終わった順",
}
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """One view of the inbox with its filters; empty means not filtered."""

    view: str = "section"
    section: str = ""
    procedure: str = ""
    state: str = ""
    channel: str = ""
    due: str = ""
    assignee: str = ""
    q: str = ""
    sort: str = ""

    @classmethod
    def parse(cls, data: QueryDict | Mapping[str, str]) -> "Selection":
        """Read an address; what is unknown counts as not asked for."""
        text = {f.name: str(data.get(f.name) or "").strip()[:LONGEST_WORDS] for f in fields(cls)}
        allowed: dict[str, Any] = {
            "view": VIEWS,
            "state": {s.value for s in State},
            "channel": {c.value for c in Channel},
            "due": DUE_WORDS,
            "sort": SORTS,
        }
        for name, values in allowed.items():
            if text[name] not in values:
                text[name] = ""
        if not (text["assignee"].isdecimal() or text["assignee"] in {"", "me", "none"}):
            text["assignee"] = ""
        text["view"] = text["view"] or "section"
        return cls(**text)

    @property
    def is_search(self) -> bool:
        """Return whether the reader searches: then open and closed cases are looked through."""
        return bool(self.q)

    @property
    def is_done(self) -> bool:
        """Return whether ended cases are listed."""
        return self.view == "done" and not self.is_search

    @property
    def order(self) -> tuple[str, ...]:
        """Return the ordering columns; the last one is unique."""
        return _ORDERS[self.effective_sort]

    @property
    def effective_sort(self) -> str:
        """Return the chosen order, or the one that fits the view."""
        if self.sort == "-closed" and not self.is_done:
            return "due"
        return self.sort or ("-closed" if self.is_done else "due")

    def query(self, **changes: str) -> str:
        """Return the address behind `?` with changes; nothing that is the default is written."""
        changed = replace(self, **changes)
        pairs = [
            (f.name, getattr(changed, f.name))
            for f in fields(changed)
            if getattr(changed, f.name) not in ("", f.default)
        ]
        return urlencode(pairs)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the set values for hidden inputs."""
        return [
            (f.name, getattr(self, f.name))
            for f in fields(self)
            if getattr(self, f.name) not in ("", f.default)
        ]


_ORDERS: Mapping[str, tuple[str, ...]] = {
    "due": ("due_date", "id"),
    "-due": ("-due_date", "-id"),
    "received": ("submitted_at", "id"),
    "-received": ("-submitted_at", "-id"),
    "-closed": ("-closed_at", "-id"),
}


def state_label(value: str) -> str:
    """Return the staff's word for a state."""
    return STATES[State(value)].staff


def channel_label(value: str) -> str:
    """Return the word for a channel."""
    return CHANNEL_LABELS[Channel(value)]
