"""The build of the front end also brings the font of printed documents."""

from pathlib import Path

import pytest

from minamo.kernel.documents.fonts import DELIVERED, FONT_FILES
from minamo.site import frontend_build


def make_package(folder: Path) -> Path:
    for source in frontend_build.FONT_FILES:
        file = folder / source
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return folder


def test_fonts_are_placed_where_documents_look_for_them() -> None:
    assert frontend_build.FONTS == DELIVERED
    assert set(FONT_FILES) <= set(frontend_build.FONT_FILES.values())


def test_fonts_are_copied_with_their_licence(tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    assert not frontend_build.fonts_are_placed(target)
    frontend_build.place_fonts(make_package(tmp_path / "package"), target)
    assert frontend_build.fonts_are_placed(target)
    assert {file.name for file in target.iterdir()} == set(frontend_build.FONT_FILES.values())


def test_package_without_the_font_stops_the_build(tmp_path: Path) -> None:
    package = make_package(tmp_path / "package")
    (package / "700Bold/BIZUDPGothic_700Bold.ttf").unlink()
    with pytest.raises(frontend_build.BuildFailed, match="700Bold"):
        frontend_build.place_fonts(package, tmp_path / "fonts")
