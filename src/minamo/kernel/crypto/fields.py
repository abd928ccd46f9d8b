"""Model fields whose values lie encrypted in the database, each bound to its row and field."""

import json
from typing import Any
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from .sealing import CiphertextRefused, Sealed, current_prefix, seal, unseal


class PlaintextRefused(TypeError):
    """A plain value was about to reach the database without passing through its row."""


class EncryptedAttribute(DeferredAttribute):
    """Holds the ciphertext until somebody reads the attribute, and the plain value after that."""

    field: "EncryptedField"

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        """Return the plain value, decrypting it at the first read.

        Raises: CiphertextRefused when the stored value does not belong here.
        """
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        opened = self.field.open(value, row=getattr(instance, self.field.row_field))
        instance.__dict__[self.field.attname] = opened
        return opened

    def __set__(self, instance: models.Model, value: object) -> None:
        """Keep what is set; a data descriptor, so that every read passes `__get__`."""
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field[Any, Any]):
    """Base of encrypted fields: a text column holding `1.<key id>.<base64>`.

    `bound_as` fixes the name in the additional data (default `<table>.<field>`), so that
    a table or field may be renamed later; `row_field` names the UUID that identifies the
    row before it is saved.
    """

    descriptor_class = EncryptedAttribute
    bound_as: str
    row_field: str

    def __init__(
        self, *args: Any, bound_as: str = "", row_field: str = "uuid", **kwargs: Any
    ) -> None:
        self.bound_as = bound_as
        self.row_field = row_field
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Tell migrations the options beyond Django's own, and the public path of the class."""
        name, path, args, kwargs = super().deconstruct()
        # Migrations of other parts may enter this duty by its api only.
        path = path.replace("minamo.kernel.crypto.fields.", "minamo.kernel.crypto.api.")
        if self.bound_as:
            kwargs["bound_as"] = self.bound_as
        if self.row_field != "uuid":
            kwargs["row_field"] = self.row_field
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Return the column kind: unlimited text."""
        return "TextField"

    def encode(self, value: Any) -> bytes:
        """Return a plain value as the bytes that are sealed."""
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        """Return the plain value of unsealed bytes."""
        raise NotImplementedError

    def place(self, row: UUID | str | None) -> str:
        """Return the words that bind a value to this table, field and row.

        Raises: PlaintextRefused for a row without its identifying UUID.
        """
        if not row:
            raise PlaintextRefused(f"{self} needs {self.row_field} before a value can be sealed")
        key = row if isinstance(row, UUID) else UUID(str(row))
        return f"{self.bound_as or f'{self.model._meta.db_table}.{self.name}'}|{key.hex}"

    def seal(self, value: Any, *, row: UUID | str | None) -> Sealed:
        """Return the ciphertext of a plain value for one row."""
        return seal(self.encode(value), place=self.place(row))

    def open(self, token: str, *, row: UUID | str | None) -> Any:
        """Return the plain value of a ciphertext from `values()` or a raw query.

        Raises: CiphertextRefused when it was not sealed for this row and field.
        """
        return self.decode(unseal(token, place=self.place(row)))

    def reseal(self, token: str, *, row: UUID | str | None) -> Sealed:
        """Return the ciphertext under the current key, without looking at the value.

        Raises: CiphertextRefused when it was not sealed for this row and field.
        """
        place = self.place(row)
        return seal(unseal(token, place=place), place=place)

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> Sealed | None:
        """Mark what the database returns as ciphertext; nothing is decrypted yet."""
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """Return the ciphertext to store for this row.

        A value nobody touched keeps its ciphertext, after a check that it belongs here:
        a row copied together with its ciphertext must fail now, not when it is read.
        Raises: CiphertextRefused, PlaintextRefused.
        """
        row = getattr(model_instance, self.row_field)
        held = model_instance.__dict__.get(self.attname, None)
        if isinstance(held, Sealed):
            plain = unseal(held, place=self.place(row))
            if held.startswith(current_prefix()):
                return held
            return seal(plain, place=self.place(row))
        value = getattr(model_instance, self.attname)
        if hasattr(value, "resolve_expression"):
            raise PlaintextRefused(f"{self} cannot be computed by the database")
        return None if value is None else self.seal(value, row=row)

    def get_prep_value(self, value: Any) -> str | None:
        """Let ciphertext and NULL through to the database, and nothing else.

        Raises: PlaintextRefused for `update()`, `bulk_update()`, fixtures and filters.
        """
        if value is None:
            return None
        if isinstance(value, Sealed):
            return str(value)
        raise PlaintextRefused(
            f"{self}: set the attribute and save the row; update(), bulk_update(), fixtures and "
            "filters never see its uuid, so the value cannot be bound to it"
        )

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> str | None:
        """Return what is sent to the database; see `get_prep_value`."""
        return value if prepared else self.get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Offer `isnull`, and `exact` for None only; search goes through a blind index."""
        # Django asks for `exact` before it turns `=None` into `isnull`; a plain value then
        # meets `get_prep_value`.
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "exact"} else None

    def value_to_string(self, obj: models.Model) -> str:
        """Give serializers the ciphertext, so that a dump holds no personal data."""
        held = obj.__dict__.get(self.attname)
        if held is None:
            return ""
        row = getattr(obj, self.row_field)
        return str(held if isinstance(held, Sealed) else self.seal(held, row=row))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Report a model whose rows cannot be told apart before saving, and useless indexes."""
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error(
                    "An encrypted field can be neither unique nor indexed.",
                    hint="Keep a blind_index() beside it.",
                    obj=self,
                    id="crypto.E002",
                )
            )
        return found + self._check_row_field()

    def _check_row_field(self) -> list[checks.CheckMessage]:
        try:
            row = self.model._meta.get_field(self.row_field)
        except FieldDoesNotExist:
            row = None
        if (
            isinstance(row, models.UUIDField)
            and (row.unique or row.primary_key)
            and row.has_default()
        ):
            return []
        return [
            checks.Error(
                f"An encrypted field needs a unique UUIDField {self.row_field!r} with a default.",
                hint="uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)",
                obj=self,
                id="crypto.E001",
            )
        ]


class EncryptedTextField(EncryptedField, models.TextField[Any, Any]):
    """Text that lies encrypted; the empty text is encrypted too, None stays NULL."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: str

    def encode(self, value: Any) -> bytes:
        """Return the text as UTF-8."""
        return str(value).encode()

    def decode(self, data: bytes) -> str:
        """Return the text."""
        return data.decode()


class EncryptedJSONField(EncryptedField):
    """JSON that lies encrypted; None stays NULL. Dates and decimals become text."""

    empty_strings_allowed = False
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def encode(self, value: Any) -> bytes:
        """Return the value as compact JSON.

        Raises: TypeError for what JSON cannot say; ValueError for NaN and infinity.
        """
        return json.dumps(
            value,
            cls=DjangoJSONEncoder,
            ensure_ascii=False,
            allow_nan=False,
            separators=(",", ":"),
        ).encode()

    def decode(self, data: bytes) -> Any:
        """Return the JSON value."""
        return json.loads(data)


__all__ = [
    "CiphertextRefused",
    "EncryptedField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "PlaintextRefused",
]
