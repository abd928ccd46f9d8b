"""Fictional people in the pack's city; fixed lists, so that the city is the same each time."""

from dataclasses import dataclass
from random import Random

FAMILIES = (
    ("小野寺", "オノデラ"), ("菊池", "キクチ"), ("及川", "オイカワ"), ("千葉", "チバ"),
    ("阿部", "アベ"), ("高橋", "タカハシ"), ("佐々木", "ササキ"), ("工藤", "クドウ"),
    ("八重樫", "ヤエガシ"), ("藤原", "フジワラ"), ("村上", "ムラカミ"), ("昆", "コン"),
    ("熊谷", "クマガイ"), ("岩渕", "イワブチ"), ("照井", "テルイ"), ("似内", "ニタナイ"),
    ("長内", "オサナイ"), ("吉田", "ヨシダ"), ("大志田", "オオシダ"), ("晴山", "ハレヤマ"),
)  # fmt: skip
GIVENS = (
    ("はるか", "ハルカ"), ("修一", "シュウイチ"), ("ミツ", "ミツ"), ("賢治", "ケンジ"),
    ("由美子", "ユミコ"), ("和夫", "カズオ"), ("みちる", "ミチル"), ("直樹", "ナオキ"),
    ("久美", "クミ"), ("健", "タケシ"), ("さくら", "サクラ"), ("大輔", "ダイスケ"),
    ("陽菜", "ヒナ"), ("蓮", "レン"), ("恵子", "ケイコ"), ("翔太", "ショウタ"),
    ("美咲", "ミサキ"), ("勇", "イサム"), ("千代", "チヨ"), ("拓海", "タクミ"),
)  # fmt: skip
# Real towns, since the forms check them; block numbers that no town has.
TOWNS = (
    ("0200013", "愛宕町"), ("0200021", "中央通"), ("0200022", "大通"), ("0200024", "菜園"),
    ("0200114", "高松"), ("0200133", "青山"), ("0200066", "上田"), ("0200824", "東安庭"),
)  # fmt: skip
BUILDINGS = (
    "",
    "",
    "",
    "コーポいずみ 203",
    "メゾン桜台 101",
    "みずさわらハイツ 512",
    "第二北山荘 7号",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One fictional resident."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    phone: str
    email: str

    @property
    def name(self) -> dict[str, str]:
        """Return the canonical answer of a name field."""
        return {
            "family": self.family,
            "given": self.given,
            "family_kana": self.family_kana,
            "given_kana": self.given_kana,
        }


def person(chance: Random) -> Person:
    """Return a resident; the number and address cannot belong to anybody."""
    family, family_kana = chance.choice(FAMILIES)
    given, given_kana = chance.choice(GIVENS)
    number = chance.randrange(10_000)
    return Person(
        family=family,
        given=given,
        family_kana=family_kana,
        given_kana=given_kana,
        phone=f"0900000{number:04d}",
        email=f"resident{number:04d}@residents.example",
    )


def address(chance: Random) -> dict[str, str]:
    """Return the canonical answer of an address field in the pack's city."""
    postal_code, town = chance.choice(TOWNS)
    return {
        "postal_code": postal_code,
        "prefecture": "岩手県",
        "city": "盛岡市",
        "town": town,
        "street": f"{chance.randint(80, 99)}番{chance.randint(100, 199)}号",
        "building": chance.choice(BUILDINGS),
    }
