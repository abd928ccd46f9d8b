"""Changing the key over rows that are read and written meanwhile."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel.audit.api import Entry
from minamo.kernel.crypto import keyring, rotation
from minamo.kernel.crypto.api import Sealed, rotate
from minamo.kernel.crypto.models import Rotation

from .probes import Probe, ProbeByKey, probe_apps

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("own_keys", "probe_tables", "only_probes"),
]
OPERATOR = Actor.system("test")


@pytest.fixture
def only_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "apps", probe_apps)


def _keys_in_use() -> set[str]:
    tokens = [t for row in Probe.objects.values_list("name", "note", "data") for t in row]
    tokens += ProbeByKey.objects.values_list("name", flat=True)
    return {token.key_id for token in tokens if token is not None}


def _fill(number: int) -> None:
    Probe.objects.bulk_create([Probe(name=str(n), note=None, data={"n": n}) for n in range(number)])
    ProbeByKey.objects.create(name="k")


def test_every_value_is_sealed_with_the_new_key_and_stays_readable() -> None:
    _fill(7)
    before = keyring.current().current
    report = rotate(by=OPERATOR, batch_rows=3)
    assert (report.is_finished, report.rows, report.values, report.refused_count) == (
        True,
        8,
        15,
        0,
    )
    assert _keys_in_use() == {report.key_id}
    assert report.key_id != before
    assert [p.name for p in Probe.objects.order_by("id")] == [str(n) for n in range(7)]
    assert Rotation.objects.get().values_done == 15


def test_stopped_rotation_goes_on_with_the_same_key() -> None:
    _fill(7)
    first = rotate(by=OPERATOR, batch_rows=2, max_batches=2)
    assert (first.is_finished, first.rows) == (False, 4)
    assert len(_keys_in_use()) == 2
    second = rotate(by=OPERATOR, batch_rows=2)
    assert (second.is_finished, second.key_id, second.rows) == (True, first.key_id, 4)
    assert _keys_in_use() == {first.key_id}
    assert Rotation.objects.get().values_done == 15


def test_failing_batch_is_undone_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(4)
    seal_row = rotation._seal_row_anew
    calls = []

    def breaks_at_third(*args: object) -> None:
        calls.append(1)
        if len(calls) == 4:
            raise OSError("power")
        seal_row(*args)

    monkeypatch.setattr(rotation, "_seal_row_anew", breaks_at_third)
    with pytest.raises(OSError, match="power"):
        rotate(by=OPERATOR, batch_rows=2)
    current = keyring.current().current
    names = Probe.objects.order_by("id").values_list("name", flat=True)
    assert [token.key_id == current for token in names] == [True, True, False, False]
    monkeypatch.setattr(rotation, "_seal_row_anew", seal_row)
    assert rotate(by=OPERATOR).key_id == current
    assert _keys_in_use() == {current}


def test_unreadable_value_is_reported_and_does_not_hold_up_the_rest() -> None:
    _fill(3)
    bad = Probe.objects.order_by("id")[1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crypto_probe SET name = 'x' WHERE id = %s", [bad.pk])
    report = rotate(by=OPERATOR, batch_rows=1)
    assert report.is_finished
    assert report.refused == (f"crypto.probe.name:{bad.pk}",)
    assert report.values == 6


def test_value_read_before_and_saved_after_the_change_uses_the_new_key() -> None:
    _fill(1)
    held = Probe.objects.get()
    report = rotate(by=OPERATOR)
    held.save()
    assert _keys_in_use() == {report.key_id}
    assert Probe.objects.get().name == "0"


def test_second_rotation_makes_a_third_key_and_nothing_to_do_is_fine() -> None:
    _fill(1)
    first, second = rotate(by=OPERATOR), rotate(by=OPERATOR)
    assert first.key_id != second.key_id
    assert _keys_in_use() == {second.key_id}
    assert Rotation.objects.filter(finished_at__isnull=True).count() == 0
    assert rotate(by=OPERATOR).rows == 2


def test_change_whose_key_was_overtaken_is_closed() -> None:
    _fill(1)
    rotate(by=OPERATOR, batch_rows=1, max_batches=0)
    keyring.add_key()
    report = rotate(by=OPERATOR)
    assert report.is_finished
    assert report.key_id == keyring.current().current
    assert Rotation.objects.filter(finished_at__isnull=True).count() == 0


def test_rotation_is_in_the_audit_trail_without_keys() -> None:
    _fill(1)
    report = rotate(by=OPERATOR)
    entries = Entry.objects.order_by("seq")
    assert [(e.action, e.subject_id) for e in entries] == [
        ("crypto.key.added", report.key_id),
        ("crypto.key.rotated", report.key_id),
    ]
    assert entries[1].detail == {"values": 3, "refused": 0}


def test_only_the_operator_may_rotate() -> None:
    with pytest.raises(PermissionDenied):
        rotate(by=Actor(ActorKind.STAFF, "1", "職員"))
    assert Rotation.objects.count() == 0


def test_values_are_tokens() -> None:
    _fill(1)
    assert isinstance(Probe.objects.values_list("name", flat=True).get(), Sealed)
