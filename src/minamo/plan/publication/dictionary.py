"""The data dictionary: every field of the published table, for people and machines."""

from collections.abc import Callable
from dataclasses import dataclass

from minamo.kernel.ui.api import exports

from ..measures.models import Indicator, Measure
from ..measures.rules import Progress
from .open_data import licence
from .records import SOURCE_WORDS, Record, Source


@dataclass(frozen=True, slots=True)
class Field:
    """One field: key, heading, kind in the words of Table Schema, meaning, where it comes from."""

    key: str
    heading: str
    type: str
    description: str
    value: Callable[[Record], exports.Cell]
    values: tuple[str, ...] = ()
    required: bool = False


FIELDS: tuple[Field, ...] = (
    Field(
        "measure",
        "施策番号",
        "string",
        "計画の施策の番号です。",
        lambda r: r.measure,
        required=True,
    ),
    Field("title", "件名", "string", "施策の件名です。", lambda r: r.title, required=True),
    Field("goal", "重点目標", "integer", "重点目標の番号です。", lambda r: r.goal, required=True),
    Field("goal_title", "重点目標の名前", "string", "重点目標の名前です。", lambda r: r.goal_title),
    Field(
        "category",
        "区分",
        "string",
        "計画の区分です。",
        lambda r: r.category,
        values=tuple(Measure.Category.values),
    ),
    Field(
        "sections",
        "担当課",
        "string",
        "担当する課です。2つ以上は「・」で区切ります。",
        lambda r: "・".join(r.sections),
    ),
    Field(
        "status",
        "計画での状態",
        "string",
        "activeは続いている施策、ほかは計画から外れた施策です。",
        lambda r: r.status,
        values=tuple(Measure.Status.values),
    ),
    Field(
        "indicator",
        "指標の名前",
        "string",
        "施策の中で一つだけの、指標の名前です。指標がない施策では空です。",
        lambda r: r.indicator,
    ),
    Field("label", "指標", "string", "指標の見出しです。", lambda r: r.label),
    Field(
        "kind",
        "指標の種類",
        "string",
        "per_yearは年度ごとの数、cumulativeは積み上げの数、ratioは割合、levelは水準、durationはかかる時間、milestoneは節目（できたら1）です。",
        lambda r: r.kind,
        values=tuple(Indicator.Kind.values),
    ),
    Field("unit", "単位", "string", "値の単位です。", lambda r: r.unit),
    Field(
        "direction",
        "よい向き",
        "string",
        "upは多いほど、downは少ないほどよい指標です。",
        lambda r: r.direction,
        values=tuple(Indicator.Direction.values),
    ),
    Field(
        "metric",
        "計算のもと",
        "string",
        "値を計算する記録の名前です。ほかの事業体と同じ数えかたかを比べられます。",
        lambda r: r.metric,
    ),
    Field("baseline", "基準値", "number", "計画を始める前の値です。", lambda r: r.baseline),
    Field(
        "baseline_fiscal_year",
        "基準値の年度",
        "integer",
        "基準値の年度（4月の西暦）です。",
        lambda r: r.baseline_fiscal_year,
    ),
    Field("target", "目標", "number", "目標の値です。節目の指標では空です。", lambda r: r.target),
    Field("target_date", "目標の日", "date", "目標を達成する日です。", lambda r: r.target_date),
    Field(
        "fiscal_year",
        "年度",
        "integer",
        "値の年度（4月の西暦）です。年度は4月1日から3月31日までです。",
        lambda r: r.fiscal_year,
        required=True,
    ),
    Field(
        "value",
        "値",
        "number",
        "その年度の値です。積み上げの数では計画の最初の年度からの合計です。言えないときは空で、理由を注記に書きます。",
        lambda r: r.value,
    ),
    Field(
        "counted", "その年度だけの値", "number", "その年度だけで数えた値です。", lambda r: r.counted
    ),
    Field("numerator", "分子", "number", "割合の分子です。", lambda r: r.numerator),
    Field("denominator", "分母", "number", "割合の分母です。", lambda r: r.denominator),
    Field(
        "n", "もとの件数", "integer", "値のもとになった記録の数です。", lambda r: r.n, required=True
    ),
    Field(
        "as_of",
        "計算した日時",
        "datetime",
        "値を計算または記録した日時です。CSVは日本時間、JSONは協定世界時です。",
        lambda r: r.as_of,
    ),
    Field(
        "quality",
        "確かさ",
        "string",
        "okは計算した値、manualは職員が記録した値、errorは計算できなかったものです。空は値がないときです。",
        lambda r: r.quality,
    ),
    Field(
        "frozen",
        "確定",
        "boolean",
        "年度が終わって確定した値かどうかです。CSVは1と0、JSONはtrueとfalseです。",
        lambda r: r.frozen,
        required=True,
    ),
    Field(
        "source",
        "値のもと",
        "string",
        "、".join(f"{source.value}は{words}" for source, words in SOURCE_WORDS.items()) + "です。",
        lambda r: r.source.value,
        values=tuple(source.value for source in Source),
        required=True,
    ),
    Field(
        "share",
        "目標に対する割合",
        "number",
        "1が目標です。小数第6位までで、切り上げません。",
        lambda r: r.share,
    ),
    Field(
        "expected_share",
        "道のりの割合",
        "number",
        "まっすぐ進んだとき、その日に届いているはずの割合です。",
        lambda r: r.expected_share,
    ),
    Field(
        "progress",
        "指標のようす",
        "string",
        "指標の進みぐあいです。",
        lambda r: r.progress.value,
        values=tuple(p.value for p in Progress),
        required=True,
    ),
    Field(
        "measure_progress",
        "施策のようす",
        "string",
        "施策の進みぐあいです。いちばん進んでいない指標で決まります。",
        lambda r: r.measure_progress.value,
        values=tuple(p.value for p in Progress),
        required=True,
    ),
    Field("note", "注記", "string", "値を読むときの注意です。", lambda r: r.note),
)
COLUMNS: tuple[exports.Column[Record], ...] = tuple(
    exports.Column(field.key, field.key, field.value) for field in FIELDS
)
DICTIONARY_COLUMNS: tuple[exports.Column[Field], ...] = (
    exports.Column("name", "name", lambda f: f.key),
    exports.Column("title", "title", lambda f: f.heading),
    exports.Column("type", "type", lambda f: f.type),
    exports.Column("required", "required", lambda f: f.required),
    exports.Column("values", "values", lambda f: "、".join(f.values)),
    exports.Column("description", "description", lambda f: f.description),
)


def table_schema() -> dict[str, object]:
    """Return the dictionary as a Frictionless data package with one resource.

    Source: Frictionless Table Schema 1.0 (https://specs.frictionlessdata.io/table-schema/).
    """
    terms = licence()
    return {
        "profile": "tabular-data-package",
        "name": "minamo-plan",
        "title": "計画の指標と値",
        "licenses": []
        if terms is None
        else [{"name": terms.id, "title": terms.title, "path": terms.url}],
        "resources": [
            {
                "name": "plan",
                "path": "plan.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
                "schema": {
                    "fields": [_field(field) for field in FIELDS],
                    "primaryKey": ["measure", "indicator", "fiscal_year"],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if field.required:
        constraints["required"] = True
    if field.values:
        constraints["enum"] = list(field.values)
    found: dict[str, object] = {
        "name": field.key,
        "title": field.heading,
        "type": field.type,
        "description": field.description,
    }
    if field.type == "datetime":
        found["format"] = "%Y-%m-%d %H:%M:%S"
    if field.type == "boolean":
        found |= {"trueValues": ["1"], "falseValues": ["0"]}
    return found | ({"constraints": constraints} if constraints else {})
