"""Every refusal of this duty: its stable code and the exact words shown to people."""

CATALOGUE: dict[str, str] = {
    "kana.empty": "フリガナを入れてください",
    "kana.character": "ひらがなかカタカナで入れてください（「{character}」は使えません）",
    "kana.start": "「ー」からは始められません。フリガナを確かめてください",
    "name.empty": "名前を入れてください",
    "text.control": "読めない文字が入っています。入れなおしてください",
    "text.emoji": "絵文字（{character}）は使えません。ほかの文字で入れてください",
    "digits.empty": "{label}を入れてください",
    "digits.character": "{label}は数字で入れてください（「{character}」は使えません）",
    "digits.length": "{label}は{expected}けたで入れてください（いまは{found}けたです）",
    "postal_code.empty": "郵便番号を入れてください",
    "postal_code.character": "郵便番号は数字で入れてください（「{character}」は使えません）",
    "postal_code.length": "郵便番号は7けたで入れてください（いまは{found}けたです）",
    "phone.empty": "電話番号を入れてください",
    "phone.character": "電話番号は数字とハイフンで入れてください（「{character}」は使えません）",
    "phone.abroad": "日本の電話番号を入れてください（国番号は+81だけ使えます）",
    "phone.area_code": "電話番号は、0から始まる市外局番もつけて入れてください",
    "phone.second_digit": "電話番号の2けた目は1から9までです。番号を確かめてください",
    "phone.length": "{prefix}で始まる電話番号は{expected}けたです（いまは{found}けたです）",
    "email.empty": "メールアドレスを入れてください",
    "email.character": "メールアドレスに「{character}」は使えません。確かめてください",
    "email.at": "メールアドレスには「@」がひとつ入ります（いまは{found}個です）",
    "email.local": "「@」の前を確かめてください（64文字までです）",
    "email.domain": "「@」の後ろを確かめてください（例：example.jp）",
    "email.length": "メールアドレスは254文字までで入れてください（いまは{found}文字です）",
}


class TextRefused(ValueError):
    """A text that cannot be what it should be; `message_ja` says why to its writer."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.message_ja = CATALOGUE[code].format(**values)
        super().__init__(self.message_ja)
