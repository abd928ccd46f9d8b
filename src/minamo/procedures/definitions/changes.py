"""What changed between two definitions: how far, and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compile import canonical_json
from .models import ChangeClass
from .schema.document import ProcedureDocument
from .schema.field import FieldSpec

# Keys of a field that only change how it is presented.
_WORDS = frozenset(
    {"label", "hint", "help_title", "help_text", "placeholder", "example", "yes", "no",
     "autocomplete", "in_search", "street_hint", "rows", "tone", "lines"}
)  # fmt: skip
# Sections of the document that hold words, or bear on nothing a person has answered.
_WORDY_SECTIONS = frozenset(
    {"title", "kana", "summary", "lead", "note", "minutes_needed", "list_order", "category",
     "legal_basis", "notices", "retention", "exits"}
)  # fmt: skip
_SECTION_WORDS = {
    "title": "名前",
    "kana": "よみ",
    "summary": "説明",
    "audience": "だれのための手続きか",
    "section": "担当課",
    "category": "分類",
    "list_order": "並び順",
    "legal_basis": "根拠",
    "reference_letter": "受付番号の文字",
    "lead": "はじめの文",
    "minutes_needed": "かかる時間",
    "opening": "受け付ける期間",
    "exits": "出口のページ",
    "case": "案件に写す項目",
    "lead_time": "準備に要る日数",
    "workflow": "状態の呼び名と期限",
    "notices": "お知らせの文",
    "kpi": "計画の指標",
    "handoff": "引き渡しの列",
    "work_orders": "現場作業",
    "duplicate_key": "重なりの見つけかた",
    "retention": "保存する年数",
}
_CHANGE_OF_FIELD = {
    "label": "名前",
    "hint": "説明",
    "help_text": "くわしい説明",
    "required": "必須か任意か",
    "options": "選択肢",
    "sensitivity": "個人情報の扱い",
    "masks": "番号の形",
    "documents": "同意する文書",
    "statement": "同意の文",
    "max_length": "長さの上限",
    "max_files": "数の上限",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change in words, with its weight."""

    words: str
    weight: ChangeClass


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes between two versions; the heaviest decides the class."""

    differences: tuple[Difference, ...]

    @property
    def change_class(self) -> ChangeClass:
        """Return the heaviest weight among the changes."""
        order = (ChangeClass.STRUCTURAL, ChangeClass.COMPATIBLE)
        weights = {difference.weight for difference in self.differences}
        return next((weight for weight in order if weight in weights), ChangeClass.COSMETIC)

    @property
    def lines(self) -> list[str]:
        """Return the changes in words, one a line."""
        return [difference.words for difference in self.differences]


def compare(before: ProcedureDocument, after: ProcedureDocument) -> Comparison:
    """Return what changed from one document to the next."""
    old, new = canonical_json(before), canonical_json(after)
    return Comparison(
        (
            *_fields(before.fields, after.fields),
            *_pages(old, new),
            *_rules(old, new),
            *_sections(old, new),
        )
    )


def _fields(before: Sequence[FieldSpec], after: Sequence[FieldSpec]) -> Iterator[Difference]:
    old = {spec.key: spec for spec in before}
    new = {spec.key: spec for spec in after}
    for key, spec in new.items():
        if key not in old:
            weight = ChangeClass.STRUCTURAL if spec.required else ChangeClass.COMPATIBLE
            need = "必須の" if spec.required else ""
            yield Difference(f"{need}項目「{spec.label.ja}」を加えました", weight)
        elif old[key].kind != spec.kind:
            words = f"項目「{spec.label.ja}」の種類を {old[key].kind} から {spec.kind} に変えました"
            yield Difference(words, ChangeClass.STRUCTURAL)
        else:
            yield from _field(old[key], spec)
    for key, spec in old.items():
        if key not in new:
            yield Difference(f"項目「{spec.label.ja}」をなくしました", ChangeClass.STRUCTURAL)


def _field(before: FieldSpec, after: FieldSpec) -> Iterator[Difference]:
    old = before.model_dump(mode="json", exclude_none=True)
    new = after.model_dump(mode="json", exclude_none=True)
    for name in sorted(set(old) | set(new)):
        if old.get(name) == new.get(name):
            continue
        what = _CHANGE_OF_FIELD.get(name, f"設定（{name}）")
        words = f"項目「{after.label.ja}」の{what}を変えました"
        yield Difference(words, _weight(name, old.get(name), new.get(name)))


def _weight(name: str, old: Any, new: Any) -> ChangeClass:
    if name in _WORDS:
        return ChangeClass.COSMETIC
    if name == "required":
        return ChangeClass.STRUCTURAL if new else ChangeClass.COMPATIBLE
    if name == "options":
        kept = {option["value"] for option in old or ()} <= {
            option["value"] for option in new or ()
        }
        same = [option["value"] for option in old or ()] == [o["value"] for o in new or ()]
        if same:
            return ChangeClass.COSMETIC
        return ChangeClass.COMPATIBLE if kept else ChangeClass.STRUCTURAL
    if name in ("max_length", "max_files", "maximum", "at_most", "max_days_ahead"):
        grown = new is None or (old is not None and new >= old)
        return ChangeClass.COMPATIBLE if grown else ChangeClass.STRUCTURAL
    if name in ("list_slot", "sensitivity", "deprecated"):
        return ChangeClass.COMPATIBLE
    return ChangeClass.STRUCTURAL


def _by_key(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {item["key"]: item for item in items}


def _pages(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = _by_key(old["pages"]), _by_key(new["pages"])
    for key in after.keys() - before.keys():
        words = f"ページ「{after[key]['title']['ja']}」を加えました"
        yield Difference(words, ChangeClass.COMPATIBLE)
    for key in before.keys() - after.keys():
        words = f"ページ「{before[key]['title']['ja']}」をなくしました"
        yield Difference(words, ChangeClass.COMPATIBLE)
    shared = [key for key in after if key in before]
    if shared != [key for key in before if key in after]:
        yield Difference("ページの順を変えました", ChangeClass.COMPATIBLE)
    for key in shared:
        title = after[key]["title"]["ja"]
        if before[key]["fields"] != after[key]["fields"]:
            words = f"ページ「{title}」の項目の並びを変えました"
            yield Difference(words, ChangeClass.COMPATIBLE)
        if {**before[key], "fields": ()} != {**after[key], "fields": ()}:
            yield Difference(f"ページ「{title}」の文を変えました", ChangeClass.COSMETIC)


def _rules(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = _by_key(old["rules"]), _by_key(new["rules"])
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield Difference(f"ルール「{key}」を加えました", ChangeClass.STRUCTURAL)
        elif key not in after:
            yield Difference(f"ルール「{key}」をなくしました", ChangeClass.STRUCTURAL)
        elif {**before[key], "note": ""} != {**after[key], "note": ""}:
            yield Difference(f"ルール「{key}」を変えました", ChangeClass.STRUCTURAL)
    same = [key for key in after if key in before] == [key for key in before if key in after]
    if not same:
        yield Difference("ルールの順を変えました", ChangeClass.STRUCTURAL)


def _sections(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name, words in _SECTION_WORDS.items():
        if old.get(name) != new.get(name):
            weight = ChangeClass.COSMETIC if name in _WORDY_SECTIONS else ChangeClass.COMPATIBLE
            yield Difference(f"「{words}」を変えました", weight)
