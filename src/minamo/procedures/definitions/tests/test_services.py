"""Drafting, publishing, retiring: versions never change once people can fill them in."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from minamo.contracts.actors import Actor, ActorKind
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import history
from minamo.procedures.definitions import guard, services
from minamo.procedures.definitions.compile import DefinitionRefused, read_document
from minamo.procedures.definitions.models import (
    ChangeClass,
    Procedure,
    ProcedureVersion,
    VersionState,
)

from .factories import NOW, definition, field, page, rule

STAFF = Actor(ActorKind.STAFF, "u-1", "山岸 祐介")
CITIZEN = Actor(ActorKind.CITIZEN, "c-1", "市民")

pytestmark = pytest.mark.django_db


def publish(**changes: Any) -> ProcedureVersion:
    draft = services.save_draft(definition=definition(**changes), by=STAFF, at=NOW)
    return services.publish_version(version=draft, by=STAFF, at=NOW)


def test_a_first_version_becomes_what_people_fill_in() -> None:
    version = publish()
    procedure = Procedure.objects.get(code="sample")
    assert procedure.active_version == version
    assert (procedure.title, procedure.section_code) == ("見本の手続き", "keiei")
    assert (version.number, version.state, version.change_class) == (1, "published", "first")
    assert (version.published_by, version.published_at) == ("山岸 祐介", NOW)
    actions = [e.action for e in history(SubjectRef("procedures.procedure", "sample"))]
    assert sorted(actions) == ["procedures.version.draft_saved", "procedures.version.published"]


def test_the_one_draft_is_rewritten_until_it_is_published() -> None:
    first = services.save_draft(definition=definition(), by=STAFF, at=NOW)
    again = services.save_draft(definition=definition(lead="はじめの文"), by=STAFF, at=NOW)
    assert first.pk == again.pk
    services.publish_version(version=again, by=STAFF, at=NOW)
    with pytest.raises(services.VersionFixed):
        services.publish_version(version=again, by=STAFF, at=NOW)
    following = services.save_draft(definition=definition(lead="次"), by=STAFF, at=NOW)
    assert following.number == 2


def test_a_new_version_retires_the_one_before_it() -> None:
    first, second = publish(), publish(lead="あたらしい文")
    first.refresh_from_db()
    assert (first.state, second.state) == (VersionState.RETIRED, VersionState.PUBLISHED)
    assert first.retired_at == NOW
    assert Procedure.objects.get(code="sample").active_version == second


def test_what_cannot_work_is_not_published_and_nothing_changes() -> None:
    kept = publish()
    broken = definition(rules=[rule("r", True, {"skip_page": "first"})])
    draft = services.save_draft(definition=broken, by=STAFF, at=NOW)
    with pytest.raises(DefinitionRefused):
        services.publish_version(version=draft, by=STAFF, at=NOW)
    draft.refresh_from_db()
    kept.refresh_from_db()
    assert (draft.state, kept.state) == (VersionState.DRAFT, VersionState.PUBLISHED)


@pytest.mark.parametrize(
    ("changes", "change_class", "words"),
    [
        ({"lead": "別の文"}, ChangeClass.COSMETIC, "「はじめの文」を変えました"),
        (
            {"fields": [field("text", "who", required=True, hint="姓と名")]},
            ChangeClass.COSMETIC,
            "項目「項目」の説明を変えました",
        ),
        (
            {
                "fields": [field("text", "who", required=True), field("text", "memo")],
                "pages": [page("first", "who", "memo")],
            },
            ChangeClass.COMPATIBLE,
            "項目「項目」を加えました",
        ),
        (
            {"fields": [field("text", "who")]},
            ChangeClass.COMPATIBLE,
            "項目「項目」の必須か任意かを変えました",
        ),
        (
            {"fields": [field("textarea", "who", required=True)]},
            ChangeClass.STRUCTURAL,
            "項目「項目」の種類を text から textarea に変えました",
        ),
        (
            {"fields": [field("text", "who", required=True, max_length=5)]},
            ChangeClass.STRUCTURAL,
            "項目「項目」の長さの上限を変えました",
        ),
        (
            {"rules": [rule("r", {"filled": {"var": "who"}}, {"route": "kita"})]},
            ChangeClass.STRUCTURAL,
            "ルール「r」を加えました",
        ),
    ],
)
def test_a_change_is_weighed_and_told_in_words(
    changes: dict[str, Any], change_class: ChangeClass, words: str
) -> None:
    publish()
    draft = services.save_draft(definition=definition(**changes), by=STAFF, at=NOW)
    comparison = services.difference(version=draft)
    assert comparison is not None
    assert words in comparison.lines
    assert comparison.change_class == change_class == draft.change_class


def test_the_same_document_again_changes_nothing() -> None:
    document = read_document(definition())
    assert services.publish_document(document=document, by=STAFF, at=NOW) is True
    assert services.publish_document(document=document, by=STAFF, at=NOW) is None
    changed = read_document(definition(lead="別の文"))
    assert services.publish_document(document=changed, by=STAFF, at=NOW) is False
    assert ProcedureVersion.objects.count() == 2


def test_a_citizen_defines_nothing() -> None:
    with pytest.raises(services.NotAllowed, match="手続きを決められるのは"):
        services.save_draft(definition=definition(), by=CITIZEN, at=NOW)
    assert Procedure.objects.count() == 0


def test_a_retired_procedure_cannot_be_begun() -> None:
    version = publish()
    services.retire(procedure=version.procedure, by=STAFF, at=NOW, reason="統合しました")
    procedure = Procedure.objects.get()
    assert (procedure.active_version, procedure.retired_at) == (None, NOW)
    services.retire(procedure=procedure, by=STAFF, at=NOW)
    entries = history(SubjectRef("procedures.procedure", "sample"))
    assert sum(e.action == "procedures.procedure.retired" for e in entries) == 1


def test_the_deadline_of_a_published_version_can_be_set() -> None:
    version = publish()
    services.close_version(version=version, closes_at=NOW, by=STAFF, at=NOW)
    assert ProcedureVersion.objects.get().closes_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        {"definition": {"kind": "procedure"}},
        {"sha256": "0" * 64},
        {"number": 7},
        {"note": "あとから"},
        {"published_by": "だれか"},
        {"state": VersionState.DRAFT, "published_at": None, "published_by": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_change_a_published_version(change: dict[str, Any]) -> None:
    version = publish()
    with pytest.raises(DatabaseError, match=guard.MESSAGE), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_refuses_to_delete_a_published_version() -> None:
    version = publish()
    Procedure.objects.update(active_version=None)
    with pytest.raises(DatabaseError, match=guard.MESSAGE), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).delete()


def test_a_retired_version_is_not_published_again() -> None:
    first = publish()
    publish(lead="次")
    with pytest.raises(DatabaseError, match=guard.MESSAGE), transaction.atomic():
        ProcedureVersion.objects.filter(pk=first.pk).update(state="published", retired_at=None)


def test_a_draft_may_be_deleted() -> None:
    draft = services.save_draft(definition=definition(), by=STAFF, at=NOW)
    draft.delete()
    assert ProcedureVersion.objects.count() == 0


def test_the_guard_is_in_place_after_all_migrations() -> None:
    assert guard.missing(connection) == []
