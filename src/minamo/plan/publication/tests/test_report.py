"""The printed report is accessible, complete and honest; what people typed stays text."""

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
import time_machine

from minamo.contracts.actors import Actor
from minamo.kernel.documents.api import PrintRefused
from minamo.kernel.metrics import api as metrics
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    load_morioka,
    make_plan,
    measure,
    registered,
    store,
)

from .. import records, report, reviewing
from . import reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("october")]
HOSTILE = '#read("/etc/passwd") $x$ *太字* \\ <p>'


def printed(at: datetime, year: int | None = None) -> bytes:
    table = records.table(year=year)
    assert table is not None
    return report.printed(table, made_at=at)


def test_report_is_tagged_titled_japanese_and_has_bookmarks(
    tmp_path: Path, october: datetime
) -> None:
    load_morioka(tmp_path / "pack")
    store()
    pdf = printed(october)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "ja"
        assert str(document.docinfo["/Title"]).endswith("令和8年度の報告書")
        assert "pdfuaid:part" in document.open_metadata()
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert "まとめ" in titles
    assert "重点目標1 利用者視点に立った上下水道サービスの実現" in titles
    tags = reading.tags_of(pdf)
    figures = [alt for kind, alt in tags if kind == "/Figure"]
    assert figures
    assert all(figures)
    assert any("令和8年度 0件" in alt and "目標は年間5,700件" in alt for alt in figures)
    kinds = {kind for kind, _ in tags}
    assert {"/H1", "/H2", "/H3", "/THead", "/TH", "/TD", "/TOC"} <= kinds


def test_report_tells_all_measures_and_that_the_year_runs(
    tmp_path: Path, october: datetime
) -> None:
    load_morioka(tmp_path / "pack")
    text = reading.text_of(printed(october))
    table = records.table()
    assert table is not None
    for found in table.view.measures:
        assert "".join(f"{found.code}{found.row.title}".split()) in text
    assert "この報告書は、年度の途中でまとめたものです" in text
    assert "計画では「削除」となり、指標はありません" in text
    assert "まだ計算した数字はありません" in text


def test_what_people_typed_is_printed_as_it_is(october: datetime) -> None:
    make_plan(measure(title=HOSTILE, content=HOSTILE, indicators=[indicator(label=HOSTILE)]))
    text = reading.text_of(printed(october))
    assert text.count("".join(HOSTILE.split())) >= 3
    assert "root:" not in text


def test_character_without_glyph_refuses_the_report(october: datetime) -> None:
    make_plan(measure(title="𠮷田浄水場の更新"))
    with pytest.raises(PrintRefused) as refused:
        printed(october)
    assert refused.value.characters == ("𠮷",)


def test_zero_denominator_and_target_of_nought_are_told(october: datetime) -> None:
    make_plan(
        measure(indicators=[indicator(kind="ratio", unit="%", target=30)]),
        measure("R8-1-2", indicators=[indicator(kind="level", target=0, metric="tests.other")]),
    )
    with (
        registered(FakeMetric(value=None, quality="no_data")),
        registered(FakeMetric(value=Decimal(2)), key="tests.other"),
    ):
        store()
        text = reading.text_of(printed(october))
    assert "割る数になる記録や、数える記録がまだないため、値を出せません。" in text
    assert "目標が0のため、割合では表せません。" in text


def test_both_values_of_a_corrected_year_are_printed() -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(80))), time_machine.travel("2027-05-01T12:00+09:00"):
        metrics.freeze(2026, by=Actor.system("tests"))
        metrics.correct(
            key="tests.tap_water",
            year=2026,
            changes={"value": Decimal(85)},
            reason="3件を数えていなかった",
            by=Actor.system("tests"),
        )
        text = reading.text_of(printed(datetime.fromisoformat("2027-05-01T12:00+09:00"), 2026))
    assert "80件85件" in text
    assert "3件を数えていなかった" in text
    assert "年度の途中でまとめたもの" not in text


def test_months_are_drawn_with_their_path(october: datetime) -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(20))) as metric:
        store(date(2026, 5, 31))
        metric.value = Decimal(40)
        store(date(2026, 9, 30))
        pdf = printed(october)
    figures = [alt for kind, alt in reading.tags_of(pdf) if kind == "/Figure"]
    assert any("5月 20件、9月 40件" in alt for alt in figures)


def test_final_review_is_printed_and_only_that(
    october: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plan()
    assert "現状評価" not in reading.text_of(printed(october))
    words = "周知が足りない。\n窓口で案内する。"
    found = SimpleNamespace(
        grade=SimpleNamespace(letter="B", label="おおむね順調"), paragraphs=(("課題", words),)
    )
    monkeypatch.setattr(
        reviewing, "published_review", lambda code, year: found if year == 2026 else None
    )
    text = reading.text_of(printed(october))
    assert "現状評価" in text
    assert "Bおおむね順調" in text
    assert "周知が足りない。窓口で案内する。" in text


def test_same_table_and_time_give_the_same_report(october: datetime) -> None:
    make_plan()
    assert printed(october) == printed(october)
