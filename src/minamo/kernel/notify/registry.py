"""The kinds of things people are told, with their words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Context, Engine, Template

# Stands where a template asked for something that was not given; never reaches a reader.
_MISSING = "\ufffc%s\ufffc"
_engine = Engine(autoescape=False, string_if_invalid=_MISSING)


class NoticeIncomplete(KeyError):
    """A notice was sent without something its words need."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice: what staff call it, its subject line and its text.

    The templates are Django text templates in plain Japanese, without HTML and without
    access to files. `url_template` is where a notice on the staff screen leads.
    """

    key: str
    label: str
    subject_template: str
    body_template: str
    url_template: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as one person reads it."""

    title: str
    body: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    notice: Notice
    subject: Template = field(compare=False)
    body: Template = field(compare=False)
    url: Template = field(compare=False)


_notices: dict[str, _Compiled] = {}


def register(notice: Notice) -> None:
    """Make a kind of notice known.

    Raises: ValueError when the key has other words; TemplateSyntaxError for a broken template.
    """
    present = _notices.get(notice.key)
    if present is not None and present.notice != notice:
        raise ValueError(f"the notice {notice.key!r} is registered twice")
    _notices[notice.key] = _Compiled(
        notice=notice,
        subject=_engine.from_string(notice.subject_template),
        body=_engine.from_string(notice.body_template),
        url=_engine.from_string(notice.url_template),
    )


def unregister(key: str) -> None:
    """Forget a notice; tests use it to leave the registry as they found it."""
    _notices.pop(key, None)


def notices() -> list[Notice]:
    """Return every kind of notice in order of key."""
    return [_notices[key].notice for key in sorted(_notices)]


def label_of(key: str) -> str:
    """Return what staff call a kind of notice."""
    found = _notices.get(key)
    return found.notice.label if found else key


def words_of(key: str, context: Mapping[str, Any]) -> Words:
    """Return the words of a notice with everything filled in.

    Raises: LookupError for an unknown notice; NoticeIncomplete for a missing value.
    """
    found = _notices.get(key)
    if found is None:
        raise LookupError(f"no notice is registered as {key!r}")
    rendered = [_render(key, t, context) for t in (found.subject, found.body, found.url)]
    return Words(title=one_line(rendered[0]), body=rendered[1].strip() + "\n", url=rendered[2])


def one_line(text: str) -> str:
    """Return text fit for a header: no line breaks, no control characters, single spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split(" ")).strip()


def _render(key: str, template: Template, context: Mapping[str, Any]) -> str:
    text = template.render(Context(dict(context), autoescape=False))
    if "\ufffc" in text:
        names = ", ".join(sorted(set(text.split("\ufffc")[1::2])))
        raise NoticeIncomplete(f"the notice {key!r} needs {names}")
    return text
