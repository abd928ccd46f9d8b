"""Attachments: any accepted file (`file`) or a picture from the camera (`photo`)."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, Raw

from .base import (
    WRONG_SHAPE,
    Circumstances,
    Fault,
    FieldKind,
    Reading,
    control,
    input_name,
    list_of,
)

_ACCEPT = {
    "file": "image/jpeg,image/png,image/webp,application/pdf",
    "photo": "image/jpeg,image/png,image/webp",
}


class FileSpec(FieldSpec):
    """Stored files; what may be stored at all is decided by the file store."""

    kind: Literal["file", "photo"]
    max_files: int = Field(default=3, ge=1, le=10)


def is_uuid(value: object) -> bool:
    """Return whether the value is the text of a UUID."""
    if not isinstance(value, str):
        return False
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


class FileKind(FieldKind[FileSpec]):
    """書類・写真: stored as the list of stored-file uuids, oldest first.

    Files never travel in the posted text: new ones come from the file store through
    `Circumstances.stored_files`, old ones stay until their box 取り消す is ticked.
    """

    name = "file"
    partial = "file"

    def conforms(self, spec: FileSpec, value: object) -> bool:
        """Return whether the value is a list of uuids."""
        return value is None or (isinstance(value, list) and all(map(is_uuid, value)))

    def parse(self, spec: FileSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the files that stay, followed by the new ones."""
        before = at.answers.get(spec.key)
        kept = [str(v) for v in before if is_uuid(v)] if isinstance(before, list) else []
        removed = set(list_of(raw, input_name(spec.key, "remove")))
        files = [uuid for uuid in kept if uuid not in removed]
        files += [uuid for uuid in at.stored_files if uuid not in files]
        return Reading(files or None)

    def read(self, spec: FileSpec, raw: Raw, at: Circumstances) -> Reading:
        """Parse and check; files over the limit are refused, the others are kept."""
        reading = self.parse(spec, raw, at)
        faults = self.check(spec, reading.value, at)
        files = reading.value
        if faults and isinstance(files, list):
            return Reading(files[: spec.max_files], tuple(faults))
        return Reading(files, tuple(faults))

    def check(self, spec: FileSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse missing files and too many."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE)]
        files = value if isinstance(value, list) else []
        thing = "写真" if spec.kind == "photo" else "書類"
        if not files:
            return [Fault("required", f"{spec.label.ja}をつけてください")] if at.required else []
        if len(files) > spec.max_files:
            message = (
                f"{thing}は{spec.max_files}つまでです（いまは{len(files)}つです）。"
                f"はじめの{spec.max_files}つを残しました"
            )
            return [Fault("file.too_many", message)]
        return []

    def show(
        self, spec: FileSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show one file input; the names of stored files are added by the caller."""
        made = control(view, value="")
        made.type = "file"
        view.data["accept"] = _ACCEPT[spec.kind]
        view.data["capture"] = "environment" if spec.kind == "photo" else ""
        view.data["multiple"] = "multiple" if spec.max_files > 1 else ""
        view.data["remove"] = input_name(spec.key, "remove")

    def lines(self, spec: FileSpec, value: object) -> list[str]:
        """Return how many files there are; their names are known to the file store."""
        files = value if isinstance(value, list) else []
        return [f"{len(files)}つの{'写真' if spec.kind == 'photo' else '書類'}"] if files else []

    def cells(self, spec: FileSpec, value: object) -> list[str]:
        """Return the number of files."""
        return [str(len(value)) if isinstance(value, list) and value else ""]


class PhotoKind(FileKind):
    """写真: the camera is offered first on a phone."""

    name = "photo"
