"""The hand-off: each case in exactly one file, the same bytes every time, nothing lost silently."""

import csv
import hashlib
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.identity.api import Refused
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.services import reopen_case
from minamo.procedures.cases.tests import factories
from minamo.procedures.handoff import layout as files
from minamo.procedures.handoff import services
from minamo.procedures.handoff.models import Batch, BatchItem
from minamo.procedures.handoff.queries import batch_of_case, waiting

pytestmark = pytest.mark.django_db
LIST = "/desk/handoff/"


def make(cast: testing.Cast, layout: str = "service-start") -> list[Batch]:
    return services.make_batches(
        section=cast.section, layout=layout, by=cast.clerk, at=factories.NOW
    )


def post_make(client: Client, layout: str = "service-start") -> Any:
    return client.post(f"{LIST}make/", {"section": "kyuhaisui", "layout": layout}, follow=True)


def rows(batch: Batch) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(batch.content)))


def test_completed_cases_go_into_one_batch(cast: testing.Cast) -> None:
    done = factories.completed(by=cast.clerk)
    factories.accepted(by=cast.clerk)
    factories.rejected(by=cast.clerk)
    (batch,) = make(cast)
    assert (batch.number, batch.case_count) == (1, 1)
    (row,) = rows(batch)
    assert row["受付番号"] == done.reference
    assert row["開始日"] == "20261201"
    assert row["町名"] == "愛宕町"
    assert batch_of_case(done) == batch


def test_making_again_with_nothing_new_makes_nothing(
    cast: testing.Cast, clerk_client: Client
) -> None:
    factories.completed(by=cast.clerk)
    make(cast)
    assert make(cast) == []
    page = post_make(clerk_client).content.decode()
    assert "新しく引き渡す案件はありません" in page
    assert Batch.objects.count() == 1


def test_the_next_batch_holds_only_what_is_new(cast: testing.Cast) -> None:
    version = factories.make_version()
    factories.completed(by=cast.clerk, version=version)
    make(cast)
    second = factories.completed(by=cast.clerk, version=version)
    (batch,) = make(cast)
    assert batch.number == 2
    assert [row["受付番号"] for row in rows(batch)] == [second.reference]


def test_the_database_refuses_to_hand_a_case_over_twice(cast: testing.Cast) -> None:
    case = factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(batch=batch, case=case, position=2)


def test_a_case_reopened_and_completed_again_is_not_sent_twice(cast: testing.Cast) -> None:
    case = factories.completed(by=cast.clerk)
    make(cast)
    reopen_case(case=case, by=cast.clerk, at=factories.NOW)
    assert make(cast) == []


def test_other_columns_make_another_file(cast: testing.Cast) -> None:
    version = factories.make_version()
    factories.completed(by=cast.clerk, version=version)
    handoff = factories._document("service-start").handoff
    assert handoff is not None
    fewer = handoff.model_copy(update={"columns": handoff.columns[:5]})
    other = factories.make_version(handoff=fewer)
    factories.completed(by=cast.clerk, version=other)
    batches = make(cast)
    assert [b.case_count for b in batches] == [1, 1]
    assert [b.number for b in batches] == [1, 2]


def test_a_definition_may_hand_over_at_acceptance(cast: testing.Cast) -> None:
    handoff = factories._document("service-start").handoff
    assert handoff is not None
    version = factories.make_version(handoff=handoff.model_copy(update={"after": "accepted"}))
    factories.accepted(by=cast.clerk, version=version)
    assert make(cast)[0].case_count == 1


def test_files_are_the_same_every_time_and_kept(cast: testing.Cast, clerk_client: Client) -> None:
    factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    for encoding, kept in (("utf8", batch.utf8_sha256), ("cp932", batch.cp932_sha256)):
        address = reverse("handoff:download", args=[batch.uuid, encoding])
        first, second = clerk_client.get(address), clerk_client.get(address)
        assert first.content == second.content
        assert hashlib.sha256(first.content).hexdigest() == kept
        assert f"{batch}-{encoding}.csv" in first.headers["Content-Disposition"]
    downloads = history(batch.subject).filter(action="procedures.handoff.downloaded")
    assert downloads.count() == 4


def test_a_changed_file_is_not_given_out(cast: testing.Cast) -> None:
    factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    batch.content += "x"
    with pytest.raises(services.FileChanged):
        services.batch_file(batch=batch, encoding="utf-8", by=cast.clerk, at=factories.NOW)


def test_a_changed_file_is_told_in_words(cast: testing.Cast, clerk_client: Client) -> None:
    factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    Batch.objects.filter(pk=batch.pk).update(utf8_sha256="0" * 64)
    response = clerk_client.get(reverse("handoff:download", args=[batch.uuid, "utf8"]))
    assert response.status_code == 409
    assert "作ったときと同じ中身になりません" in response.content.decode()


def test_what_cp932_cannot_hold_is_listed_case_by_case(
    cast: testing.Cast, clerk_client: Client
) -> None:
    name = {**factories.answers_for()["user_name"], "given": "𠮷子"}
    case = factories.completed(by=cast.clerk, user_name=name)
    (batch,) = make(cast)
    assert batch.loss_count >= 1
    data = files.encoded(batch.content, files.CP932).decode("cp932")
    assert "〓子" in data
    assert "?" not in data
    assert "𠮷子" in files.encoded(batch.content, files.UTF8).decode("utf-8-sig")
    page = clerk_client.get(reverse("handoff:batch", args=[batch.uuid])).content.decode()
    assert "U+20BB7" in page
    assert case.reference in page


def test_values_stay_on_one_line_and_keep_zeros() -> None:
    line = files.Line("R8-K482-1936", [("番号", "0012"), ("メモ", "一\r\n二\n三"), ("式", "=1")])
    assert files.csv_text([line]) == '"番号","メモ","式"\r\n"0012","一 二 三","=1"\r\n'


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such encoding"):
        files.encoded("x", "latin-1")


def test_the_newest_batch_is_taken_back_with_a_reason(
    cast: testing.Cast, clerk_client: Client
) -> None:
    version = factories.make_version()
    case = factories.completed(by=cast.clerk, version=version)
    (first,) = make(cast)
    factories.completed(by=cast.clerk, version=version)
    (second,) = make(cast)

    def cancel(batch: Batch, reason: str) -> Any:
        return clerk_client.post(reverse("handoff:cancel", args=[batch.uuid]), {"reason": reason})

    response = cancel(first, "まちがい")
    assert response.status_code == 409
    assert "いちばん新しい引き渡し" in response.content.decode()
    response = cancel(second, " ")
    assert response.status_code == 422
    assert "取り消す理由を書いてください" in response.content.decode()
    assert cancel(second, "列をまちがえた").status_code == 302
    second.refresh_from_db()
    assert (second.is_cancelled, second.cancel_reason) == (True, "列をまちがえた")
    assert cancel(second, "もう一度").status_code == 409
    assert cancel(first, "これも").status_code == 302
    (third,) = make(cast)
    assert (third.number, third.case_count) == (3, 2)
    assert batch_of_case(case) == third
    actions = [e.action for e in history(case.subject).filter(action__contains="hand")]
    assert sorted(actions) == [
        "procedures.case.handed_over",
        "procedures.case.handed_over",
        "procedures.case.handoff_cancelled",
    ]


def test_the_list_says_what_waits(cast: testing.Cast, clerk_client: Client) -> None:
    page = clerk_client.get(LIST).content.decode()
    assert "引き渡す手続きがまだありません" in page
    factories.completed(by=cast.clerk)
    (item,) = waiting(cast.section)
    assert (item.layout, item.count) == ("service-start", 1)
    page = post_make(clerk_client).content.decode()
    assert "1件の引き渡しを作りました。" in page
    page = clerk_client.get(LIST).content.decode()
    assert "service-start-kyuhaisui-0001" in page


def test_an_unknown_layout_is_refused_in_words(cast: testing.Cast, clerk_client: Client) -> None:
    assert "いまの手続きにはありません" in post_make(clerk_client, "old").content.decode()


def test_another_section_is_refused(cast: testing.Cast, outsider_client: Client) -> None:
    factories.completed(by=cast.clerk)
    assert post_make(outsider_client).status_code == 403
    (batch,) = make(cast)
    for name in ("handoff:batch", "handoff:cancel"):
        address = reverse(name, args=[batch.uuid])
        method = outsider_client.post if name.endswith("cancel") else outsider_client.get
        assert method(address).status_code == 403
    address = reverse("handoff:download", args=[batch.uuid, "utf8"])
    assert outsider_client.get(address).status_code == 403
    assert str(batch) not in outsider_client.get(LIST).content.decode()
    with pytest.raises(Refused):
        services.make_batches(
            section=cast.section, layout="service-start", by=cast.outsider, at=factories.NOW
        )


def test_without_permission_everything_is_refused(planner_client: Client) -> None:
    assert planner_client.get(LIST).status_code == 403
    assert planner_client.post(f"{LIST}make/").status_code == 403


def test_reading_a_batch_is_kept(cast: testing.Cast, clerk_client: Client) -> None:
    factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    clerk_client.get(reverse("handoff:batch", args=[batch.uuid]))
    assert Entry.objects.filter(action="procedures.handoff.read").count() == 1


@pytest.mark.parametrize("encoding", ["latin", "utf-16"])
def test_unknown_files_are_not_found(
    cast: testing.Cast, clerk_client: Client, encoding: str
) -> None:
    factories.completed(by=cast.clerk)
    (batch,) = make(cast)
    address = reverse("handoff:download", args=[batch.uuid, encoding])
    assert clerk_client.get(address).status_code == 404


def test_content_lies_encrypted(cast: testing.Cast) -> None:
    case = factories.completed(by=cast.clerk)
    make(cast)
    raw = Batch.objects.values_list("content", "losses").get()
    assert case.reference not in str(raw)
    assert Case.objects.count() == 1
