from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from minamo.kernel.packs.reader import read_folder
from minamo.plan.measures.schemas import MeasureDocument, PlanDocument
from minamo.plan.measures.tests.factories import PACKS, document, measure
from minamo.plan.revisions import drafting, files

MONTHS = st.dates(date(2019, 6, 1), date(2099, 12, 31)).map(lambda d: d.replace(day=1))


def as_document(**changes: object) -> MeasureDocument:
    return MeasureDocument.model_validate(measure() | changes)


@pytest.mark.parametrize(
    ("month", "key"),
    [
        (date(2026, 11, 1), "R8.11"),
        (date(2019, 5, 1), "R1.5"),
        (date(2019, 4, 1), "H31.4"),
        (date(2025, 3, 1), "R7.3"),
    ],
)
def test_a_version_is_called_by_era_year_and_month(month: date, key: str) -> None:
    assert drafting.version_key(month) == key


def test_the_month_after_december_is_january() -> None:
    assert drafting.month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert drafting.month_after(date(2026, 1, 1)) == date(2026, 2, 1)


@given(MONTHS)
def test_later_months_have_other_keys(month: date) -> None:
    assert drafting.version_key(month) != drafting.version_key(drafting.month_after(month))


@pytest.mark.parametrize(
    ("codes", "year", "goal", "expected"),
    [
        ([], 2026, 1, "R8-1-1"),
        (["R8-1-1", "R8-1-2"], 2026, 1, "R8-1-3"),
        (["R8-1-9", "R8-2-4", "R7-1-12"], 2026, 1, "R8-1-10"),
        (["R8-1-3"], 2026, 2, "R8-2-1"),
        (["R6-2-2"], 2019, 2, "R1-2-1"),
    ],
)
def test_the_next_code_follows_the_highest(
    codes: list[str], year: int, goal: int, expected: str
) -> None:
    assert drafting.next_code(codes, fiscal_year=year, goal=goal) == expected


@given(st.sets(st.integers(1, 99)), st.integers(2019, 2098), st.integers(1, 9))
def test_the_next_code_is_always_free(numbers: set[int], year: int, goal: int) -> None:
    start = drafting.next_code([], fiscal_year=year, goal=goal).removesuffix("1")
    codes = [f"{start}{number}" for number in numbers]
    assert drafting.next_code(codes, fiscal_year=year, goal=goal) not in codes


def test_dating_a_version_takes_its_measures_along() -> None:
    plan = drafting.with_version(document(measure()), month=date(2026, 11, 1))
    plan = drafting.with_new_measure(plan, as_document(code="R8-1-2", since="R8.11"))

    moved = drafting.dated(plan, key="R8.11", month=date(2027, 3, 1))

    assert [version.key for version in moved.versions] == ["R8.4", "R9.3"]
    assert [m.since for m in moved.measures] == ["R8.4", "R9.3"]


def test_a_taken_code_and_an_unknown_measure_are_refused() -> None:
    plan = document(measure())
    with pytest.raises(drafting.CodeTaken):
        drafting.with_new_measure(plan, as_document())
    with pytest.raises(KeyError):
        drafting.with_measure(plan, as_document(code="R8-1-9"))
    with pytest.raises(KeyError):
        drafting.taken_back(plan, plan, "R8-1-9")


def test_what_comes_out_is_checked_like_a_packs_document() -> None:
    with pytest.raises(ValidationError, match="重点目標 7 がありません"):
        drafting.with_measure(document(measure()), as_document(goal=7))


def test_taking_back_restores_a_changed_measure_and_drops_an_added_one() -> None:
    base = document(measure())
    draft = drafting.with_measure(base, as_document(title="変えた件名"))
    draft = drafting.with_new_measure(draft, as_document(code="R8-1-2"))

    draft = drafting.taken_back(draft, base, "R8-1-1")
    assert drafting.taken_back(draft, base, "R8-1-2") == base


def test_a_rebase_keeps_changes_names_clashes_and_renumbers_additions() -> None:
    base = document(measure(), measure("R8-2-1"), measure("R8-2-2"))
    draft = drafting.with_version(base, month=date(2026, 11, 1))
    draft = drafting.with_measure(draft, as_document(title="案の件名"))
    draft = drafting.with_measure(draft, as_document(code="R8-2-1", title="案だけ"))
    draft = drafting.with_new_measure(draft, as_document(code="R8-1-2", since="R8.11", title="案"))
    newest = drafting.with_version(base, month=date(2026, 12, 1))
    newest = drafting.with_measure(newest, as_document(title="先に変わった"))
    newest = drafting.with_measure(newest, as_document(code="R8-2-2", title="先だけ"))
    newest = drafting.with_new_measure(
        newest, as_document(code="R8-1-2", since="R8.12", title="先に入った")
    )

    result = drafting.rebased(draft, key="R8.11", base=base, newest=newest, month=date(2027, 1, 1))

    titles = {m.code: m.title for m in result.document.measures}
    assert titles == {
        "R8-1-1": "案の件名",
        "R8-2-1": "案だけ",
        "R8-2-2": "先だけ",
        "R8-1-2": "先に入った",
        "R8-1-3": "案",
    }
    assert result.both == ("R8-1-1",)
    assert dict(result.renumbered) == {"R8-1-2": "R8-1-3"}
    added = drafting.find(result.document, "R8-1-3")
    assert added is not None
    assert added.since == "R9.1"


def test_a_version_written_as_yaml_is_read_as_the_same_plan(tmp_path: Path) -> None:
    plan = PlanDocument.model_validate(
        YAML(typ="safe").load((PACKS / "morioka" / "plan.yaml").read_text())
    )
    (tmp_path / "plan.yaml").write_text(files.as_yaml(plan))

    raws, problems = read_folder(tmp_path)

    assert problems == []
    assert PlanDocument.model_validate(raws[0].data) == plan
    assert PlanDocument.model_validate_json(files.as_json(plan)) == plan
