from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from minamo.kernel.metrics.api import Served, register_serving, serving
from minamo.plan.measures.queries import measure_view
from minamo.plan.measures.tests.factories import OPERATOR, document, make_plan, measure
from minamo.procedures.definitions.models import Procedure
from minamo.procedures.definitions.serving import procedures_for

pytestmark = pytest.mark.django_db


def test_the_page_names_what_of_the_platform_serves_the_measure(client: Client) -> None:
    make_plan()
    register_serving(
        "tests", lambda code: [Served("台帳", "給水台帳", "/x/")] if code == "R8-1-1" else []
    )
    try:
        text = client.get(reverse("plan:measure", args=["R8-1-1"])).content.decode()
        assert "この取り組みを支えるもの" in text
        assert "給水台帳" in text
        assert [s.title for s in serving("R8-1-2") if s.kind == "台帳"] == []
    finally:
        register_serving("tests", lambda code: [])


def test_a_procedure_without_an_open_version_serves_nothing() -> None:
    Procedure.objects.create(
        code="trial", kind="public", title="ためし", section_code="keiei", measure_codes=["R8-1-1"]
    )
    assert procedures_for("R8-1-1") == []


def test_a_target_changed_by_a_revision_is_told_on_the_measures_page(client: Client) -> None:
    from minamo.plan.measures.services import load_plan

    plan = make_plan()
    changed = measure()
    changed["indicators"] = [{**changed["indicators"][0], "target": 150}]  # type: ignore[index]
    versions = [
        {"key": "R8.4", "kind": "策定", "month": "2026-04"},
        {"key": "R9.3", "kind": "改定", "month": "2027-03"},
    ]
    load_plan(document(changed, versions=versions), by=OPERATOR, path="plan.yaml")
    text = client.get(reverse("plan:measure", args=["R8-1-1"])).content.decode()
    assert "計画の改定で変わったこと" in text
    assert "年間100件" in text
    assert "年間150件" in text
    assert plan.versions.count() == 2
    assert measure_view("R8-1-1", on=date(2026, 6, 1)) is not None
