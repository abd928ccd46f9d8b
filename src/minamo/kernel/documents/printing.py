"""From a template and data to an accessible PDF; whatever cannot be printed is refused in words."""

import json
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst
from django.template.utils import get_app_template_dirs

from .fonts import FONT_FAMILY, font_folder, fonts_of

STANDARD: Literal["ua-1"] = "ua-1"
HOUSE = Path(__file__).resolve().parent / "house.typ"
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_CODE_POINT = re.compile(r"\\u\{([0-9a-f]+)\}")
_KEPT_CONTROLS = "\n"


class PrintRefused(Exception):
    """The document cannot be printed as it should be; `message` says why in Japanese.

    `characters` names what the font cannot draw.
    """

    def __init__(self, code: str, message: str, *, characters: tuple[str, ...] = ()) -> None:
        self.code, self.message, self.characters = code, message, characters
        super().__init__(message)


def compile_pdf(
    template: str, data: Mapping[str, Any], *, made_at: datetime | None = None
) -> bytes:
    """Return the PDF/UA-1 of a template, `<app>/<name>.typ` among the apps' templates.

    The template reads `data` as JSON and imports `house.typ`. Data is never source: Typst
    does not look for markup in it, and the compiler sees a folder with these two files
    only. The same template, data and time give the same bytes.

    Raises: PrintRefused for text that the font cannot draw and for a template that fails;
    FontsMissing; LookupError for an unknown template.
    """
    source = _find(template)
    folder = font_folder()
    with tempfile.TemporaryDirectory(prefix="minamo-print-") as workshop:
        main = Path(workshop) / "main.typ"
        main.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        (Path(workshop) / HOUSE.name).write_text(HOUSE.read_text("utf-8"), encoding="utf-8")
        try:
            return typst.compile(
                str(main),
                root=workshop,
                font_paths=fonts_of(folder),
                sys_inputs={"data": _json(data), "font": FONT_FAMILY},
                pdf_standards=[STANDARD],
                timestamp=None
                if made_at is None
                else made_at.astimezone(UTC).replace(microsecond=0),
                # Templates use no packages; nothing is fetched while a document is printed.
                package_path=workshop,
                package_cache_path=workshop,
            )
        except typst.TypstError as error:
            raise _refusal(error) from error


def _find(template: str) -> Path:
    if not template.endswith(".typ") or ".." in Path(template).parts:
        raise LookupError(template)
    for folder in get_app_template_dirs("templates"):
        if (Path(folder) / template).is_file():
            return Path(folder) / template
    raise LookupError(template)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(_clean(data), ensure_ascii=False)


def _clean(value: Any) -> Any:
    """Return data without characters that no font draws and no PDF may hold."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, Mapping):
        return {str(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _clean_text(text: str) -> str:
    """Compose what is composed of parts; take out controls, marks of direction and halves."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(char for char in composed if not _is_silent(char))


def _is_silent(char: str) -> bool:
    return char not in _KEPT_CONTROLS and unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def _refusal(error: typst.TypstError) -> PrintRefused:
    found = dict.fromkeys(_UNDRAWN.findall(error.diagnostic))
    if not found:
        return PrintRefused(
            "documents.template_failed",
            "書類の型に誤りがあり、PDFを作れませんでした。システム管理者に知らせてください。"
            f"（{error.message[:200]}）",
        )
    characters = tuple(_CODE_POINT.sub(lambda m: chr(int(m[1], 16)), text) for text in found)
    shown = "、".join(f"「{text}」" for text in characters[:10])
    more = "など" if len(characters) > 10 else ""
    return PrintRefused(
        "documents.undrawable",
        f"書体にない文字があるため、PDFを作りませんでした：{shown}{more}。"
        "ほかの書き方（例：「𠮷」なら「吉」）に直してから、もう一度作ってください。",
        characters=characters,
    )
