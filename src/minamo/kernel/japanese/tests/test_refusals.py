"""Every refusal with its exact words, and the table of the README beside the code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from minamo.kernel.japanese import messages
from minamo.kernel.japanese.api import (
    TextRefused,
    lookup_postal_code,
    parse_digits,
    parse_email,
    parse_kana,
    parse_name,
    parse_phone,
    parse_postal_code,
    parse_text,
)

REFUSED: list[tuple[Callable[[str], object], str, str, str]] = [
    (parse_kana, "　 ", "kana.empty", "フリガナを入れてください"),
    (parse_kana, "小野寺", "kana.character", "ひらがなかカタカナで入れてください（「小」は使えません）"),
    (parse_kana, "オノデラ1", "kana.character", "ひらがなかカタカナで入れてください（「1」は使えません）"),
    # The kanji 二, which looks like ニ.
    (parse_kana, "二シ", "kana.character", "ひらがなかカタカナで入れてください（「二」は使えません）"),
    (parse_kana, "ア\u200bイ", "kana.character", "ひらがなかカタカナで入れてください（「U+200B」は使えません）"),
    (parse_kana, "ーア", "kana.start", "「ー」からは始められません。フリガナを確かめてください"),
    (parse_name, "", "name.empty", "名前を入れてください"),
    (parse_name, "太郎\u202e", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_name, "太\x00郎", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_name, "\ud842", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_name, "太郎\ufdd0", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_name, "太郎😀", "text.emoji", "絵文字（😀）は使えません。ほかの文字で入れてください"),
    (parse_text, "a\x07b", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_text, "a\udc00", "text.control", "読めない文字が入っています。入れなおしてください"),
    (parse_digits, "－", "digits.empty", "番号を入れてください"),
    (parse_digits, "12a", "digits.character", "番号は数字で入れてください（「a」は使えません）"),
    (parse_postal_code, "〒", "postal_code.empty", "郵便番号を入れてください"),
    (parse_postal_code, "020-001O", "postal_code.character", "郵便番号は数字で入れてください（「O」は使えません）"),
    (parse_postal_code, "02000", "postal_code.length", "郵便番号は7けたで入れてください（いまは5けたです）"),
    (parse_postal_code, "02000131", "postal_code.length", "郵便番号は7けたで入れてください（いまは8けたです）"),
    (lookup_postal_code, "02000", "postal_code.length", "郵便番号は7けたで入れてください（いまは5けたです）"),
    (parse_phone, "（）", "phone.empty", "電話番号を入れてください"),
    (parse_phone, "0198-23-4417内線3", "phone.character", "電話番号は数字とハイフンで入れてください（「内」は使えません）"),
    (parse_phone, "+1 212 555 0100", "phone.abroad", "日本の電話番号を入れてください（国番号は+81だけ使えます）"),
    (parse_phone, "23-4417", "phone.area_code", "電話番号は、0から始まる市外局番もつけて入れてください"),
    (parse_phone, "0019823441", "phone.second_digit", "電話番号の2けた目は1から9までです。番号を確かめてください"),
    (parse_phone, "0198-23-441", "phone.length", "01で始まる電話番号は10けたです（いまは9けたです）"),
    (parse_phone, "0198-23-44170", "phone.length", "01で始まる電話番号は10けたです（いまは11けたです）"),
    (parse_phone, "090-0000-441", "phone.length", "090で始まる電話番号は11けたです（いまは10けたです）"),
    (parse_phone, "0800-000-441", "phone.length", "0800で始まる電話番号は11けたです（いまは10けたです）"),
    (parse_phone, "0120-00-441", "phone.length", "01で始まる電話番号は10けたです（いまは9けたです）"),
    (parse_email, " ", "email.empty", "メールアドレスを入れてください"),
    (parse_email, "小野寺@example.jp", "email.character", "メールアドレスに「小」は使えません。確かめてください"),
    (parse_email, "a b@example.jp", "email.character", "メールアドレスに「U+0020」は使えません。確かめてください"),
    (parse_email, "a@example.jp\nBcc:b@example.jp", "email.character", "メールアドレスに「U+000A」は使えません。確かめてください"),
    (parse_email, "a@example，jp", "email.character", "メールアドレスに「,」は使えません。確かめてください"),
    (parse_email, "example.jp", "email.at", "メールアドレスには「@」がひとつ入ります（いまは0個です）"),
    (parse_email, "a@b@example.jp", "email.at", "メールアドレスには「@」がひとつ入ります（いまは2個です）"),
    (parse_email, "@example.jp", "email.local", "「@」の前を確かめてください（64文字までです）"),
    (parse_email, "a" * 65 + "@example.jp", "email.local", "「@」の前を確かめてください（64文字までです）"),
    (parse_email, "a@example", "email.domain", "「@」の後ろを確かめてください（例：example.jp）"),
    (parse_email, "a@example..jp", "email.domain", "「@」の後ろを確かめてください（例：example.jp）"),
    (parse_email, "a@-example.jp", "email.domain", "「@」の後ろを確かめてください（例：example.jp）"),
    (parse_email, "a@" + "b" * 250 + ".jp", "email.length", "メールアドレスは254文字までで入れてください（いまは255文字です）"),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "text", "code", "message"), REFUSED)
def test_refused_with_these_words(
    parse: Callable[[str], object], text: str, code: str, message: str
) -> None:
    with pytest.raises(TextRefused) as refused:
        parse(text)
    assert (refused.value.code, refused.value.message_ja) == (code, message)


def test_digits_name_their_label_and_lengths() -> None:
    with pytest.raises(TextRefused) as refused:
        parse_digits("123", lengths=(9, 7), label="水栓番号")
    assert refused.value.message_ja == "水栓番号は7けたか9けたで入れてください（いまは3けたです）"


def test_every_code_has_a_refused_example() -> None:
    assert {code for _, _, code, _ in REFUSED} | {"digits.length"} == set(messages.CATALOGUE)


def test_readme_lists_the_catalogue_word_for_word() -> None:
    readme = (Path(messages.__file__).parent / "README.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$", readme, re.MULTILINE))
    assert rows == messages.CATALOGUE
