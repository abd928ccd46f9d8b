"""The feed of a plan: what one utility tells the others, `minamo-plan-feed` version 1.

Everything in a feed of somebody else is untrusted: texts are cut and rid of control
characters, numbers are bounded, unknown fields are let pass, missing ones have defaults.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

FORMAT = "minamo-plan-feed"
VERSION = 1
MOST_MEASURES = 500
MOST_INDICATORS = 50
MOST_VALUES = 60
LARGEST_NUMBER = Decimal(10) ** 15
SIXTH_DECIMAL = Decimal("0.000001")
DAYS_AHEAD = 2
FIRST_YEAR, LAST_YEAR = 1950, 2100


class FeedRefused(Exception):
    """A document is no feed; `words` say which field is wrong."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def _cleaned(longest: int) -> BeforeValidator:
    """Return what makes a text harmless and at most so long."""

    def clean(value: object) -> str:
        if not isinstance(value, str):
            raise PydanticCustomError("feed", "文字ではありません")
        # Control, format (also what turns the reading direction), lone surrogates, unassigned.
        kept = (c if c not in "\t\r\n" else " " for c in value)
        text = "".join(c for c in kept if not unicodedata.category(c).startswith("C"))
        return text.strip()[:longest]

    return BeforeValidator(clean)


def _filled(value: str) -> str:
    if not value:
        raise PydanticCustomError("feed", "空です")
    return value


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("feed", "数ではありません")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > LARGEST_NUMBER:
        raise PydanticCustomError("feed", "数が大きすぎます")
    return number.quantize(SIXTH_DECIMAL)


def _plain(value: Decimal | None) -> int | float | None:
    """Return a number as JSON has it: whole ones without a fraction."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _web_address(value: str) -> str:
    return value if value.startswith(("https://", "http://")) else ""


def _written_moment(value: object) -> object:
    # Numbers would be read as seconds since 1970; our own building hands moments over.
    if value is not None and not isinstance(value, str | datetime):
        raise PydanticCustomError("feed", "日時ではありません")
    return value


def _sensible_moment(value: datetime) -> datetime:
    # The edges of the calendar cannot be told in another time zone.
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError("feed", "日時がおかしいです")
    return value


def _shape(longest: int, *, least: int = 0) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": least, "maxLength": longest})


Name = Annotated[str, _cleaned(200), AfterValidator(_filled), _shape(200, least=1)]
Key = Annotated[str, _cleaned(60), AfterValidator(_filled), _shape(60, least=1)]
Short = Annotated[str, _cleaned(40), _shape(40)]
Unit = Annotated[str, _cleaned(20), _shape(20)]
Address = Annotated[str, _cleaned(300), AfterValidator(_web_address), _shape(300)]
Number = Annotated[
    Decimal | None,
    BeforeValidator(_number),
    PlainSerializer(_plain, return_type=int | float | None),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "null"}]}),
]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_sensible_moment)
]
FiscalYear = Annotated[
    int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True, description="Year of its April.")
]


class FeedPart(BaseModel):
    """Base of the feed: unknown fields are let pass, so that later versions can be read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Publisher(FeedPart):
    """Who publishes; `municipality_code` is the 全国地方公共団体コード."""

    name: Name
    municipality_code: Short = ""
    url: Address = ""


class PlanFacts(FeedPart):
    """The plan: title, first and last fiscal year, newest version."""

    title: Name
    first_fiscal_year: FiscalYear
    last_fiscal_year: FiscalYear
    version: Short = ""


class FeedValue(FeedPart):
    """The number of one fiscal year; of a cumulative indicator, the part of that year alone."""

    fiscal_year: FiscalYear
    value: Number
    numerator: Number = None
    denominator: Number = None
    as_of: Moment | None = None
    quality: Short = "ok"
    frozen: bool = False


class FeedIndicator(FeedPart):
    """One indicator of a measure with its numbers by year; `key` is what others match by."""

    key: Key
    label: Name
    kind: Short = "level"
    unit: Unit = ""
    direction: Short = "up"
    target: Number = None
    baseline: Number = None
    values: tuple[FeedValue, ...] = Field(default=(), max_length=MOST_VALUES)

    def of_year(self, fiscal_year: int) -> FeedValue | None:
        """Return the number of a fiscal year; the first one where a feed has several."""
        return next((v for v in self.values if v.fiscal_year == fiscal_year), None)


class FeedMeasure(FeedPart):
    """One measure of the plan; `goal` is the number of its 重点目標."""

    code: Key
    title: Name
    goal: int | None = None
    status: Short = ""
    indicators: tuple[FeedIndicator, ...] = Field(default=(), max_length=MOST_INDICATORS)


class Feed(FeedPart):
    """The whole document."""

    format: Literal["minamo-plan-feed"]
    version: Literal[1]
    publisher: Publisher
    plan: PlanFacts
    generated_at: Moment
    measures: tuple[FeedMeasure, ...] = Field(max_length=MOST_MEASURES)


def parse(body: bytes, *, now: datetime) -> Feed:
    """Read a feed that came from outside.

    Raises: FeedRefused with the field that is wrong.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedRefused("文字コードがUTF-8ではありません。") from error
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise FeedRefused("JSONとして読めません。") from error
    feed = validated(document)
    if feed.generated_at > now + timedelta(days=DAYS_AHEAD):
        raise FeedRefused("generated_at が、これからの日時になっています。")
    return feed


def validated(document: object) -> Feed:
    """Return a document as a feed.

    Raises: FeedRefused with the first field that is wrong.
    """
    if not isinstance(document, Mapping):
        raise FeedRefused("JSONのいちばん外側が { } ではありません。")
    if document.get("format") != FORMAT:
        raise FeedRefused(f"format が {FORMAT} ではありません。計画のフィードではないようです。")
    if document.get("version") != VERSION:
        raise FeedRefused("version が 1 ではありません。この版の形は、まだ読めません。")
    try:
        return Feed.model_validate(document)
    except ValidationError as error:
        raise FeedRefused(_words(error)) from error


def canonical(feed: Feed) -> dict[str, Any]:
    """Return a feed as plain JSON, cleaned, with every default written out."""
    return feed.model_dump(mode="json")


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema of the feed."""
    schema = Feed.model_json_schema(mode="validation")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | schema | {"title": f"{FORMAT} {VERSION}"}


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{_place(first['loc'])}：{_reason(first['type'], first['msg'])}"


def _place(loc: Sequence[int | str]) -> str:
    """Return where in the document, e.g. `measures[3].indicators[1].key`, counted from 1."""
    words = ""
    for part in loc:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _reason(kind: str, message: str) -> str:
    if kind == "missing":
        return "ありません。"
    if kind == "feed":
        return f"{message}。"
    if kind == "too_long":
        return "数が多すぎます。"
    return "形がちがいます。"
