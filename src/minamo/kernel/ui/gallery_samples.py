"""Invented sample data of the gallery, edge cases first."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import charts, icons
from .listing import Cell, Head, Row, Sortable, heads
from .table import Page

LONG_TOWN = "水沢原市東本町通一丁目字上堤下川原添中屋敷前"
# Forty characters: the longest company name that the register of installers holds.
LONG_COMPANY = "株式会社みずさわら広域上下水道設備総合メンテナンス工業ホールディングス東日本支社盛"
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@dataclass(frozen=True, slots=True)
class Message:
    """An error of the summary."""

    input_id: str
    message: str


def errors() -> Mapping[str, Any]:
    """Return errors of a page: one, several, a long one."""
    return {
        "one": [Message("zip", "郵便番号は7けたで入れてください（いまは5けたです）")],
        "many": [
            Message("zip", "11月は30日までです。日にちを確かめてください"),
            Message("zip", "セイ（フリガナ）を入れてください"),
            Message("zip", f"「{LONG_TOWN}」は、水沢原市の町の名前ではありません"),
        ],
    }


def steps() -> Mapping[str, Any]:
    """Return steps of a form."""
    names = ["手続きを選ぶ", "日にちと場所", "支払い方法", "内容の確認", "受け付け"]
    return {"names": names, "long": [LONG_TOWN, *names, LONG_COMPANY]}


def answers() -> Mapping[str, Any]:
    """Return answers: changeable, with furigana, read-only, empty, long."""
    row = SimpleNamespace
    return {
        "rows": [
            row(
                label="使いはじめる日",
                lines=["令和7年12月1日（月）", "2025年12月1日"],
                href="#",
                kana="",
            ),
            row(label="使う方の氏名", lines=["小野寺　はるか"], href="#", kana="オノデラ　ハルカ"),
            row(label="使う場所", lines=["〒900-0112", f"{LONG_TOWN}4番12号"], href="#", kana=""),
            row(label="会社の名前", lines=[LONG_COMPANY], href="#", kana=""),
            row(
                label="水栓番号（台帳から。変えられません）", lines=["0412-3387"], href="", kana=""
            ),
            row(label="建物の名前・部屋番号", lines=[], href="#", kana=""),
        ]
    }


def timeline() -> Mapping[str, Any]:
    """Return a case's history and promises."""
    item = SimpleNamespace
    return {
        "items": [
            item(
                title="申し込みを受け付けました",
                time="11月12日（水）20時41分　スマートフォンから",
                state="done",
                icon="",
                text="",
            ),
            item(
                title="直していただくところがあります",
                time="11月17日（月）16時20分",
                state="now",
                icon="back",
                text="ここで止まっています。送ると、次の日までにまた確かめはじめます。",
            ),
            item(
                title="結果をお知らせします",
                time="メールと郵便",
                state="next",
                icon="doc",
                text=f"あて先：{LONG_COMPANY}",
            ),
        ]
    }


def table() -> Mapping[str, Any]:
    """Return a table with links, chips, long text and a picked row."""
    columns: list[Sortable | Head] = [
        Head("手続き・番号"),
        Head("申請者・場所"),
        Sortable("submitted", "受付"),
        Sortable("due", "期限"),
        Head("段階"),
        Head("水量（m³）", css="mn-cell-num"),
    ]
    return {
        "heads": heads(columns, sort="due", params=QueryDict("view=mine")),
        "rows": [
            _row("R8-K041-2786", "水道の使用開始", "小野寺 はるか", LONG_TOWN, picked=True),
            _row("R8-G007-0412", "給水装置工事の申し込み", LONG_COMPANY, "川端町9-3 新築"),
            _row("R8-U003-1188", LONG_WORD, "", ""),
        ],
        "page": Page(rows=[], next="bmV4dA", previous="cHJldg"),
        "only_next": Page(rows=[], next="bmV4dA", previous=None),
    }


def _row(key: str, title: str, who: str, place: str, *, picked: bool = False) -> Row:
    return Row(
        key=key,
        name=key,
        url="#",
        picked=picked,
        cells=[
            Cell(title, note=key),
            Cell(who or "（なし）", note=place, css="mn-cell-who"),
            Cell("11/17", label="受付", css="mn-cell-left mn-nowrap"),
            Cell("あさって 11/20", label="期限", css="mn-cell-right mn-nowrap"),
            Cell(_chip("info", "受付待ち"), css="mn-cell-state"),
            Cell("1,204", label="水量", css="mn-cell-num"),
        ],
    )


def _chip(tone: str, word: str) -> SafeString:
    return format_html(
        '<span class="mn-chip mn-chip--{}">{}{}</span>', tone, icons.draw("inbox"), word
    )


def filters() -> Mapping[str, Any]:
    """Return filters in use and to set."""
    link = SimpleNamespace
    return {
        "active": [
            link(label="担当：お客様課", url="#"),
            link(label=f"申請者：{LONG_COMPANY}", url="#"),
        ],
        "options": [
            link(
                label="手続き",
                links=[
                    link(label="使用開始", url="#", current=True),
                    link(label="使用中止", url="#", current=False),
                ],
            )
        ],
        "views": [
            link(label="課の仕事", url="#", count=1234, current=True),
            link(label="担当が未定", url="#", count=0, current=False),
            link(label=LONG_TOWN, url="#", count=None, current=False),
        ],
    }


def chart() -> Mapping[str, Any]:
    """Return charts: with a goal and a forecast, with gaps, with nothing."""
    years = ["令和3", "令和4", "令和5", "令和6", "令和7", "令和8"]
    months = [f"{m}月" for m in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    return {
        "bars": charts.bars(
            title="インターネットからの届け出",
            unit="件",
            axis="年度",
            labels=years,
            series=[("届け出", [3100, 3954, 4210, 4480, 5120, 5480])],
            goal=5700,
            forecast_from=5,
        ),
        "grouped": charts.bars(
            title="受け付けた経路",
            unit="件",
            axis="年度",
            labels=years,
            series=[
                ("ウェブ", [310, 395, 421, 448, 512, 548]),
                ("電話", [900, 850, 800, 720, 610, 500]),
                ("窓口", [120, 110, 108, 99, None, 60]),
            ],
        ),
        "lines": charts.lines(
            title="月ごとの届け出",
            unit="件",
            axis="月",
            labels=months,
            series=[
                ("今年度", [420, 380, 401, 390, 370, 410, 433, None, None, None, None, None]),
                ("前年度", [400, 371, 380, 366, 359, 380, 401, 377, 366, 380, 520, 940]),
            ],
            goal=475,
        ),
        "nothing": charts.bars(
            title="今年度の届け出",
            unit="件",
            axis="月",
            labels=months,
            series=[("今年度", [None] * 12)],
        ),
    }


def form() -> Mapping[str, Any]:
    """Return options and values for the form controls."""
    option = SimpleNamespace
    return {
        "long_town": LONG_TOWN,
        "long_company": LONG_COMPANY,
        "quoted": '"引用" と <記号> & の入ることば',
        "payments": [
            option(value="debit", label="口座振替", note="毎月27日"),
            option(value="slip", label="納付書", note=""),
            option(value="other", label=f"{LONG_COMPANY}が支払う", note="あとで確かめます"),
        ],
        "sections": [("customer", "お客様課"), ("supply", "給水課"), ("long", LONG_TOWN)],
        "chosen": ["debit"],
        "wrong": ["family_kana"],
        "towns": [
            option(value="1", label="水沢原市泉町"),
            option(value="2", label=LONG_TOWN),
        ],
        "files": [
            option(
                name="IMG_0412.jpg", note="前に送った写真・1.2MB", remove_name="", remove_value=""
            ),
            option(name=f"{LONG_WORD}.pdf", note="340KB", remove_name="remove", remove_value="f2"),
        ],
    }


def records() -> Mapping[str, Any]:
    """Return tabs, crumbs and tasks of a record."""
    link = SimpleNamespace
    return {
        "tabs": [
            link(label="内容", url="#", count=None, current=True),
            link(label="やりとり", url="#", count=3, current=False),
            link(label="履歴", url="#", count=1400, current=False),
        ],
        "crumbs": [("受信箱", "#"), (LONG_TOWN, "#"), ("R8-G007-0415", "")],
        "tasks": [
            link(label="使いはじめる日", url="#", tone="ok", word="済み"),
            link(label="場所とお名前", url="#", tone="info", word="入力中"),
            link(label="支払い方法", url="#", tone="", word="まだ"),
        ],
        "icon_names": icons.names(),
        "long_town": LONG_TOWN,
        "long_company": LONG_COMPANY,
        "long_word": LONG_WORD,
    }
