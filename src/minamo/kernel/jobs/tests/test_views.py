"""The staff page of the queue."""

import pytest
from django.test import Client

from minamo.kernel import testing
from minamo.kernel.audit.api import Entry
from minamo.kernel.jobs import api
from minamo.kernel.jobs.models import Job, JobState
from minamo.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: testing.Cast) -> Client:
    return testing.login(Client(), cast.administrator)


@pytest.fixture
def dead() -> Job:
    @api.job(key="t.dead", retries=0, label="ためしの仕事")
    def body(**_: object) -> None:
        raise RuntimeError("out of water")

    job = api.enqueue(body)
    Worker(worker_id="w").run_until_idle()
    job.refresh_from_db()
    return job


def test_dead_letters_come_first_with_counts(admin: Client, dead: Job) -> None:
    page = admin.get("/desk/jobs/").content.decode()
    assert "ためしの仕事" in page
    assert "もう一度動かす" in page
    assert 'aria-current="page">失敗しました <span class="mn-count">1' in page


@pytest.mark.parametrize("state", JobState.values)
def test_every_state_has_a_page_that_says_so_when_empty(admin: Client, state: str) -> None:
    assert admin.get("/desk/jobs/", {"state": state}).status_code == 200


def test_an_unknown_state_is_not_found_and_a_wrong_cursor_is_the_first_page(
    admin: Client,
) -> None:
    assert admin.get("/desk/jobs/", {"state": "asleep"}).status_code == 404
    assert admin.get("/desk/jobs/", {"cursor": "rubbish"}).status_code == 200


def test_one_job_shows_its_failure(admin: Client, dead: Job) -> None:
    assert "out of water" in admin.get(f"/desk/jobs/{dead.pk}/").content.decode()


def test_retrying_queues_it_again_with_new_attempts_and_an_audit_entry(
    admin: Client, dead: Job
) -> None:
    admin.post(f"/desk/jobs/{dead.pk}/retry/")
    dead.refresh_from_db()
    assert (dead.state, dead.max_attempts) == (JobState.QUEUED, 2)
    assert Entry.objects.get(action="jobs.job.retried").subject_id == str(dead.pk)
    api.unregister("t.dead")
    api.job(key="t.dead")(lambda **_: None)
    Worker(worker_id="w").run_until_idle()
    dead.refresh_from_db()
    assert dead.state == JobState.DONE


def test_discarding_needs_a_reason(admin: Client, dead: Job) -> None:
    admin.post(f"/desk/jobs/{dead.pk}/discard/")
    dead.refresh_from_db()
    assert dead.state == JobState.DEAD
    admin.post(f"/desk/jobs/{dead.pk}/discard/", {"reason": "二重の登録"})
    dead.refresh_from_db()
    assert dead.state == JobState.DISCARDED
    assert Entry.objects.get(action="jobs.job.discarded").reason == "二重の登録"


def test_retrying_twice_says_that_somebody_was_faster(admin: Client, dead: Job) -> None:
    admin.post(f"/desk/jobs/{dead.pk}/retry/")
    answer = admin.post(f"/desk/jobs/{dead.pk}/retry/", follow=True)
    assert "すでにほかの人が処理しました" in answer.content.decode()


def test_progress_asks_again_until_the_end(clerk_client: Client, dead: Job) -> None:
    address = f"/desk/jobs/{dead.pk}/progress/"
    assert "hx-get" not in clerk_client.get(address).content.decode()
    Job.objects.filter(pk=dead.pk).update(state=JobState.QUEUED, ended_at=None)
    assert f'hx-get="{address}"' in clerk_client.get(address).content.decode()


def test_a_clerk_may_not_open_the_queue(clerk_client: Client) -> None:
    assert clerk_client.get("/desk/jobs/").status_code == 403
