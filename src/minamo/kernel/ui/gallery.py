"""The gallery: one page per component, with its edge cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from . import gallery_samples as samples

FOLDER = Path(__file__).with_name("templates") / "ui" / "gallery"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the gallery; `components` are the cotton names it shows (`ui.button`)."""

    name: str
    title: str
    group: str
    components: tuple[str, ...]
    sample: Callable[[], Mapping[str, Any]] = dict

    @property
    def template(self) -> str:
        """Return the page's template."""
        return f"ui/gallery/{self.name}.html"

    def context(self) -> Mapping[str, Any]:
        """Return the sample data the page shows."""
        return self.sample()


ENTRIES: tuple[Entry, ...] = (
    Entry("button", "ボタン", "操作", ("ui.button",), samples.records),
    Entry(
        "chip", "ようすの札、期限、担当", "操作", ("ui.chip", "ui.due", "ui.who"), samples.records
    ),
    Entry(
        "dialog", "確かめる窓、知らせ、ひらく文", "操作", ("ui.dialog", "ui.toast", "ui.details")
    ),
    Entry("notice", "お知らせ", "知らせる", ("ui.notice", "ui.emergency"), samples.records),
    Entry("errors", "エラーのまとめ", "知らせる", ("ui.errors",), samples.errors),
    Entry("empty", "空のとき、待つとき", "知らせる", ("ui.empty", "ui.waiting"), samples.records),
    Entry(
        "steps",
        "進みぐあい",
        "届け出",
        ("ui.steps", "ui.tasks"),
        lambda: {**samples.steps(), **samples.records()},
    ),
    Entry("answers", "答えの確認", "届け出", ("ui.answers",), samples.answers),
    Entry("receipt", "受け付け番号", "届け出", ("ui.receipt",)),
    Entry("timeline", "経過", "届け出", ("ui.timeline",), samples.timeline),
    Entry(
        "field",
        "入力の枠と文字",
        "入力",
        ("form.field", "form.text", "form.textarea"),
        samples.form,
    ),
    Entry(
        "choices",
        "選ぶ",
        "入力",
        ("form.choices", "form.checks", "form.select", "form.consent"),
        samples.form,
    ),
    Entry("date", "日にち", "入力", ("form.date",), samples.form),
    Entry(
        "person",
        "名前、電話、郵便番号",
        "入力",
        ("form.names", "form.phone", "form.postal"),
        samples.form,
    ),
    Entry("file", "ファイル", "入力", ("form.file",), samples.form),
    Entry("search", "さがす", "入力", ("form.search",), samples.form),
    Entry("table", "表", "一覧", ("ui.table", "ui.bulk", "ui.pager"), samples.table),
    Entry("filters", "しぼりこみと見え方", "一覧", ("ui.filters", "ui.views"), samples.filters),
    Entry(
        "record",
        "記録の画面",
        "一覧",
        ("ui.crumbs", "ui.tabs", "ui.nextbar", "ui.card"),
        samples.records,
    ),
    Entry("message", "やりとりと印", "一覧", ("ui.message", "ui.seal"), samples.records),
    Entry("gauge", "水位で見る割合", "数字", ("ui.gauge", "ui.level", "ui.kpi")),
    Entry("chart", "グラフ", "数字", ("ui.chart",), samples.chart),
    Entry("icons", "アイコン、色、文字", "素材", (), samples.records),
)


def find(name: str) -> Entry | None:
    """Return the entry of a name, or nothing."""
    return next((e for e in ENTRIES if e.name == name), None)


def groups() -> list[tuple[str, list[Entry]]]:
    """Return the entries in their groups, in the order of the list."""
    return [(title, list(members)) for title, members in groupby(ENTRIES, lambda e: e.group)]
