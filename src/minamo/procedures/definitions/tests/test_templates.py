"""What the templates write, down to the attributes that assistive technology reads."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from minamo.procedures.definitions.forms import (
    FieldError,
    field_views,
    read_page,
    summary,
)
from minamo.procedures.definitions.kinds.registry import KINDS

from .factories import NEEDS, NOW, TODAY, compiled, field, page

pytestmark = pytest.mark.django_db


def html_of(*fields: dict[str, Any], post: dict[str, list[str]] | None = None) -> str:
    form = compiled(
        fields=[field("text", "who"), *fields],
        pages=[page("first", "who", *(f["key"] for f in fields))],
    )
    if post is None:
        views = field_views(form, "first", {}, today=TODAY)
    else:
        reading = read_page(form, "first", post, {}, {}, now=NOW)
        views = field_views(
            form, "first", reading.answers, raw=reading.raw, errors=reading.errors, today=TODAY
        )
    return render_to_string("definitions/fields.html", {"fields": views[1:]})


def test_label_need_hint_error_control_stand_in_this_order() -> None:
    tel = field("phone", "tel", label={"ja": "電話番号"}, hint="昼間の番号", required=True)
    html = html_of(tel, post={"tel": ["0190"]})
    order = ['<label class="mn-label" for="f-tel"><span>電話番号</span>', "必須",
             '<p class="mn-hint" id="f-tel-h">', 'id="f-tel-e"', "エラー：", '<input class=']  # fmt: skip
    places = [html.index(piece) for piece in order]
    assert places == sorted(places)
    control = re.search(r'<input class="mn-input mn-input--tel"[^>]*>', html)
    assert control is not None
    for attribute in ('id="f-tel"', 'name="tel"', 'type="tel"', 'value="0190"',
                      'autocomplete="tel"', 'aria-describedby="f-tel-h f-tel-e"',
                      'aria-invalid="true"'):  # fmt: skip
        assert attribute in control[0]


def test_a_name_is_a_group_with_autocomplete_and_its_wrong_part_marked() -> None:
    html = html_of(
        field("name", "user_name", required=True),
        post={"user_name.family": ["小野寺"], "user_name.given": ["はるか"],
              "user_name.family_kana": ["小野寺"], "user_name.given_kana": ["ハルカ"]},
    )  # fmt: skip
    assert '<fieldset class="mn-field mn-field--error" id="f-user-name"' in html
    inputs = dict(re.findall(r'<input class="mn-input" id="f-user-name-([a-z-]+)"([^>]*)>', html))
    assert list(inputs) == ["family", "given", "family-kana", "given-kana"]
    assert 'autocomplete="family-name"' in inputs["family"]
    assert 'value="小野寺"' in inputs["family-kana"]
    assert [name for name, text in inputs.items() if "aria-invalid" in text] == ["family-kana"]
    assert 'aria-describedby="f-user-name-e"' in inputs["family-kana"]


def test_a_date_has_era_and_three_named_inputs() -> None:
    html = html_of(field("date", "day"), post={"day.era": ["西暦"], "day.year": ["2026"],
                                               "day.month": ["11"], "day.day": ["31"]})  # fmt: skip
    assert '<select class="mn-select mn-select--era" id="f-day-era" name="day.era"' in html
    assert '<option value="西暦" selected>西暦</option>' in html
    for part, words in (("year", "年"), ("month", "月"), ("day", "日")):
        control = re.search(rf'<input[^>]*id="f-day-{part}"[^>]*>', html)
        assert control is not None
        assert f'aria-label="{words}"' in control[0]
        assert 'inputmode="numeric"' in control[0]
        assert ('aria-invalid="true"' in control[0]) == (part == "day")


def test_a_choice_is_a_fieldset_whose_rows_are_labels() -> None:
    html = html_of(field("choice", "pay"), post={"pay": ["b"]})
    assert html.count('<label class="mn-choice">') == 3
    assert 'id="f-pay-b" name="pay" value="b" checked' in html
    assert "<fieldset" in html
    assert "<legend" in html


def test_the_lookup_button_needs_no_script() -> None:
    html = html_of(field("address", "place"))
    assert 'name="_lookup" value="place" formnovalidate' in html
    assert 'autocomplete="postal-code"' in html
    offered = html_of(field("address", "place"), post={
        "place.postal_code": ["020-0013"], "place.town": ["あたご"], "_lookup": ["place"]})  # fmt: skip
    assert (
        'type="radio" id="f-place-offer-1" name="place.offer" value="岩手県|盛岡市|愛宕町"'
        in offered
    )
    assert 'value="あたご"' in offered


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_people_wrote_is_escaped_everywhere(kind: str) -> None:
    nasty = '"><script>alert(1)</script>'
    parts = KINDS[kind].parts or ("",)
    post = {f"item.{part}" if part else "item": [nasty] for part in parts}
    html = html_of(field(kind, label={"ja": nasty}, hint=nasty), post={"who": ["x"], **post})
    assert "<script" not in html


def test_no_inline_script_or_style_in_any_field() -> None:
    fields = [
        field(kind, f"q_{n}", **NEEDS.get(kind, {}), required=True, help_text="一行\n\n二行")
        for n, kind in enumerate(sorted(KINDS))
    ]
    html = html_of(*fields)
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\sfor="([^"]+)"', html):
        assert target in ids
    for targets in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(targets.split()) <= set(ids)


def test_errors_link_to_their_controls() -> None:
    form = compiled(
        fields=[
            field("text", "who"),
            *(field(kind, f"q_{n}", required=True) for n, kind in enumerate(sorted(KINDS))
              if KINDS[kind].is_question and not KINDS[kind].is_given),
        ],
        pages=[page("first", "who", *(f"q_{n}" for n, kind in enumerate(sorted(KINDS))
                                      if KINDS[kind].is_question and not KINDS[kind].is_given))],
    )  # fmt: skip
    reading = read_page(form, "first", {}, {}, {}, now=NOW)
    views = field_views(form, "first", {}, raw={"x": ["y"]}, errors=reading.errors, today=TODAY)
    html = render_to_string("definitions/fields.html", {"fields": views})
    assert len(reading.errors) > 15
    for error in reading.errors:
        assert f'id="{error.input_id}"' in html, error
    top = render_to_string("definitions/errors.html", {"errors": reading.errors})
    assert f"エラー：{len(reading.errors)}か所を直してください" in top
    assert 'role="alert"' in top
    assert f'<a href="#{reading.errors[0].input_id}">' in top


def test_no_errors_no_summary() -> None:
    assert render_to_string("definitions/errors.html", {"errors": []}).strip() == ""


def test_check_answers_has_ruby_dates_and_named_links() -> None:
    form = compiled(
        fields=[field("name", "who", label={"ja": "氏名"}), field("date", "day")],
        pages=[page("first", "who", "day")],
    )
    answers = {
        "who": {"family": "小野寺", "given": "はるか", "family_kana": "オノデラ",
                "given_kana": "ハルカ"},
        "day": "2026-12-01",
    }  # fmt: skip
    pages = summary(form, answers, change_urls={"first": "/apply/d/x/first/"})
    html = render_to_string("definitions/summary.html", {"pages": pages})
    assert "<ruby>小野寺<rp>（</rp><rt>オノデラ</rt><rp>）</rp></ruby>" in html
    assert '令和8年12月1日（火）<br><span class="mn-soft">2026年12月1日</span>' in html
    assert (
        '<a href="/apply/d/x/first/#f-who-family">変更<span class="mn-vh">：氏名</span></a>' in html
    )
    plain = render_to_string("definitions/summary.html", {"pages": summary(form, answers)})
    assert "変更" not in plain


def test_an_error_of_the_caller_is_shown_like_one_of_ours() -> None:
    form = compiled(
        fields=[field("text", "who"), field("file", "paper")], pages=[page("first", "who", "paper")]
    )
    error = FieldError("first", "paper", "f-paper", "upload_refused", "この写真は開けません")
    views = field_views(form, "first", {}, errors=[error], today=TODAY)
    html = render_to_string("definitions/fields.html", {"fields": views})
    assert "この写真は開けません" in html
