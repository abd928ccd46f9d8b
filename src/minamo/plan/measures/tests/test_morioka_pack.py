"""The pack beside the document it was made from, row by row."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from minamo.kernel.packs.reader import read_folder
from minamo.plan.measures.schemas import IndicatorDocument, MeasureDocument, PlanDocument

from .factories import PACKS

DOCUMENT = PACKS.parent.parent / "shared/plan/morioka-dx-plan.txt"
# The same rows in the repository, so that the pack is compared where the document is not.
KEPT_ROWS = Path(__file__).with_name("morioka_rows.json")
CATEGORIES = {"実施・実施予定", "継続・拡大", "導入検討"}
ENDED = {"実施取りやめ", "削除"}
# The revision that brought a group of measures in, by the year that the codes carry.
VERSIONS = {"R4": "R5.10", "R5": "R6.3", "R6": "R7.3"}


@dataclass(frozen=True)
class Row:
    """One row of the document's tables."""

    code: str
    goal: int
    category: str
    title: str
    section_text: str
    steps: dict[int, str]
    status: str
    target_text: str


def joined(text: str) -> str:
    """Return table text without the spaces that the document's line breaks left behind."""
    return re.sub(r"\s", "", text)


def rows_of(text: str) -> list[Row]:
    """Read the tables of the document's appendix."""
    rows: list[Row] = []
    goal, category, years = 0, "", [0, 0, 0]
    for line in text[text.index("DX推進施策一覧") :].splitlines():
        if heading := re.match(r"重点目標(\d)", line):
            goal = int(heading[1])
        found_years = re.findall(r"令和(\d)年度", line)
        if line.startswith("\t\t\t\t\t令和"):
            years = [2018 + int(year) for year in found_years]
        cells = line.split("\t")
        if len(cells) < 9 or not re.fullmatch(r"R\d-\d-\d+", cells[1]):
            continue
        category = joined(cells[0]) or category
        rest = [cell for cell in cells[8:] if cell]
        status = next((joined(c) for c in [*cells[5:8], *rest] if joined(c) in ENDED), "active")
        rows.append(
            Row(
                code=cells[1],
                goal=goal,
                category=category,
                title=joined(cells[2]),
                section_text=joined(cells[3]),
                steps={
                    year: joined(cell) for year, cell in zip(years, cells[5:8], strict=True) if cell
                },
                status=status,
                target_text="".join(cell for cell in rest if joined(cell) not in ENDED),
            )
        )
    return rows


@pytest.fixture(scope="module")
def plan() -> PlanDocument:
    documents, problems = read_folder(PACKS / "morioka")
    assert problems == []
    (found,) = [d.data for d in documents if d.data.get("kind") == "plan"]
    return PlanDocument.model_validate(found)


@pytest.fixture(scope="module")
def measures(plan: PlanDocument) -> dict[str, MeasureDocument]:
    return {measure.code: measure for measure in plan.measures}


@pytest.fixture(scope="module")
def section_names() -> dict[str, str]:
    documents, _ = read_folder(PACKS / "morioka")
    (found,) = [d.data for d in documents if d.data.get("kind") == "sections"]
    return {section["code"]: section["name"] for section in found["sections"]}


@pytest.fixture(scope="module")
def document() -> list[Row]:
    """The document's rows: from the document itself, or as they were read when it was at hand."""
    if DOCUMENT.exists():
        return rows_of(DOCUMENT.read_text(encoding="utf-8"))
    return [
        Row(**row | {"steps": {int(year): text for year, text in row["steps"].items()}})
        for row in json.loads(KEPT_ROWS.read_text(encoding="utf-8"))
    ]


def test_the_kept_rows_are_the_documents() -> None:
    if not DOCUMENT.exists():
        # Without the document the other tests compare the pack with these kept rows.
        pytest.skip(f"THE PLAN'S DOCUMENT IS NOT HERE ({DOCUMENT.name}): compared with kept rows")
    kept = json.loads(KEPT_ROWS.read_text(encoding="utf-8"))
    read = [asdict(row) for row in rows_of(DOCUMENT.read_text(encoding="utf-8"))]
    assert kept == json.loads(json.dumps(read))


def test_all_33_measures_are_there_in_the_documents_order(
    plan: PlanDocument, document: list[Row]
) -> None:
    assert len(document) == 33
    assert [m.code for m in plan.measures] == [row.code for row in document]


def test_title_goal_category_status_and_version_are_the_documents(
    measures: dict[str, MeasureDocument], document: list[Row]
) -> None:
    for row in document:
        measure = measures[row.code]
        assert measure.title == row.title, row.code
        assert measure.goal == row.goal, row.code
        assert measure.category == row.category, row.code
        assert row.category in CATEGORIES
        assert measure.status == row.status, row.code
        assert measure.since == VERSIONS[row.code[:2]], row.code


def test_sections_are_the_documents_in_its_order(
    measures: dict[str, MeasureDocument], document: list[Row], section_names: dict[str, str]
) -> None:
    for row in document:
        names = [section_names[code] for code in measures[row.code].sections]
        assert "".join(names) == row.section_text.replace("・", ""), row.code


def test_the_schedule_says_what_the_tables_say(
    measures: dict[str, MeasureDocument], document: list[Row]
) -> None:
    for row in document:
        steps = {step.fiscal_year: step.text for step in measures[row.code].steps}
        assert steps == row.steps, row.code


def numbers(text: str) -> set[str]:
    """Return the numbers of a target's text that are no dates and no room numbers."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    plain = plain.replace("1時間10分", "70分").replace("半数", "50%")
    plain = re.sub(r"(令和|R)\d+(年度)?", "", plain)
    plain = re.sub(r"301・302会議室", "", plain)
    # Parts of R6-2-2's 152: they are told in the definition.
    plain = re.sub(r"水道113台|下水道39台", "", plain)
    return set(re.findall(r"\d+(?:\.\d+)?", plain))


def numbers_of(indicators: tuple[IndicatorDocument, ...]) -> set[str]:
    """Return the numbers a measure's indicators carry, a shortening as its difference."""
    found: set[str] = set()
    for indicator in indicators:
        if indicator.direction == "down":
            assert indicator.baseline is not None
            assert indicator.target is not None
            found |= {
                f"{indicator.baseline.value}",
                f"{indicator.baseline.value - indicator.target}",
            }
            continue
        found |= {f"{indicator.target}"} if indicator.target is not None else set()
        found |= {f"{indicator.baseline.value}"} if indicator.baseline else set()
    return found


def test_the_numbers_of_targets_and_baselines_are_the_documents(
    measures: dict[str, MeasureDocument], document: list[Row]
) -> None:
    for row in document:
        assert numbers_of(measures[row.code].indicators) == numbers(row.target_text), row.code


def test_a_measure_that_was_struck_out_has_no_indicator(
    measures: dict[str, MeasureDocument], document: list[Row]
) -> None:
    for row in document:
        assert bool(measures[row.code].indicators) == bool(row.target_text), row.code


@pytest.mark.parametrize(
    ("code", "kind", "unit", "target", "baseline", "baseline_year"),
    [
        ("R4-1-1", "per_year", "件", "2300", None, None),
        ("R4-1-4", "per_year", "件", "5700", "3954", 2022),
        ("R4-1-5", "level", "種類", "9", "5", 2022),
        ("R4-2-1", "cumulative", "時間", "100", None, None),
        ("R4-2-2", "per_year", "時間", "80", None, None),
        ("R4-2-4", "ratio", "%", "85", "78.9", 2022),
        ("R4-2-6", "level", "基", "4", None, None),
        ("R4-3-2", "cumulative", "人", "50", None, None),
        ("R6-2-2", "level", "台", "152", None, None),
    ],
)
def test_known_indicators_have_kind_unit_and_baseline(
    measures: dict[str, MeasureDocument],
    code: str,
    kind: str,
    unit: str,
    target: str,
    baseline: str | None,
    baseline_year: int | None,
) -> None:
    (indicator,) = measures[code].indicators
    assert (indicator.kind, indicator.unit, str(indicator.target)) == (kind, unit, target)
    found = indicator.baseline
    assert (None if found is None else str(found.value)) == baseline
    assert (None if found is None else found.fiscal_year) == baseline_year


def test_measures_with_two_indicators(measures: dict[str, MeasureDocument]) -> None:
    kinds = {m.code: [i.kind for i in m.indicators] for m in measures.values()}
    assert {code: found for code, found in kinds.items() if len(found) > 1} == {
        "R5-1-3": ["milestone", "ratio"],
        "R5-2-4": ["milestone", "ratio"],
        "R5-3-1": ["ratio", "duration"],
    }
    setup = measures["R5-3-1"].indicators[1]
    assert (setup.target, setup.unit, setup.direction) == (40, "分", "down")
    assert setup.baseline is not None
    assert (setup.baseline.value, setup.baseline.fiscal_year) == (70, 2023)
    assert measures["R5-1-3"].indicators[0].target_fiscal_year == 2024


def test_versions_and_ended_measures(plan: PlanDocument) -> None:
    assert [(v.key, v.kind, v.month) for v in plan.versions] == [
        ("R5.10", "策定", "2023-10"),
        ("R6.3", "改定", "2024-03"),
        ("R7.3", "改定", "2025-03"),
    ]
    ended = {m.code: m.status for m in plan.measures if m.status != "active"}
    assert ended == {"R4-2-4": "実施取りやめ", "R5-2-2": "削除", "R5-2-5": "削除"}
    assert (plan.first_fiscal_year, plan.last_fiscal_year) == (2023, 2025)


def test_our_sentences_are_our_own(plan: PlanDocument) -> None:
    """Content and labels are not the document's: no run of 25 characters is shared."""
    if not DOCUMENT.exists():
        pytest.skip("THE PLAN'S DOCUMENT IS NOT HERE: sentences were not compared")
    source = joined(DOCUMENT.read_text(encoding="utf-8"))
    for measure in plan.measures:
        ours = [measure.content, measure.note]
        ours += [text for i in measure.indicators for text in (i.label, i.definition)]
        for text in map(joined, ours):
            for start in range(max(0, len(text) - 25)):
                assert text[start : start + 25] not in source, (measure.code, text)


def test_indicator_keys_are_unique_in_the_whole_plan(plan: PlanDocument) -> None:
    keys = [indicator.key for measure in plan.measures for indicator in measure.indicators]
    assert len(keys) == len(set(keys))
