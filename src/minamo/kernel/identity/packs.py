"""Sections and roles as documents of a pack."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from minamo.contracts.actors import Actor
from minamo.kernel.packs.api import Change, Document, DocumentRefused, register_kind

from . import services
from .models import Role, Section
from .services import IdentityRefused

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class SectionDocument(Document):
    """One section of the bureau."""

    code: Key = Field(description="Stable code; other documents point at the section by it.")
    name: str = Field(min_length=1, max_length=80, description="Name as people write it.")
    kana: str = Field(default="", max_length=120, description="Reading in katakana.")
    valid_from: date = Field(description="First day of the section.")
    valid_to: date | None = Field(default=None, description="First day without the section.")


class SectionsDocument(Document):
    """`kind: sections`: all sections of the bureau, in the bureau's order."""

    kind: Literal["sections"]
    sections: list[SectionDocument] = Field(min_length=1)


class RoleDocument(Document):
    """One role: a title and what it permits."""

    key: Key = Field(description="Stable key of the role.")
    title: str = Field(min_length=1, max_length=80, description="Title that staff read.")
    permissions: list[str] = Field(description="Names of permissions, `part.thing.verb`.")
    covers_all_sections: bool = Field(
        default=False, description="Whether the permissions hold for the cases of all sections."
    )
    requires_mfa: bool = Field(
        default=False, description="Whether holders must sign in with a second factor."
    )


class RolesDocument(Document):
    """`kind: roles`: all roles, in the order they are offered."""

    kind: Literal["roles"]
    roles: list[RoleDocument] = Field(min_length=1)


def load_sections(document: SectionsDocument, /, *, by: Actor, path: str) -> Change:
    """Create or correct the sections; those that are not named stay as they are."""
    known = Section.objects.exists()
    changes = []
    for order, entry in enumerate(document.sections):
        try:
            _, changed = services.upsert_section(
                code=entry.code,
                name=entry.name,
                kana=entry.kana,
                order=order,
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
                by=by,
            )
        except IdentityRefused as refusal:
            raise DocumentRefused(refusal.message_ja, at=("sections", order)) from refusal
        changes.append(changed)
    return _summary(known, changes)


def load_roles(document: RolesDocument, /, *, by: Actor, path: str) -> Change:
    """Create or correct the roles; those that are not named stay as they are."""
    known = Role.objects.exists()
    changes = []
    for order, entry in enumerate(document.roles):
        try:
            _, changed = services.upsert_role(
                key=entry.key,
                title=entry.title,
                permissions=entry.permissions,
                covers_all_sections=entry.covers_all_sections,
                requires_mfa=entry.requires_mfa,
                order=order,
                by=by,
            )
        except IdentityRefused as refusal:
            raise DocumentRefused(refusal.message_ja, at=("roles", order)) from refusal
        changes.append(changed)
    return _summary(known, changes)


def _summary(known: bool, changes: list[bool]) -> Change:
    if not any(changes):
        return Change.UNCHANGED
    return Change.UPDATED if known else Change.CREATED


register_kind(name="sections", title="課", schema=SectionsDocument, load=load_sections)
register_kind(name="roles", title="役割", schema=RolesDocument, load=load_roles)
