"""The verbs of a case: permission, one transaction, audit, event, notice."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from minamo.kernel.audit.api import history, verify
from minamo.kernel.identity.api import Refused, User
from minamo.kernel.notify.api import OutgoingMail
from minamo.kernel.search.api import find
from minamo.procedures.cases import services
from minamo.procedures.cases.models import Case, CaseMessage, CaseRevision
from minamo.procedures.cases.queries import (
    duplicates_of,
    find_by_reference_and_secret,
    visible_cases,
)
from minamo.procedures.cases.services import CaseMoved
from minamo.procedures.cases.workflow import ActRefused, Channel, State

from .filing import GUEST, NOW, STOP_ANSWERS, load_pack, make_case, make_clerk, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pack(db: None) -> None:
    load_pack()


@pytest.fixture
def clerk() -> User:
    return make_clerk()


@pytest.fixture
def outsider() -> User:
    return make_clerk("oikawa", code="kyuhaisui")


def actions(case: Case) -> list[str]:
    return [entry.action.rsplit(".", 1)[1] for entry in history(case.subject).order_by("seq")]


def mails(case: Case) -> list[str]:
    found = OutgoingMail.objects.filter(subject_id=str(case.uuid)).order_by("pk")
    return [mail.notice.rsplit(".", 1)[1] for mail in found]


def test_submitting_makes_case_revision_entry_notice_and_index_at_once() -> None:
    case = make_case()
    assert case.state == State.SUBMITTED
    assert case.section.code == "keiei_kikaku"
    assert (case.applicant_name, case.email) == ("小野寺　はるか", "haruka@residents.example")
    assert case.fiscal_year == 2026
    assert case.due_date == date(2026, 11, 26)
    assert case.revisions.get().answers == case.answers
    assert actions(case) == ["submitted"]
    assert mails(case) == ["received"]
    hits = find("オノデラ", kinds=["procedures.case"], scopes=["section:keiei_kikaku"])
    assert hits == [case.subject]
    assert verify().ok


def test_same_key_again_is_the_same_case_with_the_same_secret() -> None:
    arguments = {
        "version": published(),
        "answers": STOP_ANSWERS,
        "channel": Channel.WEB,
        "by": GUEST,
        "at": NOW,
        "idempotency_key": "once",
    }
    first = services.submit_case(**arguments)  # type: ignore[arg-type]
    again = services.submit_case(**arguments)  # type: ignore[arg-type]
    assert (first.created, again.created) == (True, False)
    assert again.case.pk == first.case.pk
    assert again.secret == first.secret
    assert Case.objects.count() == CaseRevision.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_nothing_remains_when_the_audit_entry_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("minamo.procedures.cases.services.submission.record", broken)
    with pytest.raises(RuntimeError):
        make_case()
    assert not Case.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_life_of_a_case_that_is_sent_back_and_fixed(clerk: User) -> None:
    case = make_case()
    services.return_case(
        case=case,
        by=clerk,
        at=NOW,
        message="部屋番号を書いてください。",
        fields=["service_address"],
    )
    case.refresh_from_db()
    assert case.state == State.RETURNED
    fixed = {**STOP_ANSWERS, "note": "101号室です"}
    services.revise_case(case=case, answers=fixed, by=GUEST, at=NOW, idempotency_key="fix")
    services.accept_case(case=case, by=clerk, at=NOW)
    done = services.complete_case(case=case, by=clerk, at=NOW)
    assert done.state == State.COMPLETED
    assert done.closed_at == NOW
    assert done.assignee == clerk
    assert [r.changed_fields for r in done.revisions.order_by("number")] == [[], ["note"]]
    assert actions(done) == ["submitted", "returned", "resubmitted", "accepted", "completed"]
    assert mails(done) == ["received", "returned", "revised", "accepted", "completed"]


def test_fix_sent_twice_is_one_revision(clerk: User) -> None:
    case = make_case(state=State.RETURNED, by=clerk)
    for _ in range(2):
        services.revise_case(
            case=case, answers=STOP_ANSWERS, by=GUEST, at=NOW, idempotency_key="fix"
        )
    assert case.revisions.count() == 2


def test_withdrawing_twice_is_one_withdrawal() -> None:
    case = make_case()
    for _ in range(2):
        services.withdraw_case(case=case, by=GUEST, at=NOW, reason="やめました")
    assert actions(case) == ["submitted", "withdrawn"]
    assert mails(case) == ["received", "withdrawn"]


def test_applicant_cannot_change_what_staff_accepted(clerk: User) -> None:
    case = make_case(state=State.ACCEPTED, by=clerk)
    with pytest.raises(Refused) as refused:
        services.revise_case(
            case=case, answers=STOP_ANSWERS, by=GUEST, at=NOW, idempotency_key="late"
        )
    assert "お電話" in str(refused.value)


@pytest.mark.parametrize("state", [State.COMPLETED, State.REJECTED])
def test_ended_case_cannot_be_withdrawn(clerk: User, state: State) -> None:
    case = make_case(state=state, by=clerk)
    with pytest.raises(Refused):
        services.withdraw_case(case=case, by=GUEST, at=NOW)


def test_other_section_may_neither_see_nor_act(outsider: User) -> None:
    case = make_case()
    assert not visible_cases(outsider, date(2026, 11, 24)).exists()
    for act in (services.accept_case, services.complete_case, services.reopen_case):
        with pytest.raises(Refused):
            act(case=case, by=outsider, at=NOW)
    with pytest.raises(Refused):
        services.post_message(
            case=case, by=outsider, at=NOW, body="?", internal=True, idempotency_key="m"
        )
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert actions(case) == ["submitted"]


def test_case_is_given_only_to_somebody_who_may_work_on_it(clerk: User, outsider: User) -> None:
    head = make_clerk("ishikawa", role="supervisor")
    case = make_case()
    with pytest.raises(Refused) as refused:
        services.assign_case(case=case, by=head, at=NOW, assignee=outsider)
    assert "権限がありません" in str(refused.value)
    assert services.assign_case(case=case, by=head, at=NOW, assignee=clerk).assignee == clerk


def test_stale_page_changes_nothing(clerk: User) -> None:
    case = make_case()
    seen = case.lock_version
    services.accept_case(case=case, by=clerk, at=NOW, expected_version=seen)
    with pytest.raises(CaseMoved):
        services.reject_case(case=case, by=clerk, at=NOW, reason="x", expected_version=seen)
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_act_that_does_not_fit_is_refused_in_words(clerk: User) -> None:
    case = make_case()
    with pytest.raises(ActRefused) as refused:
        services.complete_case(case=case, by=clerk, at=NOW)
    assert "受付待ち" in refused.value.message


def test_rejection_and_return_need_words(clerk: User) -> None:
    case = make_case()
    with pytest.raises(ValueError, match="reason"):
        services.reject_case(case=case, by=clerk, at=NOW, reason=" ")
    with pytest.raises(ValueError, match="words"):
        services.return_case(case=case, by=clerk, at=NOW, message="", fields=[])


def test_completion_by_mistake_is_undone(clerk: User) -> None:
    case = make_case(state=State.COMPLETED, by=clerk)
    reopened = services.reopen_case(case=case, by=clerk, at=NOW)
    assert (reopened.state, reopened.closed_at) == (State.ACCEPTED, None)


def test_memo_stays_inside_and_message_goes_out(clerk: User) -> None:
    case = make_case()
    for internal, key in ((True, "a"), (False, "b"), (False, "b")):
        services.post_message(
            case=case, by=clerk, at=NOW, body="ことば", internal=internal, idempotency_key=key
        )
    directions = sorted(CaseMessage.objects.values_list("direction", flat=True))
    assert directions == ["memo", "out"]
    assert mails(case) == ["received", "message"]


def test_second_application_for_the_same_thing_is_noticed() -> None:
    first, second = make_case(), make_case()
    other = make_case(tap_number="99999999")
    assert list(duplicates_of(second)) == [first]
    assert not duplicates_of(other).exists()
    services.withdraw_case(case=first, by=GUEST, at=NOW)
    assert not duplicates_of(second).exists()


def test_number_and_secret_open_one_case_only() -> None:
    mine, theirs = make_case(), make_case()
    assert find_by_reference_and_secret(mine.reference.lower(), mine.secret) == mine
    assert find_by_reference_and_secret(mine.reference, theirs.secret) is None
    assert find_by_reference_and_secret("R8-K000-0000", mine.secret) is None
    assert find_by_reference_and_secret("", "") is None


def test_personal_data_is_not_in_the_database_in_clear() -> None:
    make_case()
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, applicant_name, place, email FROM cases_case")
        stored = " ".join(str(value) for value in cursor.fetchone())
        cursor.execute("SELECT detail FROM audit_entry")
        stored += " ".join(str(row[0]) for row in cursor.fetchall())
    for clear in ("小野寺", "haruka", "4417", "04123387"):
        assert clear not in stored


def test_acting_on_a_case_takes_a_bounded_number_of_queries(clerk: User) -> None:
    case = make_case()
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        services.accept_case(case=case, by=clerk, at=NOW)
    assert len(queries) < 40
