from datetime import timedelta

from django.test import Client
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import Entry
from minamo.kernel.files.api import StoredFile
from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.models import ProcedureVersion
from minamo.procedures.portal import limits
from minamo.procedures.portal.models import Attempt, Draft
from minamo.procedures.portal.services import purge

from . import factories

SYSTEM = Actor.system("tests")


def test_expired_drafts_go_with_their_files_and_others_stay(
    version: ProcedureVersion, client: Client, clock: object
) -> None:
    old = factories.begin(client)
    factories.answer_page(client, old, "photo", {"photo": factories.picture()}, "_save")
    clock.move_to("2026-12-10T10:00:00+09:00")  # type: ignore[attr-defined]
    factories.begin(client)

    purged = purge(by=SYSTEM, at=timezone.now() + timedelta(days=20))

    assert purged == 1
    assert Draft.objects.count() == 1
    assert not StoredFile.objects.exists()
    assert Entry.objects.filter(action="procedures.draft.deleted").count() == 1


def test_files_of_a_case_survive_its_draft(version: ProcedureVersion, client: Client) -> None:
    case = factories.apply_once(client, photo={"photo": factories.picture()})

    purge(by=SYSTEM, at=timezone.now() + timedelta(days=31))

    assert not Draft.objects.exists()
    assert Case.objects.filter(pk=case.pk).exists()
    assert StoredFile.objects.filter(uuid=case.answers["photo"][0]).exists()


def test_old_attempts_are_forgotten(db: None) -> None:
    now = timezone.now()
    limits.count(limits.INQUIRY_BY_REFERENCE, "R8", at=now - timedelta(days=2))
    limits.count(limits.INQUIRY_BY_REFERENCE, "R8", at=now)

    purge(by=SYSTEM, at=now)

    assert Attempt.objects.count() == 1
