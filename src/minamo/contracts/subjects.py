"""Pointing at any fact of any part without a foreign key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """A fact by kind and id, e.g. `SubjectRef("procedures.case", "0197…")`.

    `kind` is `<part>.<thing>`; `id` is the thing's stable public key as text.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        """Return `kind:id`, the form used in logs and audit entries."""
        return f"{self.kind}:{self.id}"
