"""Checking every document against its kind's schema before anything is written."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .manifest import Manifest
from .problems import Problem
from .reader import MANIFEST_FILE, RawDocument, words_of_path
from .registry import Kind, kind_of, kinds_in_order

# Pydantic's English sentences, in the words of the people who write packs.
_REASONS = {
    "missing": "必要な項目がありません。",
    "extra_forbidden": "知らない項目です。項目名のつづりを確かめてください。",
    "string_type": "文字で書いてください。数字や日付は引用符で囲みます。",
    "int_type": "整数で書いてください。",
    "int_parsing": "整数で書いてください。",
    "int_from_float": "小数のない数で書いてください。",
    "decimal_type": "数で書いてください。",
    "decimal_parsing": "数で書いてください。",
    "float_type": "数で書いてください。",
    "bool_type": "true か false で書いてください。",
    "list_type": "一覧（- で始まる行）で書いてください。",
    "tuple_type": "一覧（- で始まる行）で書いてください。",
    "dict_type": "項目名と値の組で書いてください。",
    "model_type": "項目名と値の組で書いてください。",
    "model_attributes_type": "項目名と値の組で書いてください。",
    "date_type": "日付を 2026-04-01 のように書いてください。",
    "date_parsing": "日付を 2026-04-01 のように書いてください。",
    "date_from_datetime_parsing": "日付を 2026-04-01 のように書いてください。",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that fits its schema, with the fingerprint of what it means."""

    raw: RawDocument
    kind: Kind
    model: BaseModel
    sha256: str


def fingerprint(model: BaseModel) -> str:
    """Return the SHA-256 of a document's meaning; comments and spacing do not count."""
    canonical = json.dumps(
        model.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def check_manifest(documents: Sequence[RawDocument]) -> tuple[Manifest | None, list[Problem]]:
    """Return the cover sheet among the documents, or the reasons why there is none."""
    raw = next((document for document in documents if document.file == MANIFEST_FILE), None)
    if raw is None:
        return None, [Problem(MANIFEST_FILE, "", "パックの表紙（pack.yaml）がありません。")]
    try:
        return Manifest.model_validate(raw.data), []
    except ValidationError as error:
        return None, _problems(raw, error)


def check_documents(documents: Sequence[RawDocument]) -> tuple[list[Checked], list[Problem]]:
    """Check all documents but the cover sheet; the good ones come in loading order."""
    checked: list[Checked] = []
    problems: list[Problem] = []
    for raw in documents:
        if raw.file == MANIFEST_FILE:
            continue
        found = _kind(raw)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        try:
            model = found.schema.model_validate(raw.data)
        except ValidationError as error:
            problems += _problems(raw, error)
            continue
        checked.append(Checked(raw, found, model, fingerprint(model)))
    order = {kind.name: position for position, kind in enumerate(kinds_in_order())}
    checked.sort(key=lambda document: (order[document.kind.name], document.raw.file))
    return checked, problems


def _kind(raw: RawDocument) -> Kind | Problem:
    if not isinstance(raw.data, dict):
        return Problem(raw.file, "", "文書は項目名と値の組で書いてください。", raw.line(()))
    name = raw.data.get("kind")
    if name is None:
        return Problem(raw.file, "kind", "文書の種類（kind:）がありません。", raw.line(()))
    kind = kind_of(name) if isinstance(name, str) else None
    if kind is None:
        known = "、".join(sorted(kind.name for kind in kinds_in_order()))
        reason = f"文書の種類「{name}」は知りません。使えるもの：{known}。"
        return Problem(raw.file, "kind", reason, raw.line(("kind",)))
    return kind


def _problems(raw: RawDocument, error: ValidationError) -> list[Problem]:
    return [
        Problem(raw.file, words_of_path(detail["loc"]), _words(detail), raw.line(detail["loc"]))
        for detail in error.errors()
    ]


def _words(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _REASONS:
        return _REASONS[kind]
    if kind in {"literal_error", "enum"}:
        return f"使えるのは {context.get('expected')} です。"
    if kind == "string_pattern_mismatch":
        return f"決まった形（{context.get('pattern')}）に合いません。"
    if kind == "string_too_short":
        return f"{context.get('min_length')}文字以上で書いてください。"
    if kind == "string_too_long":
        return f"{context.get('max_length')}文字までで書いてください。"
    if kind == "too_short":
        return f"{context.get('min_length')}つ以上必要です。"
    if kind == "too_long":
        return f"{context.get('max_length')}つまでです。"
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        limit = next(iter(context.values()), "")
        words = {
            "greater_than_equal": "以上",
            "less_than_equal": "以下",
            "greater_than": "より大きい数",
            "less_than": "より小さい数",
        }
        return f"{limit}{words[kind]}にしてください。"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    return f"{detail['msg']}。"
