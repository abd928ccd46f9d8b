"""A definition as an English reader sees it.

English comes from the definition itself: `en` of a label, and the phrase book `english`
for every other sentence, keyed by the Japanese one. A sentence that was changed since
then no longer matches and is shown in Japanese, so English never says something older.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.utils.translation import gettext, gettext_noop, override

from .compile import CompiledProcedure
from .kinds.registry import kind_of
from .schema.base import Label, Part
from .shapes import FieldError

AnyPart = TypeVar("AnyPart", bound=Part)

# What people read. Values, keys, headers of files and codes are never translated.
_READ = frozenset(
    {
        *("heading", "help_text", "help_title", "hint", "label", "lead", "lines", "message"),
        *("no", "public", "statement", "street_hint", "summary", "title", "unit", "version"),
        "yes",
    }
)

# The catalogue keeps the sentence of each refusal under its stable code (kinds/REFUSED.md);
# a code that is not here is shown with its Japanese sentence.
REFUSALS = (
    gettext_noop("error.required"),
    gettext_noop("error.shape"),
    gettext_noop("error.choice.unknown"),
    gettext_noop("error.choices.too_many"),
    gettext_noop("error.number.unreadable"),
    gettext_noop("error.number.decimals"),
    gettext_noop("error.number.range"),
    gettext_noop("error.address.outside"),
    gettext_noop("error.date.too_soon"),
    gettext_noop("error.date.too_late"),
    gettext_noop("error.date.closed_day"),
    gettext_noop("error.date.before_other"),
    gettext_noop("error.date.after_other"),
    gettext_noop("error.date.empty"),
    gettext_noop("error.date.incomplete"),
    gettext_noop("error.date.unknown_era"),
    gettext_noop("error.date.not_a_number"),
    gettext_noop("error.date.western_year"),
    gettext_noop("error.date.year_range"),
    gettext_noop("error.date.era_year_zero"),
    gettext_noop("error.date.after_era"),
    gettext_noop("error.date.era_year_range"),
    gettext_noop("error.date.month"),
    gettext_noop("error.date.day_zero"),
    gettext_noop("error.date.day"),
    gettext_noop("error.date.before_era"),
    gettext_noop("error.date.after_era_date"),
    gettext_noop("error.email.differs"),
    gettext_noop("error.email.empty"),
    gettext_noop("error.email.character"),
    gettext_noop("error.email.at"),
    gettext_noop("error.email.length"),
    gettext_noop("error.email.local"),
    gettext_noop("error.email.domain"),
    gettext_noop("error.file.too_many"),
    gettext_noop("error.text.too_long"),
    gettext_noop("error.text.control"),
    gettext_noop("error.text.emoji"),
    gettext_noop("error.text.undrawable"),
    gettext_noop("error.name.empty"),
    gettext_noop("error.kana.empty"),
    gettext_noop("error.kana.character"),
    gettext_noop("error.kana.start"),
    gettext_noop("error.digits.empty"),
    gettext_noop("error.digits.character"),
    gettext_noop("error.digits.length"),
    gettext_noop("error.postal_code.empty"),
    gettext_noop("error.postal_code.character"),
    gettext_noop("error.postal_code.length"),
    gettext_noop("error.phone.empty"),
    gettext_noop("error.phone.abroad"),
    gettext_noop("error.phone.character"),
    gettext_noop("error.phone.area_code"),
    gettext_noop("error.phone.second_digit"),
    gettext_noop("error.phone.length"),
)


def in_english(compiled: CompiledProcedure) -> CompiledProcedure:
    """Return the procedure with English words in the place of the Japanese ones.

    Screens read the words of a label from `ja`; that is where the English ones stand
    here. Only for showing: what is judged, stored and exported uses the original.
    """
    with override("en"):
        document = _spoken(compiled.document, compiled.document.english or {})
    return replace(
        compiled,
        language="en",
        document=document,
        fields=OrderedDict((spec.key, spec) for spec in document.fields),
        pages=tuple(document.pages),
        labels={spec.key: spec.label.ja for spec in document.fields},
    )


def spoken_errors(compiled: CompiledProcedure, errors: Sequence[FieldError]) -> list[FieldError]:
    """Return errors in the language of the procedure; Japanese words where there are no others."""
    if compiled.language == "ja":
        return list(errors)
    return [_spoken_error(compiled, error) for error in errors]


def _spoken_error(compiled: CompiledProcedure, error: FieldError) -> FieldError:
    written = (compiled.document.english or {}).get(error.message)
    if written:
        return replace(error, message=written)
    sentence = gettext(f"error.{error.code}")
    if sentence == f"error.{error.code}":
        return error
    return replace(error, message=sentence % {"label": _label(compiled, error)})


def _label(compiled: CompiledProcedure, error: FieldError) -> str:
    """Return what the error is about: the question, or the part of it that is wrong."""
    spec = compiled.fields[error.field]
    kind = kind_of(spec.kind)
    labels: Mapping[str, str] = getattr(kind, "labels", {})
    for part, words in labels.items():
        if error.input_id == kind.focus_id(spec, part):
            return f"{spec.label.ja}: {gettext(words)}"
    return spec.label.ja


def _spoken(part: AnyPart, phrases: Mapping[str, str]) -> AnyPart:
    if isinstance(part, Label):
        return part.model_copy(update={"ja": part.en or phrases.get(part.ja) or gettext(part.ja)})
    # Not validated again: English is longer than Japanese, and the limits are for Japanese.
    changed = {name: _said(name, value, phrases) for name, value in part}
    return part.model_copy(update=changed)


def _said(name: str, value: Any, phrases: Mapping[str, str]) -> Any:
    if isinstance(value, Part):
        return _spoken(value, phrases)
    if isinstance(value, list):
        return [_said(name, item, phrases) for item in value]
    if isinstance(value, str) and value and name in _READ:
        return phrases.get(value) or gettext(value)
    return value
