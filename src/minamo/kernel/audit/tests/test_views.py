"""Auditors search, export and ask for a scope; nobody else sees the trail."""

import pytest
from django.test import Client
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import api as identity


@pytest.fixture
def auditor_client(cast: testing.Cast) -> Client:
    return testing.login(Client(), cast.auditor)


def read(user: identity.User, case: str) -> None:
    audit.record_read(
        actor=identity.actor_for(user),
        subject=SubjectRef("procedures.case", case),
        fields=["phone"],
    )


def body(response: object) -> str:
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


@pytest.mark.parametrize("name", ["clerk", "supervisor", "administrator", "citizen", "installer"])
def test_only_auditors_see_the_trail(cast: testing.Cast, name: str) -> None:
    client = testing.login(Client(), getattr(cast, name))
    for path in ("", "export/", "scope/"):
        assert client.get(f"/desk/audit/{path}").status_code == 403
    assert client.post("/desk/audit/verify/").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=佐藤", True),
        ("actor=千葉", False),
        ("subject=procedures.case:c-1", True),
        ("subject=c-1", True),
        ("subject=procedures.case:c-9", False),
        ("action=procedures.case", True),
        ("action=plan", False),
        ("since=2000-01-01", True),
        ("since=2099-01-01", False),
        ("until=平成12年1月1日", False),
    ],
)
def test_the_trail_is_searched(
    auditor_client: Client, cast: testing.Cast, query: str, found: bool
) -> None:
    read(cast.clerk, "c-1")
    html = body(auditor_client.get(f"/desk/audit/?{query}"))
    assert (">procedures.case.read<" in html) is found


def test_a_day_that_is_none_is_told_in_words(auditor_client: Client) -> None:
    response = auditor_client.get("/desk/audit/?since=きのう")
    assert response.status_code == 422
    assert "mn-error" in body(response)


def test_pages_follow_each_other_without_gaps(auditor_client: Client, cast: testing.Cast) -> None:
    for number in range(60):
        read(cast.clerk, f"c-{number}")
    first = auditor_client.get("/desk/audit/?action=procedures.case.read")
    page = first.context["page"]
    second = auditor_client.get(f"/desk/audit/?action=procedures.case.read&cursor={page.next}")
    seqs = [entry.seq for entry in [*page.rows, *second.context["page"].rows]]
    assert len(seqs) == 60
    assert seqs == sorted(seqs, reverse=True)
    assert auditor_client.get("/desk/audit/?cursor=nonsense").status_code == 200


def test_an_export_is_a_csv_and_an_entry(auditor_client: Client, cast: testing.Cast) -> None:
    read(cast.clerk, "c-1")
    text = body(auditor_client.get("/desk/audit/export/?action=procedures.case.read"))
    assert text.startswith("\ufeff通し番号,日時")
    assert text.count("\r\n") == 2
    assert audit.Entry.objects.filter(action="audit.trail.exported").count() == 1
    assert audit.verify().ok


def test_the_scope_names_the_subjects_an_account_saw(
    auditor_client: Client, cast: testing.Cast
) -> None:
    for case in ("c-1", "c-2", "c-1"):
        read(cast.clerk, case)
    read(cast.outsider, "c-3")
    today = timezone.localdate()
    asked = f"/desk/audit/scope/?actor=佐藤&since={today}&until={today}"
    response = auditor_client.get(asked)
    assert [(seen.id, seen.times) for seen in response.context["seen"]] == [("c-1", 2), ("c-2", 1)]
    assert "2件の記録を見ています" in body(response)
    csv = body(auditor_client.get(f"{asked}&format=csv"))
    assert "c-1" in csv
    assert "c-3" not in csv
    assert audit.Entry.objects.filter(action="audit.scope.asked").count() == 2


def test_a_name_of_several_accounts_offers_the_choice(
    auditor_client: Client, cast: testing.Cast
) -> None:
    twin = testing.make_user("satou2", "佐藤 花子")
    read(cast.clerk, "c-1")
    read(twin, "c-2")
    html = body(
        auditor_client.get(
            f"/desk/audit/scope/?actor=佐藤&since=2000-01-01&until={timezone.localdate()}"
        )
    )
    assert "アカウントを一つ選んでください" in html
    assert str(twin.uuid) in html


def test_verification_says_what_it_found(auditor_client: Client, cast: testing.Cast) -> None:
    assert "書き換えはありません" in body(auditor_client.post("/desk/audit/verify/"))
