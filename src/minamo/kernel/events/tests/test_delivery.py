"""From the outbox to the handlers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minamo.contracts.events import Event
from minamo.kernel import testing
from minamo.kernel.audit.api import Entry
from minamo.kernel.events import api, delivery, registry
from minamo.kernel.events.models import Delivery, DeliveryState, OutboxEvent
from minamo.kernel.events.upkeep import purge
from minamo.kernel.identity.api import Section
from minamo.kernel.jobs.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """A valve was opened, in tests."""

    name: ClassVar[str] = "t.opened"
    valve_id: str
    turns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Event):
    """An event that is not plain."""

    name: ClassVar[str] = "t.odd"
    what: object


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registry_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_subscriptions", {})


def publish(*events: Event) -> None:
    with transaction.atomic():
        for event in events:
            api.publish(event)


def later(seconds: float, act: Callable[[], object]) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        act()


class Handler:
    """Keeps what it got and fails on demand."""

    def __init__(self, key: str = "t.handler") -> None:
        self.got: list[str] = []
        self.failing: set[str] = set()
        api.subscribe(Opened, key=key, handler=self)

    def __call__(self, event: Opened) -> None:
        if event.valve_id in self.failing:
            raise RuntimeError("the valve is stuck")
        self.got.append(f"{event.valve_id}:{event.turns}")


def test_every_handler_gets_every_event_once() -> None:
    first, second = Handler("t.first"), Handler("t.second")
    publish(Opened(valve_id="a"), Opened(valve_id="b"))
    assert api.deliver_pending(100) == 4
    assert api.deliver_pending(100) == 0
    assert first.got == second.got == ["a:1", "b:1"]


def test_the_worker_delivers_by_itself() -> None:
    handler = Handler()
    publish(Opened(valve_id="a"))
    Worker(worker_id="w").run_until_idle()
    assert handler.got == ["a:1"]


def test_an_event_of_a_transaction_that_rolls_back_is_never_delivered() -> None:
    handler = Handler()

    def change() -> None:
        with transaction.atomic():
            api.publish(Opened(valve_id="a"))
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert api.deliver_pending() == 0
    assert handler.got == []


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(api.NotInTransaction):
        api.publish(Opened(valve_id="a"))


@pytest.mark.parametrize("what", [1.5, ["a"], {"a": 1}, timezone])
def test_fields_that_are_not_plain_are_refused(what: object) -> None:
    with pytest.raises(TypeError, match=r"t\.odd\.what"):
        publish(Odd(what=what))


def test_a_failure_is_rolled_back_and_tried_again_later_in_order() -> None:
    handler = Handler()

    def writes_then_fails(event: Opened) -> None:
        testing.make_section("keiei")
        handler(event)

    api.unsubscribe("t.handler")
    api.subscribe(Opened, key="t.handler", handler=writes_then_fails)
    handler.failing = {"a"}
    publish(Opened(valve_id="a", turns=1), Opened(valve_id="a", turns=2), Opened(valve_id="b"))
    api.deliver_pending()
    # What the failed handler wrote is gone, the same valve's next event waits, others pass.
    assert handler.got == ["b:1"]
    assert Section.objects.filter(code="keiei").count() == 1
    handler.failing = set()
    api.deliver_pending()
    assert handler.got == ["b:1"]
    later(6, api.deliver_pending)
    assert handler.got == ["b:1", "a:1", "a:2"]


def test_a_failed_handler_alone_leaves_nothing_written() -> None:
    def writes_then_fails(event: Opened) -> None:
        testing.make_section("keiei")
        raise RuntimeError

    api.subscribe(Opened, key="t.fails", handler=writes_then_fails)
    publish(Opened(valve_id="a"))
    api.deliver_pending()
    assert not Section.objects.filter(code="keiei").exists()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 1)


def test_after_eight_failures_it_lies_dead_and_the_next_event_passes() -> None:
    handler = Handler()
    handler.failing = {"a"}
    publish(Opened(valve_id="a"))
    for attempt in range(delivery.MAX_ATTEMPTS):
        later(attempt * 4000, api.deliver_pending)
    dead = Delivery.objects.get()
    assert (dead.state, dead.attempts) == (DeliveryState.DEAD, 8)
    assert "the valve is stuck" in dead.last_error
    handler.failing = set()
    publish(Opened(valve_id="a", turns=5))
    api.deliver_pending()
    assert handler.got == ["a:5"]


def test_a_handler_that_is_gone_leaves_a_dead_letter_with_its_name() -> None:
    Handler()
    publish(Opened(valve_id="a"))
    delivery.fan_out(10)
    api.unsubscribe("t.handler")
    api.deliver_pending()
    assert "t.handler" in Delivery.objects.get(state=DeliveryState.DEAD).last_error


def test_a_field_that_the_class_lost_is_ignored() -> None:
    handler = Handler()
    publish(Opened(valve_id="a"))
    OutboxEvent.objects.update(payload={"valve_id": "a", "turns": 2, "colour": "red"})
    api.deliver_pending()
    assert handler.got == ["a:2"]


def test_an_event_published_by_a_handler_is_delivered_too() -> None:
    handler = Handler()

    def chain(event: Opened) -> None:
        if event.turns < 3:
            api.publish(Opened(valve_id=event.valve_id, turns=event.turns + 1))

    api.subscribe(Opened, key="t.chain", handler=chain)
    publish(Opened(valve_id="a"))
    api.deliver_pending()
    assert handler.got == ["a:1", "a:2", "a:3"]


def test_looking_for_work_takes_no_lock() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert delivery.has_pending() is False
    assert all(query["sql"].startswith("SELECT") for query in captured)


def test_publishing_costs_one_insert() -> None:
    Handler()
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        api.publish(Opened(valve_id="a"))
    assert len(captured) == 1


def test_delivered_events_go_after_a_month_and_dead_ones_stay() -> None:
    handler = Handler()
    publish(Opened(valve_id="a"), Opened(valve_id="b"))
    api.deliver_pending()
    handler.failing = {"c"}
    publish(Opened(valve_id="c"))
    api.deliver_pending()
    assert purge(now=timezone.now() + timedelta(days=29)) == 0
    assert purge(now=timezone.now() + timedelta(days=31)) == 2
    assert OutboxEvent.objects.count() == 1


def test_two_handlers_under_one_key_are_refused() -> None:
    Handler("t.same")
    with pytest.raises(ValueError, match="twice"):
        Handler("t.same")


@pytest.fixture
def admin(cast: testing.Cast) -> Client:
    return testing.login(Client(), cast.administrator)


@pytest.fixture
def dead() -> Delivery:
    handler = Handler()
    handler.failing = {"a"}
    publish(Opened(valve_id="a"))
    delivery.fan_out(10)
    Delivery.objects.update(attempts=delivery.MAX_ATTEMPTS - 1)
    api.deliver_pending()
    handler.failing = set()
    return Delivery.objects.get()


def test_staff_read_dead_letters_and_deliver_them_again(admin: Client, dead: Delivery) -> None:
    page = admin.get("/desk/jobs/events/").content.decode()
    assert "t.handler" in page
    assert "the valve is stuck" in page
    assert "配達できなかったできごと" in admin.get("/desk/jobs/").content.decode()
    admin.post(f"/desk/jobs/events/{dead.pk}/retry/")
    api.deliver_pending()
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DONE
    assert Entry.objects.filter(action="events.delivery.retried").exists()
    again = admin.post(f"/desk/jobs/events/{dead.pk}/retry/", follow=True)
    assert "すでにほかの人が処理しました" in again.content.decode()


def test_staff_give_a_dead_letter_up_with_a_reason(admin: Client, dead: Delivery) -> None:
    admin.post(f"/desk/jobs/events/{dead.pk}/discard/")
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DEAD
    admin.post(f"/desk/jobs/events/{dead.pk}/discard/", {"reason": "不要"})
    dead.refresh_from_db()
    assert dead.state == DeliveryState.DISCARDED


def test_a_clerk_may_not_read_dead_letters(clerk_client: Client) -> None:
    assert clerk_client.get("/desk/jobs/events/").status_code == 403
