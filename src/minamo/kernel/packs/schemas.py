"""The published JSON Schemas of all pack documents: `python -m minamo.kernel.packs.schemas`."""

import argparse
import json
import sys
from pathlib import Path

from pydantic import BaseModel

from .manifest import Manifest
from .registry import kinds_in_order

FOLDER = Path(__file__).resolve().parents[4] / "docs/reference/schemas"
_TITLES = {"pack": "パックの表紙（pack.yaml）"}


def texts() -> dict[str, str]:
    """Return the file name and the text of every published schema."""
    schemas: dict[str, tuple[str, type[BaseModel]]] = {"pack": (_TITLES["pack"], Manifest)}
    schemas |= {kind.name: (kind.title, kind.schema) for kind in kinds_in_order()}
    return {f"{name}.json": _text(*schemas[name]) for name in sorted(schemas)}


def stale(folder: Path) -> list[str]:
    """Return the file names that are missing, outdated or left over in a folder."""
    wanted = texts()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )


def write(folder: Path) -> list[str]:
    """Bring a folder up to date; return the file names that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = stale(folder)
    wanted = texts()
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def main(arguments: list[str]) -> int:
    """Write the schemas, or with `--check` only say which are not current (exit code 1)."""
    parser = argparse.ArgumentParser(prog="python -m minamo.kernel.packs.schemas")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    changed = stale(options.folder) if options.check else write(options.folder)
    verb = "is not current" if options.check else "written"
    sys.stdout.writelines(f"{name} {verb}\n" for name in changed)
    return 1 if options.check and changed else 0


def _text(title: str, schema: type[BaseModel]) -> str:
    document = schema.model_json_schema(mode="validation")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "title": title,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minamo.site.test_settings")
    import django

    django.setup()
    # Run as a module this file is `__main__`; the registry lives in the imported package.
    from minamo.kernel.packs.schemas import main as run

    raise SystemExit(run(sys.argv[1:]))
