"""Everything a case page shows, gathered once: answers with remarks, versions, files, orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import BusinessCalendar
from minamo.kernel.files.api import StoredFile
from minamo.kernel.identity.api import Section

from ..cases.models import Case, CaseRevision
from ..definitions.forms import SummaryPage, compile_version, field_labels, summary
from .hints import Hint, hints_for
from .words import READ, Event, history_events, reader_lines

HISTORY_SHOWN = 200


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer with the machine's remarks; `changed` marks what the newest version altered."""

    label: str
    lines: Sequence[str]
    kana: str
    hints: Sequence[Hint]
    changed: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The answers of one page of the form."""

    title: str
    rows: Sequence[AnswerRow]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs between two versions."""

    label: str
    before: Sequence[str]
    after: Sequence[str]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a case; `current` is False for files of earlier versions."""

    uuid: str
    name: str
    label: str
    size_bytes: int
    media_type: str
    revision: int
    current: bool


@dataclass(slots=True)
class OpenedCase:
    """A case opened on the desk."""

    case: Case
    calendar: BusinessCalendar
    _pages: list[AnswerPage] = field(default_factory=list)

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the label of every question."""
        return field_labels(compile_version(self.case.version))

    def pages(self) -> list[AnswerPage]:
        """Return the present answers in words, with remarks."""
        if not self._pages:
            remarks = hints_for(self.case.answers, self.calendar)
            changed = self._changed_fields()
            self._pages = [
                AnswerPage(
                    page.title,
                    [
                        AnswerRow(
                            row.label,
                            row.lines,
                            row.kana,
                            remarks.get(row.field, ()),
                            row.field in changed,
                        )
                        for row in page.rows
                    ],
                )
                for page in self._summary(self.case.answers)
            ]
        return self._pages

    def revisions(self) -> list[CaseRevision]:
        """Return all versions of the answers, oldest first."""
        return list(self.case.revisions.order_by("number"))

    def changes(self, before: CaseRevision, after: CaseRevision) -> list[Change]:
        """Return what differs between two versions, in the order of the form."""
        old = self._lines(before.answers)
        new = self._lines(after.answers)
        keys = dict.fromkeys([*new, *old])
        labels = self.labels
        return [
            Change(labels.get(key, key), old.get(key, ()), new.get(key, ()))
            for key in keys
            if old.get(key, ()) != new.get(key, ())
        ]

    def files(self) -> list[FileRow]:
        """Return the files of all versions, present ones first."""
        held = list(self.case.files.order_by("-revision_number", "id"))
        stored = {
            f.uuid: f for f in StoredFile.objects.filter(uuid__in=[h.file_uuid for h in held])
        }
        labels = self.labels
        present = {
            str(uuid)
            for value in self.case.answers.values()
            if isinstance(value, list)
            for uuid in value
        }
        rows = [
            FileRow(
                uuid=str(h.file_uuid),
                name=stored[h.file_uuid].name,
                label=labels.get(h.field_key, h.field_key),
                size_bytes=stored[h.file_uuid].size_bytes,
                media_type=stored[h.file_uuid].media_type,
                revision=h.revision_number,
                current=str(h.file_uuid) in present,
            )
            for h in held
            if h.file_uuid in stored
        ]
        return sorted(rows, key=lambda row: not row.current)

    def events(self, limit: int = HISTORY_SHOWN) -> list[Event]:
        """Return what was done, newest first."""
        entries = history(self.case.subject).exclude(action=READ).order_by("-seq")[:limit]
        sections = dict(Section.objects.values_list("code", "name"))
        return history_events(entries, self.labels, sections)

    def readers(self) -> Sequence[Event]:
        """Return who saw personal data, newest first."""
        entries = history(self.case.subject).filter(action=READ).order_by("-seq")[:HISTORY_SHOWN]
        return reader_lines(entries, self.labels)

    def counts(self) -> dict[str, int]:
        """Return the numbers beside the tabs."""
        trail = history(self.case.subject)
        return {
            "messages": self.case.messages.count(),
            "files": self.case.files.count(),
            "history": trail.exclude(action=READ).count(),
        }

    def _summary(self, answers: Mapping[str, Any]) -> list[SummaryPage]:
        received = timezone.localdate(self.case.submitted_at)
        return summary(
            compile_version(self.case.version),
            answers,
            files=self._names(answers),
            today=received,
        )

    def _names(self, answers: Mapping[str, Any]) -> dict[str, list[StoredFile]]:
        """Return the stored files that answers name, by field."""
        keys = {h.field_key for h in self.case.files.all()}
        uuids = {key: answers.get(key) or [] for key in keys}
        stored = {
            str(f.uuid): f
            for f in StoredFile.objects.filter(uuid__in=[u for us in uuids.values() for u in us])
        }
        return {key: [stored[u] for u in us if u in stored] for key, us in uuids.items()}

    def _lines(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        return {row.field: row.lines for page in self._summary(answers) for row in page.rows}

    def _changed_fields(self) -> set[str]:
        newest = self.case.revisions.order_by("-number").first()
        return set(newest.changed_fields) if newest and newest.number > 1 else set()
