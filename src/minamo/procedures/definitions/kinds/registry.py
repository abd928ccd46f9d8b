"""The registry of field kinds. A new kind is one class and its line here."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from .attachment import FileKind, FileSpec, PhotoKind
from .base import FieldKind
from .choice import (
    ChoiceKind,
    ChoicesKind,
    ChoiceSpec,
    ChoicesSpec,
    ConsentKind,
    ConsentSpec,
    TimeBandKind,
    YesNoKind,
    YesNoSpec,
)
from .contact import EmailKind, EmailSpec, PhoneKind, PhoneSpec
from .day import DateKind, DateSpec
from .figure import DigitsKind, DigitsSpec, NumberKind, NumberSpec
from .given import (
    ComputedKind,
    ComputedSpec,
    GuidanceKind,
    GuidanceSpec,
    HeadingKind,
    HeadingSpec,
    HiddenKind,
    HiddenSpec,
)
from .person import KanaKind, KanaSpec, NameKind, NameSpec, OrganisationKind, OrganisationSpec
from .place import AddressKind, AddressSpec
from .text import TextAreaKind, TextAreaSpec, TextKind, TextSpec

FieldDefinition: TypeAlias = Annotated[
    TextSpec
    | TextAreaSpec
    | NameSpec
    | OrganisationSpec
    | KanaSpec
    | DateSpec
    | ChoiceSpec
    | ChoicesSpec
    | YesNoSpec
    | ConsentSpec
    | AddressSpec
    | PhoneSpec
    | EmailSpec
    | NumberSpec
    | DigitsSpec
    | FileSpec
    | HeadingSpec
    | GuidanceSpec
    | HiddenSpec
    | ComputedSpec,
    Field(discriminator="kind"),
]

_ALL: tuple[FieldKind[Any], ...] = (
    TextKind(),
    TextAreaKind(),
    NameKind(),
    OrganisationKind(),
    KanaKind(),
    DateKind(),
    TimeBandKind(),
    AddressKind(),
    PhoneKind(),
    EmailKind(),
    NumberKind(),
    DigitsKind(),
    ChoiceKind(),
    ChoicesKind(),
    YesNoKind(),
    ConsentKind(),
    FileKind(),
    PhotoKind(),
    HeadingKind(),
    GuidanceKind(),
    HiddenKind(),
    ComputedKind(),
)
KINDS: Mapping[str, FieldKind[Any]] = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> FieldKind[Any]:
    """Return the kind registered under a name; definitions hold registered names only."""
    return KINDS[name]
