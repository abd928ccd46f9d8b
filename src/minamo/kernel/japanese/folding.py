"""One key for all spellings of a text, for comparing and searching; never for storing."""

import re
import unicodedata

from .width import ALL_HYPHENS

_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_LARGE_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
# Forms that one person's name is found under in different registers: old, new, vulgar.
_VARIANTS = (
    "高髙 崎﨑嵜碕 沢澤 辺邊邉 斎齋 斉齊 浜濱濵 広廣 国國 桜櫻 島嶋嶌 恵惠 真眞 徳德 瀬瀨 "
    "関關 黒黑 緑綠 横橫 増增 祐祐 隆隆 竜龍 滝瀧 渋澁 実實 塩鹽 栄榮 円圓 桧檜 万萬 与與 "
    "富冨 峰峯 吉𠮷 柳栁 曽曾 条條 蔵藏 弥彌 学學 寿壽 静靜 亀龜 鉄鐵 児兒 槙槇 遥遙 薮藪籔 "
    "尭堯 暁曉 総總 穂穗 巌巖 壮壯 将將 礼禮 検檢 験驗 桑桒 館舘 廻回 淵渕 鴬鶯 鴎鷗 町甼"
)
_MODERN = {ord(variant): group[0] for group in _VARIANTS.split() for variant in group[1:]}
_DROPPED = re.compile(
    rf"[{ALL_HYPHENS}〜～~\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a\u0300-\u036f]"
)
_PARTING = re.compile(
    r"[・･、。,，!！?？;；:：/／\\()（）\[\]［］{}｛｝「」『』【】〔〕〈〉《》<>\"'’”“‘`|]"
)


def search_key(text: str) -> str:
    """Return the key under which all spellings of a text are equal.

    Width, case, hiragana or katakana, small or large kana, old or new forms of common name
    ideographs and variation selectors do not matter. Long-vowel marks and hyphens are left
    out, so that コーポ finds コ－ポ and 0198-23-4417 finds 0198234417. Signs part words like
    blanks. Applying it twice changes nothing.
    """
    key = _fold(text)
    # Leaving out a mark can bring characters together that compose; rare, so ask again.
    while (again := _fold(key)) != key:
        key = again
    return key


def _fold(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    wide = unicodedata.normalize("NFKC", wide).translate(_KATAKANA).translate(_LARGE_KANA)
    wide = _PARTING.sub(" ", _DROPPED.sub("", wide.translate(_MODERN)))
    if not wide.isprintable():
        # Only then can there be anything that is not kept; most texts are spared the walk.
        wide = "".join(c for c in wide if c.isspace() or _is_kept(c))
    return " ".join(wide.split())


def _is_kept(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
