"""The entries of an error summary for the few forms that no procedure defines."""

from dataclasses import dataclass

from django.forms import Form


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the error summary, linked to the control it is about."""

    input_id: str
    message: str


def of_form(form: Form) -> list[Mistake]:
    """Return the mistakes of a form in the order of its fields."""
    return [Mistake(field.id_for_label, str(error)) for field in form for error in field.errors]
