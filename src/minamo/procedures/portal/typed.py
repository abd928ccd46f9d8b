"""What was typed: from a posted form, from a shown one, and whether the two differ."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import QueryDict

from ..definitions.forms import FieldError, FieldView, Raw, compile_version, field_views
from .models import Draft


def posted(data: QueryDict) -> dict[str, list[str]]:
    """Return the posted texts of the fields; our own buttons and the CSRF token are left out."""
    return {
        name: list(texts)
        for name, texts in data.lists()
        if name == "_lookup" or not (name.startswith("_") or name == "csrfmiddlewaretoken")
    }


def as_typed(fields: Iterable[FieldView]) -> dict[str, list[str]]:
    """Return what a browser would post if these fields were sent back untouched."""
    texts: dict[str, list[str]] = {}
    for field in fields:
        for control in field.inputs:
            texts.setdefault(control.name, []).append(control.value)
        for option in field.options:
            if option.checked:
                texts.setdefault(option.name or field.name, []).append(option.value)
    return texts


def of_field(data: Raw, field_key: str) -> dict[str, list[str]]:
    """Return the texts of one field; an empty text is the same as none."""
    texts = {
        name: [text for text in values if text]
        for name, values in data.items()
        if name.split(".")[0] == field_key
    }
    return {name: values for name, values in texts.items() if values}


def without_accepted(
    draft: Draft, errors: Iterable[FieldError], data: Mapping[str, list[str]], *, today: date
) -> list[FieldError]:
    """Leave out the errors of answers that a correction does not touch.

    They were accepted when the case was sent: a wished date must not be refused only
    because days have passed since. What was answered nothing then is not accepted.
    """
    found = list(errors)
    if draft.corrects is None or not found:
        return found
    accepted = draft.corrects.answers
    compiled = compile_version(draft.version)
    before = as_typed(field_views(compiled, found[0].page, accepted, today=today))
    return [
        error
        for error in found
        if accepted.get(error.field) is None
        or of_field(before, error.field) != of_field(data, error.field)
    ]
