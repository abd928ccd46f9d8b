"""使用開始, 使用中止 and 転居 as Morioka's pack defines them."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import Section
from minamo.kernel.packs.api import Change, DocumentRefused
from minamo.procedures.definitions.forms import (
    case_facts,
    compile_version,
    effective_answers,
    exit_page,
    handoff_row,
    summary,
    validate_all,
    visible_pages,
    work_orders,
)
from minamo.procedures.definitions.models import Procedure, ProcedureVersion
from minamo.procedures.definitions.packs import load_procedure, place_of

from .factories import NOW, TODAY
from .walks import MOVE, START, STOP, day, load, place, walk

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


def without(typed: dict[str, str], *keys: str) -> dict[str, str]:
    return {n: t for n, t in typed.items() if n not in keys and n.split(".")[0] not in keys}


@pytest.mark.parametrize(
    ("name", "typed"), [("service-start", START), ("service-stop", STOP), ("service-move", MOVE)]
)
def test_the_plain_way_ends_ready_to_send(name: str, typed: dict[str, str]) -> None:
    form = load(name)
    answers, errors, seen = walk(form, typed)
    assert errors == []
    assert validate_all(form, answers, now=NOW) == []
    assert seen == [page.key for page in visible_pages(form, answers, today=TODAY)]
    counted = effective_answers(form, answers, today=TODAY)
    assert validate_all(form, counted, now=NOW) == []
    assert counted["user_name"] == {
        "family": "小野寺",
        "given": "はるか",
        "family_kana": "オノデラ",
        "given_kana": "ハルカ",
    }
    assert counted["consent"] is True
    assert summary(form, counted)[0].rows


def test_start_facts_and_valve_order() -> None:
    form = load("service-start")
    answers, _, _ = walk(form, START)
    facts = case_facts(form, answers)
    assert facts.applicant_name == "小野寺　はるか"
    assert facts.applicant_kana == "オノデラ　ハルカ"
    assert facts.place == "岩手県盛岡市愛宕町4-12 コーポいずみ 203"
    assert (facts.wanted_date, facts.phone) == ("2026-12-01", "09000004417")
    assert facts.email == "haruka.o@example.jp"
    assert facts.duplicate_key
    assert "0200013" in facts.search_texts
    (order,) = work_orders(form, answers)
    assert (order.kind, order.date) == ("open", "2026-12-01")
    assert order.place["town"] == "愛宕町"
    row = dict(handoff_row(form, answers))
    assert (row["区分"], row["開始日"], row["使用者セイ"]) == ("1", "20261201", "ｵﾉﾃﾞﾗ")


def test_move_is_one_case_with_two_orders_and_the_person_asked_once() -> None:
    form = load("service-move")
    answers, _, seen = walk(form, MOVE)
    assert [(o.kind, o.date) for o in work_orders(form, answers)] == [
        ("close", "2026-12-02"),
        ("open", "2026-12-01"),
    ]
    assert seen.count("person") == 1
    assert case_facts(form, answers).wanted_date == "2026-12-01"


def test_start_on_a_closed_day_or_too_soon_names_the_day_that_is_possible() -> None:
    form = load("service-start")
    _, errors, seen = walk(form, START | day("start_date", 11, 26))
    assert seen == ["when"]
    assert [e.message for e in errors] == [
        "準備に日にちがかかります。いちばん早い日は令和8年11月27日（金）です"
    ]
    after_hours = datetime.fromisoformat("2026-11-24T18:00:00+09:00")
    _, errors, _ = walk(form, START | day("start_date", 11, 27), now=after_hours)
    assert [e.message for e in errors] == [
        "準備に日にちがかかります。いちばん早い日は令和8年11月30日（月）です"
    ]
    _, errors, _ = walk(form, START | day("start_date", 12, 5))
    assert [e.code for e in errors] == ["date.closed_day"]


def test_a_company_is_asked_other_things_than_a_person() -> None:
    form = load("service-start")
    company = {
        **without(START, "user_name"),
        "user_type": "corporate",
        "corporate_name.name": "株式会社みずさわ",
        "corporate_name.kana": "みずさわ",
        "representative.family": "佐藤",
        "representative.given": "一郎",
        "representative.family_kana": "さとう",
        "representative.given_kana": "いちろう",
    }
    answers, errors, seen = walk(form, company)
    assert (errors, "person" in seen, "corporate" in seen) == ([], False, True)
    assert case_facts(form, answers).applicant_name == "株式会社みずさわ"


def test_somebody_else_applying_says_who_and_how_related() -> None:
    form = load("service-start")
    _, errors, seen = walk(form, START | {"applicant_is_user": "no", "applicant_relation": "other"})
    assert seen[-1] == "applicant"
    assert {error.field for error in errors} == {
        "applicant_name",
        "applicant_relation_text",
        "applicant_phone",
    }


def test_direct_debit_is_carried_over_only_between_contracts_of_ones_own() -> None:
    form = load("service-start")
    carry = START | {"payment": "debit_carry", "carry_tap_number": "0412-3387"}
    answers, errors, seen = walk(form, carry | {"carry_managed": "no"})
    assert (errors, "carry" in seen, "slip" in seen) == ([], True, False)
    assert answers["carry_tap_number"] == "04123387"
    _, errors, _ = walk(form, carry | {"carry_managed": "yes"})
    assert [(e.field, e.code) for e in errors] == [("carry_managed", "blocked")]
    _, errors, _ = walk(form, without(carry, "carry_tap_number") | {"carry_managed": "no"})
    assert [e.message for e in errors] == ["前の住まいの水栓番号を入れてください"]


def test_temporary_use_reveals_its_end_on_the_same_page() -> None:
    form = load("service-start")
    typed = START | {"use": "temporary"} | day("temporary_until", 12, 20)
    answers, errors, _ = walk(form, typed)
    assert errors == []
    assert answers["temporary_until"] == "2026-12-20"
    _, errors, _ = walk(form, typed | day("temporary_until", 11, 25))
    assert [e.code for e in errors] == ["date.before_other"]


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"tap_number": "0412-3387"}, False),
        ({"customer_number": "1234-567890"}, False),
        ({}, True),
    ],
)
def test_stop_needs_a_number_or_the_address(keys: dict[str, str], asked: bool) -> None:
    form = load("service-stop")
    typed = without(STOP, "tap_number") | keys
    _, errors, seen = walk(form, typed)
    assert (seen[-1] == "where") == asked
    if asked:
        assert errors[0].message == "郵便番号を入れてください"
        assert walk(form, typed | place("service_address"))[1] == []


def test_demolition_leads_out_to_the_removal_works() -> None:
    form = load("service-stop")
    answers, errors, seen = walk(form, STOP | {"reason": "demolition"})
    way_out = exit_page(form, answers, "reason", today=TODAY)
    assert (errors, seen) == ([], ["reason"])
    assert way_out is not None
    assert "撤去工事" in way_out.title
    assert "exit" in [e.code for e in validate_all(form, answers, now=NOW)]


def test_movers_give_their_new_address_and_absent_people_are_not_asked() -> None:
    form = load("service-stop")
    _, errors, seen = walk(form, STOP | {"reason": "move"})
    assert (seen[-1], errors[0].field) == ("after", "new_address")
    _, errors, seen = walk(form, STOP | {"reason": "absence"})
    assert (errors, "after" in seen) == ([], False)


def test_leaving_the_city_leads_to_the_stop_form() -> None:
    form = load("service-move")
    answers, _, seen = walk(form, MOVE | {"inside_city": "no"})
    way_out = exit_page(form, answers, "where_to", today=TODAY)
    assert seen == ["where_to"]
    assert way_out is not None
    assert way_out.links[0][1] == "/apply/service-stop/"


def test_a_long_overlap_is_warned_of_but_possible() -> None:
    form = load("service-move")
    typed = MOVE | day("stop_date", 1, 15) | {"stop_date.year": "9"}
    answers, errors, _ = walk(form, typed)
    assert errors == []
    assert case_facts(form, answers).warnings == (
        "31日をこえて両方の住まいで水道を使うことになります。両方に基本料金がかかります",
    )


def test_an_address_outside_morioka_is_refused_with_its_town() -> None:
    _, errors, _ = walk(
        load("service-start"), START | place("service_address", code="100-0001", town="千代田")
    )
    assert [e.message for e in errors] == [
        "この郵便番号は東京都千代田区のものです。盛岡市の中の郵便番号を入れてください"
    ]


@pytest.mark.parametrize("name", ["service-start", "service-stop", "service-move"])
def test_every_unconfirmed_value_is_labelled(name: str) -> None:
    document = load(name).document
    standings = [document.lead_time, document.retention, document.handoff]
    assert all(part is not None and part.standing == "見本" for part in standings)
    assert [kpi.measure for kpi in document.kpi] == ["R4-1-4"]


def loaded(name: str, **changes: Any) -> Change:
    document = load(name).document.model_copy(update=changes)
    return load_procedure(document, by=SYSTEM, path=f"procedures/{name}.yaml")


def test_loading_twice_changes_nothing_and_a_change_makes_a_version() -> None:
    _section()
    assert loaded("service-start") is Change.CREATED
    assert loaded("service-start") is Change.UNCHANGED
    assert loaded("service-start", lead="新しい文") is Change.UPDATED
    procedure = Procedure.objects.get(code="service-start")
    assert procedure.versions.count() == 2
    assert procedure.active_version is not None
    assert compile_version(procedure.active_version).document.lead == "新しい文"
    assert procedure.measure_codes == ["R4-1-4"]


def test_an_unknown_section_is_refused_at_its_place() -> None:
    with pytest.raises(DocumentRefused) as refusal:
        loaded("service-start")
    assert refusal.value.at == ("section",)
    assert ProcedureVersion.objects.count() == 0


def test_problems_are_handed_over_with_their_place() -> None:
    assert place_of("rules[3].when.==[0]") == ("rules", 3, "when", "==", 0)
    assert place_of("") == ()


def _section() -> None:
    Section.objects.create(
        code="keiei_kikaku", name="経営企画課", valid_from=timezone.localdate().replace(year=2020)
    )
