from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.identity.api import Section
from minamo.kernel.packs.api import Change, DocumentRefused, load
from minamo.plan.measures.models import Indicator, Measure, Plan
from minamo.plan.measures.services import load_plan

from .factories import OPERATOR, PACKS, document, indicator, make_plan, measure

pytestmark = pytest.mark.django_db


def test_a_plan_is_loaded_with_measures_sections_steps_and_indicators() -> None:
    plan = make_plan(
        measure(sections=["somu", "keiei"]),
        measure("R8-1-2", goal=2, indicators=[indicator("opened", kind="milestone", target=None)]),
    )

    first, second = plan.measures.order_by("position")
    assert [c.section.code for c in first.in_charge.order_by("position")] == ["somu", "keiei"]
    assert [(s.fiscal_year, s.text) for s in first.steps.all()] == [(2026, "利用推進")]
    assert first.indicators.get().target == Decimal(100)
    assert second.goal.number == 2
    assert str(second.indicators.get().target_date) == "2027-03-31"


def test_loading_again_brings_the_plan_up_to_date() -> None:
    make_plan(measure(), measure("R8-1-2"))
    kept = Indicator.objects.get(measure__code="R8-1-1").pk

    change = load_plan(
        document(
            measure(title="新しい件名", indicators=[indicator(target=200)], steps=[]),
            measure("R8-1-2", status="削除", indicators=[]),
        ),
        by=OPERATOR,
        path="plan.yaml",
    )

    assert change is Change.UPDATED
    changed = Measure.objects.get(code="R8-1-1")
    assert (changed.title, changed.steps.count()) == ("新しい件名", 0)
    assert Indicator.objects.get(measure=changed).pk == kept
    assert Measure.objects.get(code="R8-1-2").indicators.count() == 0
    assert history(SubjectRef("plan.plan", "trial")).count() == 2


def test_a_measure_is_ended_but_never_taken_away() -> None:
    make_plan(measure(), measure("R8-1-2"))

    with pytest.raises(DocumentRefused, match="R8-1-2"):
        load_plan(document(measure()), by=OPERATOR, path="plan.yaml")
    assert Measure.objects.count() == 2


def test_an_unknown_section_is_refused_with_its_place() -> None:
    testing.make_section("keiei")
    with pytest.raises(DocumentRefused, match="nowhere") as refusal:
        load_plan(document(measure(sections=["keiei", "nowhere"])), by=OPERATOR, path="plan.yaml")

    assert refusal.value.at == ("measures", 0, "sections", 1)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goal": 9}, "重点目標 9 がありません"),
        ({"since": "R9.9"}, "版 R9.9 がありません"),
        ({"category": "未定"}, "literal_error"),
        ({"status": "終了"}, "literal_error"),
        ({"indicators": []}, "指標（indicators）が1つ以上必要"),
        ({"indicators": [indicator(), indicator()]}, "指標のkey「applications」が2回"),
        ({"indicators": [indicator(target=None)]}, "目標の数（target）がありません"),
        ({"indicators": [indicator(unit="")]}, "単位（unit）がありません"),
        ({"indicators": [indicator(kind="milestone")]}, "target は書けません"),
        ({"sections": ["keiei", "keiei"]}, "担当課「keiei」が2回"),
        ({"code": "X-1"}, "string_pattern_mismatch"),
        ({"surprise": 1}, "extra_forbidden"),
        (
            {"steps": [{"fiscal_year": 2026, "text": "a"}, {"fiscal_year": 2026, "text": "b"}]},
            "工程の年度「2026」が2回",
        ),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        document(measure(**changes))
    assert words in str(refusal.value)


def test_years_run_forwards_and_codes_are_unique() -> None:
    with pytest.raises(ValidationError, match="最初の年度より前"):
        document(first_fiscal_year=2028, last_fiscal_year=2026)
    with pytest.raises(ValidationError, match="施策の番号「R8-1-1」が2回"):
        document(measure(), measure())


def test_the_database_refuses_a_target_that_does_not_fit_the_kind() -> None:
    make_plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.update(kind="milestone")
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.update(baseline=Decimal(1))


def test_the_pack_of_morioka_loads_whole_and_twice_changes_nothing() -> None:
    report = load(PACKS / "morioka", by=OPERATOR)
    entries = Entry.objects.count()

    assert report.count(Change.CREATED) == len(report.documents)
    assert Measure.objects.count() == 33
    assert Section.objects.count() == 8
    again = load(PACKS / "morioka", by=OPERATOR)
    assert not again.is_changed
    assert Entry.objects.count() == entries


def test_the_sample_pack_loads() -> None:
    load(PACKS / "sample", by=OPERATOR)
    assert Measure.objects.get().code == "R8-1-1"
