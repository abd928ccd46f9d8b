"""The demo city stands by itself, the same each time, and can be taken away."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import verify
from minamo.kernel.identity.api import User
from minamo.kernel.metrics.api import latest
from minamo.kernel.packs.api import load
from minamo.procedures.api import Case, State
from minamo.procedures.definitions.forms import compile_version, validate_all
from minamo.site.demo import loading
from minamo.site.demo.emptying import NotADemo, empty_demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """A small city: enough cases to see every state."""
    load(settings.PACKS_DIR / "morioka", by=Actor.system("tests"))
    monkeypatch.setattr(loading, "CASES", 120)
    return loading.load_demo(only_if_empty=False)


def test_city_has_cases_of_three_months_in_every_state_on_every_channel(city: int) -> None:
    assert Case.objects.count() == city == 120
    assert set(Case.objects.values_list("state", flat=True)) == {str(s) for s in State}
    assert len(set(Case.objects.values_list("channel", flat=True))) >= 4
    oldest = Case.objects.order_by("submitted_at").first()
    assert oldest is not None
    assert timezone.now() - oldest.submitted_at > timedelta(days=60)
    assert verify().ok


def test_demo_answers_are_what_the_forms_would_accept(city: int) -> None:
    for case in Case.objects.select_related("version")[:60]:
        errors = validate_all(compile_version(case.version), case.answers, now=case.submitted_at)
        assert errors == [], (case.procedure.code, errors)


def test_indicator_has_a_number(city: int) -> None:
    from minamo.kernel.calendar.api import fiscal_year

    year = fiscal_year(timezone.localdate())
    snapshot = latest("procedures.service_use.web_applications", year)
    assert snapshot is not None
    assert snapshot.value
    assert snapshot.value > 0


def test_city_is_never_laid_over_what_is_there(city: int) -> None:
    assert loading.load_demo(only_if_empty=True) == 0
    with pytest.raises(loading.NotEmpty):
        loading.load_demo(only_if_empty=False)


def test_real_installation_is_never_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(NotADemo):
        empty_demo()


@pytest.mark.django_db(transaction=True)
def test_emptied_city_leaves_nothing_and_can_be_loaded_again(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CASES", 3)
    load(settings.PACKS_DIR / "morioka", by=Actor.system("tests"))
    loading.load_demo(only_if_empty=False)
    empty_demo()
    assert not Case.objects.exists()
    assert not User.objects.exists()
    load(settings.PACKS_DIR / "morioka", by=Actor.system("tests"))
    assert loading.load_demo(only_if_empty=False) == 3
    assert verify().ok
