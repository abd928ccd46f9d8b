"""The Japanese font that is embedded in PDF files, and where this machine has it."""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import typst

FONT_FAMILY = "BIZ UDPGothic"
FONT_FILES = ("BIZUDPGothic_400Regular.ttf", "BIZUDPGothic_700Bold.ttf")
# Put here by the build of the front end, from the npm package that carries the font.
DELIVERED = Path(__file__).resolve().parent / "fonts"
# Where systems keep BIZ UD fonts: the Debian package, Windows 10 and later, macOS.
_SYSTEM_PLACES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    str(Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"),
)
_SYSTEM_NAMES = ("BIZUDPGothic*.ttf", "BIZ-UDGothic*.ttc")


class FontsMissing(Exception):
    """The machine has no Japanese font to embed; nothing is printed."""

    code = "documents.fonts_missing"
    message = (
        "PDFに入れる日本語の書体（BIZ UDPゴシック）が、このサーバーにありません。"
        "minamo run をもう一度動かすか、書体を入れてから、作りなおしてください。"
    )

    def __init__(self) -> None:
        super().__init__(self.message)


def font_folder() -> Path:
    """Return the folder with the font: the delivered one, else the system's.

    Raises: FontsMissing.
    """
    for folder in _candidates():
        if _has_font(folder):
            return folder
    raise FontsMissing


def _candidates() -> Iterator[Path]:
    if all((DELIVERED / name).is_file() for name in FONT_FILES):
        yield DELIVERED
    for place in map(Path, _SYSTEM_PLACES):
        if place.is_dir():
            found = (file for name in _SYSTEM_NAMES for file in place.rglob(name))
            yield from dict.fromkeys(sorted(file.parent for file in found))


@lru_cache(maxsize=4)
def fonts_of(folder: Path) -> typst.Fonts:
    """Return a folder's fonts and nothing else: neither the system's nor Typst's own.

    With no font at all Typst prints empty pages without a word, so every text is held
    against this one family.
    """
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )


def _has_font(folder: Path) -> bool:
    return FONT_FAMILY in fonts_of(folder).families()
