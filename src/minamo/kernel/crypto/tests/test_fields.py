"""Encrypted fields: what lies in the database, and what happens when it is moved about."""

import pickle
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minamo.kernel.crypto.api import (
    CiphertextRefused,
    EncryptedJSONField,
    EncryptedTextField,
    PlaintextRefused,
    Sealed,
)
from minamo.kernel.crypto.sealing import unseal

from .probes import Probe, ProbeByKey, probe_apps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_tables")]
NAME = "小野寺 葛\U000e0100 𠮷"


def _stored(probe: Probe, column: str = "name") -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM crypto_probe WHERE id = %s", [probe.pk])
        return cursor.fetchone()[0]


def _swap(first: Probe, second: Probe, column: str, other: str) -> None:
    with connection.cursor() as cursor:
        for probe, token in (
            (first, _stored(second, other)),
            (second, _stored(first, column)),
        ):
            cursor.execute(
                f"UPDATE crypto_probe SET {column} = %s WHERE id = %s", [token, probe.pk]
            )


def test_value_comes_back_and_lies_encrypted() -> None:
    made = Probe.objects.create(name=NAME, data={"家": [1, True, None]})
    stored = _stored(made)
    assert stored.startswith("1.k1-")
    assert "小野寺" not in stored
    assert stored != _stored(Probe.objects.create(name=NAME))
    loaded = Probe.objects.get(pk=made.pk)
    assert (loaded.name, loaded.data) == (NAME, {"家": [1, True, None]})


def test_empty_text_is_encrypted_and_none_is_null() -> None:
    made = Probe.objects.create(name="", note=None)
    assert _stored(made).startswith("1.")
    assert _stored(made, "note") is None
    loaded = Probe.objects.get(pk=made.pk)
    assert (loaded.name, loaded.note, loaded.data) == ("", None, {})
    assert list(Probe.objects.filter(note__isnull=True)) == [made]
    assert list(Probe.objects.filter(note=None)) == [made]


def test_none_is_refused_where_null_is_not_allowed() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Probe.objects.create(data=None)


def test_values_are_decrypted_when_read_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    Probe.objects.bulk_create([Probe(name=str(n), note="x") for n in range(5)])
    opened = []
    monkeypatch.setattr(
        "minamo.kernel.crypto.fields.unseal",
        lambda token, *, place: opened.append(place) or unseal(token, place=place),
    )
    rows = list(Probe.objects.order_by("id"))
    assert opened == []
    assert [rows[2].name, rows[2].name] == ["2", "2"]
    assert len(opened) == 1


@pytest.mark.parametrize(("column", "other"), [("name", "name"), ("name", "note")])
def test_ciphertext_of_another_row_is_refused(column: str, other: str) -> None:
    first = Probe.objects.create(name="a", note="a")
    second = Probe.objects.create(name="b", note="b")
    _swap(first, second, column, other)
    with pytest.raises(CiphertextRefused, match="another row or field"):
        _ = Probe.objects.get(pk=first.pk).name


def test_ciphertext_of_another_field_of_the_row_is_refused() -> None:
    made = Probe.objects.create(name="a", note="b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crypto_probe SET name = note")
    with pytest.raises(CiphertextRefused):
        _ = Probe.objects.get(pk=made.pk).name


@pytest.mark.parametrize("token", ["", "plain", "1.k1", "2.k1-000000.AAAA", "1.k1-000000.###"])
def test_what_is_no_ciphertext_is_refused(token: str) -> None:
    made = Probe.objects.create(name="a")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crypto_probe SET name = %s", [token])
    with pytest.raises(CiphertextRefused):
        _ = Probe.objects.get(pk=made.pk).name


def test_changed_ciphertext_is_refused() -> None:
    made = Probe.objects.create(name="a" * 30)
    head, key_id, body = _stored(made).split(".")
    changed = body[:20] + ("A" if body[20] != "A" else "B") + body[21:]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crypto_probe SET name = %s", [f"{head}.{key_id}.{changed}"])
    with pytest.raises(CiphertextRefused):
        _ = Probe.objects.get(pk=made.pk).name


def test_moved_ciphertext_is_not_laundered_by_saving() -> None:
    first, second = Probe.objects.create(name="a"), Probe.objects.create(name="b")
    _swap(first, second, "name", "name")
    loaded = Probe.objects.get(pk=first.pk)
    loaded.plain = "x"
    with pytest.raises(CiphertextRefused):
        loaded.save()


def test_row_copied_with_unread_values_is_refused_instead_of_stored_unreadable() -> None:
    made = Probe.objects.get(pk=Probe.objects.create(name="a").pk)
    twin = Probe.objects.get(pk=made.pk)
    twin.pk, twin.uuid = None, uuid.uuid4()
    with pytest.raises(CiphertextRefused), transaction.atomic():
        twin.save(force_insert=True)
    # A value that was read is plain, and is sealed for the new row.
    read = Probe.objects.get(pk=made.pk)
    assert (read.name, read.note, read.data) == ("a", None, {})
    read.pk, read.uuid = None, uuid.uuid4()
    read.save(force_insert=True)
    assert Probe.objects.get(pk=read.pk).name == "a"


def test_saving_an_untouched_value_keeps_its_ciphertext() -> None:
    made = Probe.objects.create(name="a")
    before = _stored(made)
    loaded = Probe.objects.get(pk=made.pk)
    loaded.save()
    assert _stored(made) == before


def test_update_fields_seals_only_what_is_named() -> None:
    made = Probe.objects.create(name="a", note="b")
    made.name, made.note = "c", "d"
    made.save(update_fields=["name"])
    loaded = Probe.objects.get(pk=made.pk)
    assert (loaded.name, loaded.note) == ("c", "b")


def test_change_inside_json_is_saved() -> None:
    made = Probe.objects.get(pk=Probe.objects.create(data={"a": [1]}).pk)
    made.data["a"].append(2)
    made.save(update_fields=["data"])
    assert Probe.objects.get(pk=made.pk).data == {"a": [1, 2]}


def test_dates_and_decimals_become_text_in_json() -> None:
    made = Probe.objects.create(data={"d": date(2026, 11, 23), "n": Decimal("1.50")})
    assert Probe.objects.get(pk=made.pk).data == {"d": "2026-11-23", "n": "1.50"}
    with pytest.raises(ValueError, match="JSON"):
        Probe.objects.create(data=float("nan"))


def test_update_or_create_and_refresh_work() -> None:
    made = Probe.objects.create(name="a")
    Probe.objects.update_or_create(pk=made.pk, defaults={"name": "b"})
    made.refresh_from_db()
    assert made.name == "b"
    made.refresh_from_db(fields=["name"])
    assert made.name == "b"


def test_deferred_value_is_loaded_when_read() -> None:
    Probe.objects.create(name="a")
    assert Probe.objects.defer("name").get().name == "a"
    assert Probe.objects.only("plain").get().name == "a"


def test_update_with_a_plain_value_is_refused_and_null_is_not() -> None:
    made = Probe.objects.create(name="a", note="b")
    with pytest.raises(PlaintextRefused, match="set the attribute"), transaction.atomic():
        Probe.objects.update(name="b")
    with pytest.raises(PlaintextRefused), transaction.atomic():
        Probe.objects.bulk_update([made], ["name"])
    with pytest.raises(PlaintextRefused, match="computed"), transaction.atomic():
        Probe.objects.create(name=models.F("plain"))
    Probe.objects.update(note=None)
    assert Probe.objects.get().note is None


def test_filters_over_ciphertext_are_refused() -> None:
    for lookup in ("name__contains", "name__in", "name__gt", "data__a"):
        with pytest.raises(FieldError):
            Probe.objects.filter(**{lookup: "a"}).exists()
    with pytest.raises(PlaintextRefused):
        Probe.objects.filter(name="a").exists()


def test_values_gives_ciphertext_that_opens_with_its_row() -> None:
    made = Probe.objects.create(name="a")
    row = Probe.objects.values("uuid", "name").get()
    assert isinstance(row["name"], Sealed)
    field = Probe._meta.get_field("name")
    assert field.open(row["name"], row=row["uuid"]) == "a"
    with pytest.raises(CiphertextRefused):
        field.open(row["name"], row=uuid.uuid4())
    assert made.name == "a"


def test_dump_holds_ciphertext_and_cannot_be_loaded_as_plain_text() -> None:
    Probe.objects.create(name=NAME, data={"a": "秘密"})
    dump = serializers.serialize("json", Probe.objects.all())
    assert "小野寺" not in dump
    assert "秘密" not in dump


def test_pickled_row_carries_no_unread_plain_text() -> None:
    Probe.objects.create(name="himitsu")
    assert b"himitsu" not in pickle.dumps(Probe.objects.get().__dict__)


def test_uuid_key_and_fixed_binding_name_work() -> None:
    made = ProbeByKey.objects.create(name="a")
    loaded = ProbeByKey.objects.get(pk=made.pk)
    assert loaded.name == "a"
    assert ProbeByKey._meta.get_field("name").place(made.pk).startswith("crypto.old_name|")


def test_migrations_carry_the_options() -> None:
    field = ProbeByKey._meta.get_field("name")
    _, path, args, kwargs = field.deconstruct()
    assert path == "minamo.kernel.crypto.api.EncryptedTextField"
    assert kwargs == {"bound_as": "crypto.old_name", "row_field": "id"}
    assert EncryptedTextField(*args, **kwargs).row_field == "id"


def test_model_without_row_uuid_is_reported() -> None:
    class NoUuid(models.Model):  # noqa: DJ008
        name = EncryptedTextField(unique=True)
        data = EncryptedJSONField()

        class Meta:
            app_label = "crypto"
            apps = probe_apps

    try:
        found = [message.id for message in NoUuid.check()]
    finally:
        del probe_apps.all_models["crypto"]["nouuid"]
        probe_apps.clear_cache()
    assert found.count("crypto.E001") == 2
    assert found.count("crypto.E002") == 1


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc漢"), inner),
        max_leaves=8,
    ),
)
def test_any_text_and_json_comes_back(text: str, value: object) -> None:
    made = Probe.objects.create(name=text, data={"v": value})
    loaded = Probe.objects.get(pk=made.pk)
    assert (loaded.name, loaded.data) == (text, {"v": value})
