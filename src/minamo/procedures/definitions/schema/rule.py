"""Rules of a definition: when something holds, then something happens."""

from typing import Any

from pydantic import Field, model_validator

from .base import Key, Part, Words


class SetValue(Part):
    """Gives a hidden or computed field its value."""

    field: Key
    value: Any = Field(default=None, description="An expression.")


class FilterOptions(Part):
    """Leaves only some options of a choice."""

    field: Key
    allow: list[str] = Field(min_length=1)


class FieldMessage(Part):
    """A sentence at a field; `{earliest}` is replaced by the earliest possible date."""

    field: Key
    message: Words


class Action(Part):
    """One consequence; exactly one of the keys is written.

    A field named by any `show` is hidden until one of those rules holds. A block stops
    the form at its field; a warning does not. A route names the section that receives
    the case.
    """

    show: list[Key] | None = Field(default=None, min_length=1)
    hide: list[Key] | None = Field(default=None, min_length=1)
    require: list[Key] | None = Field(default=None, min_length=1)
    set: SetValue | None = None
    filter_options: FilterOptions | None = None
    skip_page: Key | None = None
    exit_page: Key | None = None
    block: FieldMessage | None = None
    warn: FieldMessage | None = None
    route: str | None = Field(default=None, min_length=1, max_length=32)

    @model_validator(mode="after")
    def _exactly_one(self) -> "Action":
        if len(self.model_fields_set) != 1 or getattr(self, self.name) is None:
            raise ValueError("then の一つの項目には、することを一つだけ書いてください")
        return self

    @property
    def name(self) -> str:
        """Return the key that is written."""
        return next(iter(self.model_fields_set))


class Rule(Part):
    """もし … なら …; `note` says why, with the article of the ordinance where there is one."""

    key: Key
    note: str = Field(default="", max_length=400)
    when: Any = Field(default=None, description="An expression; see expressions.py.")
    then: list[Action] = Field(min_length=1)
