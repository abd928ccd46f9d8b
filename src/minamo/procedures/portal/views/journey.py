"""The way through a draft: which page comes where, and what its templates need."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minamo.kernel.ui.api import language, translated
from minamo.procedures.definitions.forms import (
    CompiledProcedure,
    FieldError,
    PageReading,
    PageView,
    compile_version,
    field_views,
    spoken_errors,
    summary,
    visible_pages,
)
from minamo.procedures.definitions.kinds.base import input_id
from minamo.procedures.portal import queries
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.reading import open_errors
from minamo.procedures.portal.typed import posted, pressed_field

# More dots than this are nothing that anybody counts on a phone.
MOST_DOTS = 7


def page_url(token: str, page_key: str, *, from_check: bool = False, anchor: str = "") -> str:
    """Return the address of a page; `from_check` makes its button lead back to the check."""
    address = reverse("portal:page", args=[token, page_key])
    query = "?from=check" if from_check else ""
    return f"{address}{query}{'#' + anchor if anchor else ''}"


def first_page(draft: Draft) -> str:
    """Return the key of the first page of questions."""
    return pages_of(draft)[0].key


def pages_of(draft: Draft) -> list[PageView]:
    """Return the pages that this draft's answers lead through."""
    return visible_pages(_spoken(draft), draft.answers, today=timezone.localdate())


def _spoken(draft: Draft) -> CompiledProcedure:
    """Return the draft's procedure in the words of the reader's language."""
    return compile_version(draft.version, language())


def next_open_page(draft: Draft, *, at: datetime) -> str | None:
    """Return the page where something is still to answer or to put right."""
    errors = open_errors(draft, at=at)
    known = {page.key for page in pages_of(draft)}
    return next((error.page for error in errors if error.page in known), None)


def link(request: HttpRequest, token: str) -> str:
    """Return the full address to go on later, as this browser sees the site."""
    return request.build_absolute_uri(reverse("portal:draft", args=[token]))


def digest(warnings: Sequence[FieldError]) -> str:
    """Return a mark of these warnings, so that the same ones are shown once only."""
    words = "\n".join(f"{warning.field}:{warning.message}" for warning in warnings)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def words_of(refusal: Exception) -> str:
    """Return a refusal's sentence for the applicant."""
    if type(refusal).__name__ == "CaseMoved":
        return _(
            "この申し込みは、画面を開いたあとに内容が変わりました。"
            "いまの内容を確かめてから、もう一度直してください。"
        )
    return translated(getattr(refusal, "message", "") or refusal)


def frame(draft: Draft, token: str) -> dict[str, Any]:
    """Return what every page of a draft shows around its questions."""
    return {
        "draft": draft,
        "token": token,
        "procedure": draft.version.procedure,
        "document": _spoken(draft).document,
        "correcting": draft.corrects,
    }


def progress(draft: Draft, current: str) -> dict[str, Any]:
    """Return the titles of the progress line, and the current one counted from 1.

    A way of many pages gets a bar (`share` of it done) in place of its dots.
    """
    pages = pages_of(draft)
    keys = [page.key for page in pages] + ["check"]
    titles = [page.title for page in pages] + [_("内容の確認"), _("受け付け")]
    position = keys.index(current) + 1 if current in keys else 1
    return {
        "steps": titles,
        "step": titles[position - 1],
        "position": position,
        "share": position / len(titles) if len(titles) > MOST_DOTS else None,
    }


def check_context(draft: Draft, token: str) -> dict[str, Any]:
    """Return what the check page shows; every 変更 link comes back to it."""
    compiled = _spoken(draft)
    pages = pages_of(draft)
    return {
        **frame(draft, token),
        **progress(draft, "check"),
        "answers": [
            (page, page_url(token, page.key, from_check=True))
            for page in summary(
                compiled,
                draft.answers,
                files=queries.stored_files(draft.version, draft.answers),
                today=timezone.localdate(),
            )
        ],
        "last_page_url": page_url(token, pages[-1].key),
    }


class Walk:
    """One page of a draft during one request."""

    def __init__(self, draft: Draft, token: str, page_key: str, *, from_check: bool) -> None:
        self.draft, self.token, self.page_key = draft, token, page_key
        self.from_check = from_check

    @cached_property
    def compiled(self) -> CompiledProcedure:
        """Return the compiled version of the draft, in the reader's language."""
        return _spoken(self.draft)

    @property
    def exists(self) -> bool:
        """Return whether this page is on the way of the draft's answers."""
        return self.view is not None

    @property
    def view(self) -> PageView | None:
        """Return the page among those on the way."""
        return next((p for p in pages_of(self.draft) if p.key == self.page_key), None)

    def frame(self) -> dict[str, Any]:
        """Return the frame plus the way back to this page."""
        return {
            **frame(self.draft, self.token),
            "page_url": page_url(self.token, self.page_key, from_check=self.from_check),
        }

    def context(self, *, reading: PageReading | None = None) -> dict[str, Any]:
        """Return what the page's template needs; with a reading, as it was just typed."""
        errors = spoken_errors(self.compiled, reading.errors if reading else [])
        warnings = spoken_errors(self.compiled, reading.warnings if reading else [])
        fields = field_views(
            self.compiled,
            self.page_key,
            self.draft.answers,
            raw=self._typed(reading),
            errors=errors,
            warnings=warnings,
            today=timezone.localdate(),
            now=timezone.now(),
            files=queries.stored_files(self.draft.version, self.draft.answers),
        )
        return {
            **self.frame(),
            "page": self.view,
            **progress(self.draft, self.page_key),
            "fields": fields,
            "errors": errors,
            "warnings": warnings,
            "seen": digest(reading.warnings) if reading and warnings and not errors else "",
            "uploads": any(field.kind in ("file", "photo") for field in fields),
            "previous": self._neighbour(-1) is not None or self.from_check,
            "next_title": self._next_title(),
        }

    def aside(self, data: QueryDict) -> str:
        """Return where a button other than 「進む」 leads, or nothing when that was pressed."""
        if "_next" in data:
            return ""
        if "_save" in data:
            return reverse("portal:saved", args=[self.token])
        if "_back" in data:
            return self._back_url()
        return self.here(pressed_field(data))

    def onward(self) -> str:
        """Return the address after this page."""
        after = None if self.from_check else self._neighbour(+1)
        if after is None:
            return reverse("portal:check", args=[self.token])
        return page_url(self.token, after.key)

    def here(self, field_key: str) -> str:
        """Return this page again, at one of its fields; nothing for a field of another page."""
        if field_key not in queries.page_field_keys(self.draft, self.page_key):
            return ""
        return page_url(
            self.token, self.page_key, from_check=self.from_check, anchor=input_id(field_key)
        )

    def _back_url(self) -> str:
        before = self._neighbour(-1)
        if self.from_check or before is None:
            return reverse("portal:check", args=[self.token])
        return page_url(self.token, before.key)

    def _neighbour(self, offset: int) -> PageView | None:
        pages = pages_of(self.draft)
        place = next((n for n, p in enumerate(pages) if p.key == self.page_key), None)
        if place is None or not 0 <= place + offset < len(pages):
            return None
        return pages[place + offset]

    def _next_title(self) -> str:
        if self.from_check:
            return ""
        after = self._neighbour(+1)
        return after.title if after else ""

    def _typed(self, reading: PageReading | None) -> Mapping[str, Sequence[str]] | None:
        if reading is not None and reading.errors:
            return reading.raw
        typed: Mapping[str, Sequence[str]] | None = self.draft.typed.get(self.page_key)
        return typed


def uploads_of(request: HttpRequest) -> Mapping[str, Sequence[Any]]:
    """Return the uploads of a request by field."""
    return {key: request.FILES.getlist(key) for key in request.FILES}


def texts_of(request: HttpRequest) -> dict[str, list[str]]:
    """Return the posted texts of a request by input name."""
    return posted(request.POST)
