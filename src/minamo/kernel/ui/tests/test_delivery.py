"""The built front end: budget, manifest, equal dark blocks."""

import gzip
import json
import re
from pathlib import Path

import pytest

from minamo.kernel.ui import assets

ROOT = Path(assets.__file__).resolve().parents[4]
STYLES = ROOT / "frontend" / "styles"
BUDGET_BYTES = 60_000
built = pytest.mark.skipif(
    not assets.MANIFEST.exists(), reason="front end not built: python -m minamo.site.frontend_build"
)


def needed_by(entry: str) -> list[Path]:
    manifest = json.loads(assets.MANIFEST.read_text(encoding="utf-8"))
    files: set[str] = set()

    def take(key: str) -> None:
        if manifest[key]["file"] not in files:
            files.add(manifest[key]["file"])
            for other in manifest[key].get("imports", []):
                take(other)

    take(f"frontend/entrypoints/{entry}.ts")
    take("frontend/styles/citizen.css")
    return [assets.DIST / name for name in files]


@built
def test_citizen_pages_stay_under_60_kb() -> None:
    total = sum(len(gzip.compress(f.read_bytes(), 6)) for f in needed_by("citizen"))
    assert total <= BUDGET_BYTES


@built
@pytest.mark.parametrize("entry", ["citizen", "staff"])
def test_tags_name_files_that_are_there(entry: str) -> None:
    tags = assets.tags(entry)
    names = re.findall(r'(?:href|src)="/static/dist/([^"]+)"', tags)
    assert len(names) == {"citizen": 2, "staff": 3}[entry]
    assert all((assets.DIST / name).exists() for name in names)
    assert '<script type="module"' in tags


@built
def test_nothing_built_loads_from_elsewhere_or_inlines_data() -> None:
    for file in assets.DIST.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert "http" not in text
        assert "data:" not in text


def test_without_a_build_the_page_says_how_to_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "none.json")
    assert "frontend_build" in assets.tags("citizen")


def test_both_dark_blocks_are_equal() -> None:
    source = (STYLES / "tokens.css").read_text(encoding="utf-8")
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', source, re.DOTALL).group(1)
    by_device = re.search(r':root\[data-theme="auto"\] \{(.*?)\}', source, re.DOTALL).group(1)
    assert chosen.split() == by_device.split()


@pytest.mark.parametrize("file", sorted(STYLES.rglob("*.css")), ids=lambda f: f.name)
def test_style_file_is_short_and_reads_roles_only(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    if file.name != "tokens.css":
        assert "--mn-p-" not in source, "primitives are for tokens.css"
