"""The chain tells every kind of tampering, and the database refuses it in the first place."""

import json
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from minamo.contracts.actors import Actor, ActorKind
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit
from minamo.kernel.audit import chain, heads
from minamo.kernel.audit.models import ChainHead, Entry

ACTOR = Actor(ActorKind.STAFF, "u-1", "佐藤 花子")
CASE = SubjectRef("procedures.case", "c-1")


def write(count: int = 5) -> list[Entry]:
    with transaction.atomic():
        return [
            audit.record(
                actor=ACTOR, action="procedures.case.accepted", subject=CASE, detail={"n": n}
            )
            for n in range(count)
        ]


@pytest.fixture(autouse=True)
def _own_heads(tmp_path: Path, settings: object) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def unguarded(db: None) -> None:
    audit.guard.remove(connection)


@pytest.mark.django_db
def test_entries_are_numbered_and_bound_to_the_one_before() -> None:
    first, second = write(2)
    assert (first.seq, second.seq) == (1, 2)
    assert first.prev_hash == chain.GENESIS
    assert second.prev_hash == first.hash
    assert audit.verify() == audit.Verification(
        True, 2, None, "2件の記録はすべて書かれたときのままです。"
    )


@pytest.mark.django_db
def test_an_empty_chain_is_whole() -> None:
    assert audit.verify().ok


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(audit.NotInTransaction):
        audit.record(actor=ACTOR, action="a.b.c", subject=CASE)
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_entry_and_no_gap() -> None:
    write(1)

    def fail() -> None:
        with transaction.atomic():
            audit.record(actor=ACTOR, action="a.b.c", subject=CASE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    write(1)
    assert audit.verify().entries == 2
    assert audit.verify().ok


@pytest.mark.django_db
def test_a_read_is_an_entry_that_names_the_fields() -> None:
    entry = audit.record_read(actor=ACTOR, subject=CASE, fields=["phone", "email"])
    assert entry.action == "procedures.case.read"
    assert entry.detail == {"fields": ["email", "phone"]}
    assert list(audit.history(CASE)) == [entry]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'x' WHERE seq = 2",
        "DELETE FROM audit_entry WHERE seq = 2",
        "DELETE FROM audit_entry",
        "UPDATE audit_chainhead SET seq = 1",
        "UPDATE audit_chainhead SET hash = 'x'",
        "DELETE FROM audit_chainhead",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    write(3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert audit.verify().ok


@pytest.mark.django_db
def test_postgresql_refuses_to_truncate() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    write(3)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry")


@pytest.mark.django_db
def test_the_guard_is_in_place_after_all_migrations() -> None:
    assert audit.guard.missing(connection) == []


@pytest.mark.django_db
def test_an_absent_guard_is_told_even_when_the_chain_is_whole(unguarded: None) -> None:
    write(2)
    outcome = audit.verify()
    assert outcome.ok
    assert not outcome.guarded
    assert "書き換え防止が外されています" in outcome.message


TAMPERINGS = {
    "reason": ("UPDATE audit_entry SET reason = 'x' WHERE seq = 3", 3, "内容が"),
    "actor": ("UPDATE audit_entry SET actor_id = 'u-2' WHERE seq = 1", 1, "内容が"),
    "actor name": ("UPDATE audit_entry SET actor_name = 'x' WHERE seq = 1", 1, "内容が"),
    "action": ("UPDATE audit_entry SET action = 'x' WHERE seq = 2", 2, "内容が"),
    "subject": ("UPDATE audit_entry SET subject_id = 'c-2' WHERE seq = 2", 2, "内容が"),
    "detail": ("UPDATE audit_entry SET detail = '{\"n\": 9}' WHERE seq = 4", 4, "内容が"),
    "time": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 5", 5, "内容が"),
    "hash": ("UPDATE audit_entry SET hash = 'x' WHERE seq = 2", 2, "内容が"),
    "prev_hash": ("UPDATE audit_entry SET prev_hash = 'x' WHERE seq = 2", 2, "つながりません"),
    "first removed": ("DELETE FROM audit_entry WHERE seq = 1", 1, "取り除かれて"),
    "middle removed": ("DELETE FROM audit_entry WHERE seq = 3", 3, "取り除かれて"),
    "last removed": ("DELETE FROM audit_entry WHERE seq = 5", 5, "取り除かれて"),
    "two last removed": ("DELETE FROM audit_entry WHERE seq >= 4", 4, "取り除かれて"),
    "all removed": ("DELETE FROM audit_entry", 1, "取り除かれて"),
    "head moved back": ("UPDATE audit_chainhead SET seq = 4", 6, "合いません"),
    "head hash": ("UPDATE audit_chainhead SET hash = 'x'", 6, "合いません"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_with_its_place(unguarded: None, name: str) -> None:
    write(5)
    statement, bad_seq, words = TAMPERINGS[name]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    outcome = audit.verify()
    assert not outcome.ok
    assert outcome.first_bad_seq == bad_seq
    assert words in outcome.message


@pytest.mark.django_db
def test_two_entries_that_change_places_are_found(unguarded: None) -> None:
    write(5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET seq = 100 WHERE seq = 2")
        cursor.execute("UPDATE audit_entry SET seq = 2 WHERE seq = 3")
        cursor.execute("UPDATE audit_entry SET seq = 3 WHERE seq = 100")
    assert audit.verify().first_bad_seq == 2


@pytest.mark.django_db
def test_an_inserted_entry_is_found(unguarded: None) -> None:
    write(3)
    last = Entry.objects.get(seq=3)
    last.seq, last.prev_hash = 4, last.hash
    last.save(force_insert=True)
    assert audit.verify().first_bad_seq == 4


def _rewrite_whole_chain() -> None:
    """Do what somebody who owns the database would do: forge everything consistently."""
    previous = chain.GENESIS
    for values in list(Entry.objects.order_by("seq").values()):
        values |= {"prev_hash": previous, "actor_id": "u-9"}
        previous = chain.digest(values)
        Entry.objects.filter(seq=values["seq"]).update(
            prev_hash=values["prev_hash"], actor_id="u-9", hash=previous
        )
    ChainHead.objects.update(hash=previous)


@pytest.mark.django_db
def test_a_forged_chain_is_whole_in_itself_without_an_exported_head(
    unguarded: None,
) -> None:
    write(3)
    _rewrite_whole_chain()
    assert audit.verify().ok


@pytest.mark.django_db
def test_a_forged_chain_contradicts_the_head_exported_before(unguarded: None) -> None:
    write(3)
    assert audit.export_head(on=date(2026, 11, 24)) is not None
    write(2)
    _rewrite_whole_chain()
    outcome = audit.verify()
    assert outcome.first_bad_seq == 3
    assert "署名つきの控え" in outcome.message


@pytest.mark.django_db
def test_a_chain_cut_below_an_exported_head_is_found(unguarded: None) -> None:
    entries = write(5)
    audit.export_head(on=date(2026, 11, 24))
    Entry.objects.filter(seq__gte=4).delete()
    ChainHead.objects.update(seq=3, hash=entries[2].hash)
    outcome = audit.verify()
    assert not outcome.ok
    assert outcome.first_bad_seq == 4


@pytest.mark.django_db
def test_a_forged_export_is_found_by_its_signature() -> None:
    write(3)
    path = audit.export_head(on=date(2026, 11, 24))
    assert path is not None
    document = json.loads(path.read_text())
    path.chmod(0o600)
    path.write_text(json.dumps(document | {"date": "2026-11-23"}))
    assert "署名が正しくありません" in audit.verify().message


@pytest.mark.django_db
def test_the_export_is_written_once_and_its_key_is_private(tmp_path: Path) -> None:
    assert audit.export_head(on=date(2026, 11, 24)) is None
    write(3)
    path = audit.export_head(on=date(2026, 11, 24))
    assert path == audit.export_head(on=date(2026, 11, 24))
    assert [head.seq for head in heads.exported_heads()] == [3]
    key = tmp_path / "secrets" / "audit-head.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert audit.verify().ok


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"a": 1.5}, TypeError),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, TypeError),
        ({"a": b"x"}, TypeError),
        ({1: "a"}, TypeError),
        ({"a": "x\x00y"}, ValueError),
    ],
)
def test_details_that_a_database_would_respell_are_refused(
    value: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        chain.plain(value)


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert chain.canonical({"b": 1, "a": ["水", None, True]}) == '{"a":["水",null,true],"b":1}'
    assert chain.canonical({"a": ["水", None, True], "b": 1}) == chain.canonical(
        {"b": 1, "a": ["水", None, True]}
    )


@pytest.mark.django_db
def test_details_with_every_plain_type_survive_the_database() -> None:
    detail = {
        "z": [1, -5, 2**53, True, None, "水😀\n\"'\\"],
        "a": {"nested": {"空": [], "も": {}}},
        "set": {"b", "a"},
    }
    with transaction.atomic():
        audit.record(actor=ACTOR, action="a.b.c", subject=CASE, detail=detail)
    assert audit.verify().ok


@pytest.mark.django_db
def test_long_names_and_reasons_are_cut_to_what_the_column_holds() -> None:
    actor = Actor(ActorKind.STAFF, "u-1", "名" * 300)
    with transaction.atomic():
        audit.record(actor=actor, action="a.b.c", subject=CASE, reason="理" * 900)
    assert audit.verify().ok
